"""The checks as a timeline: one row each, all of them there from the start and none ever moved."""

from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from xtnd_wizard.domain.findings import Finding, Outcome, Report
from xtnd_wizard.systems import get_system
from xtnd_wizard.ui.i18n import check_words, language, problem_words, t
from xtnd_wizard.ui.runs import Viewer
from xtnd_wizard.ui.session import let_run_be_stopped
from xtnd_wizard.wizard.check_runner import Event, checks_of
from xtnd_wizard.wizard.problem_words import row_text
from xtnd_wizard.wizard.verdict import RowState, is_told_by_its_problem, running_checks

_ICONS = {
    Outcome.PASSED: ":material/check_circle:",
    Outcome.FAILED: ":material/error:",
    Outcome.NOT_APPLICABLE: ":material/info:",
    RowState.WAITING: ":material/more_horiz:",
    RowState.RUNNING: "spinner",
    RowState.NOT_ASKED: ":material/remove:",
}


def draw_report(system_code: str, host: str, report: Report, key: str = "checks") -> None:
    """Draw the checks of a finished report."""
    timeline = Timeline(system_code, host, RowState.NOT_ASKED, key)
    for finding in report.findings:
        timeline.answer(finding)


class Timeline:
    """The rows of all checks, each with its finding or with how far it is."""

    def __init__(self, system_code: str, host: str, state: RowState = RowState.WAITING, key: str = "checks") -> None:
        self._code, self._host = system_code, host
        self._checks = checks_of(get_system(system_code))
        self._states = dict.fromkeys(self._checks, state)
        with st.container(key=key, gap=None):
            self._rows = {check: st.empty() for check in self._checks}
        for check in self._checks:
            self._draw_state(check)

    @property
    def doing(self) -> str:
        """What is done just now, in words; empty where everything has an answer."""
        now = next((check for check, state in self._states.items() if state is RowState.RUNNING), None)
        return check_words(self._code, now)["doing"] if now else ""

    @property
    def progress(self) -> tuple[int, int]:
        """How many checks have an answer, and how many there are."""
        return len(self._checks) - len(self._states), len(self._checks)

    def watch(self, viewer: Viewer[Event | Report], tell: Callable[[], object]) -> Report:
        """Draw the answers as they come; the report that they come to. `tell` is called after each of them."""
        self._mark_running()
        tell()
        for event in viewer.events(while_waiting=let_run_be_stopped):
            if isinstance(event, Report):
                self._end()
                return event
            if isinstance(event, Finding):
                self.answer(event)
                self._mark_running(failed=event.outcome is Outcome.FAILED)
                tell()
        raise RuntimeError("a verification ended without a report")

    def answer(self, finding: Finding) -> None:
        """Draw a finding in the row of its check. One of another version's checks has none."""
        if self._states.pop(finding.check, None) is not None:
            with self._rows[finding.check].container():
                _draw_finding(self._code, self._host, finding)

    def _mark_running(self, *, failed: bool = False) -> None:
        """Show what runs now. After a failure nothing new begins."""
        running = frozenset[str]() if failed else running_checks(get_system(self._code), self._states)
        for check in self._states:
            if check in running and self._states[check] is not RowState.RUNNING:
                self._states[check] = RowState.RUNNING
                self._draw_state(check)

    def _end(self) -> None:
        """Nothing may look as if it still ran."""
        for check in self._states:
            self._states[check] = RowState.NOT_ASKED
            self._draw_state(check)

    def _draw_state(self, check: str) -> None:
        state = self._states[check]
        label = t(f"verify.row.{state}", check=check_words(self._code, check)["doing"])
        with self._rows[check].container():
            _row(f":gray[{label}]" if state is not RowState.RUNNING else label, _ICONS[state]).text(label)


def _row(label: str, icon: str) -> DeltaGenerator:
    """One row of the line. `st.status` would draw the same, and sleep 50 ms for each."""
    return st.expander(label, icon=icon, type="step")


def _draw_finding(system_code: str, host: str, finding: Finding) -> None:
    failed = finding.outcome is Outcome.FAILED
    label = finding_label(system_code, finding)
    with _row(f":red[{label}]" if failed else label, _ICONS[finding.outcome]):
        if finding.problem_code:
            st.text(problem_words(system_code, finding.problem_code, {"host": host, **finding.facts})[0])
        for name in ("host", "platform", "shop"):
            if finding.facts.get(name) and not failed:
                st.text(finding.facts[name])
        st.text(finding.detail or "✓")


def finding_label(system_code: str, finding: Finding) -> str:
    """A check's answer in a sentence of our own words: the label of a row is Markdown."""
    words = check_words(system_code, finding.check)
    if finding.outcome is Outcome.NOT_APPLICABLE:
        return t("verify.row.not_applicable", check=words.get("not_applicable", words["passed"]))
    if finding.outcome is Outcome.PASSED:
        return words["passed"]
    system = get_system(system_code)
    told = is_told_by_its_problem(system, finding)
    return (row_text(system, language(), finding.problem_code or "") if told else "") or words["failed"]
