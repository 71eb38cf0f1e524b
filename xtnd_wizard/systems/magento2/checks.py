"""Magento's checks. Operations: Adobe's web API reference (developer.adobe.com/commerce/webapi/rest)."""

import re
import uuid
from collections.abc import Mapping
from typing import Any

from xtnd_wizard.findings import Account, Finding, failed, not_applicable, passed
from xtnd_wizard.outbound import Answer, CallFailed, JsonBody, OAuth1
from xtnd_wizard.problems import PROBLEMS, ProblemCode, Stage
from xtnd_wizard.secret import Secret
from xtnd_wizard.systems.checking import Checks, Opening, Probe, Result
from xtnd_wizard.systems.contract import WAY
from xtnd_wizard.systems.magento2.refusals import (
    is_magento,
    lacks_access,
    oauth_problem,
    permission,
    refusal,
    second_factor,
)

_API = "/rest/V1/"
_TOKEN = "integration/admin/token"  # noqa: S105  # a path
_STORES, _ORDERS = "store/storeConfigs", "orders"
_ONE = {"searchCriteria[pageSize]": "1", "searchCriteria[currentPage]": "1"}
_STORE_FIELDS = {"fields": "id,code,base_currency_code,base_url"}
_RIGHTS = {
    "store": "Magento_Backend::store",
    "orders": "Magento_Sales::actions_view",
    "products": "Magento_Catalog::products",
    "stock": "Magento_CatalogInventory::cataloginventory",
    "shipments": "Magento_Sales::shipment",
}
"""The right that each question takes, for answers that do not name it."""
_BOXES = {
    "Magento_Backend::store": "Stores",
    "Magento_Backend::stores": "Stores",
    "Magento_Sales::sales": "Sales",
    "Magento_Sales::sales_order": "Sales",
    "Magento_Sales::actions_view": "Sales",
    "Magento_Sales::shipment": "Sales > Shipments",
    "Magento_Catalog::catalog": "Catalog",
    "Magento_Catalog::products": "Catalog",
    "Magento_CatalogInventory::cataloginventory": "Stores > Configuration > Inventory Section",
}
"""The boxes to tick for a right, by the titles in Magento's `etc/acl.xml`. Levels without a choice are left out."""
_WHERE = {
    "integration": "System > Extensions > Integrations > API",
    "admin": "System > Permissions > User Roles > Role Resources",
}
"""Where rights are given, by the words of Magento's own menu."""
_JUDGED = ("signature_invalid", "consumer_key_rejected", "token_rejected")
"""Refusals for which the values were looked at."""
_NOT_THE_HOST = (
    ProblemCode.NOT_AN_API,
    ProblemCode.WRONG_PATH_OR_PRODUCT,
    ProblemCode.PRODUCT_MISSING,
    ProblemCode.REDIRECTED,
)
_BASE_URL = re.compile(r"https?://([a-z0-9.-]{1,200}(?:/[\w~-][\w.~-]{0,60}){0,5})/?", re.IGNORECASE | re.ASCII)
_CODE = re.compile(r"\w{1,60}", re.ASCII)
_A_TOKEN = re.compile(r"[!-~]{16,4096}")
"""Bare texts of 32 characters, or since 2.4.4 a longer JWT."""


async def _ask(
    probe: Probe, path: str, params: Mapping[str, str], token: Secret | None, *, made_up: bool = False
) -> Answer:
    """One question, with the token of a sign-in, or else signed by the integration.

    What is `made_up` is the token, or the secrets behind the signature: it has to be refused.
    """
    if token:
        shown = Secret(uuid.uuid4().hex) if made_up else token
        return await probe.get(_API + path, params=params, secret_headers={"authorization": shown.after("Bearer ")})
    mine = probe.credentials
    secrets = (Secret(uuid.uuid4().hex),) * 2 if made_up else (mine.secret("consumer_secret"), mine.secret("secret"))
    auth = OAuth1(mine.secret("consumer_key"), secrets[0], mine.secret("access_token"), secrets[1])
    return await probe.get(_API + path, params=params, auth=auth)


def _way(probe: Probe) -> str:
    return "admin" if probe.credentials.text(WAY) == "admin" else "integration"


async def opening(probe: Probe) -> Opening:
    """An admin's sign-in, or the first signed question. Either tells whether the values are right."""
    return await (_sign_in(probe) if _way(probe) == "admin" else _signed(probe))


