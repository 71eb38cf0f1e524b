"""Who is at the other end of a session: an tenant, by the cookie of its handshake."""

import streamlit as st

from xtnd_wizard.wizard.visitors import tenant_of, token_in


def cookie() -> str | None:
    """The visitor's token as the browser sent it."""
    return token_in(st.context.cookies)


def tenant() -> str | None:
    """The tenant of drafts and connections; None where the browser refuses cookies."""
    return tenant_of(cookie())


def address() -> str | None:
    """Where the visitor comes from; None where the server can't tell, or it is this very machine."""
    return st.context.ip_address
