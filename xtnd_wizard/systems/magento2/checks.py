"""Magento's checks, side by side once the opening passed."""

from collections.abc import Mapping
from typing import Any

from xtnd_wizard.domain.findings import failed, not_applicable, passed
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.outbound import RequestFailed
from xtnd_wizard.systems.checks import CheckContext, Checks, Result
from xtnd_wizard.systems.magento2.accounts import account_of
from xtnd_wizard.systems.magento2.control import control_of, try_made_up
from xtnd_wizard.systems.magento2.questions import PRODUCTS, SHIPMENTS, STOCK, STORES, ask, summary
from xtnd_wizard.systems.magento2.reads import may_read, unread
from xtnd_wizard.systems.magento2.sign_in import begin


async def store(context: CheckContext, facts: Mapping[str, Any]) -> Result:
    """The shop's own name for itself."""
    try:
        answer = await ask(context, STORES, facts.get("token"))
        account = account_of(answer.json(), context.credentials.url.shown)
    except RequestFailed as failure:
        return unread(context, "store", STORES, failure)
    detail = summary(STORES, answer)
    if account is None:
        return Result((failed("store", ProblemCode.ANSWER_UNREADABLE, f"{detail}, no stores"),))
    return Result((passed("store", detail, shop=account.name),), account)


async def orders(context: CheckContext, facts: Mapping[str, Any]) -> Result:
    """One order's number, which the opening asked for."""
    result: Result = facts["orders"]
    return result


async def products(context: CheckContext, facts: Mapping[str, Any]) -> Result:
    """One product's number."""
    return await may_read(context, "products", PRODUCTS, facts.get("token"))


async def stock(context: CheckContext, facts: Mapping[str, Any]) -> Result:
    """One row of what is nearly sold out. Shops that count their stock with another module lack the question."""
    result = await may_read(context, "stock", STOCK, facts.get("token"))
    (finding,) = result.findings
    if finding.detail.endswith("no such route"):
        return Result((not_applicable("stock", finding.detail),))
    return result


async def shipments(context: CheckContext, facts: Mapping[str, Any]) -> Result:
    """One shipment's number."""
    return await may_read(context, "shipments", SHIPMENTS, facts.get("token"))


async def control(context: CheckContext, facts: Mapping[str, Any]) -> Result:
    """Made-up values, unless the opening had to ask with them."""
    known: Result | None = facts.get("control")
    return known or Result((control_of(await try_made_up(context, facts.get("token"))),))


CHECKS = Checks(
    sign_in=begin,
    sign_in_codes=("recognise", "key"),
    parallel={
        "store": store,
        "orders": orders,
        "products": products,
        "stock": stock,
        "shipments": shipments,
        "control": control,
    },
    shown=("recognise", "key", "store", "orders", "products", "stock", "shipments", "control"),
)
