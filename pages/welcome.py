"""Welcome: what will happen, what is needed, and where to begin."""

import streamlit as st

from xtnd_wizard.systems import all_systems
from xtnd_wizard.ui.frame import go
from xtnd_wizard.ui.i18n import day, t
from xtnd_wizard.ui.page_context import page_context
from xtnd_wizard.wizard.steps import Step

page = page_context()
draft = page.draft if page.draft and not page.draft.connection_id else None

st.title(t("welcome.title"))
st.markdown(t("welcome.lead"))

if draft:
    with st.container(border=True):
        if st.button(t("welcome.continue"), type="primary", icon=":material/arrow_forward:"):
            go(draft.step if draft.step in tuple(Step) else Step.SYSTEM)
        step = t(f"step.{draft.step}") if draft.step in tuple(Step) else t("step.system")
        st.caption(t("welcome.continue_hint", step=step, date=day(draft.expires_at)))
        if st.button(t("welcome.restart"), type="tertiary", icon=":material/delete:", help=t("welcome.restart_hint")):
            page.service.drafts.discard(page.actor, draft.id)
            go("welcome", "discarded")

happens, needed = st.columns(2, gap="medium")
with happens.container(border=True, height="stretch"):
    st.subheader(t("welcome.happens_title"), icon=":material/route:")
    st.markdown("\n".join(f"{number}. {t(f'welcome.happens_{number}')}" for number in (1, 2, 3, 4)))
with needed.container(border=True, height="stretch"):
    st.subheader(t("welcome.need_title"), icon=":material/checklist:")
    st.markdown(f"- {t('welcome.need_login')}\n- {t('welcome.need_time')}")
    st.caption(f"{t('welcome.works_with')} {', '.join(system.name for system in all_systems())}")

with st.container(horizontal=True):
    if not draft and st.button(t("welcome.start"), type="primary", icon=":material/arrow_forward:"):
        go(Step.SYSTEM)
    if st.button(t("welcome.demo"), icon=":material/play_circle:"):
        go("demo")
    if st.button(t("nav.connections"), icon=":material/list:"):
        go("connections")
st.caption(t("welcome.safe"))
