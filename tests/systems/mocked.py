"""Channels without a socket: respx answers below the outbound client.

What is mocked is the connection pool, so that headers, signing, the cap on bodies and the table of statuses
are the real ones. The judging of addresses and TLS are below it; tests/outbound shows those over sockets.
"""

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import respx
from respx.handlers import ASGIHandler
from respx.patterns import Pattern

from tests.systems.verifying import (
    Checked,
    ReceivedRequest,
    check,
    credentials_of,
    host_of,
    seconds_for,
)
from xtnd_wizard.outbound.client import OutboundClient
from xtnd_wizard.systems.contract import System
from xtnd_wizard.systems.stories import Scenario

Handler = Callable[[httpx.Request], Awaitable[httpx.Response]]


@dataclass(frozen=True)
class Reply:
    """One HTTP answer. A body that is not bytes is sent as JSON; `kind` is its content type."""

    status: int = 200
    body: Any = b"{}"
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> httpx.Response:
        """A response of its own for each request."""
        content = self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()
        return httpx.Response(self.status, content=content, headers={"content-type": self.kind, **self.headers})


def page(text: str = "<h1>Hej</h1>", status: int = 200, **headers: str) -> Reply:
    """A page for people where an API should be."""
    return Reply(status, text.encode(), "text/html", headers)


@dataclass(frozen=True)
class Route:
    """What a channel answers to the requests that a pattern matches: the replies in turn, the last one from then on."""

    pattern: Pattern
    replies: Sequence[Reply]


def route(pattern: Pattern, *replies: Reply) -> Route:
    """A route with its replies."""
    return Route(pattern, replies)


def by_app(app: Any) -> Handler:
    """An ASGI app as the channel. An app in front of another may read the body first, so it can be received again."""

    async def rereadable(scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message["body"], message["more_body"]

        async def whole() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        await app(scope, whole, send)

    return ASGIHandler(rereadable)


@contextmanager
def mocked(
    channel: Handler, host: str, requests: list[ReceivedRequest] | None = None, routes: Sequence[Route] = ()
) -> Iterator[str]:
    """A channel at an https origin, answered by the routes and, where none matches, by the channel itself.

    Every request is noted. Raises AssertionError at the end where a route was never asked: such a test shows nothing.
    """
    noted = [] if requests is None else requests
    with respx.mock(using="httpcore", assert_all_called=False) as router:
        mine = [(found, router.route(found.pattern)) for found in routes]
        for found, mocked_route in mine:
            mocked_route.mock(side_effect=_noted(_in_turn(found.replies), noted))
        router.route(host=host).mock(side_effect=_noted(channel, noted))
        yield f"https://{host}"
        for found, mocked_route in mine:
            assert mocked_route.called, f"{found.pattern!r} was never asked, so its replies decide nothing"


def checked(
    system: System,
    scenario: Scenario,
    app: Any = None,
    routes: Sequence[Route] = (),
    seconds: float | None = None,
    /,
    **changed: str,
) -> Checked:
    """Verify a scenario's values, some of them changed, at an app (or else the sandbox) and before it, routes."""
    requests: list[ReceivedRequest] = []
    with mocked(by_app(app or system.sandbox.app()), host_of(scenario, **changed), requests, routes) as origin:
        events = check(
            system,
            credentials_of(system, scenario, origin, **changed),
            OutboundClient(),
            seconds=seconds_for(scenario) if seconds is None else seconds,
        )
    return Checked(events, requests)


def _in_turn(replies: Sequence[Reply]) -> Handler:
    left = list(replies)

    async def answer(request: httpx.Request) -> httpx.Response:
        return (left.pop(0) if len(left) > 1 else left[0]).response()

    return answer


def _noted(answer: Handler, requests: list[ReceivedRequest]) -> Handler:
    """Note each request, and report the progress that the pool would."""

    async def noted(request: httpx.Request) -> httpx.Response:
        headers = {name.lower(): value for name, value in request.headers.items() if name.lower() != "host"}
        query = request.url.query.decode()
        requests.append(ReceivedRequest(request.method, request.url.path, query, headers, request.content))
        trace = request.extensions["trace"]
        await trace("connection.connect_tcp.complete", {})
        await trace("http11.send_request_headers.started", {})
        return await answer(request)

    return noted
