"""Sandbox shops: answers like Shopify's sign-in for apps and of its Admin API, for demos and tests.

Each app stands for one way in which a shop answers. The hosts are reserved names that never reach the
network. Keys are computed, so that nothing in this file looks like a real one.
"""

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from xtnd_wizard.systems.contract import Sandbox
from xtnd_wizard.systems.sandbox_kit import page
from xtnd_wizard.systems.shopify.sandbox_office import ALL_SCOPES, INSTALLED, SCOPES, back_office
from xtnd_wizard.systems.stories import SMOOTH, Scenario, Story

GARN = "ullstugan-garn.test"
WITHOUT_HYPHEN = "ullstugangarn.test"
UNPAID = "bjorkdal-keramik.test"
LOCKED = "tallbacken-keramik.test"
CLOSED = "sjobo-keramik.test"
_NAMES = {GARN: "Ullstugan Garn", UNPAID: "Björkdal Keramik", LOCKED: "Tallbacken Keramik", CLOSED: "Sjöbo Keramik"}

_Endpoint = Callable[[Request], Awaitable[Response]]


def _made_up(name: str) -> str:
    return hashlib.sha256(f"practice {name}".encode()).hexdigest()[:32]


@dataclass(frozen=True)
class App:
    """One sandbox app: its values, its permissions, and how the shop treats it."""

    name: str
    scopes: tuple[str, ...] = ALL_SCOPES
    refused: str = ""
    """The code with which its client secret is not exchanged."""
    trouble: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    """Those of an app that a visitor made in the back office."""

    @property
    def client_id(self) -> str:
        return self.values.get("access_token") or _made_up(f"{self.name} id")

    @property
    def client_secret(self) -> str:
        return self.values.get("secret") or f"shpss_{_made_up(f'{self.name} secret')}"

    @property
    def token(self) -> str:
        return self.values.get("token") or f"shpat_{_made_up(f'{self.name} token')}"


NEW_APP = App("works")
EXISTING_APP = App("existing", tuple(scope for scope in ALL_SCOPES if scope != "read_all_orders"))
NOT_INSTALLED = App("not installed", refused="app_not_installed")
ANOTHER_ORGANISATION = App("another organisation", refused="shop_not_permitted")
DENIED = App("denied", (), trouble="denied")
READS_STOCK = App("stock to look at", tuple(scope.replace("write_inventory", "read_inventory") for scope in ALL_SCOPES))
_IN_TROUBLE = {
    name: App(name, trouble=name) for name in ("protected", "security", "throttled", "limited", "odd", "slow", "down")
}
APPS = (NEW_APP, EXISTING_APP, NOT_INSTALLED, ANOTHER_ORGANISATION, DENIED, READS_STOCK, *_IN_TROUBLE.values())


def _new(app: App, host: str = GARN) -> dict[str, str]:
    return {"access_token": app.client_id, "secret": app.client_secret, "api_url": host}


def _existing(app: App) -> dict[str, str]:
    return {"access_token": app.client_id, "secret": app.token, "api_url": GARN}


SCENARIOS = (
    Scenario("works", _new(NEW_APP)),
    Scenario("existing_app", _existing(EXISTING_APP)),
    Scenario("wrong_secret", {**_new(NEW_APP), "secret": App("replaced").client_secret}),
    Scenario("wrong_client_id", {**_new(NEW_APP), "access_token": _made_up("another id")}),
    Scenario("wrong_token", {**_existing(EXISTING_APP), "secret": App("uninstalled").token}),
    Scenario("not_installed", _new(NOT_INSTALLED)),
    Scenario("another_organisation", _new(ANOTHER_ORGANISATION)),
    Scenario("no_permissions", _existing(DENIED)),
    Scenario("permission_missing", _new(READS_STOCK)),
    Scenario("protected_data", _new(_IN_TROUBLE["protected"])),
    Scenario("wrong_shop", _new(NEW_APP, WITHOUT_HYPHEN)),
    Scenario("unpaid", _new(NEW_APP, UNPAID)),
    Scenario("locked", _new(NEW_APP, LOCKED)),
    Scenario("closed", _new(NEW_APP, CLOSED)),
    Scenario("security", _existing(_IN_TROUBLE["security"])),
    Scenario("throttled", _existing(_IN_TROUBLE["throttled"])),
    Scenario("limited", _existing(_IN_TROUBLE["limited"])),
    Scenario("odd_answer", _existing(_IN_TROUBLE["odd"])),
    Scenario("slow", _existing(_IN_TROUBLE["slow"])),
    Scenario("down", _existing(_IN_TROUBLE["down"])),
)
STORIES = (
    SMOOTH,
    Story("wrong_key", "wrong_secret"),
    Story("role", "permission_missing"),
    Story("swapped", "works", swapped=("access_token", "secret")),
    Story("slow", "slow", cure="existing_app"),
)


OFFICE = back_office({GARN: _NAMES[GARN]})


def sandbox_app() -> Starlette:
    """The ASGI app that answers for every sandbox host, told apart by the Host header."""
    return Starlette(
        routes=[
            Route("/admin/oauth/access_token", _of_shop(_exchange), methods=["POST"]),
            Route("/admin/api/{version}/graphql.json", _of_shop(_graphql), methods=["POST"]),
            Route("/", _shop_window),
            Route("/{path:path}", _not_found),
        ]
    )


