"""Demo: every way the story can go, one click each, against a practice channel."""

import streamlit as st

from xtnd_wizard.wizard.steps import Step
from xtnd_wizard.systems import all_systems, system
from xtnd_wizard.ui.entered import sitting
from xtnd_wizard.ui.frame import go
from xtnd_wizard.ui.page_context import walk
from xtnd_wizard.ui.i18n import guide, t

current = walk()
st.title(t("demo.title"))
st.markdown(t("demo.lead"))
if current.draft and not current.draft.connection_id:
    st.caption(f":material/info: {t('demo.replaces')}")

codes = [found.code for found in all_systems()]
picked = st.pills(
    t("system.which"),
    codes,
    format_func=lambda code: system(code).name,
    default=current.draft.system if current.draft and current.draft.system in codes else codes[0],
    required=True,
    key="demo_system",
)
chosen = system(str(picked or codes[0]))
words = guide(chosen.code)["scenarios"]
with st.grid(3, min_column_width=200):
    for number, scenario in enumerate(chosen.sandbox.scenarios):
        with st.container(border=True, height="stretch"):
            st.markdown(f"**{words[scenario.code]['title']}**")
            st.markdown(words[scenario.code]["text"])
            st.space("stretch")
            if st.button(
                t("demo.go"),
                key=f"demo_{chosen.code}_{scenario.code}",
                type="primary" if number == 0 else "secondary",
                width="stretch",
            ):
                current.service.drafts.rehearse(current.owner, chosen.code, scenario, sitting())
                go(Step.ENTER)
