"""Which sealed values were entered in this very sitting: only they may be asked to be seen again."""

from collections.abc import Iterable

import streamlit as st

from xtnd_wizard.storage.models import Connection, Draft
from xtnd_wizard.systems.contract import API_URL

_KEY = "entered_here"


def remember_entered(draft: Draft, names: Iterable[str]) -> None:
    """Note the names of sealed values that were entered just now, for this draft at its present address."""
    about = (draft.id, draft.values.get(API_URL, ""))
    known = st.session_state.get(_KEY)
    before = known[1] if known and known[0] == about else frozenset()
    st.session_state[_KEY] = (about, before | frozenset(names))


def entered_in_this_sitting(draft: Draft, connection: Connection) -> bool:
    """Whether every sealed value of a connection was entered here, for the draft that it was made from."""
    about, names = st.session_state.get(_KEY, (("", ""), frozenset()))
    return bool(about == (draft.id, connection.api_url) and names >= connection.sealed.keys())
