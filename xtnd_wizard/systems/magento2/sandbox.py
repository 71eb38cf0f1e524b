"""Sandbox shops: answers like Magento's web API, for demos and tests.

The host says what kind of shop it is, and the values which integration or admin asks. The hosts are
reserved names that never reach the network. Bodies of errors: github.com/magento/magento2 issues 40960,
31314 and 37913, magento/security-package, and the OAuth error codes of Adobe's documentation.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from xtnd_wizard.systems.contract import API_URL, AUTH_METHOD, Sandbox
from xtnd_wizard.systems.magento2 import signatures
from xtnd_wizard.systems.magento2.sandbox_office import ADMINISTRATORS, SAVED_USER, back_office, rights
from xtnd_wizard.systems.sandbox_kit import is_signed, page
from xtnd_wizard.systems.stories import SMOOTH, Scenario, Story

FISKGJUSEN = "fiskgjusen.test"
STORLOMMEN, WWW_STORLOMMEN = "storlommen.test", "www.storlommen.test"
GRASPETTEN = "graspetten.test"
KNIPAN = "knipan.test"
TORNSVALAN = "tornsvalan.test"
SVARTMESEN = "svartmesen.test"
VATTENSTAREN = "vattenstaren.test"
SALSKRAKEN = "salskraken.test"
DOMHERREN = "domherren.test"
ROSENFINKEN = "rosenfinken.test"
HOSTS = frozenset(
    (
        *(FISKGJUSEN, STORLOMMEN, WWW_STORLOMMEN, GRASPETTEN, KNIPAN),
        *(TORNSVALAN, SVARTMESEN, VATTENSTAREN, SALSKRAKEN, DOMHERREN, ROSENFINKEN),
    )
)
FOLDERS = {FISKGJUSEN: ("", "/shop")}
"""Where on its host a shop is; at the top where nothing is said."""

RIGHTS = {
    "store/storeConfigs": "Magento_Backend::store",
    "orders": "Magento_Sales::actions_view",
    "products": "Magento_Catalog::products",
    "stockItems/lowStock": "Magento_Catalog::catalog_inventory",
    "shipments": "Magento_Sales::shipment",
    "modules": "Magento_Backend::admin",
}
"""What can be asked here, and the right that it takes."""
_EVERYTHING = frozenset(RIGHTS.values())


@dataclass(frozen=True)
class Integration:
    """One sandbox integration: its four values, what it may read, and how the shop treats it."""

    consumer_key: str
    consumer_secret: str
    access_token: str
    secret: str
    may: frozenset[str] = _EVERYTHING
    problem: str = ""


@dataclass(frozen=True)
class Admin:
    """One sandbox admin and what a sign-in gives: a token, or an answer of two-step sign-in."""

    name: str
    password: str
    token: str = ""
    refusal: tuple[int, Mapping[str, Any]] = (401, {})


WORKS = Integration(
    "qm29zmkay0eb5cm880o2849kaz84d9hi",
    "jgq2vmrr9zz2vl4wry921lmwlir4wi6o",
    "jkzrc2ke7x2tv1mnbucefr0tixdq6jps",
    "3rwu9hjerd6a586gi6zcw5qa8w9swjms",
)
NO_ORDERS = replace(
    WORKS, consumer_key="22q4kbq4anmzj9mnyfdsydwoqtecdixq", may=_EVERYTHING - {"Magento_Sales::actions_view"}
)
NO_ACCESS = replace(WORKS, consumer_key="i67xh8y2ok4nrj7hkxjo47txkusbw5v2", may=frozenset())
USED_NONCE = replace(WORKS, consumer_key="yot8y9tvoe93hlyobhmu4objkl5xrsmt", problem="nonce_used")
WRONG_CLOCK = replace(WORKS, consumer_key="0775kuvaodsn2q5anzu50u16uwii5y6y", problem="timestamp_refused")
INTEGRATIONS = {found.consumer_key: found for found in (WORKS, NO_ORDERS, NO_ACCESS, USED_NONCE, WRONG_CLOCK)}
_UNKNOWN = ("lz9yn45sga6rrpqg0vizagnbxfx7p71x", "g00pixhj0nv9g6ggnm7g1s1poe2nnc2w", "grqwz1ilyy56oaxp3nl0on1yjjo8mcbr")

_JWT = "eyJraWQiOiIxIiwiYWxnIjoiSFMyNTYifQ.eyJ1aWQiOjcsInV0eXBpZCI6Mn0.cHJhY3RpY2Utc2lnbmF0dXJlLW9mLWEtdG9rZW4"
_PASSWORD = "Practice-password-1"  # noqa: S105  # the sandbox's own
_OTHER_STEP = "Please use the 2fa provider-specific endpoints to obtain a token."
_SET_UP = "You are required to configure personal Two-Factor Authorization in order to login. Please check your email."
_ASK_ADMIN = "Please ask an administrator with sufficient access to configure 2FA first"
_LOGIN = "The account sign-in was incorrect or your account is disabled temporarily. Please wait and try again later."
_NONE_SET_UP = {"providers": ["google"], "active_providers": ()}
ADMINS = (
    Admin("xtnd", _PASSWORD, _JWT),
    Admin("xtnd-old", _PASSWORD, "rtwkmqbmu13oscv0k1ix82pbcwpxohfr"),
    Admin("elsa", _PASSWORD, refusal=(400, {"message": _OTHER_STEP, "parameters": {"active_providers": ["google"]}})),
    Admin("alva", _PASSWORD, refusal=(200, {"user_id": 9, "message": _OTHER_STEP, "active_providers": ["google"]})),
    Admin("nils", _PASSWORD, refusal=(400, {"message": _SET_UP, "parameters": _NONE_SET_UP})),
    Admin("maja", _PASSWORD, refusal=(200, {"user_id": 11, "message": _ASK_ADMIN, "active_providers": []})),
)

_OAUTH_ERRORS: Mapping[str, tuple[int, str, Any]] = {
    "parameter_absent": (400, '"%fieldName" is required. Enter and try again.', {"fieldName": "oauth_token"}),
    "signature_method_rejected": (400, "Signature method %1 is not supported", ["HMAC-SHA256"]),
    "token_length": (400, "The token length is invalid. Check the length and try again.", None),
    "timestamp_refused": (400, "The timestamp value in the oauth_timestamp parameter is invalid.", None),
    "nonce_used": (401, "The nonce is already being used by the consumer with ID %1.", ["7"]),
    "signature_invalid": (401, "The signature is invalid. Verify and try again.", None),
    "consumer_key_rejected": (401, "A consumer having the specified key does not exist", None),
    "token_rejected": (401, "Specified token does not exist", None),
}
"""Status, message and parameters of each."""


def _signed(code: str, *, host: str = FISKGJUSEN, by: Integration = WORKS, **changed: str) -> Scenario:
    names = ("consumer_key", "consumer_secret", "access_token", "secret")
    return Scenario(code, {API_URL: host, AUTH_METHOD: "integration", **{n: getattr(by, n) for n in names}, **changed})


def _admin(code: str, name: str, password: str = _PASSWORD) -> Scenario:
    return Scenario(code, {API_URL: FISKGJUSEN, AUTH_METHOD: "admin", "access_token": name, "secret": password})


SCENARIOS = (
    _signed("works"),
    _signed("in_a_folder", host=f"{FISKGJUSEN}/shop"),
    _signed("wrong_token", access_token=_UNKNOWN[0]),
    _signed("wrong_consumer_key", consumer_key=_UNKNOWN[1]),
    _signed("wrong_secret", secret=_UNKNOWN[2]),
    _signed("no_orders", by=NO_ORDERS),
    _signed("no_access", by=NO_ACCESS),
    _signed("lost_signature", host=TORNSVALAN),
    _signed("old_shop", host=KNIPAN),
    _signed("used_nonce", by=USED_NONCE),
    _signed("wrong_clock", by=WRONG_CLOCK),
    _signed("https_hidden", host=ROSENFINKEN),
    _signed("any_value_passes", host=SVARTMESEN),
    _admin("admin_works", "xtnd"),
    _admin("wrong_login", "xtnd", "Another-password-2"),
    _admin("two_steps", "elsa"),
    _admin("two_steps_in_an_answer", "alva"),
    _admin("two_steps_not_set_up", "nils"),
    _admin("two_steps_by_somebody_else", "maja"),
    _signed("wrong_folder", host=f"{FISKGJUSEN}/butik"),
    _signed("no_such_question", host=SALSKRAKEN),
    _signed("other_address", host=STORLOMMEN),
    _signed("without_encryption", host=GRASPETTEN),
    _signed("another_site", host=VATTENSTAREN),
    _signed("maintenance", host=DOMHERREN),
)
STORIES = (
    SMOOTH,
    Story("wrong_key", "wrong_token"),
    Story("role", "no_orders"),
    Story("proxy", "https_hidden", cure="works"),
)


OFFICE = back_office({FISKGJUSEN: "Fiskgjusen", ROSENFINKEN: "Rosenfinken"})


def sandbox_app() -> Starlette:
    """The ASGI app that answers for every sandbox host, told apart by the Host header."""
    return Starlette(routes=[Route("/", _front), Route("/{path:path}", _rest, methods=["GET", "POST"])])


async def _front(request: Request) -> Response:
    """What a shop shows to people."""
    return page("Butiken", "Välkommen in!")


async def _rest(request: Request) -> Response:
    host = request.url.hostname or ""
    early = await _of_host(host, request)
    if early:
        return early
    folder, found, route = request.url.path.partition("/rest/V1/")
    if not found or folder not in FOLDERS.get(host, ("",)):
        return page("404 Not Found", status=404)
    if route == "integration/admin/token" and request.method == "POST":
        return await _token(request)
    if route not in RIGHTS or request.method != "GET" or host == SALSKRAKEN:
        return JSONResponse({"message": "Request does not match any route."}, 404)
    return _asked(request, host, folder, route)


async def _of_host(host: str, request: Request) -> Response | None:
    """What a host says before Magento is reached, where there is such a thing."""
    if host == DOMHERREN:
        return page("Service Temporarily Unavailable", status=503)
    if host == VATTENSTAREN:
        return await _front(request)
    below = f"{request.url.path}?{request.url.query}"
    if host == STORLOMMEN:
        return RedirectResponse(f"https://{WWW_STORLOMMEN}{below}", 301)
    if host == GRASPETTEN:
        return RedirectResponse(f"http://{request.scope['server'][0]}{below}", 301)
    return None


async def _token(request: Request) -> Response:
    """What an admin's sign-in answers: a bare text, or a refusal of one kind or another."""
    payload = await request.json()
    values = (payload.get("username"), payload.get("password"))
    account = OFFICE.find(request.url.hostname or "", "admin_name", str(values[0]))
    if account and account.values["admin_password"] == values[1] and account.has(SAVED_USER, ADMINISTRATORS):
        return JSONResponse(account.values["admin_token"])
    admin = next((admin for admin in ADMINS if (admin.name, admin.password) == values), None)
    if admin is None:
        return JSONResponse({"message": _LOGIN}, 401)
    if admin.token:
        return JSONResponse(admin.token)
    status, refusal = admin.refusal
    return JSONResponse(refusal, status)


