"""What is pasted into a field of any system by mistake gets a word of its own before anything is called."""

import random
import string
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.deadline import within_reason
from tests.pasted import (
    ADDRESSES,
    EXAMPLES_IN_BRACKETS,
    EXAMPLES_IN_WORDS,
    JSON,
    KEY_FILE,
    MASKED_IN_PART,
    MASKED_THROUGHOUT,
    MESSAGE,
    PASSWORDS,
    PLACEHOLDERS,
)
from tests.systems.cleaned import outcome
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.systems import all_systems
from xtnd_wizard.systems.cleaning import LONGEST_TEXT, Cleaned, Remarks
from xtnd_wizard.systems.contract import API_URL, TOO_LONG, CredentialField, System
from xtnd_wizard.systems.recognition import NEVER_A_VALUE, Paste, Recognition, recognise

FIELDS = [
    (system, field) for system in all_systems() for field in system.fields if field.typed and field.name != API_URL
]
SEALED = [pair for pair in FIELDS if pair[1].sealed]
ANY_TEXT = [pair for pair in FIELDS if pair[1].any_text]
Pair = tuple[System, CredentialField]

unhurried = settings(deadline=None, max_examples=100)


def named(pair: Pair) -> str:
    system, field = pair
    return "-".join(filter(None, (system.code, field.auth_method, field.name)))


every_field = pytest.mark.parametrize("pair", FIELDS, ids=named)
every_sealed_field = pytest.mark.parametrize("pair", SEALED, ids=named)
every_field_for_any_text = pytest.mark.parametrize("pair", ANY_TEXT, ids=named)


def clean(pair: Pair, text: str) -> Cleaned[str]:
    system, field = pair
    return system.clean(field.name, text, auth_method=field.auth_method)


def assert_each(texts: Iterable[str], pair: Pair, expected: Callable[[str], Cleaned[str]]) -> None:
    """Every text of a table is cleaned to what is expected of it. Names each one that is not."""
    wrong = {text: clean(pair, text) for text in texts if clean(pair, text) != expected(text)}
    assert not wrong, f"{named(pair)} takes these for something else: {list(wrong)}"


def test_there_are_fields_that_take_any_text() -> None:
    assert len(ANY_TEXT) >= 5
    assert {system.code for system, _ in SEALED} == {system.code for system in all_systems() if not system.oauth}


@every_sealed_field
def test_an_example_in_brackets_is_refused_and_not_kept(pair: Pair) -> None:
    assert_each(EXAMPLES_IN_BRACKETS, pair, lambda text: outcome("", refusal=Paste.PLACEHOLDER))


@pytest.mark.parametrize("pair", [pair for pair in SEALED if not pair[1].any_text], ids=named)
def test_an_example_is_refused_where_a_value_has_a_shape(pair: Pair) -> None:
    examples = (*EXAMPLES_IN_WORDS, *PLACEHOLDERS)
    assert_each(examples, pair, lambda text: outcome("", refusal=Paste.PLACEHOLDER))


@every_field_for_any_text
def test_a_password_that_reads_like_an_example_is_asked_about_and_kept(pair: Pair) -> None:
    assert_each(EXAMPLES_IN_WORDS, pair, lambda text: outcome(text, question=Recognition(Paste.EXAMPLE)))


@every_field
@pytest.mark.parametrize("text", ["<your-id>", "{{ user_id }}"])
def test_an_example_is_refused_in_open_fields_as_well(pair: Pair, text: str) -> None:
    assert clean(pair, text).remarks.refusal == Paste.PLACEHOLDER


@every_sealed_field
def test_stars_and_dots_alone_are_refused_and_not_kept(pair: Pair) -> None:
    assert_each(MASKED_THROUGHOUT, pair, lambda text: outcome("", refusal=Paste.MASKED))


