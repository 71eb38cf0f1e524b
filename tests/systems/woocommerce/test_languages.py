"""No verdict hangs on a text: the same shops with every message in words that nobody here can read.

No verdict loses detail by it. Where codes and statuses leave it open whether the secret is wrong or the key
may not read, in no language is one of the two named (`sign_in_rejected`).
"""

import json
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from tests.systems.mocked import checked
from tests.systems.verifying import Checked
from tests.systems.woocommerce.answers import SCENARIOS
from tests.systems.woocommerce.site import Answers, App, error, mixed, scenario
from tests.systems.woocommerce.test_real_servers import (
    KNOWN_KEY,
    WRONG_KEY,
    WRONG_SECRET,
    Proxied,
    hidden_front_door,
    logged_in_only,
    used,
)
from xtnd_wizard.systems.woocommerce import SYSTEM
from xtnd_wizard.systems.woocommerce.sandbox import CUSTOMER, WORKS, WRITE_ONLY

Words = Callable[[], str]
WORKING = scenario("works")


def alike() -> Words:
    """The same for everything."""
    return lambda: "აბრაკადაბრა"


def never_twice() -> Words:
    """Another one for each answer."""
    numbers = count()
    return lambda: f"тарабарщина {next(numbers)}"


def speaking(app: App, words: Words) -> App:
    """An app with every message replaced. What is no JSON object with a message stays as it is."""

    async def spoken(scope: Any, receive: Any, send: Any) -> None:
        begun: dict[str, Any] = {}

        async def replaced(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                begun.update(message)
                return
            body = said_in(words, message.get("body", b""))
            headers = [(name, value) for name, value in begun["headers"] if name.lower() != b"content-length"]
            await send({**begun, "headers": [*headers, (b"content-length", str(len(body)).encode())]})
            await send({**message, "body": body})

        await app(scope, receive, replaced)

    return spoken


def said_in(words: Words, body: bytes) -> bytes:
    try:
        payload = json.loads(body)
    except ValueError:
        return body
    if isinstance(payload, dict) and "message" in payload:
        payload["message"] = words()
    return json.dumps(payload).encode()


SHOPS: dict[str, tuple[Answers, dict[str, str], dict[str, str]]] = {
    "hidden front door": (hidden_front_door, used(WORKS), {}),
    "hidden front door, write only": (hidden_front_door, used(WRITE_ONLY), {"orders": "key_cannot_read"}),
    "hidden front door, customer": (hidden_front_door, used(CUSTOMER), {"orders": "key_lacks_permission"}),
    "logged in only": (logged_in_only, used(WORKS), {}),
    "logged in only, write only": (logged_in_only, used(WRITE_ONLY), {"orders": "key_cannot_read"}),
    "logged in only, customer": (logged_in_only, used(CUSTOMER), {"orders": "key_lacks_permission"}),
    "logged in only, wrong key": (logged_in_only, WRONG_KEY, {"key": "sign_in_rejected"}),
    "logged in only, wrong secret": (logged_in_only, WRONG_SECRET, {"key": "sign_in_rejected"}),
    "proxied": (Proxied(), used(WORKS), {"header": "https_hidden"}),
    "proxied, write only": (Proxied(), used(WRITE_ONLY), {"header": "https_hidden", "orders": "key_cannot_read"}),
    "proxied, customer": (Proxied(), used(CUSTOMER), {"header": "https_hidden", "orders": "key_lacks_permission"}),
    "proxied, wrong key": (Proxied(), WRONG_KEY, {"key": "key_rejected"}),
    "proxied, wrong secret": (Proxied(), WRONG_SECRET, {"key": "key_rejected"}),
}


@pytest.fixture(params=[alike, never_twice])
def words(request: pytest.FixtureRequest) -> Words:
    made: Words = request.param()
    return made


@pytest.mark.parametrize("code", SCENARIOS)
def test_every_scenario_is_told_apart_in_any_language(code: str, words: Words) -> None:
    result = checked(SYSTEM, scenario(code), speaking(mixed(lambda request: None), words))
    assert result.problems == SCENARIOS[code].problems


@pytest.mark.parametrize("shop", SHOPS)
def test_every_kind_of_shop_is_told_apart_in_any_language(shop: str, words: Words) -> None:
    answers, values, problems = SHOPS[shop]
    assert checked(SYSTEM, WORKING, speaking(mixed(answers), words), **values).problems == problems


def test_where_no_code_tells_secret_and_right_apart_neither_is_named(words: Words) -> None:
    """A shop whose refusals are all alike, and where nobody is told the options of a route."""

    def verify(**values: str) -> Checked:
        def answers(request: Any) -> Any:
            asks_options = request.query_params.get("_method") == "OPTIONS"
            wants_in = "authorization" in request.headers
            return error(KNOWN_KEY, 401) if asks_options or wants_in else None

        return checked(SYSTEM, WORKING, speaking(mixed(answers), words), **values)

    assert verify(**used(WRITE_ONLY)).problems == {"key": "sign_in_rejected"}
    assert verify(**WRONG_SECRET).problems == {"key": "sign_in_rejected"}