def _asked(request: Request, host: str, folder: str, route: str) -> Response:
    problem, may = _caller(request, host)
    if problem:
        return _oauth_error(problem)
    if RIGHTS[route] not in may:
        message = "The consumer isn't authorized to access %resources."
        return JSONResponse({"message": message, "parameters": {"resources": RIGHTS[route]}}, 401)
    missing = _missing(request, route)
    if missing:
        payload = {"message": '"%fieldName" is required. Enter and try again.', "parameters": {"fieldName": missing}}
        return JSONResponse(payload, 400)
    if route == "modules":
        return JSONResponse(["Magento_Store", "Magento_Sales", "Magento_Catalog"])
    return JSONResponse(_stores(host, folder) if route == "store/storeConfigs" else _list(route))


def _oauth_error(problem: str) -> Response:
    status, message, parameters = _OAUTH_ERRORS[problem]
    return JSONResponse({"message": message, **({"parameters": parameters} if parameters else {})}, status)


def _caller(request: Request, host: str) -> tuple[str, frozenset[str]]:
    """An OAuth error, or what the caller may read: nothing, where nobody is known by what was sent."""
    if host == SVARTMESEN:
        return "", _EVERYTHING
    payload = signatures.given(request)
    if host == TORNSVALAN or not payload:
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        account = OFFICE.find(host, "admin_token", bearer)
        known = account.has(ADMINISTRATORS) if account else any(bearer == admin.token for admin in ADMINS if bearer)
        return "", _EVERYTHING if known else frozenset()
    if host == KNIPAN:
        return "signature_method_rejected", frozenset()
    malformed = signatures.malformed(payload)
    if malformed:
        return malformed, frozenset()
    return _integration(request, payload, "http" if host == ROSENFINKEN else request.url.scheme)


