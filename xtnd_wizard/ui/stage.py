"""The place of the verdict while there is none: what is done now, or what can be done. It is as high as a verdict."""

from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from xtnd_wizard.ui.i18n import t


def draw_stage(icon: str, title: str, body: str) -> DeltaGenerator:
    """Draw a quiet card with a large sign, and return the place of its buttons."""
    with _card("stage"):
        with st.container(key="stage_sign", horizontal_alignment="center"):
            st.markdown(icon, width="content")
        st.header(title, anchor=False, text_alignment="center")
        st.markdown(body, text_alignment="center")
        return st.container(horizontal=True, horizontal_alignment="center")


class LiveStage:
    """The card while the checks run: what is asked just now, how many are through, the seconds, and Stop.

    The seconds are counted by the browser, so that no message is needed for them.
    """

    def __init__(self, body: str, stop: Callable[[], None]) -> None:
        with _card("stage_live"):
            st.html('<span class="stage-spinner" aria-hidden="true"></span>')
            self._doing = st.empty()
            st.markdown(body, text_alignment="center")
            with st.container(horizontal=True, horizontal_alignment="center", gap="xsmall", key="stage_progress"):
                self._progress = st.empty()
                st.html('<span class="elapsed" aria-hidden="true"></span>', width="content")
            with st.container(horizontal=True, horizontal_alignment="center"):
                st.button(t("verify.stop"), icon=":material/stop_circle:", on_click=stop, key="stop")

    def tell(self, doing: str, done: int, total: int) -> None:
        """Say what is asked just now, and how many checks have an answer."""
        if doing:
            self._doing.header(f"{doing} …", anchor=False, text_alignment="center")
        self._progress.caption(t("verify.progress", done=str(done), total=str(total)), width="content")


def _card(key: str) -> DeltaGenerator:
    return st.container(border=True, key=key, horizontal_alignment="center", vertical_alignment="center")
