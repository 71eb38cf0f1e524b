"""Who is at the other end: an owner, by an HttpOnly cookie that the app set."""

import hashlib

import streamlit as st

from xtnd_wizard.web import COOKIE, visitor_in


def cookie() -> str | None:
    """The cookie as the browser sent it."""
    return st.context.cookies.get(COOKIE)


def owner() -> str | None:
    """The owner of drafts and connections; None where the browser refuses cookies."""
    return owner_of(cookie())


def address() -> str | None:
    """Where the visitor comes from; None where the server can't tell, or it is this very machine."""
    return st.context.ip_address


def owner_of(cookie: str | None) -> str | None:
    """The owner behind a cookie.

    Only a digest of it is stored, so that nobody who reads the database can pose as a visitor.
    """
    token = visitor_in(cookie)
    return hashlib.sha256(token.encode()).hexdigest() if token else None
