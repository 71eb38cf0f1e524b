"""Magento's checks: what is asked side by side once the sign-in passed."""

from xtnd_wizard.domain.findings import Finding, failed, not_applicable, passed
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.outbound import RequestFailed
from xtnd_wizard.systems.checks import Check, CheckContext, Checks, Result, SignIn
from xtnd_wizard.systems.common_checks import describe
from xtnd_wizard.systems.magento2.accounts import account_of
from xtnd_wizard.systems.magento2.questions import PRODUCTS, SHIPMENTS, STOCK, STORES, Question, ask
from xtnd_wizard.systems.magento2.reads import control_of, may_read_list, try_made_up, unread
from xtnd_wizard.systems.magento2.sign_in import SignedIn, begin


async def store(context: CheckContext, signed_in: SignedIn) -> Finding | Result:
    """The shop's own name for itself."""
    try:
        answer = await ask(context, STORES, signed_in.token)
        account = account_of(answer.json(), context.credentials.url.shown)
    except RequestFailed as failure:
        return unread(context, "store", STORES.path, failure)
    detail = describe(STORES.path, answer)
    if account is None:
        return failed("store", ProblemCode.ANSWER_UNREADABLE, f"{detail}, no stores")
    return Result((passed("store", detail, shop=account.name),), account)


async def orders(context: CheckContext, signed_in: SignedIn) -> Finding:
    """One order's number, which the sign-in asked for."""
    return signed_in.orders


async def stock(context: CheckContext, signed_in: SignedIn) -> Finding:
    """One row of what is nearly sold out. Shops that count their stock with another module lack the question."""
    finding = await may_read_list(context, "stock", STOCK, signed_in.token)
    return not_applicable("stock", finding.detail) if finding.detail.endswith("no such route") else finding


async def control(context: CheckContext, signed_in: SignedIn) -> Finding:
    """Made-up values have to be refused. The sign-in may have had to ask with them already."""
    return signed_in.control or control_of(await try_made_up(context, signed_in.token))


def _reads(check: str, question: Question) -> Check[SignedIn]:
    async def run(context: CheckContext, signed_in: SignedIn) -> Finding:
        return await may_read_list(context, check, question, signed_in.token)

    return Check(check, run)


CHECKS = Checks(
    SignIn(("recognise", "key"), begin),
    (
        Check("store", store),
        Check("orders", orders),
        _reads("products", PRODUCTS),
        Check("stock", stock),
        _reads("shipments", SHIPMENTS),
        Check("control", control),
    ),
)
