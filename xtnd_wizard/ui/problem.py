"""A problem in words: what happened, why most likely, what to do now, and whose turn it is."""

from collections.abc import Mapping
from typing import Literal

import streamlit as st

from xtnd_wizard.domain.findings import Finding
from xtnd_wizard.domain.problems import Turn
from xtnd_wizard.ui.i18n import channel, problem_words, t

_COLOURS: Mapping[Turn, Literal["red", "orange", "violet", "blue"]] = {
    Turn.MERCHANT: "red",
    Turn.CHANNEL: "orange",
    Turn.US: "violet",
    Turn.WAIT: "blue",
}
_ICONS = {
    Turn.MERCHANT: ":material/edit:",
    Turn.CHANNEL: ":material/storefront:",
    Turn.US: ":material/support_agent:",
    Turn.WAIT: ":material/schedule:",
}


def draw_problem(system_code: str, host: str, finding: Finding) -> None:
    """Draw a failed finding. Its facts come from the channel, so all of it is plain text."""
    problem = finding.problem
    assert problem is not None
    what, why, do = problem_words(system_code, problem.code, {"host": host, **finding.facts})
    with st.container(border=True, key="problem"):
        turn = t(f"verify.turn.{problem.turn}", channel=channel(system_code))
        st.badge(turn, icon=_ICONS[problem.turn], color=_COLOURS[problem.turn])
        with st.container(key="problem_what"):
            st.text(what)
        st.text(why)
        with st.container(key="problem_do"):
            st.text(do)
        with st.expander(t("verify.details")):
            st.code(f"{problem.code}\n{finding.check}: {finding.detail}", language=None, wrap_lines=True)
