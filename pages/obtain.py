"""Obtain: where the key is, click by click, with a picture beside each."""

import streamlit as st

from xtnd_wizard.onboarding.steps import Step
from xtnd_wizard.sandbox import browser_address
from xtnd_wizard.systems import system
from xtnd_wizard.systems.contract import API_URL
from xtnd_wizard.ui.frame import go
from xtnd_wizard.ui.pictures import draw_picture
from xtnd_wizard.ui.walk import walk_at
from xtnd_wizard.ui.words import guide, t

current = walk_at(Step.OBTAIN)
chosen = system(current.open_draft.system)
words = guide(chosen.code)["obtain"]
host = current.open_draft.values[API_URL]

st.title(words["title"])
st.markdown(words["lead"])
st.warning(words["warning"], title=words["warning_title"], icon=":material/key:")

if chosen.key_page:
    url = chosen.read_host(host, current.service.settings.trusted_origins).url
    with st.container(border=True):
        st.link_button(t("obtain.open"), browser_address(chosen.key_page(url)), icon=":material/open_in_new:")
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
            st.caption(t("obtain.open_hint"), width="content")
            st.text(url.host, width="content")

for number, step in enumerate(words["steps"], start=1):
    told, shown = st.columns([5, 6], gap="medium", vertical_alignment="center")
    told.subheader(f"{number}. {step['title']}")
    told.markdown(step["text"])
    with shown:
        draw_picture(chosen.code, step["picture"], step["alt"])

st.subheader(t("obtain.trouble_title"))
for trouble in words["troubles"]:
    with st.expander(trouble["title"]):
        st.markdown(trouble["text"])
        if "picture" in trouble:
            draw_picture(chosen.code, trouble["picture"], trouble["alt"])

with st.container(horizontal=True):
    if st.button(t("obtain.next"), type="primary", icon=":material/arrow_forward:"):
        go(Step.ENTER)
    if st.button(t("nav.back"), type="tertiary"):
        go(Step.SYSTEM)
