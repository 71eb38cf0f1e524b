"""Which buttons stand below a problem, in which order, and where each of them leads."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.walks import SYSTEM
from xtnd_wizard.domain.findings import failed
from xtnd_wizard.domain.problems import PROBLEMS, Cure, Problem, ProblemCode, Stage
from xtnd_wizard.systems import all_systems
from xtnd_wizard.systems.cleaning import keep_text
from xtnd_wizard.systems.contract import API_URL, CredentialField, System
from xtnd_wizard.wizard.remedies import Action, Emphasis, again_at, remedies_for
from xtnd_wizard.wizard.steps import Step

ONE_OF_SEVERAL = Problem("one_of_several", Stage.KEY, cure=Cure.ALL_VALUES)
NEEDS_ANOTHER_METHOD = Problem("needs_another_method", Stage.KEY, cure=Cure.ANOTHER_METHOD)
PASTING = replace(
    SYSTEM,
    problems=(ONE_OF_SEVERAL, NEEDS_ANOTHER_METHOD),
    auth_methods=(),
    oauth=None,
    fields=(
        CredentialField("access_token", keep_text),
        CredentialField("secret", keep_text),
        CredentialField(API_URL, keep_text, sealed=False),
    ),
)
"""A system whose merchants paste two sealed values and a host."""
TWO_METHODS = replace(PASTING, auth_methods=("by_key", "by_name"))
APPROVING = replace(
    PASTING,
    oauth=next(found.oauth for found in all_systems() if found.oauth),
    fields=(
        CredentialField("access_token", keep_text, typed=False),
        CredentialField("shop_number", keep_text, sealed=False),
        CredentialField(API_URL, keep_text, sealed=False, typed=False),
    ),
)
"""A system whose merchants approve at the channel, and type nothing secret."""

METHOD, AGAIN, FIX, APPROVE, EDIT = Action
FIRST, SECOND, LAST = Emphasis

P = ProblemCode
TABLE: dict[str, tuple[System, str, list[tuple[Action, Emphasis]]]] = {
    "a wrong value is replaced": (PASTING, P.KEY_REJECTED, [(FIX, FIRST), (AGAIN, SECOND)]),
    "a wrong host is mended": (PASTING, P.HOST_NOT_FOUND, [(FIX, FIRST), (AGAIN, SECOND)]),
    "one of several values": (PASTING, ONE_OF_SEVERAL.code, [(EDIT, FIRST), (AGAIN, SECOND)]),
    "a role is added at the channel": (PASTING, P.KEY_LACKS_PERMISSION, [(AGAIN, FIRST), (FIX, LAST)]),
    "the channel is slow": (PASTING, P.SLOW, [(AGAIN, FIRST), (EDIT, LAST)]),
    "the channel has to act": (PASTING, P.TLS_EXPIRED, [(AGAIN, FIRST), (EDIT, LAST)]),
    "the channel has to act on a field": (
        PASTING,
        P.ENDPOINT_DOES_NOT_CHECK_KEYS,
        [(AGAIN, FIRST), (FIX, LAST)],
    ),
    "nothing here is wrong": (PASTING, P.ACCOUNT_LOCKED, [(AGAIN, FIRST), (EDIT, LAST)]),
    "no other method": (PASTING, NEEDS_ANOTHER_METHOD.code, [(AGAIN, FIRST), (EDIT, LAST)]),
    "another method": (TWO_METHODS, NEEDS_ANOTHER_METHOD.code, [(METHOD, FIRST), (AGAIN, LAST), (EDIT, LAST)]),
    "another method does not help": (TWO_METHODS, P.KEY_REJECTED, [(FIX, FIRST), (AGAIN, SECOND)]),
    "an approval was lost": (APPROVING, P.CONSENT_LOST, [(APPROVE, FIRST), (AGAIN, SECOND)]),
    "an approval lacks something": (APPROVING, P.KEY_LACKS_PERMISSION, [(APPROVE, FIRST), (AGAIN, SECOND)]),
    "the one host there is": (APPROVING, P.HOST_NOT_FOUND, [(AGAIN, FIRST)]),
    "nothing to edit": (APPROVING, P.ACCOUNT_LOCKED, [(AGAIN, FIRST)]),
    "it is our turn": (APPROVING, P.OUR_APP_REFUSED, [(AGAIN, FIRST)]),
}


@pytest.mark.parametrize("case", TABLE)
def test_the_most_promising_remedy_comes_first(case: str) -> None:
    system, code, expected = TABLE[case]
    remedies = remedies_for(system.problem(code), system, next(iter(system.auth_methods), ""))
    assert [(remedy.action, remedy.emphasis) for remedy in remedies] == expected


LEADS_TO = {METHOD: Step.OBTAIN, AGAIN: Step.VERIFY, FIX: Step.ENTER, APPROVE: Step.ENTER, EDIT: Step.ENTER}


@pytest.mark.parametrize("system", [PASTING, TWO_METHODS, APPROVING], ids=["pasting", "two methods", "approving"])
@pytest.mark.parametrize("code", [*PROBLEMS, ONE_OF_SEVERAL.code, NEEDS_ANOTHER_METHOD.code])
def test_every_problem_has_one_primary_remedy_and_a_way_to_try_again(system: System, code: str) -> None:
    remedies = remedies_for(system.problem(code), system, "")
    assert [remedy.emphasis for remedy in remedies].count(Emphasis.PRIMARY) == 1
    assert remedies[0].emphasis is Emphasis.PRIMARY
    assert [remedy.action for remedy in remedies].count(Action.VERIFY_AGAIN) == 1
    assert all(remedy.leads_to is LEADS_TO[remedy.action] for remedy in remedies)


@pytest.mark.parametrize(
    ("code", "replacing"),
    [
        (P.KEY_REJECTED, {"access_token"}),
        (P.HOST_NOT_FOUND, set()),
        (ONE_OF_SEVERAL.code, {"access_token", "secret"}),
        (P.ACCOUNT_LOCKED, None),
    ],
)
def test_the_form_asks_anew_for_the_sealed_values_at_fault(code: str, replacing: set[str] | None) -> None:
    mend = next(r for r in remedies_for(PASTING.problem(code), PASTING, "") if r.leads_to is Step.ENTER)
    assert mend.replacing == replacing


def test_a_check_that_knows_the_field_at_fault_leads_to_it() -> None:
    problem = PASTING.problem_of(failed("key", ONE_OF_SEVERAL.code, field="secret"))
    assert problem is not None
    first = remedies_for(problem, PASTING, "")[0]
    assert (first.action, first.field, first.replacing) == (Action.FIX_FIELD, "secret", frozenset({"secret"}))


NOW = datetime(2026, 1, 1, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("asked_for", "not_before", "expected"),
    [("", None, None), (NOW.isoformat(), None, NOW), ("", LATER, LATER), (NOW.isoformat(), LATER, LATER)],
)
def test_a_try_waits_as_the_channel_asked_unless_our_own_limit_says_when(
    asked_for: str, not_before: datetime | None, expected: datetime | None
) -> None:
    facts = {"retry_at": asked_for} if asked_for else {}
    assert again_at(failed("key", P.RATE_LIMITED, **facts), not_before) == expected
