"""The HTTP around the pages: the visitor's cookie, security headers, closed doors, a cap on tabs."""

import base64
import hashlib
import re
import secrets
from collections.abc import Sequence
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "xtnd_visitor"
LANGUAGE_COOKIE = "xtnd_language"
_COOKIE_VALUE = re.compile(r"[A-Za-z0-9_-]{43}")
_COOKIE_SECONDS = 365 * 24 * 3600
_CLOSED = ("/_stcore/upload_file", "/_stcore/metrics")

_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cross-origin-opener-policy": "same-origin",
}


def visitor_in(cookie: str | None) -> str | None:
    """The visitor's token in a cookie value, if it is one of ours by its shape."""
    return cookie if cookie and _COOKIE_VALUE.fullmatch(cookie) else None


def inline_scripts(page: str) -> tuple[str, ...]:
    """The hashes of a page's inline scripts, as a content security policy names them."""
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digests = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    return tuple(f"'sha256-{digest}'" for digest in digests)


def policy(scripts: Sequence[str]) -> str:
    """What a page may load and run. The front end compiles expressions and draws styles at run time."""
    return "; ".join(
        (
            "default-src 'self'",
            " ".join(("script-src 'self' 'unsafe-eval' 'wasm-unsafe-eval'", *scripts)),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


async def switch_language(request: Request) -> Response:
    """Remember a language in a cookie, and go back to the page that it was switched on."""
    page = request.query_params.get("page", "")
    answer = RedirectResponse(f"/{page}" if re.fullmatch(r"[a-z]{0,20}", page) else "/", 303)
    language = request.path_params["language"]
    if re.fullmatch(r"[a-z]{2}", language):
        answer.set_cookie(LANGUAGE_COOKIE, language, max_age=_COOKIE_SECONDS, httponly=True, samesite="lax")
    return answer


class Hardened:
    """ASGI middleware around everything that is served."""

    def __init__(self, app: ASGIApp, open_sessions: int, scripts: Sequence[str] = ()) -> None:
        self._app = app
        self._most = open_sessions
        self._open = 0
        self._headers = {**_HEADERS, "content-security-policy": policy(scripts)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._open >= self._most:
            await send({"type": "websocket.close", "code": 1013})
            return
        self._open += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._open -= 1

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith(_CLOSED):
            await PlainTextResponse("Not found", 404)(scope, receive, send)
            return
        request = Headers(scope=scope)
        secure = scope["scheme"] == "https" or request.get("x-forwarded-proto") == "https"
        newcomer = "text/html" in request.get("accept", "") and not _known(request.get("cookie", ""))

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
                if secure:
                    headers["strict-transport-security"] = "max-age=31536000"
                if newcomer:
                    headers.append("set-cookie", _cookie(secure))
                    headers["cache-control"] = "no-store"
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _known(header: str) -> bool:
    try:
        cookie = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return False
    return cookie is not None and visitor_in(cookie.value) is not None


def _cookie(secure: bool) -> str:
    flags = "; Secure" if secure else ""
    token = secrets.token_urlsafe(32)
    return f"{COOKIE}={token}; Max-Age={_COOKIE_SECONDS}; Path=/; HttpOnly; SameSite=Lax{flags}"
