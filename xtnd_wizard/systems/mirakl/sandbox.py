"""Sandbox marketplaces: answers like Mirakl's published seller API, for demos and tests.

Each key stands for one kind of login. The hosts are reserved names that never reach the network.
"""

import asyncio
from dataclasses import dataclass, replace
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from xtnd_wizard.systems.contract import Marketplace, Sandbox
from xtnd_wizard.systems.mirakl.sandbox_office import ANSWERS, OPEN, PASSWORD, ROLE, back_office
from xtnd_wizard.systems.sandbox_kit import page
from xtnd_wizard.systems.stories import SMOOTH, Scenario, Story

NORRSKENSTORGET = "norrskenstorget.test"
FJALLKORGEN = "fjallkorgen.test"
GRANBODEN = "granboden.test"
SKYLTFONSTRET = "www.norrskenstorget.test"

_NAMES = {NORRSKENSTORGET: "Norrskenstorget", FJALLKORGEN: "Fjällkorgen", GRANBODEN: "Granboden"}
SANDBOX_MARKETPLACES = tuple(Marketplace(f"{name} (demo)", "SE", host) for host, name in _NAMES.items())


@dataclass(frozen=True)
class Shop:
    """A shop on a sandbox marketplace."""

    id: int
    name: str
    state: str = "OPEN"


@dataclass(frozen=True)
class Login:
    """One sandbox user: the key, the shops it reaches, and how the marketplace treats it."""

    host: str
    key: str
    shops: tuple[Shop, ...]
    role: bool = True
    limited: bool = False
    hangs: bool = False


_ULLSTUGAN = Shop(2041, "Ullstugan")
_SUSPENDED_SHOP = replace(_ULLSTUGAN, state="SUSPENDED")
WORKS = Login(NORRSKENSTORGET, "5d0c6e1a-8f27-4b93-9a64-2f1d7c3e1a2b", (_ULLSTUGAN,))
NO_ROLE = Login(NORRSKENSTORGET, "c41f9b70-2d58-4e06-b3aa-90e7d6f5a3c4", (_ULLSTUGAN,), role=False)
SUSPENDED = Login(NORRSKENSTORGET, "8a7e2c95-61b4-4f3d-8d20-5b9c0a4ed7f1", (Shop(2077, "Träslottet", "SUSPENDED"),))
TWO_SHOPS = Login(
    FJALLKORGEN, "e92b4d38-7c15-4a6f-91d7-3a8f6b2c9e05", (Shop(3310, "Lingonlyktan"), Shop(3311, "Lingonlyktan Outlet"))
)
LIMITED = Login(FJALLKORGEN, "17f6a0c3-b84d-4d92-a5e8-6c2e9d1b4f68", (_ULLSTUGAN,), limited=True)
SLOW = Login(FJALLKORGEN, "b3d8e7f2-095a-4c61-8f4b-d1a7c5e60b92", (_ULLSTUGAN,), hangs=True)
LOGINS = (WORKS, NO_ROLE, SUSPENDED, TWO_SHOPS, LIMITED, SLOW)
_UNKNOWN_KEY = "0f3a6d9c-4e72-4b18-a5c0-7d9e1f2b3c4d"


def _values(host: str, key: str) -> dict[str, str]:
    return {"access_token": key, "secret": PASSWORD, "api_url": host}


SCENARIOS = (
    Scenario("works", _values(NORRSKENSTORGET, WORKS.key)),
    Scenario("wrong_key", _values(NORRSKENSTORGET, _UNKNOWN_KEY)),
    Scenario("no_role", _values(NORRSKENSTORGET, NO_ROLE.key)),
    Scenario("suspended", _values(NORRSKENSTORGET, SUSPENDED.key)),
    Scenario("two_shops", _values(FJALLKORGEN, TWO_SHOPS.key)),
    Scenario("rate_limited", _values(FJALLKORGEN, LIMITED.key)),
    Scenario("slow", _values(FJALLKORGEN, SLOW.key)),
    Scenario("other_marketplace", _values(FJALLKORGEN, WORKS.key)),
    Scenario("another_site", _values(SKYLTFONSTRET, WORKS.key)),
    Scenario("down", _values(GRANBODEN, WORKS.key)),
)
STORIES = (
    SMOOTH,
    Story("wrong_key", "wrong_key"),
    Story("other_marketplace", "other_marketplace", cure="works"),
    Story("suspended", "suspended"),
    Story("role", "no_role"),
    Story("swapped", "works", swapped=("access_token", "secret")),
    Story("slow", "slow"),
)


