"""What a request is for."""

from starlette.datastructures import Headers
from starlette.types import Scope

HOST_CONFIG = "/_stcore/host-config"
"""What the front end asks, beside the server's health, each time before it connects."""


def asks_for_a_page(scope: Scope) -> bool:
    """Whether a browser asks for a document to show."""
    return scope["type"] == "http" and "text/html" in Headers(scope=scope).get("accept", "")
