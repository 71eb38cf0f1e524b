"""What the sandboxes of several systems have in common: pages for people, and the check of a signature.

A sandbox is a Starlette app that answers as the channel does, for hosts below `.test` that no other system has. Each
scenario of it is a set of values: the app knows by the key, or by the host, which way that one goes.
"""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template
from types import SimpleNamespace

from starlette.requests import Request
from starlette.responses import HTMLResponse


def page(title: str, heading: str = "", status: int = 200, headers: Mapping[str, str] | None = None) -> HTMLResponse:
    """A page for people, where a program would want data. The heading is the title unless it is given."""
    body = f"<!doctype html><title>{escape(title)}</title><h1>{escape(heading or title)}</h1>"
    return HTMLResponse(body, status, headers=headers)


def filled_page(file: Path, values: Mapping[str, str]) -> HTMLResponse:
    """A page out of an HTML file, with values in the places of its names."""
    filled = Template(file.read_text("utf-8")).substitute({name: escape(value) for name, value in values.items()})
    return HTMLResponse(filled)


def is_signed(request: Request, signature: str, secrets: tuple[str, str], scheme: str) -> bool:
    """Whether a signature is one by these secrets over the URL that was called (RFC 5849, 3.4; HMAC-SHA256).

    The scheme is what the shop takes it for: one behind a proxy may not know of the https in front of it.
    The host is the server that was reached, whatever host it is told to be.
    """
    from oauthlib.oauth1.rfc5849 import signature as oauth1  # here, because most processes never verify

    host, port = request.scope["server"]
    header = request.headers.get("authorization", "")
    signed_in_header = {"Authorization": header} if header.startswith("OAuth ") else {}
    received = SimpleNamespace(
        uri=f"{scheme}://{host}{f':{port}' if port else ''}{request.url.path}",
        http_method=request.method,
        params=oauth1.collect_parameters(uri_query=request.url.query, headers=signed_in_header),
        signature=signature,
    )
    return bool(oauth1.verify_hmac_sha256(received, *secrets))
