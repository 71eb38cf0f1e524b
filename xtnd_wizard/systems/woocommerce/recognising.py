"""Is this WordPress, with WooCommerce inside? Asked without the key, so that it goes to no stranger.

WordPress says what went wrong with a code and a status. Its messages are in the site's language.
"""

import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from xtnd_wizard.outbound import Answer, CallFailed
from xtnd_wizard.problems import ProblemCode
from xtnd_wizard.systems.checking import Probe

API = "/wp-json/wc/v3"
ORDERS = f"{API}/orders"
ONE = {"per_page": "1", "_fields": "id"}
OURS = "woocommerce_rest_"
"""What the codes begin with that WooCommerce gives itself."""
_INDEX = "/wp-json/"
_ABOUT = {"_fields": "name,url,home,namespaces"}
"""The whole index lists every route, and may be larger than what the door lets in."""
_NAMESPACE = "wc/v3"
_UNDECIDED = (
    ProblemCode.NOT_AN_API,
    ProblemCode.WRONG_PATH_OR_PRODUCT,
    ProblemCode.REFUSED_FOR_SECURITY,
    ProblemCode.BLOCKED_BY_WAF,
)
"""The index may be closed, cut off or too large while the shop itself answers."""


@dataclass(frozen=True)
class Shop:
    """What the site says about itself before anybody signed in."""

    detail: str
    name: str = ""
    home: str = ""
    """Host and folder of the shop's own address."""
    certain: bool = True
    """False where the site talks to nobody who did not sign in."""


async def recognise(probe: Probe) -> Shop:
    """The shop behind an address. Raises CallFailed where there is none, or none that XTND can use."""
    try:
        answer = await probe.get(_INDEX, params=_ABOUT)
        told = answer.json()
    except CallFailed as failure:
        refusal = meant(failure)
        refusal.detail = f"GET {_INDEX}: {refusal.detail}"
        if refusal.code not in _UNDECIDED:
            raise refusal from None
        return await _without_index(probe, refusal)
    detail = f"GET {_INDEX}: {said(answer)}"
    if not _is_index(told):
        return await _without_index(probe, CallFailed(ProblemCode.NOT_AN_API, detail))
    _insist_on_shop(told, detail)
    return Shop(detail, short(told.get("name")), _place(told.get("home")))


async def _without_index(probe: Probe, refusal: CallFailed) -> Shop:
    """What the orders say to a stranger: a shop refuses him in its own words."""
    try:
        answer = await probe.get(ORDERS, params=ONE)
        if isinstance(answer.json(), list):
            return Shop(f"GET orders: {said(answer)}")
    except CallFailed as failure:
        code, detail = wordpress_code(failure), f"GET orders: {failure.detail}"
        if code.startswith(OURS):
            return Shop(detail)
        if code == "rest_no_route":
            raise CallFailed(ProblemCode.PRODUCT_MISSING, detail) from None
        if code and failure.status in (401, 403):
            return Shop(detail, certain=False)
    if refusal.code in (ProblemCode.NOT_AN_API, ProblemCode.WRONG_PATH_OR_PRODUCT):
        await _rule_out_plain_permalinks(probe)
    raise refusal


async def _rule_out_plain_permalinks(probe: Probe) -> None:
    """Raises CallFailed where WordPress is there and only hears what stands in the query.

    The query is heard below any path, so the site is asked for its own address.
    """
    try:
        answer = await probe.get("/", params={"rest_route": "/", **_ABOUT})
        told = answer.json()
    except CallFailed:
        return
    if not _is_index(told):
        return
    detail = f"GET /?rest_route=/: {said(answer)}"
    home = _split(told.get("home"))
    if home and home.path.rstrip("/") != probe.credentials.url.path:
        raise CallFailed(ProblemCode.REDIRECTED, detail, target=_place(told.get("home")))
    _insist_on_shop(told, detail)
    raise CallFailed(ProblemCode.API_SWITCHED_OFF, detail)


def meant(failure: CallFailed) -> CallFailed:
    """What a refusal means at a WordPress site, where its status alone says something else."""
    code = _meant(failure)
    if code is failure.code:
        return failure
    refusal = CallFailed(code, failure.detail, key_sent=failure.key_sent, answer=failure.answer)
    refusal.facts = failure.facts
    return refusal


def _meant(failure: CallFailed) -> ProblemCode:
    if _leads_to_plain_http(failure):
        return ProblemCode.TLS_MISSING
    code = wordpress_code(failure)
    if failure.status in (401, 403) and code and not code.startswith(OURS):
        return ProblemCode.REFUSED_FOR_SECURITY
    if failure.status == 401 and not code:
        return ProblemCode.REFUSED_FOR_SECURITY
    if failure.status in (403, 406) and not code:
        return ProblemCode.BLOCKED_BY_WAF
    return failure.code


def _leads_to_plain_http(failure: CallFailed) -> bool:
    """Whether https only sends back to http on the same host: then the shop has no https of its own."""
    answer = failure.answer
    if answer is None or not 300 <= answer.status < 400:
        return False
    target = _split(answer.headers.get("location"))
    return bool(target and target.scheme == "http" and target.hostname == urlsplit(answer.url).hostname)


def wordpress_code(failure: CallFailed) -> str:
    """The code of an error in WordPress's own shape, or nothing (developer.wordpress.org, WP_Error in REST)."""
    told = failure.told
    if not isinstance(told, dict) or not isinstance(told.get("message"), str):
        return ""
    data = told.get("data")
    in_shape = isinstance(data, dict) and data.get("status") == failure.status
    return str(told["code"]) if in_shape and isinstance(told.get("code"), str) else ""


def said(answer: Answer) -> str:
    """Status and time of an answer, for support."""
    return answer.said


def short(value: object) -> str:
    """A short text as people wrote it: WordPress keeps a site's name with its entities."""
    return " ".join(html.unescape(value).split())[:120] if isinstance(value, str) else ""


def _is_index(told: Any) -> bool:
    return isinstance(told, dict) and isinstance(told.get("namespaces"), list)


def _insist_on_shop(told: Mapping[str, Any], detail: str) -> None:
    if _NAMESPACE not in told["namespaces"]:
        raise CallFailed(ProblemCode.PRODUCT_MISSING, detail)


def _split(address: object) -> SplitResult | None:
    try:
        parts = urlsplit(address) if isinstance(address, str) else None
        return parts if parts and parts.hostname else None
    except ValueError:
        return None


def _place(address: object) -> str:
    """Host and folder of an address, as a merchant would say it."""
    parts = _split(address)
    return f"{parts.hostname}{parts.path.rstrip('/')}"[:253] if parts else ""
