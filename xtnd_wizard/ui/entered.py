"""This very sitting: what was entered in it may be asked about, and shown once, here and nowhere else."""

import secrets

import streamlit as st

from xtnd_wizard.storage.models import Connection, Draft
from xtnd_wizard.wizard.host_questions import HostQuestions

_KEY = "sitting"


def sitting() -> str:
    """A random text that stands for this session; it never goes to the browser, and ends with the session."""
    return str(st.session_state.setdefault(_KEY, secrets.token_urlsafe(32)))


def entered_in_this_sitting(questions: HostQuestions, draft: Draft, connection: Connection) -> bool:
    """Whether every sealed value of a connection was entered here, for the draft that it was made from."""
    entered = questions.entered_in(draft, sitting())
    return draft.connection_id == connection.id and entered >= connection.sealed.keys()
