"""Done: what was saved, and what to do in XTND now."""

import streamlit as st

from xtnd_wizard.onboarding.steps import Step
from xtnd_wizard.systems import system
from xtnd_wizard.ui.frame import go
from xtnd_wizard.ui.values import draw_values, xtnd_rows
from xtnd_wizard.ui.walk import walk_at
from xtnd_wizard.ui.words import t

current = walk_at(Step.DONE)
draft = current.open_draft
saved = current.service.connections.one(current.owner, draft.connection_id or "")
if saved is None:
    current.service.drafts.discard(current.owner)
    go("connections")
assert saved is not None

st.title(t("done.title"), icon=":material/check_circle:")
st.markdown(t("done.lead"))
with st.container(border=True):
    draw_values(xtnd_rows(saved))
if saved.api_url in system(saved.system).sandbox.hosts:
    st.info(t("done.demo_note"), icon=":material/science:")
st.subheader(t("done.next_title"))
st.markdown("\n".join(f"{number}. {t(f'done.next_{number}')}" for number in (1, 2, 3, 4)))
with st.container(horizontal=True):
    if st.button(t("done.another"), type="primary", icon=":material/add:"):
        current.service.drafts.discard(current.owner)
        go(Step.SYSTEM)
    if st.button(t("nav.connections"), icon=":material/list:"):
        go("connections")
