"""Telling in words that there is no room."""

from starlette.types import ASGIApp, Receive, Scope, Send

from xtnd_wizard.web.open_sockets import Client, OpenSockets
from xtnd_wizard.web.requests import HOST_CONFIG, asks_for_a_page

_NO_PAGES = ("/consent/", "/language/", "/sandbox/")
"""These answer by themselves and open no socket; a way back from a channel is good only once."""


class CapacityMiddleware:
    """Answers who opens a page, or has one open that connects again, as `PacedSocketsMiddleware` would its socket."""

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
