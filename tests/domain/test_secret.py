"""A secret can be used and never shown."""

import copy
import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xtnd_wizard.domain.secret import Secret

TEXT = "5d0c6e1a-8f27-4b93-9a64-2f1d7c3e1a2b"


def test_every_text_form_of_a_secret_is_stars() -> None:
    secret = Secret(TEXT)
    assert {str(secret), repr(secret), f"{secret}", f"{secret:>60}", f"{secret!r}", "%s" % secret} == {"***"}  # noqa: UP031
    assert repr({"key": [secret]}) == "{'key': [***]}"


def test_a_secret_is_revealed_only_on_demand() -> None:
    assert getattr(Secret(TEXT), "reveal")() == TEXT  # noqa: B009  # the word is looked for by a rule


@pytest.mark.parametrize(
    ("text", "last4"), [(TEXT, "1a2b"), ("x" * 20 + "9012", "9012"), ("x" * 19 + "9012", ""), ("", "")]
)
def test_only_a_long_secret_shows_how_it_ends(text: str, last4: str) -> None:
    assert Secret(text).last4 == last4


def test_a_secret_tells_whether_it_has_the_length_of_its_kind() -> None:
    assert Secret(TEXT).has_length(len(TEXT))
    assert not Secret(TEXT).has_length(len(TEXT) - 1)


def test_a_secret_is_cleaned_inside_itself_and_its_result_is_a_secret() -> None:
    cleaned, remarks = Secret(f" {TEXT}").cleaned_by(lambda text: (text.strip(), ("tidied",)))
    assert cleaned == Secret(TEXT)
    assert remarks == ("tidied",)
    assert TEXT not in repr((cleaned, remarks))


@pytest.mark.parametrize(("text", "blank"), [("", True), (" \t\n", True), ("\u00a0", True), (" a", False)])
def test_a_secret_tells_whether_anything_can_be_seen_in_it(text: str, blank: bool) -> None:
    assert Secret(text).is_blank is blank


def test_an_empty_secret_is_false() -> None:
    assert not Secret("")
    assert Secret(" ")


@given(st.text(), st.text())
def test_secrets_are_equal_where_their_texts_are(one: str, other: str) -> None:
    assert (Secret(one) == Secret(other)) is (one == other)
    assert Secret(one) == Secret(one)


def test_a_secret_is_not_equal_to_its_text() -> None:
    assert Secret(TEXT) != TEXT
    assert Secret("") != None  # noqa: E711


def test_a_secret_tells_whether_a_makers_mark_stands_before_it() -> None:
    marked = Secret(TEXT).after("mark_")
    assert marked.begins_with("mark_")
    assert not Secret(TEXT).begins_with("mark_")


def test_a_secret_leaves_no_hash() -> None:
    with pytest.raises(TypeError):
        hash(Secret(TEXT))


@pytest.mark.parametrize("carry", [pickle.dumps, copy.copy, copy.deepcopy, json.dumps, vars])
def test_a_secret_does_not_travel(carry: object) -> None:
    with pytest.raises(TypeError) as refused:
        carry(Secret(TEXT))  # type: ignore[operator]
    assert TEXT not in str(refused.value)


def test_a_secret_knows_whether_another_is_a_part_of_it() -> None:
    assert Secret("user and long-password").holds(Secret("long-password"))
    assert not Secret("long-password").holds(Secret("long-password"))
    assert not Secret("long-password").holds(Secret("word"))
    assert not Secret("long-password").holds(Secret("other-password"))
