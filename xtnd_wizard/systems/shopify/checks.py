"""Shopify's checks: one question for shop and permissions, and one that shows whether data comes through.

There is no negative control: every host is Shopify's own, by its name and its certificate, so no other
server can be the one that says yes.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from xtnd_wizard.domain.findings import Account, Finding, failed, not_applicable, passed
from xtnd_wizard.domain.problems import PROBLEMS, ProblemCode, Stage
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound import RequestFailed
from xtnd_wizard.systems.checks import CheckContext, Checks, Result, SignInResult
from xtnd_wizard.systems.shopify.graphql import ask
from xtnd_wizard.systems.shopify.scopes import GROUPS, OLD_ORDERS, Group, is_granted, listed, missing
from xtnd_wizard.systems.shopify.sign_in import sign_in
from xtnd_wizard.systems.shopify.version import RETIREMENT

_SHOP = "{shop{name myshopifyDomain currencyCode} currentAppInstallation{accessScopes{handle}}}"
"""Needs a token and no permission (shopify.dev/docs/api/admin-graphql, currentAppInstallation)."""
_DATA = {"read_orders": "orders(first:1){nodes{id}}", "read_customers": "customers(first:1){nodes{id}}"}
"""One id of each, so that nothing personal is read."""
_NOT_THE_VALUES = (
    ProblemCode.KEY_REJECTED,
    ProblemCode.NOT_AN_API,
    ProblemCode.WRONG_PATH_OR_PRODUCT,
    ProblemCode.REDIRECTED,
)

_Check = Callable[[CheckContext, Mapping[str, Any]], Awaitable[Result]]


async def begin(context: CheckContext) -> SignInResult:
    """Sign in and ask for the shop's name and the app's permissions: one call, or two with a client secret."""
    try:
        signed_in = await sign_in(context)
    except RequestFailed as failure:
        return SignInResult(_refused(failure.code, failure.detail, failure))
    try:
        data, answered = await ask(context, signed_in.token, _SHOP)
    except RequestFailed as failure:
        detail = f"POST graphql.json: {failure.detail}, with {signed_in.how}"
        if signed_in.fetched:
            return SignInResult(_refused_after_sign_in(failure, detail))
        code = ProblemCode.SIGN_IN_REJECTED if failure.code is ProblemCode.KEY_REJECTED else failure.code
        return SignInResult(_refused(code, detail, failure))
    detail = f"POST graphql.json: {answered}, with {signed_in.how}"
    shop, granted = data.get("shop"), _handles(data.get("currentAppInstallation"))
    named = isinstance(shop, dict) and (_text(shop.get("myshopifyDomain")) or _text(shop.get("name")))
    if not named and not signed_in.fetched:
        return SignInResult((failed("recognise", ProblemCode.NOT_AN_API, f"{detail}, no shop"),))
    known = (passed("recognise", detail), passed("key", detail))
    if not named or granted is None:
        lacking = "no list of permissions" if named else "no shop"
        return SignInResult((*known, failed("access", ProblemCode.ANSWER_UNREADABLE, f"{detail}, {lacking}")))
    return SignInResult(
        (*known, passed("access", detail)),
        {"token": signed_in.token, "granted": granted, "shop": shop},
    )


def _refused(code: ProblemCode, detail: str, failure: RequestFailed) -> tuple[Finding, ...]:
    """What failed, after what the same answer proves.

    The host is Shopify's own, and says 404 of a shop that does not exist: whoever is told anything else of
    values or shop has found a shop. A token is looked at before its permissions are.
    """
    stage = PROBLEMS[code].stage
    if code is ProblemCode.KEY_LACKS_PERMISSION:
        return passed("recognise", detail), passed("key", detail), failed("access", code, detail, **failure.facts)
    if stage in (Stage.KEY, Stage.SHOP):
        return passed("recognise", detail), failed(stage.value, code, detail, **failure.facts)
    return (failed("recognise", code, detail, **failure.facts),)


def _refused_after_sign_in(failure: RequestFailed, detail: str) -> tuple[Finding, ...]:
    """Shopify made a token out of the values, so the shop is there, they are right, and neither is to blame."""
    code = _without_blame(failure.code)
    check = "shop" if PROBLEMS[code].stage is Stage.SHOP else "access"
    return passed("recognise", detail), passed("key", detail), failed(check, code, detail, **failure.facts)


def _handles(installation: Any) -> frozenset[str] | None:
    """The app's permissions, or None where the answer has no list of them."""
    found = installation.get("accessScopes") if isinstance(installation, dict) else None
    if not isinstance(found, list):
        return None
    return frozenset(_text(scope.get("handle")) for scope in found if isinstance(scope, dict))