async def _sign_in(probe: Probe) -> Opening:
    """A token for a user name and a password. Asked once: failed tries lock the user or send e-mails."""
    mine = probe.credentials
    body = JsonBody({"username": mine.secret("access_token"), "password": mine.secret("secret")})
    try:
        answer = await probe.post(_API + _TOKEN, body, retry=False)
        told = answer.json()
    except CallFailed as failure:
        return Opening(_not_let_in(failure))
    detail = _said(_TOKEN, answer)
    factor = second_factor(told)
    if factor:
        return Opening(_at_the_key(factor, detail))
    if not isinstance(told, str) or not _A_TOKEN.fullmatch(told):
        return Opening((failed("recognise", ProblemCode.NOT_AN_API, f"{detail}, no token"),))
    return Opening((passed("recognise", detail), passed("key", detail)), {"token": Secret(told)})


def _not_let_in(failure: CallFailed) -> tuple[Finding, ...]:
    factor = second_factor(failure.told)
    detail = f"{_TOKEN}: {failure.detail}"
    if factor:
        return _at_the_key(factor, detail)
    if failure.status == 401 and is_magento(failure.told):
        return _at_the_key(ProblemCode.SIGN_IN_REJECTED, detail)
    return _found(failure, _TOKEN)


async def _signed(probe: Probe) -> Opening:
    try:
        answer = await _ask(probe, _STORES, _STORE_FIELDS, None)
        stores = answer.json()
    except CallFailed as failure:
        if lacks_access(failure):
            return Opening(await _without_access(probe, failure))
        return Opening(_found(failure, _STORES))
    detail = _said(_STORES, answer)
    if _account(stores, probe) is None:
        return Opening((failed("recognise", ProblemCode.NOT_AN_API, f"{detail}, no stores"),))
    return Opening((passed("recognise", detail), passed("key", detail)), {"stores": stores, "detail": detail})


async def _without_access(probe: Probe, failure: CallFailed) -> tuple[Finding, ...]:
    """A signature that was accepted without the right to read, or one that never arrived?

    The shop gives both the same answer. A signature by made-up secrets tells them apart: where it
    changes nothing, the shop does not see signatures at all.
    """
    detail = f"{_STORES}: {failure.detail}"
    try:
        await _ask(probe, _STORES, _STORE_FIELDS, None, made_up=True)
    except CallFailed as other:
        if lacks_access(other):
            return _at_the_key(ProblemCode.API_SWITCHED_OFF, f"{detail}; made up: {other.detail}")
    right = permission(failure.told) or _RIGHTS["store"]
    return _at_the_key(ProblemCode.KEY_LACKS_PERMISSION, f"{detail}; {right}", permission=_box("store", right))


def _found(failure: CallFailed, operation: str) -> tuple[Finding, ...]:
    meant = refusal(failure)
    detail = f"{operation}: {meant.detail}"
    if meant.code is ProblemCode.KEY_LACKS_PERMISSION:
        right = permission(failure.told) or _RIGHTS["store"]
        return _at_the_key(meant.code, f"{detail}; {right}", permission=_box("store", right))
    if oauth_problem(failure) or PROBLEMS[meant.code].stage is Stage.KEY:
        return _at_the_key(meant.code, detail, **meant.facts)
    return (failed("recognise", meant.code, detail, **meant.facts),)


def _at_the_key(code: ProblemCode, detail: str, **facts: str) -> tuple[Finding, ...]:
    """The shop said no in Magento's own words, so it is one."""
    return passed("recognise", detail), failed("key", code, detail, **facts)


def _of_rest(probe: Probe, check: str, operation: str, failure: CallFailed) -> Result:
    """A failure after the opening: host and values are right by then, unless the shop says otherwise."""
    meant = refusal(failure)
    code, facts, detail = meant.code, meant.facts, f"{operation}: {meant.detail}"
    if not oauth_problem(failure) and (lacks_access(failure) or PROBLEMS[code].stage is Stage.KEY):
        right = permission(failure.told) or _RIGHTS[check]
        facts, code = {"permission": _box(check, right), "where": _WHERE[_way(probe)]}, ProblemCode.PERMISSION_MISSING
        detail = f"{detail}; {right}"
    elif code in _NOT_THE_HOST:
        code = ProblemCode.ANSWER_UNREADABLE
    return Result((failed(check, code, detail, **facts),))


def _box(check: str, right: str) -> str:
    """What a merchant ticks for a right. One that we don't know is named behind the box of the question."""
    return _BOXES.get(right) or f"{_BOXES[_RIGHTS[check]]} ({right})"


