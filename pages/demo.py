"""Demo: every way the story can go, one click each, against a practice channel."""

import streamlit as st

from xtnd_wizard.onboarding.steps import Step
from xtnd_wizard.systems import all_systems
from xtnd_wizard.ui.frame import go
from xtnd_wizard.ui.walk import walk
from xtnd_wizard.ui.words import guide, t

current = walk()
st.title(t("demo.title"))
st.markdown(t("demo.lead"))
if current.draft and not current.draft.connection_id:
    st.caption(f":material/info: {t('demo.replaces')}")

for system in all_systems():
    if len(all_systems()) > 1:
        st.subheader(system.name)
    words = guide(system.code)["scenarios"]
    with st.grid(3, min_column_width=200):
        for number, scenario in enumerate(system.sandbox.scenarios):
            with st.container(border=True, height="stretch"):
                st.markdown(f"**{words[scenario.code]['title']}**")
                st.markdown(words[scenario.code]["text"])
                st.space("stretch")
                if st.button(
                    t("demo.go"),
                    key=f"demo_{system.code}_{scenario.code}",
                    type="primary" if number == 0 else "secondary",
                    width="stretch",
                ):
                    current.service.drafts.rehearse(current.owner, system.code, scenario)
                    go(Step.ENTER)
