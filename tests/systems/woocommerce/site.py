"""WordPress answering as a test tells it to, over real HTTP; and the sandbox in process."""

import dataclasses
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.systems.over_http import Checked, NoMemory, checked
from xtnd_wizard.outbound.door import Door
from xtnd_wizard.secret import Secret
from xtnd_wizard.systems.checking import Credentials
from xtnd_wizard.systems.contract import Scenario
from xtnd_wizard.systems.woocommerce import SYSTEM
from xtnd_wizard.systems.woocommerce.practice import practice_app
from xtnd_wizard.verification import verify

Answers = Callable[[Request], Response | None]


def scenario(code: str) -> Scenario:
    """A scenario by its code."""
    return next(found for found in SYSTEM.sandbox.scenarios if found.code == code)


def error(code: str, status: int, message: str = "Nej.") -> JSONResponse:
    """An error in WordPress's shape."""
    return JSONResponse({"code": code, "message": message, "data": {"status": status}}, status)


def signs_in(request: Request) -> bool:
    """Whether a request carries a pair, in the header or in the query."""
    return "authorization" in request.headers or "consumer_key" in request.query_params


def answering(answers: Answers, *, code: str = "works", **changed: str) -> Checked:
    """Verify a scenario where some requests are answered by a test, and all others by the sandbox."""
    practice = practice_app()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await (answers(Request(scope, receive)) or practice)(scope, receive, send)

    sandbox = dataclasses.replace(SYSTEM.sandbox, app=lambda: app)
    return checked(dataclasses.replace(SYSTEM, sandbox=sandbox), scenario(code), **changed)


def in_process(code: str) -> Checked:
    """Verify a scenario as a demo does: through the door to the sandbox, without a socket."""
    values = scenario(code).values
    url = SYSTEM.read_host(values["api_url"]).url
    credentials = Credentials(url, {name: Secret(values[name]) for name in ("access_token", "secret")})
    door = Door(sandbox=practice_app(), sandbox_hosts=SYSTEM.sandbox.hosts)
    return Checked(list(verify(SYSTEM, credentials, door, NoMemory(), 5)))