OFFICE = back_office((NORRSKENSTORGET, FJALLKORGEN))


def sandbox_app() -> Starlette:
    """The ASGI app that answers for every sandbox host, told apart by the Host header."""
    return Starlette(
        routes=[
            Route("/api/version", _answer(_version, needs_key=False)),
            Route("/api/platform/configuration", _answer(_configuration)),
            Route("/api/account", _answer(_account)),
            Route("/api/orders", _answer(_list(orders=[{"order_id": "2041-A"}], total_count=412))),
            Route("/api/offers", _answer(_list(offers=[{"offer_id": 8801, "quantity": 12}], total_count=128))),
            Route("/api/shipments", _answer(_list(data=[], next_page_token=None))),
            Route("/{path:path}", _shop_window),
        ]
    )


def _answer(operation: Any, needs_key: bool = True) -> Any:
    async def endpoint(request: Request) -> Response:
        host = request.url.hostname
        if host == GRANBODEN:
            return JSONResponse({"message": "Service temporarily unavailable"}, 503)
        if host == SKYLTFONSTRET:
            return await _shop_window(request)
        if not needs_key:
            return Response(status_code=200)
        key = request.headers.get("authorization", "")
        login = _login(host or "", key)
        if login is None:
            return JSONResponse({"message": "Unauthorized", "status": 401}, 401)
        return await _of_login(operation, login, request)

    return endpoint


def _login(host: str, key: str) -> Login | None:
    """Whose key this is: one of everybody's, or one that a visitor made in the back office."""
    account = OFFICE.find(host, "access_token", key)
    if account:
        shop = _ULLSTUGAN if account.has(OPEN) else _SUSPENDED_SHOP
        return Login(host, key, (shop,), role=account.has(ROLE), hangs=not account.has(ANSWERS))
    return next((login for login in LOGINS if login.host == host and login.key == key), None)


async def _of_login(operation: Any, login: Login, request: Request) -> Response:
    if login.hangs:
        await asyncio.sleep(300)
    if login.limited:
        return JSONResponse({"message": "Too many requests", "status": 429}, 429, headers={"retry-after": "30"})
    if not login.role:
        return JSONResponse({"message": "Access to the resource is denied", "status": 403}, 403)
    asked = request.query_params.get("shop_id", str(login.shops[0].id))
    shop = next((shop for shop in login.shops if str(shop.id) == asked), None)
    if shop is None:
        return JSONResponse({"message": f"Shop {asked[:20]} not found", "status": 404}, 404)
    return JSONResponse(operation(login, shop))


def _version(login: Login, shop: Shop) -> None:
    """Mirakl's own description gives V01 no body."""


def _configuration(login: Login, shop: Shop) -> dict[str, Any]:
    return {
        "platform_name": _NAMES[login.host],
        "tenant_name": f"{login.host.removesuffix('.test')}-prod",
        "timezone": "Europe/Stockholm",
        "modules": {"offer_management": True, "order_management": True},
        "features": {
            "multi_currency": False,
            "offer_prices_decimals": "2",
            "operator_csv_delimiter": "SEMICOLON",
            "order_tax_mode": "TAX_INCLUDED",
            "shipment": {"multi_shipment": login.host == NORRSKENSTORGET},
        },
        "platform_configuration": {},
    }


def _account(login: Login, shop: Shop) -> dict[str, Any]:
    return {
        "shop_id": shop.id,
        "shop_name": shop.name,
        "shop_state": shop.state,
        "suspension_type": "MANUAL" if shop.state == "SUSPENDED" else None,
        "currency_iso_code": "SEK",
        "channels": ["SE"],
        "domains": ["PRODUCT"],
        "model": "MARKETPLACE",
        "is_professional": True,
        "shipping_country": "SWE",
        "contact_informations": {"country": "SWE", "city": "Jönköping"},
        "payment_info": {"@type": "IBAN", "iban": "SE00 0000 0000 0000 0000 0000", "owner": shop.name},
        "kyc": {"status": "APPROVED"},
        "offers_count": 128,
        "orders_count": 412,
    }


def _list(**answer: Any) -> Any:
    """An operation that answers every shop alike."""
    return lambda login, shop: answer


async def _shop_window(request: Request) -> Response:
    """What a host says that serves people and not programs."""
    return page("Norrskenstorget", "Välkommen in!")


SANDBOX = Sandbox(frozenset((*_NAMES, SKYLTFONSTRET)), sandbox_app, SCENARIOS, stories=STORIES, office=OFFICE)
