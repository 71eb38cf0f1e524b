"""Is this WordPress, with WooCommerce inside? Asked without the key, so that no other server gets it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.outbound import RequestFailed, Response
from xtnd_wizard.systems.checks import CheckContext
from xtnd_wizard.systems.common_checks import describe, object_in
from xtnd_wizard.systems.woocommerce.problems import WARNINGS_IN_ANSWER
from xtnd_wizard.systems.woocommerce.rest_root import BY_INDEX_PHP, IN_QUERY, WP_JSON, RestRoot, linked_root
from xtnd_wizard.systems.woocommerce.wordpress import (
    NO_ROUTE,
    OURS,
    classify,
    place,
    read,
    short,
    split_address,
    wordpress_code,
)

NAMESPACE = "wc/v3"
ORDERS = f"{NAMESPACE}/orders"
ONE = {"per_page": "1", "_fields": "id"}
_ABOUT = {"_fields": "name,url,home,namespaces"}
"""The whole index lists every route, and may be larger than what the outbound client lets in."""
_NOT_HERE = (ProblemCode.NOT_AN_API, ProblemCode.WRONG_PATH_OR_PRODUCT)
_UNDECIDED = (
    *_NOT_HERE,
    ProblemCode.REFUSED_FOR_SECURITY,
    ProblemCode.BLOCKED_BY_WAF,
    WARNINGS_IN_ANSWER.code,
)
"""The index may be closed, cut off or too large while the shop itself answers."""


@dataclass(frozen=True)
class Shop:
    """What the site says about itself before anybody signed in."""

    detail: str
    name: str = ""
    home: str = ""
    """Host and folder of the shop's own address."""
    root: RestRoot = WP_JSON
    certain: bool = True
    """False where the site talks to nobody who did not sign in."""
    anonymous_refusal: tuple[int | None, str] | None = None
    """Status and code of its refusal of a caller without a key, where one was asked for."""


async def recognise(context: CheckContext) -> Shop:
    """The shop behind an address. Raises RequestFailed where there is none, or none that XTND can use."""
    try:
        return _shop(WP_JSON, *await _index(context, WP_JSON))
    except RequestFailed as failure:
        refusal = classify(failure)
    if _decides(refusal):
        raise refusal
    shop = await _by_orders(context)
    if shop is None and refusal.code in _NOT_HERE:
        shop = await _elsewhere(context, _link(refusal.answer))
    if shop is None:
        raise refusal
    return shop


def _decides(refusal: RequestFailed) -> bool:
    """Whether a refusal of the index ends it. A security plugin hides the front door behind an error of WordPress's.

    With a key the same site may well be open, so what it answers without one says nothing.
    """
    if refusal.status is not None and refusal.status >= 500:
        return not wordpress_code(refusal)
    return refusal.code not in _UNDECIDED


async def _index(context: CheckContext, root: RestRoot) -> tuple[Response, Mapping[str, Any]]:
    """What a WordPress says of itself. Raises RequestFailed, also where the data is no WordPress's."""
    try:
        answer, payload = await read(context, root, "", _ABOUT)
    except RequestFailed as failure:
        if not _is_index(failure.payload) or failure.answer is None:
            failure.detail = f"GET {root.named('')}: {failure.detail}"
            raise
        answer, payload = failure.answer, failure.payload  # warnings stand in front of it
    if not _is_index(payload):
        raise RequestFailed(ProblemCode.NOT_AN_API, f"GET {root.named('')}: {answer.summary}", answer=answer)
    return answer, payload


def _is_index(payload: Any) -> bool:
    return isinstance(object_in(payload).get("namespaces"), list)


def _shop(root: RestRoot, answer: Response, payload: Mapping[str, Any]) -> Shop:
    detail = describe(f"GET {root.named('')}", answer)
    if NAMESPACE not in payload["namespaces"]:
        raise RequestFailed(ProblemCode.PRODUCT_MISSING, detail)
    return Shop(detail, short(payload.get("name")), place(payload.get("home")), root)


async def _by_orders(context: CheckContext) -> Shop | None:
    """What the orders answer without a key: a shop refuses in words of its own."""
    try:
        answer, payload = await read(context, WP_JSON, ORDERS, ONE)
        return Shop(f"GET orders: {answer.summary}") if isinstance(payload, list) else None
    except RequestFailed as failure:
        code, detail = wordpress_code(failure), f"GET orders: {failure.detail}"
        if code.startswith(OURS) or isinstance(failure.payload, list):
            return Shop(detail, anonymous_refusal=(failure.status, code))
        if code == NO_ROUTE:
            raise RequestFailed(ProblemCode.PRODUCT_MISSING, detail) from None
        closed = failure.status in (401, 403) or (failure.status or 0) >= 500
        return Shop(detail, certain=False, anonymous_refusal=(failure.status, code)) if code and closed else None


async def _elsewhere(context: CheckContext, link: str) -> Shop | None:
    """The shop where its REST API is in another place than the usual one.

    Raises RequestFailed where the site is another one, or has no shop.
    """
    in_query, link_there = await _in_query(context)
    linked = linked_root(context.credentials.url, link_there or link)
    others = [linked] if linked and linked not in (WP_JSON, IN_QUERY) else []
    if in_query and linked != IN_QUERY:
        others.append(BY_INDEX_PHP)
    for root in others:
        try:
            return _shop(root, *await _index(context, root))
        except RequestFailed:
            continue
    return in_query


async def _in_query(context: CheckContext) -> tuple[Shop | None, str]:
    """The shop as it answers by the query, and the Link header of whatever answers there: it, or its front page.

    WordPress reads the query below any path, so the site is asked for its own address.
    """
    try:
        answer, payload = await _index(context, IN_QUERY)
    except RequestFailed as failure:
        return None, _link(failure.answer)
    home = split_address(payload.get("home"))
    if home and home.path.rstrip("/") != context.credentials.url.path:
        detail = f"GET {IN_QUERY.named('')}: {answer.summary}"
        raise RequestFailed(ProblemCode.REDIRECTED, detail, target=place(payload.get("home")))
    return _shop(IN_QUERY, answer, payload), _link(answer)


def _link(answer: Response | None) -> str:
    return answer.headers.get("link", "") if answer else ""
