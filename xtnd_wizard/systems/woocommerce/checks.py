"""WooCommerce's checks (woocommerce.github.io/woocommerce-rest-api-docs). All of them only read."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xtnd_wizard.domain.findings import Account, Finding, failed, not_applicable, passed
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.outbound import RequestFailed, Response
from xtnd_wizard.systems.checks import CheckContext, Checks, Result, SignInResult
from xtnd_wizard.systems.woocommerce.recognising import NAMESPACE, ONE, ORDERS, Shop, recognise
from xtnd_wizard.systems.woocommerce.rest_root import WP_JSON
from xtnd_wizard.systems.woocommerce.sign_in import Pair, SignedIn, entered, made_up, read_list, sign_in
from xtnd_wizard.systems.woocommerce.wordpress import NO_ROUTE, OURS, classify, read, short, wordpress_code

_STATUS_SECONDS = 3.0
"""The status report can be slow, and only the currency is wanted of it."""
_NOT_THE_HOST = (ProblemCode.NOT_AN_API, ProblemCode.WRONG_PATH_OR_PRODUCT, ProblemCode.PRODUCT_MISSING)
_NOT_THE_KEY = (
    ProblemCode.KEY_LACKS_PERMISSION,
    ProblemCode.KEY_REJECTED,
    ProblemCode.SECRET_REJECTED,
    ProblemCode.REFUSED_FOR_SECURITY,
)


@dataclass(frozen=True)
class Access:
    """The way on which a shop let the pair in."""

    shop: Shop
    by_query: bool

    async def read_list(self, context: CheckContext, route: str, params: Mapping[str, str], pair: Pair) -> Response:
        """A list that only a signed-in caller gets. Raises RequestFailed."""
        return await read_list(context, self.shop.root, route, params, pair.auth(by_query=self.by_query))


async def begin(context: CheckContext) -> SignInResult:
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
    return SignInResult(findings, {"access": Access(shop, signed_in.by_query)})


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
    code, detail = failure.code, f"GET {shop.root.named(ORDERS)}: {failure.detail}"
    if code in _NOT_THE_HOST:
        code = ProblemCode.ANSWER_UNREADABLE
    if shop.certain or wordpress_code(failure).startswith(OURS):
        return _recognised(shop), failed("key", code, detail, **failure.facts)
    check = "key" if code is ProblemCode.SIGN_IN_REJECTED else "recognise"
    return (failed(check, code, detail, **failure.facts),)


async def _may_read(
    context: CheckContext, facts: Mapping[str, Any], check: str, path: str, params: Mapping[str, str]
) -> Finding:
    try:
        answer = await facts["access"].read_list(context, f"{NAMESPACE}/{path}", params, entered(context))
    except RequestFailed as failure:
        return _of_rest(check, path, failure)
    return passed(check, f"GET {path}: {answer.summary}")


def _of_rest(check: str, path: str, failure: RequestFailed) -> Finding:
    """A failure after the opening: host and key are right by then, so neither can be the guilty one."""
    code, detail = classify(failure).code, f"GET {path}: {failure.detail}"
    if code in _NOT_THE_KEY:
        code = ProblemCode.PERMISSION_MISSING
    elif code in _NOT_THE_HOST or code in (ProblemCode.REDIRECTED, ProblemCode.TLS_MISSING):
        code = ProblemCode.ANSWER_UNREADABLE
    return failed(check, code, detail, **failure.facts)


async def products(context: CheckContext, facts: Mapping[str, Any]) -> Result:
    """One product."""
    return Result((await _may_read(context, facts, "products", "products", ONE),))


async def stock(context: CheckContext, facts: Mapping[str, Any]) -> Result:
    """One product that is in stock."""
    return Result((await _may_read(context, facts, "stock", "products", {**ONE, "stock_status": "instock"}),))


async def shipping(context: CheckContext, facts: Mapping[str, Any]) -> Result:
    """The shipping zones. A shop that ships nothing has no such place."""
    path = "shipping/zones"
    try:
        answer = await facts["access"].read_list(context, f"{NAMESPACE}/{path}", ONE, entered(context))
    except RequestFailed as failure:
        if failure.status == 404 and wordpress_code(failure) == NO_ROUTE:
            return Result((not_applicable("shipping", f"GET {path}: {failure.detail}"),))
        return Result((_of_rest("shipping", path, failure),))
    return Result((passed("shipping", f"GET {path}: {answer.summary}"),))


async def control(context: CheckContext, facts: Mapping[str, Any]) -> Result:
    """The negative control: a pair that nobody ever made has to be refused, or told what strangers are told."""
    access: Access = facts["access"]
    try:
        answer = await access.read_list(context, ORDERS, ONE, made_up())
    except RequestFailed as failure:
        code, detail = wordpress_code(failure), f"GET orders, made-up key: {failure.detail}"
        if code and (failure.status in (401, 403) or (failure.status, code) == access.shop.to_strangers):
            return Result((passed("control", detail),))
        waits = failure.code is ProblemCode.RATE_LIMITED
        problem = failure.code if waits else ProblemCode.CONTROL_INCONCLUSIVE
        return Result((failed("control", problem, detail, **failure.facts),))
    detail = f"GET orders, made-up key: {answer.summary}"
    return Result((failed("control", ProblemCode.ENDPOINT_DOES_NOT_CHECK_KEYS, detail),))


async def account(context: CheckContext, facts: Mapping[str, Any]) -> Result:
    """The shop by its own address and name, from the index; its currency where the key may see it."""
    access: Access = facts["access"]
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
    settings = payload.get("settings") if isinstance(payload, dict) else None
    currency = short(settings.get("currency")) if isinstance(settings, dict) else ""
    return currency[:3], f"GET system_status: {answer.summary}"


CHECKS = Checks(
    sign_in=begin,
    sign_in_codes=("recognise", "key", "header", "orders"),
    parallel={
        "products": products,
        "stock": stock,
        "shipping": shipping,
        "account": account,
        "control": control,
    },
    shown=("recognise", "key", "header", "orders", "products", "stock", "shipping", "account", "control"),
)
