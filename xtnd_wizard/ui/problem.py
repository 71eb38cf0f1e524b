"""A problem in words: what happened, why most likely, what to do now, and whose turn it is."""

from collections.abc import Mapping
from typing import Literal

import streamlit as st

from xtnd_wizard.domain.findings import Finding
from xtnd_wizard.domain.problems import Problem, ResponsibleParty
from xtnd_wizard.ui.assistive import mark_heading
from xtnd_wizard.ui.colleague import draw_colleague
from xtnd_wizard.ui.i18n import channel, problem_words, t

_COLOURS: Mapping[ResponsibleParty, Literal["red", "orange", "violet", "blue"]] = {
    ResponsibleParty.MERCHANT: "red",
    ResponsibleParty.CHANNEL: "orange",
    ResponsibleParty.US: "violet",
    ResponsibleParty.WAIT: "blue",
}
_ICONS = {
    ResponsibleParty.MERCHANT: ":material/edit:",
    ResponsibleParty.CHANNEL: ":material/storefront:",
    ResponsibleParty.US: ":material/support_agent:",
    ResponsibleParty.WAIT: ":material/schedule:",
}


def draw_problem(system_code: str, host: str, finding: Finding, problem: Problem) -> None:
    """Draw a failed finding. Its facts come from the channel, so all of it is plain text."""
    what, why, do = problem_words(system_code, problem.code, {"host": host, **finding.facts})
    with st.container(border=True, key="problem"):
        turn = t(f"verify.turn.{problem.responsible_party}", channel=channel(system_code))
        st.badge(turn, icon=_ICONS[problem.responsible_party], color=_COLOURS[problem.responsible_party])
        with st.container(key="problem_what"):
            st.text(what)
            mark_heading("problem_what")
        st.text(why)
        with st.container(key="problem_do"):
            st.text(do)
        draw_colleague(system_code, host, finding, problem)
        with st.expander(t("verify.details")):
            st.code(f"{problem.code}\n{finding.check}: {finding.detail}", language=None, wrap_lines=True)
