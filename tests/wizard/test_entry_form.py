"""What the form asks for, what it keeps, and what comes after it was sent."""

from typing import Any

import pytest

from tests.walks import SYSTEM
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.storage.models import Draft, now
from xtnd_wizard.systems.contract import API_URL
from xtnd_wizard.systems.recognition import Paste
from xtnd_wizard.wizard.entry_form import NextStep, Place, after_entering, filled_besides, form_layout, newly_typed
from xtnd_wizard.wizard.host_change import FOR_ANOTHER_HOST
from xtnd_wizard.wizard.views import DraftView

FIELDS = [field.name for field in SYSTEM.fields if field.typed]
SEALED = {field.name: "v1.token" for field in SYSTEM.fields if field.sealed}
HOST = {API_URL: "shop.example.com"}
UNLIKE = {API_URL: "xn--pypal-4ve.com"}
"""A host with one Cyrillic letter among Latin ones."""


def draft(**parts: Any) -> DraftView:
    whole = {"tenant": "somebody", "system": SYSTEM.code, "expires_at": now(), "values": HOST, **parts}
    return DraftView.of(Draft(**whole))


def question(name: str, *, answered: bool = False) -> dict[str, Any]:
    return {name: {"code": Paste.SAME.value, "facts": {}, "digest": "d", "answered": answered}}


ASKED = question("access_token")
LAYOUTS: dict[str, tuple[DraftView, set[str], list[str], list[str]]] = {
    "nothing entered": (draft(), set(), [], []),
    "all entered": (draft(sealed=SEALED), set(), [], list(SEALED)),
    "one to be replaced": (draft(sealed=SEALED), {"access_token"}, [], [n for n in SEALED if n != "access_token"]),
    "one asked about": (
        draft(sealed=SEALED, questions=ASKED),
        set(),
        ["access_token"],
        [n for n in SEALED if n != "access_token"],
    ),
    "asked about and to be replaced": (
        draft(sealed=SEALED, questions=ASKED),
        {"access_token"},
        ["access_token"],
        [n for n in SEALED if n != "access_token"],
    ),
    "asked about and answered": (
        draft(sealed=SEALED, questions=question("access_token", answered=True)),
        set(),
        [],
        list(SEALED),
    ),
    "a value that is not sealed is never kept": (draft(values=HOST), {API_URL}, [], []),
}


@pytest.mark.parametrize("case", LAYOUTS)
def test_each_field_has_one_place_in_the_form(case: str) -> None:
    found, replacing, doubtful, kept = LAYOUTS[case]
    layout = form_layout(found, replacing)
    assert [row.field.name for row in layout.rows] == FIELDS, "in the order of the form, whatever becomes of them"
    assert [row.field.name for row in layout.rows if row.place is Place.DOUBTFUL] == doubtful
    assert [row.field.name for row in layout.rows if row.place is Place.KEPT] == kept
    assert sorted(layout.asked) == sorted(set(FIELDS) - {*kept}), "what is asked about may be pasted anew"
    assert all(row.field.required for row in layout.required)
    assert not any(row.field.required for row in layout.optional)
    assert layout.is_doubtful == bool(doubtful)


def test_a_doubtful_value_comes_with_its_question() -> None:
    (row,) = (found for found in form_layout(draft(sealed=SEALED, questions=ASKED), ()).rows if found.question)
    assert row.question
    assert (row.field.name, row.question.field, row.question.code) == ("access_token", "access_token", Paste.SAME)


def test_a_value_to_be_replaced_may_be_kept_beside_its_input() -> None:
    layout = form_layout(draft(sealed=SEALED), {"access_token"})
    places = {row.field.name: row.place for row in layout.rows}
    assert places["access_token"] is Place.REPLACED
    assert "access_token" in layout.asked


def test_two_values_that_changed_places_have_one_question_between_them() -> None:
    asked = {
        "access_token": {"code": Paste.SWAPPED.value, "facts": {"field": "secret"}, "digest": "d", "answered": False}
    }
    layout = form_layout(draft(sealed=SEALED, questions=asked), {"secret"})
    assert [(row.field.name, row.place) for row in layout.rows if not row.has_input] == [
        ("access_token", Place.DOUBTFUL),
        ("secret", Place.SWAPPED),
    ]
    assert layout.is_swapped


def test_what_was_taken_already_is_not_taken_again() -> None:
    before = draft(refusals={"secret": "x"})
    typed: dict[str, Secret | str] = {"access_token": Secret(""), "secret": Secret(""), API_URL: HOST[API_URL]}
    assert newly_typed(before, typed).keys() == {"access_token"}, "asked for, as it is empty"
    again: dict[str, Secret | str] = {
        "access_token": Secret("new"),
        "secret": Secret("new"),
        API_URL: "other.example.com",
    }
    assert newly_typed(before, again) == again


def test_what_a_message_filled_besides_its_own_field_is_named() -> None:
    assert filled_besides(draft(), draft(sealed=SEALED), {"secret": "x"}) == ("access_token",)
    assert filled_besides(draft(sealed=SEALED), draft(sealed=SEALED), {}) == ()


WHOLE = draft(sealed=SEALED)
NOTED = {"access_token": ["spaces_removed"]}
TYPED = {"access_token": "x"}
NEXT: dict[str, tuple[DraftView, DraftView, dict[str, str], NextStep]] = {
    "all is there": (draft(), WHOLE, TYPED, NextStep.VERIFY),
    "nothing typed anew": (WHOLE, WHOLE, {}, NextStep.VERIFY),
    "a value is missing": (draft(), draft(), TYPED, NextStep.MEND),
    "a value is refused": (WHOLE, draft(sealed=SEALED, refusals={"access_token": "x"}), TYPED, NextStep.MEND),
    "only an answer is missing": (WHOLE, draft(sealed=SEALED, questions=ASKED), TYPED, NextStep.ASKED),
    "an answer and a value are missing": (
        draft(),
        draft(sealed=SEALED, questions=ASKED, values={}),
        TYPED,
        NextStep.MEND,
    ),
    "cleaning changed what was typed": (draft(), draft(sealed=SEALED, notes=NOTED), TYPED, NextStep.READ_BACK),
    "cleaning changed what was typed before": (WHOLE, draft(sealed=SEALED, notes=NOTED), {}, NextStep.VERIFY),
    "a field with a note was left empty": (
        WHOLE,
        draft(sealed=SEALED, notes=NOTED),
        {"access_token": ""},
        NextStep.VERIFY,
    ),
    "another host that may pass for one": (WHOLE, draft(sealed=SEALED, values=UNLIKE), {}, NextStep.READ_BACK),
    "the same host that may pass for one": (
        draft(values=UNLIKE),
        draft(sealed=SEALED, values=UNLIKE),
        {},
        NextStep.VERIFY,
    ),
    "values did not come along": (
        WHOLE,
        draft(notes={"access_token": [FOR_ANOTHER_HOST]}),
        {API_URL: "x"},
        NextStep.HOST_CHANGED,
    ),
    "values did not come along before": (
        draft(notes={"access_token": [FOR_ANOTHER_HOST]}),
        draft(notes={"access_token": [FOR_ANOTHER_HOST]}),
        {},
        NextStep.MEND,
    ),
}


@pytest.mark.parametrize("case", NEXT)
def test_what_comes_after_a_submit_follows_from_the_draft_before_and_after(case: str) -> None:
    before, entered, typed, expected = NEXT[case]
    assert after_entering(before, entered, typed) is expected
