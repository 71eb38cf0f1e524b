"""Shopify's checks: one question for shop and permissions, and one that shows whether data comes through.

There is no negative control: every host is Shopify's own, by its name and its certificate, so no other
server can be the one that says yes.
"""

from dataclasses import dataclass
from typing import Any

from xtnd_wizard.domain.findings import Account, Finding, failed, not_applicable, passed
from xtnd_wizard.domain.problems import PROBLEMS as COMMON
from xtnd_wizard.domain.problems import ProblemCode, Stage
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound import RequestFailed
from xtnd_wizard.systems.checks import Check, CheckContext, Checks, Result, SignIn, SignInResult
from xtnd_wizard.systems.common_checks import HOST_IS_RIGHT, all_passed, explain, object_in, short_text
from xtnd_wizard.systems.shopify.graphql import ask
from xtnd_wizard.systems.shopify.problems import PROBLEMS
from xtnd_wizard.systems.shopify.scopes import GROUPS, OLD_ORDERS, Group, is_granted, listed, missing
from xtnd_wizard.systems.shopify.sign_in import sign_in

_SHOP = "{shop{name myshopifyDomain currencyCode} currentAppInstallation{accessScopes{handle}}}"
"""Needs a token and no permission (shopify.dev/docs/api/admin-graphql, currentAppInstallation)."""
_DATA = {"read_orders": "orders(first:1){nodes{id}}", "read_customers": "customers(first:1){nodes{id}}"}
"""One id of each, so that nothing personal is read."""
_STAGES = {problem.code: problem.stage for problem in (*COMMON.values(), *PROBLEMS)}
_LATER = {**HOST_IS_RIGHT, ProblemCode.KEY_REJECTED: ProblemCode.ANSWER_UNREADABLE}
"""What an answer means once a token was accepted, or made out of the values."""


@dataclass(frozen=True)
class App:
    """The app as the sign-in found it."""

    token: Secret
    granted: frozenset[str]
    """The permissions that it has."""
    shop: Account


async def begin(context: CheckContext) -> SignInResult[App]:
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
    shop, granted = _shop(data.get("shop")), _handles(data.get("currentAppInstallation"))
    if shop is None and not signed_in.fetched:
        return SignInResult((failed("recognise", ProblemCode.NOT_AN_API, f"{detail}, no shop"),))
    if shop is None or granted is None:
        lacking = "no list of permissions" if shop else "no shop"
        unreadable = failed("access", ProblemCode.ANSWER_UNREADABLE, f"{detail}, {lacking}")
        return SignInResult((*all_passed(("recognise", "key"), detail), unreadable))
    return SignInResult(all_passed(("recognise", "key", "access"), detail), App(signed_in.token, granted, shop))


def _refused(code: str, detail: str, failure: RequestFailed) -> tuple[Finding, ...]:
    """What failed, after what the same answer proves.

    The host is Shopify's own, and says 404 of a shop that does not exist: whoever is told anything else of
    values or shop has found a shop. A token is looked at before its permissions are.
    """
    if code is ProblemCode.KEY_LACKS_PERMISSION:
        return *all_passed(("recognise", "key"), detail), failed("access", code, detail, **failure.facts)
    stage = _STAGES[code]
    if stage in (Stage.KEY, Stage.SHOP):
        return passed("recognise", detail), failed(stage.value, code, detail, **failure.facts)
    return (failed("recognise", code, detail, **failure.facts),)


def _refused_after_sign_in(failure: RequestFailed, detail: str) -> tuple[Finding, ...]:
    """Shopify made a token out of the values, so the shop is there, they are right, and neither is to blame."""
    code = _LATER.get(failure.code, failure.code)
    check = "shop" if _STAGES[code] is Stage.SHOP else "access"
    return *all_passed(("recognise", "key"), detail), failed(check, code, detail, **failure.facts)


def _shop(found: Any) -> Account | None:
    """The shop that an answer names, or None where it names none."""
    domain, name, currency = (_text(object_in(found).get(part)) for part in ("myshopifyDomain", "name", "currencyCode"))
    return Account(id=domain or name, name=name or domain, currency=currency) if domain or name else None


def _handles(installation: Any) -> frozenset[str] | None:
    """The app's permissions, or None where the answer has no list of them."""
    found = object_in(installation).get("accessScopes")
    if not isinstance(found, list):
        return None
    return frozenset(_text(scope.get("handle")) for scope in found if isinstance(scope, dict))


def _text(value: object) -> str:
    return short_text(value) if isinstance(value, str) else ""


def _permissions(group: Group) -> Check[App]:
    async def run(context: CheckContext, app: App) -> Finding:
        detail = listed(group, app.granted)
        lacking = ", ".join(missing(group.needed, app.granted))
        if lacking:
            return failed(group.check, ProblemCode.PERMISSION_MISSING, detail, permission=lacking)
        return passed(group.check, detail)

    return Check(group.check, run)


async def history(context: CheckContext, app: App) -> Finding:
    """Whether orders older than 60 days can be read. Many shops never need them, so this does not fail."""
    if is_granted(OLD_ORDERS, app.granted):
        return passed("history", f"{OLD_ORDERS} granted")
    return not_applicable("history", f"{OLD_ORDERS} missing")


async def data(context: CheckContext, app: App) -> Finding:
    """Whether orders and customers really come through.

    With the permission granted, a denial means that Shopify protects customer data from this app
    (shopify.dev/docs/apps/launch/protected-customer-data).
    """
    asked = [query for scope, query in _DATA.items() if is_granted(scope, app.granted)]
    if not asked:
        return not_applicable("data", "neither orders nor customers may be read")
    try:
        _, answered = await ask(context, app.token, "{" + " ".join(asked) + "}")
    except RequestFailed as failure:
        protected = {**_LATER, ProblemCode.KEY_LACKS_PERMISSION: ProblemCode.LICENCE_MISSING}
        return explain("data", "POST graphql.json", failure, protected)
    return passed("data", f"POST graphql.json: {answered}")


async def shop(context: CheckContext, app: App) -> Result:
    """The shop as the sign-in found it."""
    return Result((passed("shop", "from the same answer", shop=app.shop.name),), app.shop)


_ORDERS, *_OTHERS = map(_permissions, GROUPS)
CHECKS = Checks(
    SignIn(("recognise", "key", "access"), begin),
    (_ORDERS, Check("history", history), *_OTHERS, Check("data", data), Check("shop", shop)),
)
