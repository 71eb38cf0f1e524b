"""Which step waits for the merchant, and which may be opened yet."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.walks import ACCOUNT, SYSTEM
from xtnd_wizard.domain.findings import Finding, Report, failed, passed
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.storage.models import Draft, now
from xtnd_wizard.wizard.check_runner import checks_of
from xtnd_wizard.wizard.steps import WALK, Step, first_unfinished, may_open, missing_fields

HOST = {"api_url": "shop.example.com"}
SEALED = {field.name: "v1.token" for field in SYSTEM.fields if field.sealed}


def report(*findings: Finding) -> dict[str, Any]:
    checks = checks_of(SYSTEM)
    return Report(SYSTEM.code, "print", datetime.now(UTC), checks, findings, ACCOUNT).to_json()


def passing() -> dict[str, Any]:
    return report(*(passed(check) for check in checks_of(SYSTEM)))


def draft(**parts: Any) -> Draft:
    return Draft(**{"tenant": "somebody", "system": SYSTEM.code, "expires_at": now(), "values": HOST, **parts})


TO_ENTER = {Step.SYSTEM, Step.OBTAIN, Step.ENTER}
MENDING = {Step.SYSTEM, Step.ENTER}
TO_VERIFY = {*TO_ENTER, Step.VERIFY}
TABLE: dict[str, tuple[Draft | None, Step, set[Step]]] = {
    "nothing": (None, Step.SYSTEM, {Step.SYSTEM}),
    "no system": (draft(system=""), Step.SYSTEM, {Step.SYSTEM}),
    "no host": (draft(values={}), Step.SYSTEM, {Step.SYSTEM}),
    "host chosen": (draft(), Step.ENTER, TO_ENTER),
    "one value entered": (draft(sealed={"access_token": "v1.token"}), Step.ENTER, TO_ENTER),
    "a value refused": (draft(sealed=SEALED, refusals={"access_token": "key_empty"}), Step.ENTER, TO_ENTER),
    "the host refused": (draft(sealed=SEALED, refusals={"api_url": "host_empty"}), Step.SYSTEM, MENDING),
    "nothing typed for the host": (
        draft(values={"api_url": ""}, refusals={"api_url": "field_empty"}),
        Step.SYSTEM,
        MENDING,
    ),
    "all entered": (draft(sealed=SEALED), Step.VERIFY, TO_VERIFY),
    "a check failed": (
        draft(sealed=SEALED, report=report(failed("key", ProblemCode.KEY_REJECTED))),
        Step.VERIFY,
        TO_VERIFY,
    ),
    "a check unanswered": (draft(sealed=SEALED, report=report(passed("key"))), Step.VERIFY, TO_VERIFY),
    "verified": (draft(sealed=SEALED, report=passing()), Step.SAVE, {*TO_VERIFY, Step.SAVE}),
    "saved": (draft(report=passing(), connection_id="c1"), Step.DONE, {Step.DONE}),
}


@pytest.mark.parametrize("case", TABLE)
def test_the_waiting_step_follows_from_what_the_draft_holds(case: str) -> None:
    found, waiting, _ = TABLE[case]
    assert first_unfinished(found) is waiting


@pytest.mark.parametrize("case", TABLE)
def test_a_step_opens_when_all_before_it_are_done(case: str) -> None:
    found, _, allowed = TABLE[case]
    assert {step for step in WALK if may_open(step, found)} == allowed


@pytest.mark.parametrize("case", TABLE)
def test_the_waiting_step_may_always_be_opened(case: str) -> None:
    found, waiting, _ = TABLE[case]
    assert may_open(waiting, found)


def test_missing_fields_come_in_the_order_of_the_form() -> None:
    required = tuple(field.name for field in SYSTEM.fields if field.required)
    assert missing_fields(draft(values={})) == required


def test_an_optional_field_is_missing_only_when_it_is_refused() -> None:
    optional = [field.name for field in SYSTEM.fields if not field.required]
    assert not set(optional) & set(missing_fields(draft()))
    for name in optional:
        assert name in missing_fields(draft(refusals={name: "field_empty"}))