def _of_shop(endpoint: _Endpoint) -> _Endpoint:
    async def answer(request: Request) -> Response:
        host = request.url.hostname or ""
        if host == UNPAID:
            return JSONResponse({"errors": "Unavailable Shop"}, 402)
        if host == LOCKED:
            return JSONResponse({"errors": "Shop is locked"}, 423)
        if host not in _NAMES:
            return await _not_found(request)
        return await endpoint(request)

    return answer


def _app(request: Request, name: str, value: str) -> App | None:
    """The app with this client id or token: one of everybody's, or one that a visitor made in the back office."""
    account = OFFICE.find(request.url.hostname or "", name, value)
    if account:
        refused = "" if account.has(INSTALLED) else NOT_INSTALLED.refused
        return App("XTND", tuple(scope for scope in SCOPES if account.has(scope)), refused, values=account.values)
    return next((app for app in APPS if value == (app.token if name == "token" else app.client_id)), None)


async def _exchange(request: Request) -> Response:
    """The client credentials grant. A refusal is a page, as Shopify's is."""
    form = {name: values[0] for name, values in parse_qs((await request.body()).decode("utf-8", "replace")).items()}
    if form.get("grant_type") != "client_credentials":
        return _refusal("invalid_request", "The grant type is not supported")
    app = _app(request, "access_token", form.get("client_id", ""))
    if app is None:
        return _refusal("application_cannot_be_found", "Could not find Shopify API application with that api_key")
    if app.client_secret != form.get("client_secret"):
        return JSONResponse({"error": "invalid_client", "error_description": "Invalid client credentials."}, 401)
    if app.refused:
        return _refusal(app.refused, "The exchange was refused")
    return JSONResponse({"access_token": app.token, "scope": ",".join(app.scopes), "expires_in": 86399})


def _refusal(code: str, text: str) -> Response:
    return page(f"400 - Oauth error {code}", f"Oauth error {code}: {text}", 400)


async def _graphql(request: Request) -> Response:
    if not re.fullmatch(r"20\d\d-(?:01|04|07|10)", request.path_params["version"]):
        return await _not_found(request)
    token = request.headers.get("x-shopify-access-token", "")
    app = _app(request, "token", token)
    if app is None:
        text = "[API] Invalid API key or access token (unrecognized login or wrong password)"
        return JSONResponse({"errors": text}, 401)
    if request.url.hostname == CLOSED:
        return _errors("SHOP_INACTIVE", "The shop is not active")
    query = str((await request.json()).get("query", ""))
    if app.trouble == "slow":
        await asyncio.sleep(300)
    refusal = _TROUBLES.get(app.trouble, _no_trouble)("accessScopes" in query)
    return refusal or JSONResponse({"data": _data(app, query), "extensions": {"cost": _cost(1998)}})


def _no_trouble(signing_in: bool) -> Response | None:
    return None


def _errors(code: str, message: str, left: int = 1998) -> Response:
    error = {"message": message, "extensions": {"code": code}} if code else {"message": message}
    return JSONResponse({"errors": [error], "extensions": {"cost": _cost(left)}})


def _limited(signing_in: bool) -> Response | None:
    """The first question passes; the next is one too many."""
    if signing_in:
        return None
    return JSONResponse({"errors": "Exceeded 2 calls per second"}, 429, headers={"retry-after": "4"})


def _protected(signing_in: bool) -> Response | None:
    text = "This app is not approved to access the Customer object."
    return None if signing_in else _errors("ACCESS_DENIED", text)


_TROUBLES: dict[str, Callable[[bool], Response | None]] = {
    "denied": lambda signing_in: _errors("ACCESS_DENIED", "Access denied for currentAppInstallation field."),
    "protected": _protected,
    "security": lambda signing_in: JSONResponse({"errors": "Shopify Security Rejection"}, 430),
    "throttled": lambda signing_in: _errors("", "Throttled", left=-398),
    "limited": _limited,
    "odd": lambda signing_in: _errors("", "Field 'shop' doesn't exist on type 'QueryRoot'"),
    "down": lambda signing_in: JSONResponse({"errors": "Internal Server Error"}, 500),
}


def _cost(left: int) -> dict[str, Any]:
    return {
        "requestedQueryCost": 2,
        "actualQueryCost": 2 if left > 0 else None,
        "throttleStatus": {"maximumAvailable": 2000.0, "currentlyAvailable": left, "restoreRate": 100.0},
    }


def _data(app: App, query: str) -> dict[str, Any]:
    if "accessScopes" not in query:
        asked = [name for name in ("orders", "customers") if f"{name}(" in query]
        return {name: {"nodes": [{"id": f"gid://shopify/{name}/1001"}]} for name in asked}
    return {
        "shop": {"name": _NAMES[GARN], "myshopifyDomain": "ullstugan-garn.myshopify.com", "currencyCode": "SEK"},
        "currentAppInstallation": {"accessScopes": [{"handle": scope} for scope in app.scopes]},
    }


async def _not_found(request: Request) -> Response:
    return page("Store unavailable", "Den här butiken finns inte.", 404)


async def _shop_window(request: Request) -> Response:
    return page(_NAMES.get(request.url.hostname or "", "En annan butik"), "Välkommen in!")


SANDBOX = Sandbox(
    hosts=frozenset((*_NAMES, WITHOUT_HYPHEN)), app=sandbox_app, scenarios=SCENARIOS, stories=STORIES, office=OFFICE
)
