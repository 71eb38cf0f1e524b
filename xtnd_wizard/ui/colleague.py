"""Ask a colleague: a message to copy or to send, where somebody else's right, licence or signature is needed."""

import streamlit as st

from xtnd_wizard.domain.findings import Finding
from xtnd_wizard.domain.problems import Problem
from xtnd_wizard.i18n import LANGUAGES
from xtnd_wizard.systems import get_system
from xtnd_wizard.ui.i18n import language, t
from xtnd_wizard.wizard.colleague import message_for_colleague


def draw_colleague(system_code: str, host: str, finding: Finding, problem: Problem) -> None:
    """Draw the folded message; nothing where nobody else is needed."""
    system = get_system(system_code)
    if message_for_colleague(system, problem, host, finding.facts, language()) is None:
        return
    with st.expander(t("colleague.title"), icon=":material/forward_to_inbox:", key="colleague"):
        _draw_message(system_code, host, finding, problem)


@st.fragment
def _draw_message(system_code: str, host: str, finding: Finding, problem: Problem) -> None:
    """The message in the language of whoever reads it. A fragment: the switch draws nothing else anew."""
    st.markdown(t("colleague.lead"))
    chosen = st.segmented_control(
        t("colleague.language"),
        tuple(LANGUAGES),
        default=language(),
        required=True,
        format_func=LANGUAGES.__getitem__,
        key="colleague_language",
    )
    message = message_for_colleague(get_system(system_code), problem, host, finding.facts, chosen or language())
    if message:
        st.code(message.body, language=None, wrap_lines=True)
        st.link_button(t("colleague.send"), message.mailto, icon=":material/mail:")
