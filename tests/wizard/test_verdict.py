"""What the page of the checks is called, which rows run, and what a failed row says."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.walks import SYSTEM, WORKS
from xtnd_wizard.domain.findings import Account, Finding, Report, failed, not_applicable, passed
from xtnd_wizard.domain.problems import PROBLEMS, Problem, ProblemCode
from xtnd_wizard.settings import Settings
from xtnd_wizard.storage.models import Draft
from xtnd_wizard.wizard.check_runner import COMMON_CHECKS, checks_of
from xtnd_wizard.wizard.verdict import (
    Phase,
    begins_by_itself,
    is_told_by_its_problem,
    is_unchanged,
    pause_before_findings,
    phase_of,
    running_checks,
)

P = ProblemCode
SIGN_IN = (*COMMON_CHECKS, *SYSTEM.checks.sign_in.codes)
LATER = SYSTEM.checks.parallel[0].code


def report(*findings: Finding, account: Account | None = None) -> Report:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    return Report(SYSTEM.code, "same", moment, tuple(finding.check for finding in findings), findings, account)


GREEN = report(passed("key"), account=Account("1", "Ullboden"))
RED = report(failed("key", P.KEY_REJECTED))
NONE: Report | None = None


@pytest.mark.parametrize(
    ("last", "problem", "choices", "phase"),
    [
        (NONE, None, {}, Phase.READY),
        (GREEN, None, {}, Phase.PASSED),
        (RED, PROBLEMS[P.KEY_REJECTED], {}, Phase.FAILED),
        (RED, PROBLEMS[P.OUR_APP_REFUSED], {}, Phase.FAILED),
        (RED, PROBLEMS[P.SLOW], {}, Phase.WAITING),
        (NONE, None, {"waits": True}, Phase.WAITING),
        (GREEN, None, {"waits": True}, Phase.PASSED),
        (RED, PROBLEMS[P.KEY_REJECTED], {"waits": True}, Phase.FAILED),
        (RED, PROBLEMS[P.KEY_REJECTED], {"stopped": True}, Phase.STOPPED),
    ],
)
def test_the_page_is_called_by_how_far_the_checks_are(
    last: Report | None, problem: Problem | None, choices: dict[str, bool], phase: Phase
) -> None:
    assert phase_of(last, problem, **choices) is phase


def test_the_checks_begin_by_themselves_where_asked_and_once_after_an_approval() -> None:
    assert begins_by_itself(RED, asked=True, approved=False)
    assert begins_by_itself(None, asked=False, approved=True)
    assert not begins_by_itself(RED, asked=False, approved=True)
    assert not begins_by_itself(None, asked=False, approved=False)


def test_only_the_same_failure_of_the_same_check_is_unchanged() -> None:
    assert is_unchanged(RED, replace(RED, fingerprint="other"))
    assert not is_unchanged(None, RED)
    assert not is_unchanged(GREEN, GREEN)
    assert not is_unchanged(RED, GREEN)
    assert not is_unchanged(RED, report(failed("role", P.KEY_REJECTED)))
    assert not is_unchanged(RED, report(failed("key", P.SLOW)))


def test_one_check_runs_at_a_time_until_the_sign_in_passed_and_then_all_the_others() -> None:
    unanswered = list(checks_of(SYSTEM))
    for check in SIGN_IN:
        assert running_checks(SYSTEM, unanswered) == {check}
        unanswered.remove(check)
    assert running_checks(SYSTEM, unanswered) == set(unanswered)
    assert running_checks(SYSTEM, ()) == set()


def test_the_row_of_a_failed_check_says_its_problem_unless_several_rows_may_have_met_it() -> None:
    assert is_told_by_its_problem(SYSTEM, failed("key", P.KEY_REJECTED))
    assert is_told_by_its_problem(SYSTEM, failed(LATER, SYSTEM.problems[0].code))
    assert is_told_by_its_problem(SYSTEM, failed(LATER, P.ACCOUNT_CLOSED))
    assert not is_told_by_its_problem(SYSTEM, failed(LATER, P.SLOW))
    assert not is_told_by_its_problem(SYSTEM, passed("key"))
    assert not is_told_by_its_problem(SYSTEM, not_applicable("key"))


def test_a_page_waits_for_an_audience_at_the_sandbox_and_never_at_a_real_channel() -> None:
    settings = Settings(sandbox_check_ms=250)
    sandbox = Draft(tenant="somebody", system=SYSTEM.code, values=dict(WORKS.values))
    assert pause_before_findings(sandbox, settings) == 0.25
    assert pause_before_findings(sandbox, Settings(sandbox_check_ms=0)) == 0
    real = Draft(tenant="somebody", system=SYSTEM.code, values={**WORKS.values, "api_url": "shop.example.com"})
    assert pause_before_findings(real, settings) == 0