def _known(host: str, consumer_key: str) -> Integration | None:
    """Whose consumer key this is: one of everybody's, or one that a visitor made in the back office."""
    account = OFFICE.find(host, "consumer_key", consumer_key)
    if account is None:
        return INTEGRATIONS.get(consumer_key)
    return Integration(**OFFICE.values(account), may=rights(account))


def _integration(request: Request, payload: Mapping[str, str], scheme: str) -> tuple[str, frozenset[str]]:
    known = _known(request.url.hostname or "", payload["oauth_consumer_key"])
    if known is None:
        return "consumer_key_rejected", frozenset()
    if known.problem:
        return known.problem, frozenset()
    if payload["oauth_token"] != known.access_token:
        return "token_rejected", frozenset()
    right = is_signed(request, payload["oauth_signature"], (known.consumer_secret, known.secret), scheme)
    return "" if right else "signature_invalid", known.may


def _missing(request: Request, route: str) -> str:
    """The first parameter that a question lacks."""
    needed = {"stockItems/lowStock": ("scopeId", "qty"), "store/storeConfigs": (), "modules": ()}.get(route)
    if needed is None:
        return "" if any(name.startswith("searchCriteria") for name in request.query_params) else "searchCriteria"
    return next((name for name in needed if name not in request.query_params), "")


def _stores(host: str, folder: str) -> list[dict[str, Any]]:
    address = f"https://{host}{folder}/"
    return [{"id": 1, "code": "default", "base_currency_code": "SEK", "base_url": address}]


def _list(route: str) -> dict[str, Any]:
    rows = {"products": {"sku": "ULL-1"}, "stockItems/lowStock": {"item_id": 7}}
    return {"items": [rows.get(route, {"increment_id": "000000412"})], "total_count": 412}


SANDBOX = Sandbox(hosts=HOSTS, app=sandbox_app, scenarios=SCENARIOS, stories=STORIES, office=OFFICE)
