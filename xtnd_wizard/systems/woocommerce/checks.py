"""WooCommerce's checks (woocommerce.github.io/woocommerce-rest-api-docs). All of them only read."""

import asyncio
from collections.abc import Mapping
from typing import Any

from xtnd_wizard.findings import Account, Finding, failed, not_applicable, passed
from xtnd_wizard.outbound import CallFailed
from xtnd_wizard.problems import ProblemCode
from xtnd_wizard.systems.checking import Checks, Opening, Probe, Result
from xtnd_wizard.systems.woocommerce.recognising import (
    API,
    ONE,
    ORDERS,
    Shop,
    meant,
    recognise,
    said,
    short,
    wordpress_code,
)
from xtnd_wizard.systems.woocommerce.signing_in import SignedIn, entered, made_up, read_list, sign_in

_STATUS_SECONDS = 3.0
"""The status report can be slow, and only the currency is wanted of it."""
_OF_THE_RIGHT = (ProblemCode.KEY_LACKS_PERMISSION, ProblemCode.KEY_CANNOT_READ)
"""Refusals of a key whose secret was right."""
_NOT_THE_HOST = (ProblemCode.NOT_AN_API, ProblemCode.WRONG_PATH_OR_PRODUCT, ProblemCode.PRODUCT_MISSING)
_NOT_THE_KEY = (
    ProblemCode.KEY_LACKS_PERMISSION,
    ProblemCode.KEY_REJECTED,
    ProblemCode.SECRET_REJECTED,
    ProblemCode.REFUSED_FOR_SECURITY,
)


async def opening(probe: Probe) -> Opening:
    """The index without the key, then one order with it."""
    try:
        shop = await recognise(probe)
    except CallFailed as failure:
        return Opening((failed("recognise", failure.code, failure.detail, **failure.facts),))
    try:
        signed_in = await sign_in(probe)
    except CallFailed as failure:
        return Opening(_refused(shop, failure))
    facts = {"by_query": signed_in.by_query, "name": shop.name, "home": shop.home}
    return Opening((_recognised(shop), passed("key", signed_in.detail), *_let_in(signed_in)), facts)


def _recognised(shop: Shop) -> Finding:
    return passed("recognise", shop.detail, platform=shop.name)


def _let_in(signed_in: SignedIn) -> tuple[Finding, ...]:
    detail = signed_in.detail
    header = not_applicable("header", detail) if signed_in.by_query else passed("header", detail)
    return header, passed("orders", detail)


def _refused(shop: Shop, failure: CallFailed) -> tuple[Finding, ...]:
    """The refusal at the check it belongs to, after those that it proves."""
    code, detail = failure.code, f"GET orders: {failure.detail}"
    if not shop.certain and code is ProblemCode.REFUSED_FOR_SECURITY:
        return (failed("recognise", code, detail, **failure.facts),)
    if code in _OF_THE_RIGHT:
        return _recognised(shop), passed("key", detail), failed("orders", code, detail, **failure.facts)
    if code in _NOT_THE_HOST:
        code = ProblemCode.ANSWER_UNREADABLE
    return _recognised(shop), failed("key", code, detail, **failure.facts)


async def _may_read(
    probe: Probe, facts: Mapping[str, Any], check: str, path: str, params: Mapping[str, str]
) -> Finding:
    try:
        answer = await read_list(probe, f"{API}/{path}", params, entered(probe), by_query=facts["by_query"])
    except CallFailed as failure:
        return _of_rest(check, path, failure)
    return passed(check, f"GET {path}: {said(answer)}")


def _of_rest(check: str, path: str, failure: CallFailed) -> Finding:
    """A failure after the opening: host and key are right by then, so neither can be the guilty one."""
    code, detail = meant(failure).code, f"GET {path}: {failure.detail}"
    if code in _NOT_THE_KEY:
        code = ProblemCode.PERMISSION_MISSING
    elif code in _NOT_THE_HOST or code in (ProblemCode.REDIRECTED, ProblemCode.TLS_MISSING):
        code = ProblemCode.ANSWER_UNREADABLE
    return failed(check, code, detail, **failure.facts)


async def products(probe: Probe, facts: Mapping[str, Any]) -> Result:
    """One product."""
    return Result((await _may_read(probe, facts, "products", "products", ONE),))


async def stock(probe: Probe, facts: Mapping[str, Any]) -> Result:
    """One product that is in stock."""
    return Result((await _may_read(probe, facts, "stock", "products", {**ONE, "stock_status": "instock"}),))


async def shipping(probe: Probe, facts: Mapping[str, Any]) -> Result:
    """The shipping zones. A shop that ships nothing has no such place."""
    try:
        answer = await read_list(probe, f"{API}/shipping/zones", ONE, entered(probe), by_query=facts["by_query"])
    except CallFailed as failure:
        if failure.status == 404 and wordpress_code(failure) == "rest_no_route":
            return Result((not_applicable("shipping", f"GET shipping/zones: {failure.detail}"),))
        return Result((_of_rest("shipping", "shipping/zones", failure),))
    return Result((passed("shipping", f"GET shipping/zones: {said(answer)}"),))


async def control(probe: Probe, facts: Mapping[str, Any]) -> Result:
    """The negative control: a pair that nobody ever made has to be refused."""
    try:
        answer = await read_list(probe, ORDERS, ONE, made_up(), by_query=facts["by_query"])
    except CallFailed as failure:
        detail = f"GET orders, made-up key: {failure.detail}"
        if failure.status in (401, 403) and wordpress_code(failure):
            return Result((passed("control", detail),))
        waits = failure.code is ProblemCode.RATE_LIMITED
        code = failure.code if waits else ProblemCode.CONTROL_INCONCLUSIVE
        return Result((failed("control", code, detail, **failure.facts),))
    detail = f"GET orders, made-up key: {said(answer)}"
    return Result((failed("control", ProblemCode.ENDPOINT_DOES_NOT_CHECK_KEYS, detail),))


async def account(probe: Probe, facts: Mapping[str, Any]) -> Result:
    """The shop by its own address and name, from the index; its currency where the key may see it."""
    currency, detail = await _currency(probe, facts)
    home = str(facts["home"]) or probe.credentials.url.shown
    found = Account(id=home, name=str(facts["name"]) or home, currency=currency)
    return Result((passed("account", detail, shop=found.name),), found)


async def _currency(probe: Probe, facts: Mapping[str, Any]) -> tuple[str, str]:
    """The shop's currency, or nothing: neither a refusal nor a slow answer says anything about the key."""
    auth = entered(probe).auth(by_query=facts["by_query"])
    try:
        async with asyncio.timeout(_STATUS_SECONDS):
            answer = await probe.get(f"{API}/system_status", params={"_fields": "settings"}, auth=auth)
            told = answer.json()
    except CallFailed as failure:
        return "", f"GET system_status: {failure.detail}"
    except TimeoutError:
        return "", "GET system_status: no answer in time"
    settings = told.get("settings") if isinstance(told, dict) else None
    currency = short(settings.get("currency")) if isinstance(settings, dict) else ""
    return currency[:3], f"GET system_status: {said(answer)}"


CHECKS = Checks(
    opening=opening,
    opening_codes=("recognise", "key", "header", "orders"),
    rest={
        "products": products,
        "stock": stock,
        "shipping": shipping,
        "account": account,
        "control": control,
    },
    shown=("recognise", "key", "header", "orders", "products", "stock", "shipping", "account", "control"),
)
