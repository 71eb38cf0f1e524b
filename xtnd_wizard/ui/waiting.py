"""A button that can't be pressed yet, and says when."""

import math
from datetime import UTC, datetime

import streamlit as st

from xtnd_wizard.ui.i18n import clock, t

_SOON_SECONDS = 60
_LOOK_AGAIN_SECONDS = 10


def draw_wait(until: datetime) -> None:
    """Draw the button, and draw the page anew when that time has come."""
    is_soon = _seconds_until(until) <= _SOON_SECONDS
    # Each look is a message, of which everybody at this address has a share.
    st.fragment(run_every=1 if is_soon else _LOOK_AGAIN_SECONDS)(_draw)(until, is_soon)


def _draw(until: datetime, is_soon: bool) -> None:
    left = _seconds_until(until)
    if left <= 0:
        st.rerun()
    soon = t("verify.again_in", seconds=str(math.ceil(left)))
    label = soon if is_soon else t("verify.again_at", time=clock(until))
    st.button(label, disabled=True, icon=":material/schedule:", key="wait")


def _seconds_until(moment: datetime) -> float:
    return (moment - datetime.now(UTC)).total_seconds()
