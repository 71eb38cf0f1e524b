"""Asking one middleware, or several, as a server would: by HTTP and by websocket, without one."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Scope

PAGE = "<html><script>let a = 1;</script><script src='x.js'></script><script>\nlet b;\n</script></html>"
TOKEN = "aB3-_" + "x" * 38
SITE = "http://wizard.example"


async def inside(scope: Any, receive: Any, send: Any) -> None:
    """An app that answers every path: with a page, or with the path's last part as plain text."""
    request = Request(scope)
    if request.url.path == "/fails":
        raise ZeroDivisionError
    response: Response = PlainTextResponse(f"reached {request.method} {request.client}")
    if request.url.path == "/":
        response = HTMLResponse(PAGE, headers={"x-frame-options": "SAMEORIGIN"})
    await response(scope, receive, send)


async def nothing_to_read() -> Message:
    """What a middleware is given that must not read."""
    raise AssertionError("a message was read")


async def nothing_to_send(message: Message) -> None:
    """What a middleware is given that must not send."""
    raise AssertionError(f"{message['type']} was sent")


def ask(app: ASGIApp, path: str = "/", *, site: str = SITE, method: str = "GET", **headers: str) -> httpx.Response:
    """What an app answers to a request. In the names of headers an underscore stands for a hyphen."""

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False, client=("198.51.100.7", 4711))
        async with httpx.AsyncClient(transport=transport, base_url=site, trust_env=False) as client:
            return await client.request(method, path, headers=encoded(headers))

    return asyncio.run(asked())


def encoded(headers: Mapping[str, str]) -> dict[bytes, bytes]:
    """Headers as they go over the wire."""
    return {name.replace("_", "-").encode(): value.encode() for name, value in headers.items()}


def scope_of(
    *, kind: str = "websocket", client: tuple[str, int] | None = ("127.0.0.1", 4711), scheme: str = "", **headers: str
) -> Scope:
    """The scope of a request or handshake."""
    return {
        "type": kind,
        "path": "/",
        "scheme": scheme or {"websocket": "ws"}.get(kind, "http"),
        "client": client,
        "headers": list(encoded(headers).items()),
    }


class Wire:
    """The server's side of one websocket: what the client sends, and what it gets."""

    def __init__(self, **scope: Any) -> None:
        self.scope = scope_of(**scope)
        self.to_app: asyncio.Queue[Message] = asyncio.Queue()
        self.to_client: list[Message] = []
        self.to_app.put_nowait({"type": "websocket.connect"})

    def sends(self, *frames: bytes | str) -> None:
        """The client sends frames."""
        for frame in frames:
            kind = "text" if isinstance(frame, str) else "bytes"
            self.to_app.put_nowait({"type": "websocket.receive", kind: frame})

    def leaves(self) -> None:
        """The client closes the connection."""
        self.to_app.put_nowait({"type": "websocket.disconnect", "code": 1001})

    async def receive(self) -> Message:
        """What the server hands to the app."""
        return await self.to_app.get()

    async def send(self, message: Message) -> None:
        """What the app hands to the server; the server tells it of the end that it asked for."""
        self.to_client.append(message)
        if message["type"] == "websocket.close":
            self.to_app.put_nowait({"type": "websocket.disconnect", "code": message["code"]})

    @property
    def closed_with(self) -> int | None:
        """The code of the close frame that the client got."""
        return next((found["code"] for found in self.to_client if found["type"] == "websocket.close"), None)


class Listener:
    """An app that accepts a websocket and keeps what it hears."""

    def __init__(self) -> None:
        self.opened = 0
        self.messages: list[Any] = []
        self.ends: list[int] = []
        self.changed = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        assert (await receive())["type"] == "websocket.connect"
        await send({"type": "websocket.accept"})
        self.opened += 1
        self.changed.set()
        while (message := await receive())["type"] == "websocket.receive":
            self.messages.append(message.get("bytes"))
            self.changed.set()
        self.ends.append(message["code"])
        self.changed.set()

    async def until(self, is_so: Any) -> None:
        """Wait until something is so."""
        async with asyncio.timeout(20):
            while not is_so():
                self.changed.clear()
                await self.changed.wait()


@asynccontextmanager
async def connected(app: ASGIApp, wire: Wire) -> AsyncIterator[asyncio.Task[None]]:
    """A client on a wire, which leaves at the end."""
    task = asyncio.ensure_future(app(wire.scope, wire.receive, wire.send))
    try:
        yield task
    finally:
        wire.leaves()
        async with asyncio.timeout(20):
            await asyncio.gather(task, return_exceptions=True)
