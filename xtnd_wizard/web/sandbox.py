"""Who opens a page of the sandbox, and from where its forms may be sent."""

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from xtnd_wizard.i18n import LANGUAGES
from xtnd_wizard.limits.networks import network_of
from xtnd_wizard.sandbox import GUEST, sandbox_site
from xtnd_wizard.sandbox.office import Guest
from xtnd_wizard.web.identity import tenant_in
from xtnd_wizard.web.language import language_of
from xtnd_wizard.web.origin import is_own_origin

_ASKS = ("GET", "HEAD")


async def serve(scope: Scope, receive: Receive, send: Send, public_url: str = "") -> None:
    """Hand a visitor on to the sandbox's sites. A form counts only where a page of ours sent it."""
    connection = HTTPConnection(scope)
    if scope.get("method", "GET") not in _ASKS and not _sent_by_us(connection, public_url):
        await PlainTextResponse("Forbidden", 403, headers={"cache-control": "no-store"})(scope, receive, send)
        return
    await sandbox_site({**scope, GUEST: _guest(connection)}, receive, send)


def _guest(connection: HTTPConnection) -> Guest:
    asked = connection.query_params.get("lang", "")
    asked = asked if asked in LANGUAGES else ""
    client = connection.client
    return Guest(
        tenant_in(connection.scope) or "",
        network_of(client.host if client else None),
        asked or language_of(connection),
        asked,
    )


def _sent_by_us(connection: HTTPConnection, public_url: str) -> bool:
    """Whether a page of this very site sent a form. Browsers of today say so; older ones name the page's origin."""
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin, host = connection.headers.get("origin", ""), connection.headers.get("host", "")
    return is_own_origin(origin, host, public_url, secure=connection.scope["scheme"] == "https")
