"""WordPress with some answers of the test's own; all others are the sandbox's."""

import asyncio
import base64
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.systems.mocked import checked
from tests.systems.verifying import Checked, ReceivedRequest, check
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound.client import OutboundClient
from xtnd_wizard.systems.checks import Credentials
from xtnd_wizard.systems.stories import Scenario
from xtnd_wizard.systems.woocommerce import SYSTEM
from xtnd_wizard.systems.woocommerce.sandbox import KEYS, Key, sandbox_app

Answers = Callable[[Request], Response | None]
App = Callable[[Any, Any, Any], Awaitable[None]]


def scenario(code: str) -> Scenario:
    """A scenario by its code."""
    return next(found for found in SYSTEM.sandbox.scenarios if found.code == code)


def error(code: str, status: int, message: str = "Nej.") -> JSONResponse:
    """An error in WordPress's shape."""
    return JSONResponse({"code": code, "message": message, "data": {"status": status}}, status)


class Hanging(Response):
    """An answer that never comes."""

    async def __call__(self, scope: object, receive: object, send: object) -> None:
        await asyncio.Event().wait()


def signs_in(request: Request) -> bool:
    """Whether a request carries a pair, in the header or in the query, or is signed with one."""
    return "authorization" in request.headers or bool({"consumer_key", "oauth_signature"} & set(request.query_params))


def signs_in_with(requests: ReceivedRequest) -> str:
    """The pair that a request carries, or the key that it is signed with, or nothing."""
    query = dict(parse_qsl(requests.query))
    if "consumer_key" in query:
        return f"{query['consumer_key']}:{query['consumer_secret']}"
    if "oauth_signature" in query:
        return query["oauth_consumer_key"]
    scheme, _, coded = requests.headers.get("authorization", "").partition(" ")
    return base64.b64decode(coded).decode() if scheme == "Basic" else ""


def known_pair(request: Request) -> Key | None:
    """The key that a request signs in with, where the pair is right."""
    pair = request.query_params.get("consumer_key", ""), request.query_params.get("consumer_secret", "")
    scheme, _, coded = request.headers.get("authorization", "").partition(" ")
    if scheme == "Basic":
        key, _, secret = base64.b64decode(coded).decode().partition(":")
        pair = key, secret
    known = KEYS.get(pair[0])
    return known if known and known.secret == pair[1] else None


def mixed(answers: Answers) -> App:
    """An app where some requests are answered by a test, and all others by the sandbox."""
    sandbox = sandbox_app()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await (answers(Request(scope, receive)) or sandbox)(scope, receive, send)

    return app


def answering(answers: Answers, *, code: str = "works", **changed: str) -> Checked:
    """Verify a scenario where some requests are answered by a test."""
    return checked(SYSTEM, scenario(code), mixed(answers), **changed)


def in_process(code: str) -> Checked:
    """Verify a scenario as a demo does: the outbound client hands it to the sandbox itself."""
    url = SYSTEM.read_host(scenario(code).values["api_url"]).url
    credentials = Credentials(url, {name: Secret(scenario(code).values[name]) for name in ("access_token", "secret")})
    outbound_client = OutboundClient(sandbox=sandbox_app(), sandbox_hosts=SYSTEM.sandbox.hosts)
    return Checked(check(SYSTEM, credentials, outbound_client))