@every_sealed_field
def test_a_value_that_is_hidden_in_part_is_refused_or_asked_about_where_stars_may_belong_to_it(pair: Pair) -> None:
    asked, refused = Recognition(Paste.PARTLY_MASKED), outcome("", refusal=Paste.MASKED)
    assert_each(MASKED_IN_PART, pair, lambda text: outcome(text, question=asked) if pair[1].any_text else refused)


@every_sealed_field
@pytest.mark.parametrize("text", [KEY_FILE, KEY_FILE.replace("\n", " "), "ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB anna@host"])
def test_a_key_file_is_refused_and_not_kept(pair: Pair, text: str) -> None:
    assert clean(pair, text) == outcome("", refusal=Paste.KEY_FILE)


@every_sealed_field
@pytest.mark.parametrize(
    ("text", "paste"),
    [
        *((text, Paste.JSON) for text in JSON),
        *((text, Paste.ADDRESS) for text in ADDRESSES),
        ("see https://shop.example.se", Paste.ADDRESS),
        ("anna.berg@example.se", Paste.EMAIL),
    ],
)
def test_what_may_be_a_value_is_asked_about_or_refused_and_never_just_taken(
    pair: Pair, text: str, paste: Paste
) -> None:
    cleaned = clean(pair, text)
    if paste in pair[1].expected:
        assert (cleaned.remarks.question, cleaned.remarks.refusal) == (None, None)
    elif cleaned.remarks.question:
        assert cleaned.remarks.question == Recognition(paste)
        assert cleaned.value == text
        assert cleaned.remarks.notes == ()
    else:
        assert cleaned == outcome("", refusal=paste)
        assert not pair[1].any_text


@every_sealed_field
@pytest.mark.parametrize("text", [MESSAGE, MESSAGE.replace("\n", " ")])
def test_a_whole_message_is_never_just_taken(pair: Pair, text: str) -> None:
    cleaned = clean(pair, text)
    expected = {Paste.LINES, Paste.WORDS} if pair[1].any_text else {Paste.MESSAGE}
    assert (cleaned.remarks.question.paste if cleaned.remarks.question else cleaned.remarks.refusal) in expected
    assert bool(cleaned.remarks.question) or not pair[1].any_text


@every_field_for_any_text
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (MESSAGE, Recognition(Paste.LINES, {"lines": "6"})),
        ("abc\ndef", Recognition(Paste.LINES, {"lines": "2"})),
        (MESSAGE.replace("\n", " "), Recognition(Paste.WORDS, {"words": "25"})),
        ("the word: hunter2 password: abc", Recognition(Paste.LABEL)),
        ("xyz lösenord = hunter2", Recognition(Paste.LABEL)),
    ],
)
def test_where_any_text_may_be_right_it_is_said_what_was_recognised_with_figures(
    pair: Pair, text: str, expected: Recognition
) -> None:
    assert clean(pair, text).remarks.question == expected


@every_field_for_any_text
def test_line_breaks_around_a_value_are_no_lines_of_text(pair: Pair) -> None:
    cleaned = clean(pair, "\r\n\nhunter2\n")
    assert (cleaned.value, cleaned.remarks.question, cleaned.remarks.refusal) == ("hunter2", None, None)


@every_field_for_any_text
def test_what_somebody_chose_is_taken(pair: Pair) -> None:
    assert_each(PASSWORDS, pair, lambda text: outcome(text, clean(pair, text).remarks.notes))


@every_field_for_any_text
@unhurried
@given(st.integers(0, 2**64), st.integers(6, 24))
def test_a_password_made_by_chance_is_never_refused(pair: Pair, seed: int, length: int) -> None:
    chance = random.Random(seed)
    text = "".join(chance.choice(string.ascii_letters + string.digits + string.punctuation) for _ in range(length))
    cleaned = clean(pair, text)
    assert cleaned.remarks.refusal is None
    assert cleaned.value


