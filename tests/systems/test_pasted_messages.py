"""The values of all fields are read out of a message, in whatever way somebody wrote them down, and exactly."""

import json
import re
from collections.abc import Callable, Mapping
from itertools import cycle

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.i18n import LANGUAGES
from xtnd_wizard.systems import all_systems
from xtnd_wizard.systems.contract import API_URL, AUTH_METHOD, System
from xtnd_wizard.systems.message_layouts import pairs_in
from xtnd_wizard.systems.messages import LONGEST_MESSAGE, MessageReading, meant_by, read_message
from xtnd_wizard.systems.pasted import read_pasted, wanted_fields
from xtnd_wizard.systems.stories import Scenario

Values = Mapping[str, str]
"""By label."""


def lines(separator: str, mark: str = "") -> Callable[[Values], str]:
    return lambda values: "\n".join(f"{mark}{label}{separator}{value}" for label, value in values.items())


def below(separator: str) -> Callable[[Values], str]:
    return lambda values: separator.join(f"{label}:\n{value}" for label, value in values.items())


def rows(cell: str, around: str = "") -> Callable[[Values], str]:
    def table(values: Values) -> str:
        return "\n".join(f"{around}{cell.join(row)}{around}" for row in (values.keys(), values.values()))

    return table


LAYOUTS: dict[str, Callable[[Values], str]] = {
    "label: value": lines(": "),
    "label = value": lines(" = "),
    "label: value, quoted by a reply": lines(": ", "> > "),
    "bullets": lines(": ", "• "),
    "numbers": lines(": ", "1. "),
    "in bold": lambda values: "\n".join(f"**{label}:** {value}" for label, value in values.items()),
    "tabs": lines("\t"),
    "in quotes": lambda values: "\n".join(f"{label}: “{value}”" for label, value in values.items()),
    "in code": lambda values: "\n".join(f"- {label}: `{value}`" for label, value in values.items()),
    "below its label": below("\n"),
    "below its label, apart": below("\n\n"),
    "a table by tabs": rows("\t"),
    "a table by bars": rows(" | ", "|"),
    "windows": lambda values: lines(": ")(values).replace("\n", "\r\n"),
    "json": lambda values: json.dumps({"connection": dict(values)}, indent=2),
    "a settings file": lambda values: "\n".join(
        f"{label.upper().replace(' ', '_').replace('-', '_')}={value}" for label, value in values.items()
    ),
}
AROUND = {
    "alone": "{}",
    "in a mail": "Hej Anna!\n\nHär kommer det du bad om.\n{}\n\nHälsningar\nEva Lind\nhttps://www.example.org/kontakt",
    "in English": "Hi,\n\nas promised:\n\n{}\n\nBest wishes\nSupport, +46 8 123 45 67, support@example.org",
}
CASES = [
    (system, method, lang) for system in all_systems() for method in system.auth_methods or ("",) for lang in LANGUAGES
]
WITH_FIELDS = [case for case in CASES if len([f for f in case[0].fields_of(case[1]) if f.typed]) > 1]
PASSWORDS = st.text(
    st.characters(min_codepoint=32, max_codepoint=255, exclude_categories=("Cc", "Cf", "Zs")) | st.just(" "),
    min_size=6,
    max_size=30,
).filter(lambda text: text == text.strip() and not set(text) & set("|\"'`´“”‘’«»‹›=:：\t*_#>") and "  " not in text)
thorough = settings(deadline=None, max_examples=40)


def named(case: tuple[System, str, str]) -> str:
    return "-".join(filter(None, (case[0].code, case[1], case[2])))


def of_method(system: System, method: str) -> Scenario:
    return next(found for found in system.sandbox.scenarios if found.values.get(AUTH_METHOD, method) == method)


def labelled(system: System, method: str, language: str) -> dict[str, str]:
    """The values of a demo that works, by what the guide calls them."""
    words, values = system.guide(language, method)["fields"], of_method(system, method).values
    names = [field.name for field in system.fields_of(method) if field.typed and values.get(field.name)]
    return {str(words[name]["label"]): values[name] for name in names}


def by_name(system: System, method: str, language: str, values: Values) -> dict[str, str]:
    words = system.guide(language, method)["fields"]
    names = {str(words[field.name]["label"]): field.name for field in system.fields_of(method) if field.typed}
    return {names[label]: value for label, value in values.items()}


def read(system: System, method: str, text: str, known: str = "") -> dict[str, str]:
    return read_message(text, wanted_fields(system, (), method), known)[0]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_value_is_found_in_every_layout(layout: str) -> None:
    for case, around in zip(WITH_FIELDS, cycle(AROUND.values()), strict=False):
        system, method, language = case
        values = labelled(system, method, language)
        text = around.replace("{}", LAYOUTS[layout](values))
        assert read(system, method, text) == by_name(system, method, language, values), named(case)


CHOSEN = [
    (system, field, method)
    for system in all_systems()
    for method in system.auth_methods or ("",)
    for field in system.fields_of(method)
    if field.any_text and field.typed
]


@thorough
@given(st.sampled_from(CHOSEN), st.sampled_from(sorted(LAYOUTS)), st.sampled_from(sorted(LANGUAGES)), PASSWORDS)
def test_a_password_is_lifted_exactly(case: tuple, layout: str, language: str, password: str) -> None:  # type: ignore[type-arg]
    system, field, method = case
    label = str(system.guide(language, method)["fields"][field.name]["label"])
    wanted = wanted_fields(system, (), method)
    cleaned, remarks = field.clean(password)
    asked = system.clean(field.name, password, auth_method=method).remarks
    assume(cleaned == password and not remarks.refusal and not asked.question and not asked.refusal)
    assume(not meant_by(password, wanted=wanted))
    values = {**labelled(system, method, language), label: password}
    assert read(system, method, LAYOUTS[layout](values))[field.name] == password


