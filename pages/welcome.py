"""Welcome: where to begin, what will happen, and what is needed."""

import streamlit as st

from xtnd_wizard.systems import all_systems
from xtnd_wizard.ui.frame import go
from xtnd_wizard.ui.i18n import t
from xtnd_wizard.ui.page_context import begin_anew, page_context
from xtnd_wizard.ui.pictures import draw_illustration
from xtnd_wizard.ui.unfinished import draw_unfinished

page = page_context()

with st.container(key="welcome"):
    begin, illustrated = st.columns([3, 2], gap="medium", vertical_alignment="center")
with begin:
    st.title(t("welcome.title"))
    st.markdown(t("welcome.lead"))
    any_unfinished = draw_unfinished(page, back_to="welcome")
    with st.container(horizontal=True):
        st.button(
            t("welcome.start"),
            type="secondary" if any_unfinished else "primary",
            icon=":material/arrow_forward:",
            on_click=begin_anew,
            args=(page,),
        )
        st.button(t("welcome.demo"), icon=":material/play_circle:", on_click=go, args=("demo",))
with illustrated.container(key="illustration"):
    draw_illustration()

happens, needed = st.columns(2, gap="medium")
with happens.container(border=True, height="stretch"):
    st.subheader(t("welcome.happens_title"), icon=":material/route:")
    st.markdown("\n".join(f"{number}. {t(f'welcome.happens_{number}')}" for number in (1, 2, 3, 4)))
with needed.container(border=True, height="stretch"):
    st.subheader(t("welcome.need_title"), icon=":material/checklist:")
    st.markdown(f"- {t('welcome.need_login')}\n- {t('welcome.need_time')}")
    st.caption(f"{t('welcome.works_with')} {', '.join(system.name for system in all_systems())}")
st.caption(t("welcome.safe"))
