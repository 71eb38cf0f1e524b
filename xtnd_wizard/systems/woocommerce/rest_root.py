"""Where a site's REST API is: below /wp-json/ as a rule, below a path of its own, or in the query.

WordPress names the place itself, in a Link header of its pages and its answers
(developer.wordpress.org/rest-api/using-the-rest-api/discovery).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, urlsplit

from xtnd_wizard.domain.api_url import ApiUrl

_LINK = re.compile(r"<([^<>]*)>([^<]*)")
_RELATION = re.compile(r"""\brel=["']?https://api\.w\.org/""")
_PLAIN_PATH = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~-]{1,64}){1,8}")
"""Nothing that another parser may read in another way: no codes, no dots that lead upwards, no empty parts."""


@dataclass(frozen=True)
class RestRoot:
    """The place below the shop's own address under which its REST routes are."""

    path: str
    in_query: bool = False
    """Whether the route stands in the query and not in the path."""

    def address(self, route: str, params: Mapping[str, str]) -> tuple[str, Mapping[str, str]]:
        """Path and query of a route."""
        if self.in_query:
            return self.path, {"rest_route": f"/{route}", **params}
        return f"{self.path}/{route}", params

    def named(self, route: str) -> str:
        """A route as support is told of it: with its place, unless that is the usual one."""
        if self.in_query:
            return f"{self.path}?rest_route=/{route}"
        shop_route = route.removeprefix("wc/v3/")
        return shop_route if self == WP_JSON and shop_route else f"{self.path}/{route}"


WP_JSON = RestRoot("/wp-json")
BY_INDEX_PHP = RestRoot("/index.php/wp-json")
"""WordPress's own rule for servers that rewrite nothing (rest_api_register_rewrites)."""
IN_QUERY = RestRoot("/", in_query=True)
"""Every WordPress reads it. WooCommerce before 11.1 looks for a key below the REST prefix only."""


def linked_root(url: ApiUrl, link: str) -> RestRoot | None:
    """The root that a Link header names, where it is a plain path below the shop's own address, or the query."""
    for target, attributes in _LINK.findall(link):
        if _RELATION.search(attributes):
            return _below(url, target)
    return None


def _below(url: ApiUrl, target: str) -> RestRoot | None:
    parts = _split(target)
    if parts is None or (parts.netloc and f"{parts.scheme}://{parts.netloc}".lower() != url.origin):
        return None
    if not parts.path.startswith(f"{url.path}/") or parts.fragment:
        return None
    path = parts.path.removeprefix(url.path).rstrip("/")
    if parse_qs(parts.query) == {"rest_route": ["/"]} and path in ("", "/index.php"):
        return IN_QUERY
    return RestRoot(path) if not parts.query and _PLAIN_PATH.fullmatch(path) else None


def _split(address: str) -> SplitResult | None:
    try:
        return urlsplit(address)
    except ValueError:
        return None
