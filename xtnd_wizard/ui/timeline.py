"""The checks as a timeline: one step each, as the answers arrive or as a report kept them."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from xtnd_wizard.domain.findings import Finding, Outcome, Report
from xtnd_wizard.systems import get_system
from xtnd_wizard.ui.i18n import check_words, finding_words, problem_words, t
from xtnd_wizard.ui.runs import Viewer
from xtnd_wizard.ui.session import let_run_be_stopped
from xtnd_wizard.wizard.check_runner import COMMON_CHECKS, Event, checks_of


def draw_live(system_code: str, host: str, viewer: Viewer[Event | Report]) -> Report:
    """Draw the checks while they run; the report that they come to."""
    line = _Timeline(system_code, host)
    try:
        for event in viewer.events(while_waiting=let_run_be_stopped):
            if isinstance(event, Report):
                line.end()
                return event
            if isinstance(event, Finding):
                line.answer(event)
    except Exception:
        line.end()  # nothing may look as if it still ran
        raise
    raise RuntimeError("a verification ended without a report")


def draw_report(system_code: str, host: str, report: Report) -> None:
    """Draw the checks of a finished report."""
    by_check = {finding.check: finding for finding in report.findings}
    for check in checks_of(get_system(system_code)):
        if check in by_check:
            _draw_step(system_code, host, by_check[check])
    unasked = len(set(report.expected) - set(by_check))
    if unasked:
        st.caption(t("verify.not_run"))


_ICONS = {
    Outcome.PASSED: ":material/check_circle:",
    Outcome.FAILED: ":material/error:",
    Outcome.NOT_APPLICABLE: ":material/info:",
}


class _Timeline:
    def __init__(self, system_code: str, host: str) -> None:
        self._code, self._host = system_code, host
        self._waiting = list(checks_of(get_system(system_code)))
        self._one_by_one = (*COMMON_CHECKS, *get_system(system_code).checks.sign_in.codes)
        self._slots: dict[str, DeltaGenerator] = {}
        self._announce()

    def answer(self, finding: Finding) -> None:
        slot = self._slots.pop(finding.check, None) or st.container()
        if finding.check in self._waiting:
            self._waiting.remove(finding.check)
        with slot.container():
            _draw_step(self._code, self._host, finding)
        if finding.outcome is not Outcome.FAILED:
            self._announce()

    def end(self) -> None:
        for slot in self._slots.values():
            slot.empty()

    def _announce(self) -> None:
        """Show what runs now: one check while the sign-in runs, then all the others at once."""
        first = self._waiting[:1]
        for check in first if first and first[0] in self._one_by_one else self._waiting:
            if check not in self._slots:
                self._slots[check] = st.empty()
                with self._slots[check].container():
                    _step(check_words(self._code, check)["doing"] + " …", "spinner").text("…")


def _step(label: str, icon: str) -> DeltaGenerator:
    """One step of the line. `st.status` would draw the same, and sleep 50 ms for each."""
    return st.expander(label, icon=icon, type="step")


def _draw_step(system_code: str, host: str, finding: Finding) -> None:
    failed = finding.outcome is Outcome.FAILED
    label = finding_words(system_code, finding)
    with _step(f":red[{label}]" if failed else label, _ICONS[finding.outcome]):
        if finding.problem_code:
            st.text(problem_words(system_code, finding.problem_code, {"host": host, **finding.facts})[0])
        for name in ("host", "platform", "shop"):
            if finding.facts.get(name) and not failed:
                st.text(finding.facts[name])
        st.text(finding.detail or "✓")
