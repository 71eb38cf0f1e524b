"""Who is at the other end of a session: an tenant, by the cookie of its handshake."""

import streamlit as st

from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.limits.networks import network_of
from xtnd_wizard.wizard.visitors import tenant_of, token_in


def cookie() -> str | None:
    """The visitor's token as the browser sent it."""
    return token_in(st.context.cookies)


def tenant() -> str | None:
    """The tenant of drafts and connections; None where the browser refuses cookies."""
    return tenant_of(cookie())


def actor(tenant: str) -> Actor:
    """The visitor as who asks for what is this tenant's. Streamlit knows no address of this very machine."""
    return Actor(tenant, network=network_of(st.context.ip_address))
