"""This very sitting: what was entered in it may be asked about, and shown once, here and nowhere else."""

import secrets

from xtnd_wizard.ui.session import SITTING


def sitting() -> str:
    """A random text that stands for this session; it never goes to the browser, and ends with the session."""
    if not SITTING.get():
        SITTING.set(secrets.token_urlsafe(32))
    return SITTING.get()
