"""Sandbox shops: answers like WordPress with WooCommerce inside, for demos and tests.

Codes and statuses are those of WooCommerce's source; the messages are in Swedish, as a Swedish shop's
are, so nothing may depend on their text. The hosts are reserved names that never reach the network.
"""

import base64
import binascii
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from xtnd_wizard.systems.contract import Sandbox
from xtnd_wizard.systems.sandbox_kit import is_signed, page
from xtnd_wizard.systems.stories import SMOOTH, Scenario, Story
from xtnd_wizard.systems.woocommerce import sandbox_office as shop_office
from xtnd_wizard.systems.woocommerce import sandbox_sites as sites
from xtnd_wizard.systems.woocommerce.sandbox_sites import SITES, Site


@dataclass(frozen=True)
class Key:
    """One key of a sandbox shop, and what its user may do."""

    key: str
    secret: str
    permissions: str = "read_write"
    may_list: bool = True
    may_manage: bool = True
    https_told: bool = False
    """Whether the shop was told of its https since."""


WORKS = Key("ck_f5218315446ae6fe379271f4543ee291de6ea797", "cs_ce9988eee169675973be988eb91d471887894aa5")
WRITE_ONLY = Key(
    "ck_16e4a24325f6cf970a1677d1d982c6139abfddcd", "cs_4b8a7109bca0c6ba7daeceb5aa06d7d1593b0791", permissions="write"
)
CUSTOMER = Key(
    "ck_444ad9a2b3c15519332ee72be353a02aa05ad952", "cs_d10a7a12a95363b65cd3e96831c9b0b15ae5fed2", may_list=False
)
CLERK = Key(
    "ck_99599b7417b962bef6e4ebf559e4da00d849c7ac", "cs_e458ba6a06b378333662d0bf579ba47ec82c52e6", may_manage=False
)
KEYS = {known.key: known for known in (WORKS, WRITE_ONLY, CUSTOMER, CLERK)}
_UNKNOWN_KEY = "ck_4a2a5d9e7bb05b53dbeb273a0206a27a6821ec1a"
_FOREIGN = "cs_78866eae985f78ee6a05400a03d738e0c12261c4"
"""The secret of a key that was deleted."""


def _values(host: str = sites.WORKING, used: Key = WORKS, **other: str) -> dict[str, str]:
    return {"access_token": used.key, "secret": used.secret, "api_url": host, **other}


SCENARIOS = (
    Scenario("works", _values()),
    Scenario("wrong_key", _values(access_token=_UNKNOWN_KEY)),
    Scenario("wrong_secret", _values(secret=_FOREIGN)),
    Scenario("write_only", _values(used=WRITE_ONLY)),
    Scenario("no_right", _values(used=CUSTOMER)),
    Scenario("no_shipping_right", _values(used=CLERK)),
    Scenario("header_dropped", _values(sites.HEADERLESS)),
    Scenario("hidden_door", _values(sites.HIDDEN)),
    Scenario("https_hidden", _values(sites.PROXIED)),
    Scenario("plain_permalinks", _values(sites.PLAIN)),
    Scenario("without_shop", _values(sites.WITHOUT_SHOP)),
    Scenario("another_site", _values(sites.OTHER_SITE)),
    Scenario("wrong_folder", _values(sites.IN_A_FOLDER)),
    Scenario("moved", _values(sites.MOVED)),
    Scenario("plain_http", _values(sites.UNENCRYPTED)),
    Scenario("security_plugin", _values(sites.LOCKED)),
    Scenario("firewall", _values(sites.FIREWALLED)),
    Scenario("challenge", _values(sites.CHALLENGED)),
    Scenario("rate_limited", _values(sites.SWAMPED)),
    Scenario("maintenance", _values(sites.MAINTAINED)),
    Scenario("any_key", _values(sites.CACHED)),
)
STORIES = (
    SMOOTH,
    Story("wrong_key", "wrong_key"),
    Story("role", "no_right"),
    Story("swapped", "works", swapped=("access_token", "secret")),
    Story("proxy", "https_hidden"),
)


OFFICE = shop_office.back_office({site.host: site.name for site in SITES.values() if site.shop})


def sandbox_app() -> Starlette:
    """The ASGI app that answers for every sandbox host, told apart by the Host header."""
    return Starlette(routes=[Route("/{path:path}", _site)])


async def _site(request: Request) -> Response:
    site = SITES[request.url.hostname or ""]
    if request.url.path == "/" and "rest_route" not in request.query_params:
        return page(site.name)
    stopped = site.guard(request)
    if stopped:
        return stopped
    route = _route(site, request)
    if route is None:
        return page("404", "Sidan finns inte", 404)
    return _rest(site, route, request)


def _route(site: Site, request: Request) -> str | None:
    """The REST route that WordPress reads out of a request. It reads the query anywhere in its folder."""
    path = f"{request.url.path.rstrip('/')}/"
    if not path.startswith(f"{site.folder}/"):
        return None
    if asked := request.query_params.get("rest_route"):
        return asked.strip("/")
    place = f"{site.folder}/wp-json/"
    return path.removeprefix(place).strip("/") if path.startswith(place) and not site.plain_permalinks else None


