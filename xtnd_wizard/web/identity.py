"""Who a request comes from: a random token in a cookie that no script can read."""

import secrets
from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from xtnd_wizard.web.requests import asks_for_a_page
from xtnd_wizard.wizard.visitors import COOKIE, SECURE_COOKIE, tenant_of, token_in

COOKIE_SECONDS = 365 * 24 * 3600


def tenant_in(scope: Scope) -> str | None:
    """The tenant behind the cookies of a request or handshake; None where there is none."""
    return tenant_of(token_in(HTTPConnection(scope).cookies))


def cookies_to_set(cookies: Mapping[str, str], *, secure: bool) -> list[str]:
    """What a page sets so that the visitor is known next time: nothing for one who is known already.

    Over https a visitor known by the plain name gets the same token under the other name.
    """
    token = token_in(cookies)
    if token and (not secure or cookies.get(SECURE_COOKIE) == token):
        return []
    token = token or secrets.token_urlsafe(32)
    attributes = f"Max-Age={COOKIE_SECONDS}; Path=/; HttpOnly; SameSite=Lax"
    if not secure:
        return [f"{COOKIE}={token}; {attributes}"]
    cleared = [f"{COOKIE}=; Max-Age=0; Path=/"] if COOKIE in cookies else []
    return [f"{SECURE_COOKIE}={token}; {attributes}; Secure", *cleared]


class VisitorCookieMiddleware:
    """Gives whoever opens a page an identity."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not asks_for_a_page(scope):
            await self._app(scope, receive, send)
            return
        cookies = cookies_to_set(HTTPConnection(scope).cookies, secure=scope["scheme"] == "https")

        async def send_with_cookies(message: Message) -> None:
            if cookies and message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["cache-control"] = "no-store"
                for cookie in cookies:
                    headers.append("set-cookie", cookie)
            await send(message)

        await self._app(scope, receive, send_with_cookies)