@thorough
@given(st.sampled_from(WITH_FIELDS), st.data())
def test_a_message_with_some_of_the_fields_leaves_the_others(
    case: tuple[System, str, str], data: st.DataObject
) -> None:
    system, method, language = case
    values = labelled(system, method, language)
    some = data.draw(st.lists(st.sampled_from(sorted(values)), unique=True))
    layout = LAYOUTS[data.draw(st.sampled_from(sorted(LAYOUTS.keys() - {"a table by tabs", "a table by bars"})))]
    kept = {label: value for label, value in values.items() if label in some}
    reading = read_pasted(system, Secret(layout(kept)), auth_method=method)
    assert set(reading.values) == set(by_name(system, method, language, kept)) == set(reading.report.found)
    assert not set(reading.report.found) & set(reading.report.missing)


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(CASES), st.text(max_size=400) | st.text('{}[]":,=\n\t|> -*apikeylösenordis', max_size=400))
def test_no_text_breaks_the_reading_and_none_of_it_is_in_its_report(case: tuple[System, str, str], text: str) -> None:
    system, method, _ = case
    reading = read_pasted(system, Secret(text), auth_method=method)
    assert set(reading.report.found) == set(reading.values)
    assert all(
        isinstance(reading.values[name], Secret) for name in system.sealed_fields_of(method) & reading.values.keys()
    )
    codes = {field.name for field in system.fields}
    assert {*reading.report.found, *reading.report.missing, *reading.report.unclear} <= codes


SYSTEM = all_systems()[0]
WORKS = SYSTEM.sandbox.scenarios[0].values
KEY, HOST = WORKS["access_token"], WORKS[API_URL]
PROSE: dict[str, tuple[str, dict[str, str]]] = {
    "a sentence": (f"Nyckeln är {KEY} och lösenordet är Ull&tuva. Adressen är {HOST}.", {"secret": "Ull&tuva"}),
    "in English": (f"The API key is {KEY}, the password is Sec!ret and the URL is {HOST}.", {"secret": "Sec!ret"}),
    "a colon at its end": (f"{KEY}\n{HOST}\nHär är lösenordet: Ull&tuva 2041!", {"secret": "Ull&tuva 2041!"}),
    "a full stop that is the sentence's": ("Lösenordet är Ull&tuva 2041. Hälsningar Eva", {"secret": "Ull&tuva 2041"}),
    "a full stop that may be the password's": ("Lösenord: Ull&tuva.", {"secret": "Ull&tuva."}),
    "a command": (f"curl -H 'Authorization: {KEY}' https://{HOST}/api/account", {"access_token": KEY}),
    "all in one line": (f"Adress: {HOST} Lösenord: a b c Nyckel: {KEY}", {"secret": "a b c", "access_token": KEY}),
}


@pytest.mark.parametrize("case", PROSE)
def test_running_text_gives_what_is_plain(case: str) -> None:
    text, expected = PROSE[case]
    assert expected.items() <= read(SYSTEM, "", text).items()


UNCLEAR = {
    "where the password ends": f"Adress: {HOST} Nyckel: {KEY} Lösenord: Ull&tuva 2041 Hälsningar Eva",
    "which of two it is": f"Nyckel: {KEY}\nLösenord: ett-1\nLösenord till wifi: två-2",
    "that it is prose": "Lösenordet är det som vi pratade om i går på telefon",
}


@pytest.mark.parametrize("case", UNCLEAR)
def test_what_is_not_plain_is_left_out_and_its_field_named(case: str) -> None:
    values, report = read_message(UNCLEAR[case], wanted_fields(SYSTEM))
    assert "secret" not in values
    assert report.unclear == ("secret",)


def test_a_link_elsewhere_is_no_address_where_one_is_known() -> None:
    signature = f"{KEY}\nHälsningar\nhttps://www.ullboden.se"
    assert API_URL not in read(SYSTEM, "", signature, known=HOST)
    assert read(SYSTEM, "", f"Adress: https://{HOST}/x\nhttps://www.ullboden.se", known=HOST)[API_URL] == HOST


def test_a_key_that_went_nowhere_is_counted_and_not_repeated() -> None:
    left = "0badc0de-5eed-4a11-8bad-0000feedbeef"
    _, report = read_message(f"API key: {KEY}\nold one: {left}", wanted_fields(SYSTEM))
    assert (report.found, report.lines_left) == (("access_token",), 1)
    assert left not in repr(report)


def test_what_a_reading_holds_of_a_message_is_in_no_text_form() -> None:
    reading = read_pasted(SYSTEM, Secret(f"key: {KEY}\npassword: hemlig-1"))
    assert isinstance(reading, MessageReading)
    assert KEY not in repr(reading)
    assert "hemlig-1" not in repr(reading)


def test_a_text_longer_than_any_message_is_read_up_to_there() -> None:
    assert read(SYSTEM, "", "x " * LONGEST_MESSAGE + f"\nkey: {KEY}") == {}


def test_pairs_of_a_deep_settings_file_are_found_and_bottomless_ones_end() -> None:
    deep = '{"a": ' * 2000 + '"x"' + "}" * 2000
    text = f'{{"outer": [{{"api_key": "{KEY}"}}]}}'
    found = pairs_in(text, lambda label, whole=False: label, re.compile("(?P<label>x):"))
    assert [(pair.label, pair.value) for pair in found] == [("api_key", KEY)]
    assert read(SYSTEM, "", deep) == {}
