"""A channel behind a real socket, for what only a socket can show, and one walk of each sandbox."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn

from tests.systems.verifying import Checked, ReceivedRequest, check, credentials_of, host_of, seconds_for
from xtnd_wizard.outbound.client import OutboundClient
from xtnd_wizard.systems.contract import System
from xtnd_wizard.systems.stories import Scenario


@dataclass(frozen=True)
class Tls:
    """The file with a server's certificate and key, and the one with the authority to trust."""

    certificate: str
    authority: str


@contextmanager
def served(app: Any, host: str, requests: list[ReceivedRequest], certificate: str | None = None) -> Iterator[str]:
    """An ASGI app at an origin on the loopback, which it takes for its own host; every request is noted.

    With a certificate (a file with its key, for 127.0.0.1) it is reached over TLS.
    """

    async def renamed(scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        headers = [(name, value) for name, value in scope["headers"] if name != b"host"]
        clear = {name.decode(): value.decode("latin-1") for name, value in headers}
        requests.append(ReceivedRequest(scope["method"], scope["path"], scope["query_string"].decode(), clear, body))

        async def whole() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        await app({**scope, "headers": [*headers, (b"host", host.encode())]}, whole, send)

    config = uvicorn.Config(
        renamed,
        host="127.0.0.1",
        port=0,
        log_level="critical",
        lifespan="off",
        ws="none",
        ssl_certfile=certificate,
        ssl_keyfile=certificate,
    )
    server = uvicorn.Server(config)
    ready, told = threading.Event(), asyncio.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    async def serving() -> None:
        """As uvicorn does between its start and its end, which looks up only ten times a second."""
        loops.append(asyncio.get_running_loop())
        ready.set()
        await told.wait()

    server.main_loop = serving  # type: ignore[method-assign]
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    assert ready.wait(10), "the server did not start"
    try:
        yield f"http{'s' if certificate else ''}://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = server.force_exit = True
        loops[0].call_soon_threadsafe(told.set)
        thread.join(10)


def checked_over_tls(system: System, scenario: Scenario, tls: Tls, app: Any = None, **changed: str) -> Checked:
    """Verify a scenario's values, some of them changed, at an app, or else the sandbox, behind a real socket."""
    requests: list[ReceivedRequest] = []
    with served(app or system.sandbox.app(), host_of(scenario, **changed), requests, tls.certificate) as origin:
        outbound_client = OutboundClient(trusted_origins=(origin,), trusted_ca_file=tls.authority)
        credentials = credentials_of(system, scenario, origin, **changed)
        return Checked(check(system, credentials, outbound_client, seconds=seconds_for(scenario)), requests)