def _permissions(group: Group) -> _Check:
    async def check(context: CheckContext, facts: Mapping[str, Any]) -> Result:
        detail = listed(group, facts["granted"])
        lacking = ", ".join(missing(group.needed, facts["granted"]))
        if lacking:
            return Result((failed(group.check, ProblemCode.PERMISSION_MISSING, detail, permission=lacking),))
        return Result((passed(group.check, detail),))

    return check


async def history(context: CheckContext, facts: Mapping[str, Any]) -> Result:
    """Whether orders older than 60 days can be read. Many shops never need them, so this does not fail."""
    if is_granted(OLD_ORDERS, facts["granted"]):
        return Result((passed("history", f"{OLD_ORDERS} granted"),))
    return Result((not_applicable("history", f"{OLD_ORDERS} missing"),))


async def data(context: CheckContext, facts: Mapping[str, Any]) -> Result:
    """Whether orders and customers really come through.

    With the permission granted, a denial means that Shopify protects customer data from this app
    (shopify.dev/docs/apps/launch/protected-customer-data).
    """
    token: Secret = facts["token"]
    asked = [query for scope, query in _DATA.items() if is_granted(scope, facts["granted"])]
    if not asked:
        return Result((not_applicable("data", "neither orders nor customers may be read"),))
    try:
        _, answered = await ask(context, token, "{" + " ".join(asked) + "}")
    except RequestFailed as failure:
        return Result(
            (failed("data", _of_data(failure.code), f"POST graphql.json: {failure.detail}", **failure.facts),)
        )
    return Result((passed("data", f"POST graphql.json: {answered}"),))


def _of_data(code: ProblemCode) -> ProblemCode:
    """Host and token are right by now, so neither can be the guilty one."""
    return ProblemCode.LICENCE_MISSING if code is ProblemCode.KEY_LACKS_PERMISSION else _without_blame(code)


def _without_blame(code: ProblemCode) -> ProblemCode:
    return ProblemCode.ANSWER_UNREADABLE if code in _NOT_THE_VALUES else code


async def shop(context: CheckContext, facts: Mapping[str, Any]) -> Result:
    """The shop as the opening found it."""
    payload = facts["shop"]
    domain, name = _text(payload.get("myshopifyDomain")), _text(payload.get("name"))
    account = Account(id=domain or name, name=name or domain, currency=_text(payload.get("currencyCode")))
    return Result((passed("shop", "from the same answer", shop=account.name),), account)


def _text(value: object) -> str:
    return value.strip()[:120] if isinstance(value, str) else ""


def _today() -> date:
    return datetime.now(UTC).date()


def checks(today: Callable[[], date] = _today) -> Checks:
    """All checks; the version's retirement is added to their details when it is near."""

    async def first(context: CheckContext) -> SignInResult:
        result = await begin(context)
        return replace(result, findings=_dated(result.findings, today()))

    def later(check: _Check) -> _Check:
        async def run(context: CheckContext, facts: Mapping[str, Any]) -> Result:
            result = await check(context, facts)
            return replace(result, findings=_dated(result.findings, today()))

        return run

    groups = {group.check: _permissions(group) for group in GROUPS}
    parallel = {"orders": groups.pop("orders"), "history": history, **groups, "data": data, "shop": shop}
    return Checks(
        sign_in=first,
        sign_in_codes=("recognise", "key", "access"),
        parallel={code: later(check) for code, check in parallel.items()},
        shown=("recognise", "key", "access", *parallel),
    )


def _dated(findings: tuple[Finding, ...], today: date) -> tuple[Finding, ...]:
    if not RETIREMENT.is_near(today):
        return findings
    notice = f"; {RETIREMENT.what} retires on {RETIREMENT.on.isoformat()}"
    return tuple(replace(finding, detail=finding.detail + notice) for finding in findings)


CHECKS = checks()
