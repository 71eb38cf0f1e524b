"""Refuses a page whose websocket would be refused, with a response that says why."""

from starlette.types import ASGIApp, Receive, Scope, Send

from xtnd_wizard.web.open_sockets import Client, OpenSockets
from xtnd_wizard.web.requests import HOST_CONFIG, asks_for_a_page

_NO_PAGES = ("/consent/", "/language/", "/sandbox/")
"""These paths lead to no socket of their own, and the redirect from a channel is valid only once."""


class CapacityMiddleware:
    """Answers the request for a page, or the one that precedes a reconnect, as `PacedSocketsMiddleware` would."""

    def __init__(self, app: ASGIApp, open_sockets: OpenSockets) -> None:
        self._app = app
        self._open_sockets = open_sockets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if _opens_a_socket(scope) and (refusal := self._open_sockets.refusal(Client.of(scope))):
            from xtnd_wizard.web.refusal_page import refusal_response

            await refusal_response(scope, refusal)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _opens_a_socket(scope: Scope) -> bool:
    if scope["type"] != "http":
        return False
    return scope["path"] == HOST_CONFIG or (asks_for_a_page(scope) and not scope["path"].startswith(_NO_PAGES))