@pytest.mark.parametrize("system", all_systems(), ids=lambda system: system.code)
def test_no_value_of_a_demo_is_asked_about(system: System) -> None:
    for scenario in system.sandbox.scenarios:
        auth_method = system.auth_method_of(scenario.values)
        for field in system.fields_of(auth_method):
            if field.name in scenario.values:
                cleaned = system.clean(field.name, scenario.values[field.name], auth_method=auth_method)
                assert (cleaned.remarks.question, cleaned.remarks.refusal) == (None, None)


PIECES = st.lists(
    st.one_of(
        st.text(max_size=8),
        st.sampled_from(
            ["https://", "a@b.se", '{"', '":1}', "***", "…", "\n", " ", "password:", "-----BEGIN A KEY-----"]
        ),
        st.sampled_from(["<your-", "key>", "xxxx", "www.", ".example.se", "eyJ", "x" * 40]),
    ),
    max_size=9,
).map("".join)


@unhurried
@given(text=PIECES)
def test_any_text_is_judged_and_read_the_same_when_it_is_read_again(text: str) -> None:
    for pair in FIELDS:
        cleaned = clean(pair, text)
        if cleaned.remarks.refusal is None and cleaned.remarks.question is None and cleaned.value:
            again = clean(pair, cleaned.value)
            assert again == outcome(cleaned.value, again.remarks.notes), named(pair)
        assert not cleaned.remarks.question or cleaned.remarks.question.paste not in NEVER_A_VALUE, named(pair)
        assert not (cleaned.remarks.refusal and cleaned.remarks.question), named(pair)


@unhurried
@given(text=PIECES.filter(lambda text: len(text.strip()) > 3))
def test_no_text_form_of_a_cleaned_value_shows_it(text: str) -> None:
    marker = f"mark{text}er"
    for pair in FIELDS:
        cleaned = clean(pair, marker)
        assert marker not in f"{cleaned!r} {cleaned!s} {cleaned}", named(pair)
        assert not cleaned.value or repr(cleaned.value) not in repr(cleaned), named(pair)


@unhurried
@given(text=PIECES)
def test_a_secret_is_cleaned_as_its_text_is_and_stays_one(text: str) -> None:
    for pair in FIELDS:
        system, field = pair
        cleaned = system.clean(field.name, Secret(text), auth_method=field.auth_method)
        assert cleaned.value == Secret(clean(pair, text).value), named(pair)
        assert cleaned.remarks == clean(pair, text).remarks, named(pair)


@unhurried
@given(text=PIECES)
def test_remarks_hold_nothing_of_the_text(text: str) -> None:
    for pair in FIELDS:
        remarks = clean(pair, f"{text}wb7Kq{text}").remarks
        assert "wb7Kq" not in repr(remarks), named(pair)
        assert set(remarks.question.facts if remarks.question else ()) <= {"lines", "words"}, named(pair)


@every_field
def test_a_text_that_is_longer_than_any_value_is_refused_and_not_kept(pair: Pair) -> None:
    system, field = pair
    too_long = Secret("a" * (LONGEST_TEXT + 1))
    cleaned = system.clean(field.name, too_long, auth_method=field.auth_method)
    assert cleaned == Cleaned(Secret(""), Remarks(refusal=TOO_LONG))


LONG = [
    (piece * LONGEST_TEXT)[:LONGEST_TEXT]
    for piece in (
        "*",
        ".",
        "a@",
        "a.",
        "{",
        '{"a":',
        "[",
        "password:",
        "<your-",
        "x",
        " a",
        "\n",
        "https://a",
        "*" * 9 + "a",
        "aa:",
        "key=",
        "API Key:\t",
        "User Name: x\n",
        "\"' ",
        "ck_ a",
    )
]


@pytest.mark.parametrize("text", [*LONG, "." * (LONGEST_TEXT - 1) + "a", "a@" + "b." * 2000], ids=lambda text: text[:9])
def test_the_longest_text_is_judged_at_once(text: str) -> None:
    with within_reason():
        for any_text in (True, False):
            recognise(text, "", any_text=any_text)
            recognise(text, text, any_text=any_text)
        for pair in FIELDS:
            clean(pair, text)
