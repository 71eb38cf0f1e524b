"""What the sandboxes of several systems share: pages for people, what works once, and the check of a signature.

A sandbox is a Starlette app that answers as the channel does, for hosts below `.test` that no other system has. Each
scenario of it is a set of values: the app knows by the key, or by the host, which way that one goes.
"""

from collections import OrderedDict
from collections.abc import Mapping
from html import escape
from types import SimpleNamespace

from starlette.requests import Request
from starlette.responses import HTMLResponse

_MOST_REMEMBERED = 2000


def page(title: str, heading: str = "", status: int = 200, headers: Mapping[str, str] | None = None) -> HTMLResponse:
    """A page for people, where a program would want data. The heading is the title unless it is given."""
    body = f"<!doctype html><title>{escape(title)}</title><h1>{escape(heading or title)}</h1>"
    return HTMLResponse(body, status, headers=headers)


class Used:
    """What was used once, as far back as there is room."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, None] = OrderedDict()

    def first_time(self, value: str) -> bool:
        """Whether this is the first use of a value; from now on it is not."""
        if value in self._known:
            return False
        self._known[value] = None
        if len(self._known) > _MOST_REMEMBERED:
            self._known.popitem(last=False)
        return True


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
