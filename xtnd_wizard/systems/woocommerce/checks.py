"""WooCommerce's checks (woocommerce.github.io/woocommerce-rest-api-docs). All of them only read."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from xtnd_wizard.domain.findings import Account, Finding, failed, not_applicable, passed
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.outbound import RequestFailed, Response
from xtnd_wizard.systems.checks import Check, CheckContext, Checks, Result, SignIn, SignInResult
from xtnd_wizard.systems.common_checks import AFTER_SIGN_IN, describe, explain, may_read, negative_control, object_in
from xtnd_wizard.systems.woocommerce.recognising import NAMESPACE, ONE, ORDERS, Shop, recognise
from xtnd_wizard.systems.woocommerce.rest_root import WP_JSON
from xtnd_wizard.systems.woocommerce.sign_in import Pair, SignedIn, entered, made_up, read_list, sign_in
from xtnd_wizard.systems.woocommerce.wordpress import NO_ROUTE, OURS, classify, read, short, wordpress_code

_STATUS_SECONDS = 3.0
"""The status report can be slow, and only the currency is wanted of it."""
_AT_THE_SIGN_IN: Mapping[str, str] = dict.fromkeys(
    (ProblemCode.NOT_AN_API, ProblemCode.WRONG_PATH_OR_PRODUCT, ProblemCode.PRODUCT_MISSING),
    ProblemCode.ANSWER_UNREADABLE,
)
"""What an answer means once the shop was recognised."""
_LATER: Mapping[str, str] = {
    **AFTER_SIGN_IN,
    **dict.fromkeys((ProblemCode.PRODUCT_MISSING, ProblemCode.TLS_MISSING), ProblemCode.ANSWER_UNREADABLE),
    **dict.fromkeys((ProblemCode.SECRET_REJECTED, ProblemCode.REFUSED_FOR_SECURITY), ProblemCode.PERMISSION_MISSING),
}
"""What it means once the pair was accepted as well."""


@dataclass(frozen=True)
class Access:
    """How a shop let the pair in."""

    shop: Shop
    by_query: bool

    async def read_list(
        self, context: CheckContext, route: str, params: Mapping[str, str], pair: Pair | None = None
    ) -> Response:
        """A list that only a signed-in caller gets, here one with the pair that was entered. Raises RequestFailed."""
        auth = (pair or entered(context)).auth(by_query=self.by_query)
        return await read_list(context, self.shop.root, route, params, auth)


async def begin(context: CheckContext) -> SignInResult[Access]:
    """The index without the key, then one order with it."""
    try:
        shop = await recognise(context)
    except RequestFailed as failure:
        return SignInResult((failed("recognise", failure.code, failure.detail, **failure.facts),))
    try:
        signed_in = await sign_in(context, shop)
    except RequestFailed as failure:
        return SignInResult(_refused(shop, failure))
    findings = (_recognised(shop), passed("key", signed_in.detail), *_let_in(shop, signed_in))
    return SignInResult(findings, Access(shop, signed_in.by_query))


def _recognised(shop: Shop) -> Finding:
    return passed("recognise", shop.detail, platform=shop.name)


def _let_in(shop: Shop, signed_in: SignedIn) -> tuple[Finding, ...]:
    """How a right pair got in, and whether it may read orders. A shop with its https hidden has to be mended first."""
    detail, refusal = signed_in.detail, signed_in.refusal
    orders = failed("orders", refusal.code, detail, **refusal.facts) if refusal else passed("orders", detail)
    if signed_in.https_hidden:
        hidden = failed("header", ProblemCode.HTTPS_HIDDEN, detail)
        return (hidden, orders) if refusal else (hidden,)
    as_usual = shop.root == WP_JSON and not signed_in.by_query
    return passed("header", detail) if as_usual else not_applicable("header", detail), orders


def _refused(shop: Shop, failure: RequestFailed) -> tuple[Finding, ...]:
    """The refusal at the check it belongs to, after those that it proves.

    A site that talks to nobody is a shop only if WooCommerce itself refused.
    """
    known = shop.certain or wordpress_code(failure).startswith(OURS)
    check = "key" if known or failure.code is ProblemCode.SIGN_IN_REJECTED else "recognise"
    refused = explain(check, f"GET {shop.root.named(ORDERS)}", failure, _AT_THE_SIGN_IN)
    return (_recognised(shop), refused) if known else (refused,)


def _explain(check: str, operation: str, failure: RequestFailed) -> Finding:
    """A failure after the sign-in. A shop that ships nothing has no shipping zones."""
    if check == "shipping" and failure.status == 404 and wordpress_code(failure) == NO_ROUTE:
        return not_applicable(check, f"{operation}: {failure.detail}")
    return explain(check, operation, classify(failure), _LATER)


def _reads(check: str, path: str, params: Mapping[str, str] = ONE) -> Check[Access]:
    """One row of a list."""

    async def run(context: CheckContext, access: Access) -> Finding:
        asked = access.read_list(context, f"{NAMESPACE}/{path}", params)
        return await may_read(check, f"GET {path}", asked, _explain)

    return Check(check, run)


async def control(context: CheckContext, access: Access) -> Finding:
    """A made-up pair has to be refused, or answered like no pair at all."""

    def is_refusal(failure: RequestFailed) -> bool:
        code = wordpress_code(failure)
        return bool(code) and (failure.status in (401, 403) or (failure.status, code) == access.shop.anonymous_refusal)

    asked = access.read_list(context, ORDERS, ONE, made_up())
    return await negative_control("GET orders, made-up key", asked, is_refusal)


async def account(context: CheckContext, access: Access) -> Result:
    """The shop by its own address and name, from the index; its currency where the key may see it."""
    currency, detail = await _currency(context, access)
    home = access.shop.home or context.credentials.url.shown
    found = Account(id=home, name=access.shop.name or home, currency=currency)
    return Result((passed("account", detail, shop=found.name),), found)


async def _currency(context: CheckContext, access: Access) -> tuple[str, str]:
    """The shop's currency, or nothing: neither a refusal nor a slow answer says anything about the key."""
    auth = entered(context).auth(by_query=access.by_query)
    try:
        async with asyncio.timeout(_STATUS_SECONDS):
            route = f"{NAMESPACE}/system_status"
            answer, payload = await read(context, access.shop.root, route, {"_fields": "settings"}, auth)
    except RequestFailed as failure:
        return "", f"GET system_status: {failure.detail}"
    except TimeoutError:
        return "", "GET system_status: no answer in time"
    currency = short(object_in(payload, "settings").get("currency"))
    return currency[:3], describe("GET system_status", answer)


CHECKS = Checks(
    SignIn(("recognise", "key", "header", "orders"), begin),
    (
        _reads("products", "products"),
        _reads("stock", "products", {**ONE, "stock_status": "instock"}),
        _reads("shipping", "shipping/zones"),
        Check("account", account),
        Check("control", control),
    ),
)
