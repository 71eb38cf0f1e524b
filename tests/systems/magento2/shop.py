"""Shops that answer as real ones do: the sandbox's own, with some answers changed on their way."""

import json
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.systems.mocked import checked
from tests.systems.verifying import Checked
from xtnd_wizard.systems.magento2 import SYSTEM
from xtnd_wizard.systems.stories import Scenario

SCENARIOS = {scenario.code: scenario for scenario in SYSTEM.sandbox.scenarios}
WORKS, ADMIN = SCENARIOS["works"], SCENARIOS["admin_works"]
NONSENSE = "ჭკჯრფ ღშძწ, თჟმნპ ხყ"
"""A message in a script that no one of us reads."""
App = Callable[[Any, Any, Any], Any]


def verified(app: App, scenario: Scenario, **changed: str) -> Checked:
    """A verification of a scenario's values, some of them changed, at a shop of our own."""
    return checked(SYSTEM, scenario, app, **changed)


def answering(scenario: Scenario, **answers: Any) -> Checked:
    """A verification where some paths are answered by a status and a body of our own."""
    return verified(with_answers(SYSTEM.sandbox.app(), **answers), scenario)


def with_answers(shop: App, **answers: Any) -> App:
    """A shop that answers some paths, known by their last part, as told: a status and a body, or what makes them."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        answer = answers.get(scope["path"].rsplit("/", 1)[1])
        answer = answer(Request(scope)) if callable(answer) else answer
        if answer is None:
            await shop(scope, receive, send)
            return
        status, body = answer
        await (body if isinstance(body, Response) else JSONResponse(body, status))(scope, receive, send)

    return app


def without_the_header(shop: App) -> App:
    """A shop whose web server drops what its callers sign in with."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        headers = [(name, value) for name, value in scope["headers"] if name != b"authorization"]
        await shop({**scope, "headers": headers}, receive, send)

    return app


def open_to_guests(shop: App) -> App:
    """A shop with guest access switched on: stores and products are for everybody, whatever they sign."""
    stores = [{"id": 1, "code": "default", "base_currency_code": "SEK", "base_url": "https://fiskgjusen.test/"}]
    return with_answers(shop, storeConfigs=(200, stores), products=(200, {"items": [{"sku": "1"}], "total_count": 9}))


def in_words(shop: App, translate: Callable[[str], str]) -> App:
    """A shop with a language pack: every message is translated, and nothing else."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        start: dict[str, Any] = {}
        body = bytearray()

        async def hold(message: Any) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body"):
                await Response(_translated(bytes(body), translate), start["status"], _headers(start))(
                    scope, receive, send
                )

        await shop(scope, receive, hold)

    return app


def _headers(start: dict[str, Any]) -> dict[str, str]:
    kept = ((name.decode(), value.decode("latin-1")) for name, value in start["headers"])
    return {name: value for name, value in kept if name != "content-length"}


def _translated(body: bytes, translate: Callable[[str], str]) -> bytes:
    try:
        payload = json.loads(body)
    except ValueError:
        return body
    if isinstance(payload, dict) and isinstance(payload.get("message"), str):
        payload["message"] = translate(payload["message"])
    return json.dumps(payload).encode()
