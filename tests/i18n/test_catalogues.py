"""Words for everything, in every shipped language, and no words for nothing."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from string import Formatter
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from babel.messages.pofile import read_po

import xtnd_wizard
from xtnd_wizard.domain.api_url import HostNote, HostRefusal
from xtnd_wizard.domain.problems import PROBLEMS, ProblemCode, ResponsibleParty
from xtnd_wizard.i18n import DEFAULT_LANGUAGE, LANGUAGES, catalogue, messages, text
from xtnd_wizard.systems import all_systems
from xtnd_wizard.systems.contract import TOO_LONG, System
from xtnd_wizard.systems.guide import ForeignScreen, foreign_screens
from xtnd_wizard.systems.recognition import Paste
from xtnd_wizard.wizard.check_runner import COMMON_CHECKS
from xtnd_wizard.wizard.drafts import NEEDED_AGAIN
from xtnd_wizard.wizard.entering import EMPTY
from xtnd_wizard.wizard.host_change import FOR_ANOTHER_HOST
from xtnd_wizard.wizard.problem_words import row_text
from xtnd_wizard.wizard.steps import WALK

PACKAGE = Path(xtnd_wizard.__file__).parent
FOLDERS = (PACKAGE.parent / "pages", PACKAGE / "ui", PACKAGE / "web", PACKAGE / "sandbox")
SCREENS = [PACKAGE.parent / "app.py", *(file for folder in FOLDERS for file in folder.glob("*.py"))]
WORDED = [PACKAGE / "wizard" / name for name in ("colleague.py", "problem_words.py")]
"""What asks for words in a language that is not the page's."""
PALETTE = re.compile(r"<style>:root\{(?:--[a-z-]+:#[0-9a-f]{6};?)+\}</style>")

every_language = pytest.mark.parametrize("language", LANGUAGES)
every_system = pytest.mark.parametrize("system", all_systems(), ids=lambda found: found.code)


def placeholders(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name is not None}


CATALOGUES = [PACKAGE / "i18n", *(system.folder / "words" for system in all_systems())]
every_catalogue = pytest.mark.parametrize("folder", CATALOGUES, ids=lambda found: found.parent.name)


def entries(language: str, folder: Path = CATALOGUES[0]) -> Mapping[str, str]:
    """What a language has of its own, without what it takes from English."""
    with (folder / f"{language}.po").open("rb") as file:
        return {
            str(entry.id): str(entry.string or "")
            for entry in read_po(file, locale=language, abort_invalid=True)
            if entry.id
        }