def _error(code: str, message: str, status: int) -> JSONResponse:
    return JSONResponse({"code": code, "message": message, "data": {"status": status}}, status)


def _rest(site: Site, route: str, request: Request) -> Response:
    of_shop = site.shop and route.startswith("wc/v3")
    known, refusal = _signed_in(site, request) if of_shop else (None, None)
    if site.hidden and (known is None or refusal):
        return _error("wp_die", "Du har inte behörighet att utföra åtgärden.", 500)
    if site.locked:
        return _error("rest_cannot_access", "Endast inloggade användare får använda REST API:et.", 401)
    if refusal:
        return refusal
    if route == "":
        return JSONResponse(_index(site))
    if not of_shop:
        return _error("rest_no_route", "Ingen rutt som matchar URL:en och anropsmetoden hittades.", 404)
    return _of_shop(site, route.removeprefix("wc/v3").strip("/"), known, request)


def _index(site: Site) -> dict[str, Any]:
    shop = ["wc/v1", "wc/v2", "wc/v3", "wc-analytics", "wc/store/v1"] if site.shop else []
    return {
        "name": site.name,
        "url": f"https://{site.host}{site.folder}",
        "home": f"https://{site.host}{site.folder}",
        "namespaces": ["oembed/1.0", *shop, "wp/v2", "wp-site-health/v1"],
    }


def _signed_in(site: Site, request: Request) -> tuple[Key | None, Response | None]:
    """Whose key this is, or why nobody's. WooCommerce looks for one below /wp-json/ only (before 11.1).

    A pair in the clear counts over what WordPress takes for https; whatever is left may be a signature.
    """
    if "rest_route" in request.query_params:
        return None, None
    key, secret = _pair(site, request)
    known = _known(site, key)
    https_hidden = site.https_hidden and not (known and known.https_told)
    if known and not https_hidden:
        return _judged(known, known.secret == secret, "Kundhemligheten är ogiltig.")
    signer = request.query_params.get("oauth_consumer_key")
    if not signer:
        return None, None
    known = _known(site, signer)
    https_hidden = site.https_hidden and not (known and known.https_told)
    signature, scheme = request.query_params.get("oauth_signature", ""), "http" if https_hidden else "https"
    right = bool(known and is_signed(request, signature, (known.secret, ""), scheme))
    return _judged(known, right, "Ogiltig signatur.")


def _known(site: Site, key: str) -> Key | None:
    """Whose key this is: one of everybody's, or one that a visitor made in the back office."""
    account = OFFICE.find(site.host, "access_token", key)
    if account is None:
        return KEYS.get(key)
    return Key(
        key,
        account.values["secret"],
        "write" if account.has(shop_office.WRITE) else "read",
        may_list=not account.has(shop_office.CUSTOMER),
        may_manage=account.has(shop_office.MANAGER),
        https_told=account.has(shop_office.HTTPS),
    )


def _judged(known: Key | None, right: bool, message: str) -> tuple[Key | None, Response | None]:
    return (known, None) if right else (None, _error("woocommerce_rest_authentication_error", message, 401))


def _of_shop(site: Site, route: str, known: Key | None, request: Request) -> Response:
    if site.cached and route == "orders":
        return JSONResponse([{"id": 5012}])
    if request.query_params.get("_method") == "OPTIONS":
        return JSONResponse({"namespace": "wc/v3"})
    if known and known.permissions == "write":
        return _error("woocommerce_rest_authentication_error", "API-nyckeln saknar läsbehörighet.", 401)
    return _answer(route, known)


def _pair(site: Site, request: Request) -> tuple[str, str]:
    """Key and secret as WooCommerce finds them: in the query first, then in the header if that got through."""
    query = request.query_params
    if query.get("consumer_key") and query.get("consumer_secret"):
        return query["consumer_key"], query["consumer_secret"]
    scheme, _, coded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic" or site.drops_header:
        return "", ""
    try:
        key, _, secret = base64.b64decode(coded).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return key, secret


_LISTS = {"orders": [{"id": 5012}], "products": [{"id": 88}], "shipping/zones": [{"id": 0}, {"id": 1}]}
_STATUS = {"settings": {"currency": "SEK", "currency_symbol": "kr", "thousand_separator": " "}}


def _answer(route: str, known: Key | None) -> Response:
    if route not in (*_LISTS, "system_status"):
        return _error("rest_no_route", "Ingen rutt som matchar URL:en och anropsmetoden hittades.", 404)
    managers_only = route in ("shipping/zones", "system_status")
    if known is None or not (known.may_list and (known.may_manage or not managers_only)):
        status = 403 if known else 401
        return _error("woocommerce_rest_cannot_view", "Du kan inte lista resurser.", status)
    return JSONResponse(_LISTS.get(route, _STATUS))


SANDBOX = Sandbox(hosts=frozenset(SITES), app=sandbox_app, scenarios=SCENARIOS, stories=STORIES, office=OFFICE)