async def _may_read(
    probe: Probe, facts: Mapping[str, Any], check: str, path: str, params: Mapping[str, str], only: str
) -> Result:
    try:
        answer = await _ask(probe, path, {**params, "fields": f"items[{only}],total_count"}, facts.get("token"))
        told = answer.json()
        is_list = isinstance(told, dict) and not {"items", "total_count"}.isdisjoint(told)
        if not is_list and told != []:  # where nothing is left of an empty answer, PHP says []
            raise CallFailed(ProblemCode.NOT_AN_API, f"HTTP {answer.status}, not a list", key_sent=True)
    except CallFailed as failure:
        return _of_rest(probe, check, path, failure)
    return Result((passed(check, _said(path, answer)),))


async def store(probe: Probe, facts: Mapping[str, Any]) -> Result:
    """The shop's own name for itself; already told where the opening asked for it."""
    stores, detail = facts.get("stores"), str(facts.get("detail", _STORES))
    try:
        if stores is None:
            answer = await _ask(probe, _STORES, _STORE_FIELDS, facts.get("token"))
            stores, detail = answer.json(), _said(_STORES, answer)
    except CallFailed as failure:
        return _of_rest(probe, "store", _STORES, failure)
    account = _account(stores, probe)
    if account is None:
        return Result((failed("store", ProblemCode.ANSWER_UNREADABLE, f"{detail}, no stores"),))
    return Result((passed("store", detail, shop=account.name),), account)


async def orders(probe: Probe, facts: Mapping[str, Any]) -> Result:
    """One order's number. It also proves the key where the list of stores is open to everybody (early 2.0)."""
    return await _may_read(probe, facts, "orders", _ORDERS, _ONE, "increment_id")


async def products(probe: Probe, facts: Mapping[str, Any]) -> Result:
    """One product's number."""
    return await _may_read(probe, facts, "products", "products", _ONE, "sku")


async def stock(probe: Probe, facts: Mapping[str, Any]) -> Result:
    """One row of what is nearly sold out. Shops that count their stock with another module lack the question."""
    few = {"scopeId": "0", "qty": "1", "currentPage": "1", "pageSize": "1"}
    result = await _may_read(probe, facts, "stock", "stockItems/lowStock", few, "item_id")
    (finding,) = result.findings
    if finding.detail.endswith("no such route"):
        return Result((not_applicable("stock", finding.detail),))
    return result


async def shipments(probe: Probe, facts: Mapping[str, Any]) -> Result:
    """One shipment's number."""
    return await _may_read(probe, facts, "shipments", "shipments", _ONE, "increment_id")


async def control(probe: Probe, facts: Mapping[str, Any]) -> Result:
    """The negative control: a made-up token or signature has to be refused. Never a made-up sign-in."""
    params = {**_ONE, "fields": "total_count"}
    try:
        answer = await _ask(probe, _ORDERS, params, facts.get("token"), made_up=True)
    except CallFailed as failure:
        detail = f"{_ORDERS}, made up: {failure.detail}"
        problem = oauth_problem(failure)
        if problem in _JUDGED or lacks_access(failure):
            return Result((passed("control", detail),))
        waits = failure.code is ProblemCode.RATE_LIMITED
        code = failure.code if waits else ProblemCode.CONTROL_INCONCLUSIVE
        return Result((failed("control", code, detail, **failure.facts),))
    detail = _said(f"{_ORDERS}, made up", answer)
    return Result((failed("control", ProblemCode.ENDPOINT_DOES_NOT_CHECK_KEYS, detail),))


def _account(stores: Any, probe: Probe) -> Account | None:
    """The shop behind a list of stores: the one at the address that was asked, or else the first.

    None where this is no such list.
    """
    listed = [store for store in stores if isinstance(store, dict)] if isinstance(stores, list) else []
    named = {name: store for store in reversed(listed) if (name := _name_of(store))}
    if not named:
        return None
    asked = probe.credentials.url.shown.lower()
    name = asked if asked in named else list(named)[-1]
    currency = str(named[name].get("base_currency_code", ""))
    return Account(name, name, currency=currency if re.fullmatch(r"[A-Z]{3}", currency) else "")


def _name_of(store: Mapping[str, Any]) -> str:
    """A store's address without the scheme, or else its code; empty where it has neither."""
    address = _BASE_URL.fullmatch(str(store.get("base_url", "")))
    if address:
        return address.group(1).lower().removesuffix("/index.php")
    code = str(store.get("code", ""))
    return code if _CODE.fullmatch(code) else ""


def _said(operation: str, answer: Answer) -> str:
    return f"{operation}: {answer.said}"


CHECKS = Checks(
    opening=opening,
    opening_codes=("recognise", "key"),
    rest={
        "store": store,
        "orders": orders,
        "products": products,
        "stock": stock,
        "shipments": shipments,
        "control": control,
    },
    shown=("recognise", "key", "store", "orders", "products", "stock", "shipments", "control"),
)
