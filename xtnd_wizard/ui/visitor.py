"""Who is at the other end of a session: an actor, by the cookie of its handshake."""

import streamlit as st

from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.wizard.visitors import token_in, visitor


def cookie() -> str | None:
    """The visitor's token as the browser sent it."""
    return token_in(st.context.cookies)


def actor() -> Actor | None:
    """The visitor for whom this page is drawn; None where the browser refuses cookies."""
    return visitor(cookie(), address())


def address() -> str | None:
    """Where the visitor comes from; None where the server can't tell, or it is this very machine."""
    return st.context.ip_address
