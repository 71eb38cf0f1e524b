"""Admits websockets within the caps, and hands on their messages at a pace."""

import logging

from starlette.types import ASGIApp, Receive, Scope, Send

from xtnd_wizard.web.inbox import Inbox
from xtnd_wizard.web.open_sockets import TRY_AGAIN_LATER, Client, OpenSockets
from xtnd_wizard.web.pacing import ClientBuckets, SocketPace, Turnstile

_log = logging.getLogger("xtnd_wizard.web")


class PacedSocketsMiddleware:
    """Admits a websocket where there is room, and its messages at the pace of a person.

    Opening one takes a token from its client's bucket as a message does, so that reconnecting gains nothing. It is
    refused before it is open: the front end then retries less and less often, and not at once.
    """

    def __init__(self, app: ASGIApp, open_sockets: OpenSockets, idle_seconds: float) -> None:
        self._app = app
        self._open_sockets = open_sockets
        self._idle_seconds = idle_seconds
        self._clients = ClientBuckets()
        self._turnstile = Turnstile()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        client = Client.of(scope)
        if refusal := self._open_sockets.refusal(client):
            _log.warning("refused a websocket: the cap per %s is reached", refusal)
            await send({"type": "websocket.close", "code": TRY_AGAIN_LATER})
            return
        pace = SocketPace(self._clients.of(client.key), self._turnstile)
        # The front end reconnects by itself, and sends nothing on the new socket until a person does something.
        first_seconds = self._idle_seconds if self._open_sockets.knows(client) else None
        inbox = Inbox(receive, send, pace, self._idle_seconds, first_seconds=first_seconds)
        with self._open_sockets.entered(client, inbox):
            try:
                await pace.opening()
                await self._app(scope, inbox.receive, inbox.send)
            finally:
                await inbox.stop()
