"""Which pages may open a websocket: our own."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

_POLICY_VIOLATION = 1008


def is_own_origin(origin: str, host: str, public_url: str, *, secure: bool) -> bool:
    """Whether an Origin header is that of this site: the Host's own, or the public URL's.

    A handshake without one comes from no browser: each sends it. What drives the pages without a browser
    has nothing to ask for here, so it is refused with the others.
    """
    if public_url and origin == public_url:
        return True
    if origin not in ([f"https://{host}"] if secure else [f"https://{host}", f"http://{host}"]):
        return False
    try:
        return bool(host) and urlsplit(origin).netloc == host
    except ValueError:
        return False


class OriginMiddleware:
    """Refuses a websocket of any other site before Streamlit sees it.

    Streamlit would compare a foreign origin with this machine's own address, and ask a public service for it,
    in the event loop.
    """

    def __init__(self, app: ASGIApp, public_url: str = "") -> None:
        self._app = app
        self._public_url = public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            headers = Headers(scope=scope)
            origin, host = headers.get("origin", ""), headers.get("host", "")
            if not is_own_origin(origin, host, self._public_url, secure=scope["scheme"] == "wss"):
                await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
                return
        await self._app(scope, receive, send)
