"""A system's checks against its own sandbox, over real sockets instead of in process."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn

from tests.checking import verify
from xtnd_wizard.domain.api_url import ApiUrl
from xtnd_wizard.domain.findings import Account, Finding, Outcome
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound.client import OutboundClient
from xtnd_wizard.systems.checks import Credentials
from xtnd_wizard.systems.contract import API_URL, AUTH_METHOD, Scenario, System
from xtnd_wizard.wizard.check_runner import COMMON_CHECKS, Event, Identified


@dataclass(frozen=True)
class ReceivedRequest:
    """One request as it arrived."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class NoMemory:
    """Keeps nothing."""

    async def cached(self, operation: str, credentials: Credentials, ask: Callable[[], Awaitable[Account]]) -> Account:
        return await ask()


@dataclass
class Checked:
    """What one verification said and did."""

    events: list[Event]
    requests: list[ReceivedRequest] = field(default_factory=list)

    @property
    def findings(self) -> dict[str, Finding]:
        """Every finding by its check."""
        found = [event for event in self.events if isinstance(event, Finding)]
        assert len({finding.check for finding in found}) == len(found), "a check answered twice"
        return {finding.check: finding for finding in found}

    @property
    def problems(self) -> dict[str, str]:
        """The code of every failed check."""
        return {check: found.problem_code.value for check, found in self.findings.items() if found.problem_code}

    @property
    def proven(self) -> set[str]:
        """The checks that passed, less those that every system has."""
        passed = {check for check, found in self.findings.items() if found.outcome is Outcome.PASSED}
        return passed - set(COMMON_CHECKS)

    @property
    def account(self) -> Account | None:
        return next((event.account for event in self.events if isinstance(event, Identified)), None)


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
    ready = threading.Event()
    startup = server.startup

    async def started(sockets: Any = None) -> None:
        await startup(sockets)
        ready.set()

    server.startup = started  # type: ignore[method-assign]
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield f"http{'s' if certificate else ''}://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = server.force_exit = True
        thread.join(10)


def credentials_of(system: System, scenario: Scenario, origin: str, **changed: str) -> Credentials:
    """A scenario's values as they are checked, some of them changed, at an origin of our own."""
    typed = {**scenario.values, **changed}
    auth_method = system.auth_method_of(typed)
    result = {
        name: system.clean(name, text, auth_method=auth_method).value
        for name, text in typed.items()
        if name != AUTH_METHOD
    }
    _, _, folder = result.pop(API_URL).partition("/")
    sealed = system.sealed_fields_of(auth_method)
    values: dict[str, Secret | str] = {name: Secret(text) if name in sealed else text for name, text in result.items()}
    if auth_method:
        values[AUTH_METHOD] = auth_method
    return Credentials(ApiUrl(origin, f"/{folder}" if folder else ""), values)


def checked(system: System, scenario: Scenario, seconds: float = 5, /, **changed: str) -> Checked:
    """Verify a scenario's values, some of them changed, against the sandbox over real HTTP."""
    host = {**scenario.values, **changed}[API_URL].partition("/")[0]
    requests: list[ReceivedRequest] = []
    with served(system.sandbox.app(), host, requests) as origin:
        credentials = credentials_of(system, scenario, origin, **changed)
        outbound_client = OutboundClient(trusted_origins=(origin,))
        return Checked(list(verify(system, credentials, outbound_client, NoMemory(), seconds)), requests)
