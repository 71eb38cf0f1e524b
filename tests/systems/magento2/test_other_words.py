"""Every message replaced by nonsense in another script: no verdict hangs on a text that a shop can translate."""

from typing import Any

import pytest
from starlette.responses import JSONResponse

from tests.systems.magento2.shop import (
    ADMIN,
    NONSENSE,
    WORKS,
    App,
    in_words,
    open_to_guests,
    verified,
    with_answers,
    without_the_header,
)
from xtnd_wizard.systems.magento2 import SYSTEM
from xtnd_wizard.systems.stories import Scenario


def nonsense(shop: App) -> App:
    return in_words(shop, lambda text: NONSENSE)


def lacking(right: str) -> tuple[int, object]:
    return 401, {"message": "x", "parameters": {"resources": right}}


@pytest.mark.parametrize(
    ("shop", "scenario", "changed", "problems"),
    [
        (with_answers(SYSTEM.sandbox.app(), token=(400, {"message": "x"})), ADMIN, {}, {"key": "sign_in_needs_more"}),
        (
            with_answers(SYSTEM.sandbox.app(), lowStock=lacking("Magento_Catalog::catalog_inventory")),
            WORKS,
            {},
            {"stock": "permission_missing"},
        ),
        (SYSTEM.sandbox.app(), WORKS, {"access_token": "short"}, {"key": "key_rejected"}),
        (open_to_guests(SYSTEM.sandbox.app()), WORKS, {}, {}),
        (open_to_guests(SYSTEM.sandbox.app()), ADMIN, {}, {}),
        (open_to_guests(SYSTEM.sandbox.app()), WORKS, {"secret": "0" * 32}, {"key": "values_rejected"}),
        (open_to_guests(without_the_header(SYSTEM.sandbox.app())), WORKS, {}, {"key": "api_switched_off"}),
        (open_to_guests(without_the_header(SYSTEM.sandbox.app())), ADMIN, {}, {"orders": "api_switched_off"}),
    ],
    ids=["no mail", "right", "short token", "guests", "guests, admin", "guests, secret", "header", "header, admin"],
)
def test_a_real_servers_answers_are_read_without_their_words(
    shop: App, scenario: Scenario, changed: dict[str, str], problems: dict[str, str]
) -> None:
    assert verified(nonsense(shop), scenario, **changed).problems == problems


@pytest.mark.parametrize(
    ("status", "problem"), [(401, "not_an_api"), (403, "blocked_by_waf"), (400, "not_an_api"), (429, "rate_limited")]
)
def test_a_gateway_that_says_the_same_to_everybody_blames_no_value(status: int, problem: str) -> None:
    async def gateway(scope: Any, receive: Any, send: Any) -> None:
        await JSONResponse({"message": NONSENSE}, status)(scope, receive, send)

    assert verified(gateway, WORKS).problems == {"recognise": problem}
