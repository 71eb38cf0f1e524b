"""Demo: every way the story can go, one click each, against a sandbox channel."""

import streamlit as st

from xtnd_wizard.systems import all_systems
from xtnd_wizard.ui.cards import choose_system
from xtnd_wizard.ui.entered import sitting
from xtnd_wizard.ui.frame import go
from xtnd_wizard.ui.i18n import guide, t
from xtnd_wizard.ui.page_context import page_context
from xtnd_wizard.ui.session import OPEN_DRAFT
from xtnd_wizard.wizard.steps import Step, preselected, unsaved

page = page_context()
st.title(t("demo.title"))
st.markdown(t("demo.lead"))
if unsaved(page.draft):
    st.caption(f":material/info: {t('demo.replaces')}")

system = choose_system("demo_system", preselected(page.draft, [found.code for found in all_systems()]))
words = guide(system.code)["scenarios"]
with st.grid(3, min_column_width=200):
    for number, scenario in enumerate(system.sandbox.scenarios):
        with st.container(border=True, height="stretch", key=f"demo_{system.code}_{scenario.code}"):
            st.markdown(f"**{words[scenario.code]['title']}**")
            st.markdown(words[scenario.code]["text"])
            st.space("stretch")
            if st.button(
                t("demo.go"),
                key=f"demo_{system.code}_{scenario.code}_{page.draft_id or 'new'}",  # a press is for what was shown
                type="primary" if number == 0 else "secondary",
                width="stretch",
            ):
                opened = page.service.drafts.start_demo(page.actor, page.draft_id, system.code, scenario, sitting())
                OPEN_DRAFT.set(opened.id)
                go(Step.ENTER)
