"""The first questions: whether this is Magento, and whether it knows the values.

An admin signs in, an integration signs. Then the orders are asked for, because no shop shows those to
guests. A yes costs no more than that; only a no is looked into.
"""

import re

from xtnd_wizard.domain.findings import Finding, failed, passed
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound import RequestFailed
from xtnd_wizard.systems.checks import CheckContext, Result, SignInResult
from xtnd_wizard.systems.magento2.control import control_of, try_made_up
from xtnd_wizard.systems.magento2.questions import (
    MODULES,
    ORDERS,
    TOKEN,
    ask,
    auth_method_of,
    read_list,
    sign_in,
    summary,
)
from xtnd_wizard.systems.magento2.reads import may_read, unread
from xtnd_wizard.systems.magento2.refusals import is_magento, refusal, says_not_allowed, second_factor
from xtnd_wizard.systems.magento2.rejections import at_the_key, rejected, unrecognised

_P = ProblemCode
_OF_ONE_QUESTION = (
    _P.SIGNATURE_REJECTED,
    _P.VALUES_REJECTED,
    _P.ANSWER_UNREADABLE,
    _P.NOT_AN_API,
    _P.PRODUCT_MISSING,
    _P.UPSTREAM_DOWN,
)
"""What may be wrong with the list of orders alone."""
_A_TOKEN = re.compile(r"[!-~]{16,4096}")
"""Bare texts of 32 characters, or since 2.4.4 a longer JWT."""


async def begin(context: CheckContext) -> SignInResult:
    """Sign in and ask for the orders, or ask for them signed."""
    return await (_signed_in(context) if auth_method_of(context) == "admin" else _signed(context))


async def _signed_in(context: CheckContext) -> SignInResult:
    try:
        answer = await sign_in(context)
        payload = answer.json()
    except RequestFailed as failure:
        return SignInResult(_not_let_in(failure))
    detail = summary(TOKEN, answer)
    factor = second_factor(payload)
    if factor:
        return SignInResult(at_the_key(factor, detail))
    if not isinstance(payload, str) or not _A_TOKEN.fullmatch(payload):
        return SignInResult((failed("recognise", _P.NOT_AN_API, f"{detail}, no token"),))
    token = Secret(payload)
    orders = await may_read(context, "orders", ORDERS, token)
    (finding,) = orders.findings
    if finding.problem_code is _P.PERMISSION_MISSING and await _knows_us(context, token) is False:
        return SignInResult((*_proven(detail), failed("orders", _P.API_SWITCHED_OFF, finding.detail)))
    return SignInResult(_proven(detail), {"token": token, "orders": orders})


def _not_let_in(failure: RequestFailed) -> tuple[Finding, ...]:
    """A refused sign-in. Wrong values come as 401; a 400 wants something else than a name and a password.

    That is the second factor, or reCAPTCHA (magento/security-package, TwoFactorAuth and ReCaptchaWebapiRest).
    """
    factor = second_factor(failure.payload)
    refused = refusal(failure)
    detail = f"{TOKEN.path}: {refused.detail}"
    if factor:
        return at_the_key(factor, detail)
    if is_magento(failure.payload) and failure.status in (400, 401):
        return at_the_key(_P.SIGN_IN_REJECTED if failure.status == 401 else _P.SIGN_IN_NEEDS_MORE, detail)
    return (unrecognised(refused, detail),)


async def _signed(context: CheckContext) -> SignInResult:
    try:
        detail = read_list(ORDERS, await ask(context, ORDERS, None))
    except RequestFailed as failure:
        if says_not_allowed(failure):
            return await _not_allowed(context, failure)
        return await _turned_down(context, failure)
    return SignInResult(_proven(detail), {"orders": Result((passed("orders", detail),))})


async def _turned_down(context: CheckContext, failure: RequestFailed) -> SignInResult:
    """A failure that names no right. Neither host nor values are blamed that pass a plainer question.

    Extensions break the list of orders, and proxies rewrite queries with brackets, which spoils a signature.
    """
    findings = await rejected(context, failure)
    cause = findings[-1]
    if cause.problem_code in _OF_ONE_QUESTION and await _knows_us(context, None):
        return SignInResult(_proven(cause.detail), {"orders": unread(context, "orders", ORDERS, failure)})
    return SignInResult(findings)


async def _not_allowed(context: CheckContext, failure: RequestFailed) -> SignInResult:
    """Tell a signature accepted without the right to read orders from one that never arrived.

    The shop gives both the same answer. Whoever it knows may ask for its modules; where that is refused as
    well, a signature by made-up secrets tells whether signatures are seen at all.
    """
    orders = unread(context, "orders", ORDERS, failure)
    (finding,) = orders.findings
    known = await _knows_us(context, None)
    if known:
        return SignInResult(_proven(finding.detail), {"orders": orders})
    outcome = await try_made_up(context, None)
    control = control_of(outcome)
    if isinstance(outcome, RequestFailed) and says_not_allowed(outcome):
        return SignInResult(at_the_key(_P.API_SWITCHED_OFF, f"{finding.detail}; {control.detail}"))
    if control.problem_code:
        return SignInResult((passed("recognise", finding.detail), control))
    if known is None:
        return SignInResult(_proven(finding.detail), {"orders": orders, "control": Result((control,))})
    idle = failed("orders", _P.KEY_LACKS_PERMISSION, finding.detail, **finding.facts)
    return SignInResult((*_proven(finding.detail), idle, control))


async def _knows_us(context: CheckContext, token: Secret | None) -> bool | None:
    """Whether the shop knows who asks; None where it gives no clear answer."""
    try:
        payload = (await ask(context, MODULES, token, retry=False)).json()
    except RequestFailed as failure:
        return False if says_not_allowed(failure) else None
    return True if isinstance(payload, list) else None


def _proven(detail: str) -> tuple[Finding, ...]:
    return passed("recognise", detail), passed("key", detail)
