"""The sandbox sites: what kind each of them is, and what stands in front of it."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from xtnd_wizard.systems.sandbox_kit import page

WORKING = "lingonboden.test"
IN_A_FOLDER = "surdegsbageriet.test"
HEADERLESS = "kantarellkorgen.test"
PLAIN = "havtorn.test"
WITHOUT_SHOP = "skogsbloggen.test"
OTHER_SITE = "hantverkarna.test"
MOVED = "blabarsriket.test"
MOVED_TO = "www.blabarsriket.test"
UNENCRYPTED = "gammelgarden.test"
LOCKED = "grindstugan.test"
FIREWALLED = "tallbacken.test"
CHALLENGED = "dimmornashus.test"
SWAMPED = "midsommarboden.test"
MAINTAINED = "snickarboden.test"
CACHED = "ekoladan.test"
HIDDEN = "slanbarsboden.test"
PROXIED = "dimbacken.test"

Guard = Callable[[Request], Response | None]


def open_to_all(request: Request) -> None:
    """Nothing stands in front of this site."""


def _shows_its_front_page(request: Request) -> Response:
    return page("Hantverkarna")


def _sends_on(request: Request) -> Response:
    return RedirectResponse(f"https://{MOVED_TO}{request.url.path}", 301)


def _sends_to_plain_http(request: Request) -> Response:
    return RedirectResponse(f"http://{request.url.hostname}{request.url.path}", 301)


def _stops_programs(request: Request) -> Response | None:
    """A firewall that lets the index through and nothing that looks like a sign-in."""
    signs_in = "authorization" in request.headers or "consumer_key" in request.query_params
    return page("403 Forbidden", status=403) if signs_in else None


def _challenges(request: Request) -> Response:
    """Cloudflare's check for people (developers.cloudflare.com, "Detect a challenge page response")."""
    return page("Just a moment...", status=403, headers={"cf-mitigated": "challenge"})


def _asks_to_wait(request: Request) -> Response:
    return page("429 Too Many Requests", status=429, headers={"retry-after": "30"})


def _is_in_maintenance(request: Request) -> Response:
    """What WordPress answers while it updates itself (wp_maintenance in wp-includes/load.php)."""
    return page("Maintenance", status=503, headers={"retry-after": "600"})


@dataclass(frozen=True)
class Site:
    """One sandbox site."""

    host: str
    name: str
    folder: str = ""
    guard: Guard = open_to_all
    shop: bool = True
    plain_permalinks: bool = False
    drops_header: bool = False
    locked: bool = False
    """Whether a security plugin keeps programs out of the REST API, keys or not."""
    cached: bool = False
    """Whether a cache hands out the orders to anybody."""
    hidden: bool = False
    """Whether a security plugin shows an error to everybody who did not sign in."""
    https_hidden: bool = False
    """Whether a proxy handles https and does not tell WordPress."""


SITES = {
    site.host: site
    for site in (
        Site(WORKING, "Lingonboden"),
        Site(IN_A_FOLDER, "Surdegsbageriet", folder="/butik"),
        Site(HEADERLESS, "Kantarellkorgen", drops_header=True),
        Site(PLAIN, "Havtorn", plain_permalinks=True),
        Site(WITHOUT_SHOP, "Skogsbloggen", shop=False),
        Site(OTHER_SITE, "Hantverkarna", guard=_shows_its_front_page),
        Site(MOVED, "Blåbärsriket", guard=_sends_on),
        Site(MOVED_TO, "Blåbärsriket"),
        Site(UNENCRYPTED, "Gammelgården", guard=_sends_to_plain_http),
        Site(LOCKED, "Grindstugan", locked=True),
        Site(FIREWALLED, "Tallbacken", guard=_stops_programs),
        Site(CHALLENGED, "Dimmornas hus", guard=_challenges),
        Site(SWAMPED, "Midsommarboden", guard=_asks_to_wait),
        Site(MAINTAINED, "Snickarboden", guard=_is_in_maintenance),
        Site(CACHED, "Ekoladan", cached=True),
        Site(HIDDEN, "Slånbärsboden", hidden=True),
        Site(PROXIED, "Dimbacken", https_hidden=True),
    )
}
