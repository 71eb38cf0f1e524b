"""A browser's visitor: a random token in a cookie, and the tenant that it stands for."""

import hashlib
import re
from collections.abc import Mapping

from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.limits.networks import network_of

COOKIE = "xtnd_visitor"
SECURE_COOKIE = "__Host-xtnd_visitor"
"""Its name over https. A browser takes this prefix from this very host only, so no neighbour can replace it."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def token_in(cookies: Mapping[str, str]) -> str | None:
    """The visitor's token among the cookies of a request, if it is one of ours by its shape.

    The name without the prefix still counts over https where the other is missing: drafts were made under it. A
    neighbour below the same domain can plant that one on a newcomer, who then works beside whoever planted it.
    """
    found = (cookies.get(name, "") for name in (SECURE_COOKIE, COOKIE))
    return next((token for token in found if _TOKEN.fullmatch(token)), None)


def tenant_of(token: str | None) -> str | None:
    """The tenant of drafts and connections behind a token; None where it is none of ours.

    Only this digest of it is stored, so that nobody who reads the database can pose as a visitor.
    """
    return hashlib.sha256(token.encode()).hexdigest() if token and _TOKEN.fullmatch(token) else None


def visitor(token: str | None, address: str | None = None) -> Actor | None:
    """The visitor with this token, at an address if the server saw one; None where the token is none of ours."""
    tenant = tenant_of(token)
    return Actor(tenant, network=network_of(address)) if tenant else None