def leaves(words: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every text of a guide with the path to it."""
    if isinstance(words, str | date):
        yield path, str(words)
    else:
        pairs = words.items() if isinstance(words, dict) else enumerate(words)
        for name, part in pairs:
            yield from leaves(part, (*path, str(name)))


def screens() -> str:
    """The code of all screens, with one kind of quotes."""
    return "\n".join(file.read_text("utf-8") for file in [*SCREENS, *WORDED]).replace("'", '"')


def families() -> set[str]:
    """The keys that the code puts together, as patterns: `t(f"step.{step}")` asks for `step.*`."""
    found = re.findall(r'f"([a-z_]+(?:\.[a-z_]+)*[._](?:\{[^}]*\}[._a-z]*)+)"', screens())
    return {re.sub(r"\\\{[^}]*\\\}", "[a-z0-9_]+", re.escape(family)) for family in found}


def asked_for() -> set[str]:
    """The keys that stand in the code as they are."""
    source = screens()
    keys = set(re.findall(r'"([a-z_]+(?:\.[a-z0-9_]+)+)"', source))
    named = source + "".join(file.read_text("utf-8") for file in sorted((PACKAGE / "wizard").glob("*.py")))
    return keys | {f"notice.{code}" for code in re.findall(r'"([a-z_]+)"', named)}


@every_catalogue
@every_language
def test_every_language_has_every_message_of_its_own(language: str, folder: Path) -> None:
    own, english = list(entries(language, folder)), list(entries(DEFAULT_LANGUAGE, folder))
    where = f"{folder.parent.name}/{folder.name}/{language}.po"
    lacking, unknown = sorted({*english} - {*own}), sorted({*own} - {*english})
    assert not lacking, f"{where} lacks {lacking}"
    assert not unknown, f"{where} has what {DEFAULT_LANGUAGE}.po lacks: {unknown}"
    assert own == english, f"{where} has the messages of {DEFAULT_LANGUAGE}.po in another order"


@every_catalogue
@every_language
def test_no_text_is_empty_or_has_white_space_around_it(language: str, folder: Path) -> None:
    assert not [key for key, words in entries(language, folder).items() if not words or words != words.strip()]


@every_catalogue
@every_language
def test_no_id_stands_in_the_file_twice(language: str, folder: Path) -> None:
    source = (folder / f"{language}.po").read_text("utf-8")
    ids = re.findall(r'^msgid "(.+)"$', source, re.MULTILINE)
    assert len(ids) == len(set(ids)) == len(entries(language, folder))


@every_catalogue
@every_language
def test_every_text_has_the_same_placeholders_as_in_english(language: str, folder: Path) -> None:
    english = entries(DEFAULT_LANGUAGE, folder)
    assert {key: placeholders(words) for key, words in entries(language, folder).items()} == {
        key: placeholders(words) for key, words in english.items()
    }


def test_a_message_that_a_language_lacks_comes_in_english(tmp_path: Path) -> None:
    (tmp_path / "en.po").write_text('msgid "one"\nmsgstr "One"\n\nmsgid "two"\nmsgstr "Two"\n', "utf-8")
    (tmp_path / "da.po").write_text('msgid "one"\nmsgstr "En"\n\nmsgid "two"\nmsgstr ""\n', "utf-8")
    assert messages(tmp_path, "da") == {"one": "En", "two": "Two"}
    assert messages(tmp_path, "fi") == messages(tmp_path, "en") == {"one": "One", "two": "Two"}


def test_a_translation_is_not_the_english_text() -> None:
    english, swedish = catalogue("en"), catalogue("sv")
    alike = {key for key in english if english[key] == swedish[key] and len(english[key].split()) > 3}
    assert not alike


def test_a_missing_value_is_an_error_and_not_a_gap() -> None:
    with pytest.raises(KeyError):
        text("en", "nav.step_of", number="1")
    with pytest.raises(KeyError):
        text("en", "no.such.text")


@every_language
def test_every_problem_says_what_happened_why_and_what_to_do(language: str) -> None:
    assert_worded(language, [f"problem.{code}.{part}" for code in ProblemCode for part in ("title", "why", "do")])


@every_language
def test_every_turn_and_every_step_has_a_name(language: str) -> None:
    assert_worded(language, [*(f"verify.turn.{turn}" for turn in ResponsibleParty), *(f"step.{step}" for step in WALK)])


@every_language
def test_every_note_that_all_systems_share_has_words(language: str) -> None:
    codes = [*HostRefusal, *HostNote, *Paste, EMPTY, NEEDED_AGAIN, FOR_ANOTHER_HOST, TOO_LONG]
    assert_worded(language, [f"note.{code}" for code in codes])


@every_language
def test_every_common_check_has_words(language: str) -> None:
    states = ("doing", "passed", "failed")
    assert_worded(language, [f"check.{check}.{state}" for check in COMMON_CHECKS for state in states])


def assert_worded(language: str, keys: list[str]) -> None:
    lacking = [key for key in keys if not catalogue(language).get(key)]
    assert not lacking, f"i18n/{language}.po lacks {lacking}"


@every_language
def test_no_problem_has_words_without_a_code(language: str) -> None:
    named_in_texts = {key.split(".")[1] for key in catalogue(language) if key.startswith("problem.")}
    assert named_in_texts == set(PROBLEMS)


def test_every_text_that_the_screens_ask_for_exists() -> None:
    known = catalogue(DEFAULT_LANGUAGE)
    prefixes = {key.split(".")[0] for key in known} - {"notice"}
    assert not {key for key in asked_for() if key.split(".")[0] in prefixes and key not in known}


def test_every_notice_that_a_page_leaves_for_the_next_one_exists() -> None:
    left = set(re.findall(r'\bgo\([\w.]+, "([a-z_]+)"', screens()))
    assert left
    assert {f"notice.{code}" for code in left} <= catalogue(DEFAULT_LANGUAGE).keys()


def test_every_family_of_texts_that_the_screens_ask_for_exists() -> None:
    known = catalogue(DEFAULT_LANGUAGE)
    prefixes = {key.split(".")[0] for key in known}
    lonely = {family for family in families() if not any(re.fullmatch(family, key) for key in known)}
    assert not {family for family in lonely if family.split("\\")[0].split(".")[0] in prefixes}


def test_every_text_of_the_catalogue_is_asked_for() -> None:
    exact, patterns = asked_for(), families() - {r"notice\.[a-z0-9_]+"}
    idle = {
        key
        for key in catalogue(DEFAULT_LANGUAGE)
        if key not in exact
        and not any(re.fullmatch(pattern, key) for pattern in patterns)
        and not key.startswith("streamlit.")  # what Streamlit says by itself
    }
    assert not idle


@every_system
def test_every_word_of_a_guide_has_its_place(system: System) -> None:
    guide = dict(leaves(system.guide(DEFAULT_LANGUAGE)))
    words = entries(DEFAULT_LANGUAGE, system.folder / "words")
    lost = [key for key, text in words.items() if text not in guide.values()]
    assert not lost, f"words that {system.code}/guide.toml has no place for; add their ids there or remove them: {lost}"


@every_system
def test_every_step_that_shows_a_foreign_screen_says_when_and_where_it_was_checked(system: System) -> None:
    obtain = system.guide(DEFAULT_LANGUAGE)["obtain"]
    steps = [step for path in obtain["paths"] for step in path["steps"]]
    drawn = [step for step in (*steps, *obtain["troubles"]) if "picture" in step]
    where = f"{system.code}/guide.toml"
    assert drawn, f"{where} has no step with a picture"
    for step in drawn:
        checked = isinstance(step.get("checked_on"), date) and str(step.get("source")).startswith("https://")
        assert checked, f"{where}: the step with picture {step['picture']!r} needs checked_on and a source at https://"
    assert len(foreign_screens(system.folder)) >= len(drawn)


def test_a_screen_is_stale_after_270_days() -> None:
    screen = ForeignScreen("obtain.paths.only.steps.copy", date(2026, 1, 1), "https://example.com")
    assert not screen.is_stale(date(2026, 9, 28))
    assert screen.is_stale(date(2026, 9, 29))


@every_system
def test_a_guide_has_the_same_placeholders_and_pictures_in_every_language(system: System) -> None:
    def fixed(language: str) -> dict[tuple[str, ...], Any]:
        return {
            path: words if path[-1] == "picture" else placeholders(words)
            for path, words in leaves(system.guide(language))
            if path[-1] == "picture" or path[0] == "problems"
        }

    assert len({repr(sorted(fixed(language).items(), key=str)) for language in LANGUAGES}) <= len(LANGUAGES)
    for language in LANGUAGES:
        assert fixed(language) == fixed(DEFAULT_LANGUAGE)


@every_system
@every_language
def test_every_field_has_its_two_names_and_a_help(system: System, language: str) -> None:
    words, where = system.guide(language)["fields"], f"{system.code}/words/{language}.po"
    assert words.keys() == {field.name for field in system.fields}, f"{where} has the words of other fields"
    for field in system.fields:
        needed = {"label", "xtnd", "help"} | (set() if field.required else {"fold"})
        lacking = sorted(f"fields.{field.name}.{part}" for part in needed - words[field.name].keys())
        assert not lacking, f"{where} lacks {lacking}"
        paired = ("picture" in words[field.name]) == ("alt" in words[field.name])
        assert paired, f"{where}: fields.{field.name}.alt stands beside a picture in guide.toml, and only there"


@every_system
@every_language
def test_every_check_has_words(system: System, language: str) -> None:
    words, where = system.guide(language)["checks"], f"{system.code}/words/{language}.po"
    assert words.keys() == set(system.checks.codes), f"{where} has the words of other checks than Checks.codes"
    states = ("doing", "passed", "failed")
    lacking = [f"checks.{code}.{state}" for code in words for state in states if state not in words[code]]
    assert not lacking, f"{where} lacks {lacking}"


@every_system
def test_every_check_is_stated_once(system: System) -> None:
    codes = system.checks.codes
    assert len(codes) == len(set(codes))


@every_system
@every_language
def test_every_scenario_has_words(system: System, language: str) -> None:
    words, where = system.guide(language)["scenarios"], f"{system.code}/words/{language}.po"
    codes = [scenario.code for scenario in system.sandbox.scenarios]
    assert list(words) == codes, f"{where} has other scenarios than the sandbox, or in another order"
    lacking = [f"scenarios.{code}.{part}" for code in codes for part in ("title", "text") if part not in words[code]]
    assert not lacking, f"{where} lacks {lacking}"


@every_system
@every_language
def test_every_note_of_a_system_has_words_and_no_words_are_idle(system: System, language: str) -> None:
    source = "\n".join(file.read_text("utf-8") for file in system.folder.glob("*.py"))
    words = system.guide(language)["notes"]
    idle = sorted(f"notes.{code}" for code in words.keys() - set(Paste) if f'"{code}"' not in source)
    assert not idle, f"words in {system.code}/words/{language}.po that no code asks for: {idle}"
    fields = (system.folder / "fields.py").read_text("utf-8")
    codes = set(
        re.findall(
            r'"((?:key|secret|shop|host|password|' + "|".join(f.name for f in system.fields) + r')_[a-z_]+)"', fields
        )
    )
    lacking = sorted(f"notes.{code}" for code in codes - {field.name for field in system.fields} - words.keys())
    assert not lacking, f"{system.code}/words/{language}.po lacks {lacking}"


@every_system
@every_language
def test_a_systems_own_problem_words_are_for_known_problems(system: System, language: str) -> None:
    for code, words in system.guide(language)["problems"].items():
        assert code in {*PROBLEMS, *(problem.code for problem in system.problems)}
        assert words.keys() <= {"title", "why", "do", "row", "ask"}


@every_system
@every_language
def test_every_problem_has_a_sentence_for_its_row_without_any_fact(system: System, language: str) -> None:
    rows = {code: row_text(system, language, code) for code in [*PROBLEMS, *(own.code for own in system.problems)]}
    assert not [code for code, row in rows.items() if not row or "{" in row or len(row) > 64]


@every_system
@every_language
def test_what_a_failed_check_says_is_a_sentence_of_its_own(system: System, language: str) -> None:
    shared = {
        code: {s: catalogue(language)[f"check.{code}.{s}"] for s in ("doing", "failed")} for code in COMMON_CHECKS
    }
    for words in (*shared.values(), *system.guide(language)["checks"].values()):
        assert words["failed"] != words["doing"]
        assert len(words["failed"].split()) >= 2
        assert not words["failed"].endswith("?")


@every_system
def test_the_opening_words_of_a_system_are_there(system: System) -> None:
    for language in LANGUAGES:
        words, where = system.guide(language), f"{system.code}/guide.toml or words/{language}.po"
        obtain = {"title", "lead", "warning_title", "warning", "paths", "troubles"} - words["obtain"].keys()
        handover = {"entities", "known"} - words["handover"].keys()
        lacking = [f"obtain.{part}" for part in sorted(obtain)] + [f"handover.{part}" for part in sorted(handover)]
        lacking += [part for part in ("kind", "summary", "channel") if not words.get(part)]
        lacking += [part for part in ("needs", "unchecked") if not isinstance(words.get(part), list)]
        assert not lacking, f"{where} lacks {lacking}"
        assert ("place" in words) == (not system.hosts.fixed), f"{where}: place.* is for systems without a fixed host"


def pictures() -> list[tuple[System, Path]]:
    return [(system, file) for system in all_systems() for file in sorted((system.folder / "pictures").glob("*.svg"))]


@pytest.mark.parametrize("pair", pictures(), ids=lambda pair: f"{pair[0].code}-{pair[1].stem}")
def test_a_picture_has_a_title_and_takes_its_colours_from_the_palette(pair: tuple[System, Path]) -> None:
    svg = pair[1].read_text("utf-8")
    root = ET.fromstring(svg)
    space = {"svg": "http://www.w3.org/2000/svg"}
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    title = root.find("svg:title", space)
    assert title is not None, f"{pair[1].name} needs a <title>"
    assert title.text
    assert root.get("viewBox"), f"{pair[1].name} needs a viewBox"
    assert len(PALETTE.findall(svg)) == 1, f"{pair[1].name} needs the <style> line of the other pictures, as it is"
    defined = set(re.findall(r"(--[a-z-]+):#", svg))
    assert set(re.findall(r"var\((--[a-z-]+)\)", svg)) <= defined
    plain = re.findall(r"#[0-9a-fA-F]{3,6}", PALETTE.sub("", svg))
    assert not plain, f"{pair[1].name} has colours of its own; take var(--ink) and its like from its <style>: {plain}"


@pytest.mark.parametrize("pair", pictures(), ids=lambda pair: f"{pair[0].code}-{pair[1].stem}")
def test_a_picture_neither_loads_nor_runs_anything(pair: tuple[System, Path]) -> None:
    svg = pair[1].read_text("utf-8")
    assert not re.search(r"<script|<image|<foreignObject|href|url\(|\bon[a-z]+=|@import", svg, re.IGNORECASE)


def test_every_picture_has_the_same_palette_and_the_dark_one_has_all_of_its_colours() -> None:
    from xtnd_wizard.ui.pictures import _DARK

    names = {frozenset(re.findall(r"(--[a-z-]+):#", file.read_text("utf-8"))) for _, file in pictures()}
    assert names == {frozenset(re.findall(r"(--[a-z-]+):#", _DARK))}


@every_system
@every_language
def test_the_pictures_of_a_guide_exist_and_none_is_idle(system: System, language: str) -> None:
    guide = system.guide(language)
    used = {words for path, words in leaves(guide) if path[-1] == "picture"}
    drawn = {file.stem for owner, file in pictures() if owner is system}
    assert used == drawn, f"{system.code}: pictures/*.svg and the pictures that guide.toml names are not the same"
    with_alt = {path[:-1] for path, _ in leaves(guide) if path[-1] == "alt"}
    with_picture = {path[:-1] for path, _ in leaves(guide) if path[-1] == "picture"}
    apart = sorted(".".join((*path, "alt")) for path in with_alt ^ with_picture)
    assert not apart, f"{system.code}/words/{language}.po: a word without its picture, or a picture without: {apart}"
