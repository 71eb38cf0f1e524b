"""What the page of the checks says: the state that it is in, and what each row and the time beside it tell."""

from collections.abc import Collection
from enum import StrEnum

from xtnd_wizard.domain.findings import Finding, Outcome, Report
from xtnd_wizard.domain.problems import Problem, ResponsibleParty, Stage
from xtnd_wizard.settings import Settings
from xtnd_wizard.systems.contract import System
from xtnd_wizard.wizard.check_runner import COMMON_CHECKS
from xtnd_wizard.wizard.credentials import Subject, is_of_sandbox


class Phase(StrEnum):
    """What the page and its browser tab are called. The words are in the catalogue under `verify.phase.<phase>`."""

    READY = "ready"
    CHECKING = "checking"
    PASSED = "passed"
    FAILED = "failed"
    WAITING = "waiting"
    """Nothing can be done but to try again in a while."""
    STOPPED = "stopped"


def phase_of(report: Report | None, problem: Problem | None, *, stopped: bool = False, waits: bool = False) -> Phase:
    """The phase between two verifications, from the last report and what came of the last press."""
    if stopped:
        return Phase.STOPPED
    if report and report.passed:
        return Phase.PASSED
    if problem:
        return Phase.WAITING if problem.responsible_party is ResponsibleParty.WAIT else Phase.FAILED
    return Phase.WAITING if waits else Phase.READY


def begins_by_itself(report: Report | None, *, asked: bool, approved: bool) -> bool:
    """Whether the checks begin as the page opens: where that was asked for, or right after an approval.

    The address that a merchant comes back to may be opened again: then the report is there.
    """
    return asked or (approved and report is None)


def is_unchanged(before: Report | None, after: Report) -> bool:
    """Whether a failure is the same as the last time, so that somebody wonders whether anything was asked at all."""
    old, new = before.primary_failure if before else None, after.primary_failure
    return bool(old and new and (old.check, old.problem_code) == (new.check, new.problem_code))


class RowState(StrEnum):
    """How far one check is, where it has no finding. The words are in the catalogue under `verify.row.<state>`."""

    WAITING = "waiting"
    RUNNING = "running"
    NOT_ASKED = "not_asked"


def running_checks(system: System, unanswered: Collection[str]) -> frozenset[str]:
    """Which of the checks without a finding run now: one while the sign-in runs, then all the others at once."""
    in_order = [check for check in (*COMMON_CHECKS, *system.checks.codes) if check in unanswered]
    one_by_one = (*COMMON_CHECKS, *system.checks.sign_in.codes)
    return frozenset(in_order[:1] if in_order and in_order[0] in one_by_one else in_order)


def is_told_by_its_problem(system: System, finding: Finding) -> bool:
    """Whether the row of a failed check says what its problem is; if not, it says what could not be done.

    Several rows may have met the same problem once the sign-in passed: those say what each of them was about.
    """
    problem = system.problem_of(finding)
    if problem is None or finding.outcome is not Outcome.FAILED:
        return False
    one_by_one = (*COMMON_CHECKS, *system.checks.sign_in.codes)
    of_one_check = problem.stage is Stage.SHOP or problem.code in {own.code for own in system.problems}
    return finding.check in one_by_one or of_one_check


def pause_before_findings(row: Subject, settings: Settings) -> float:
    """How many seconds a page waits before each finding: an audience follows a sandbox, and nobody waits for a page."""
    return settings.sandbox_check_ms / 1000 if is_of_sandbox(row) else 0.0
