"""Fortnox's checks (fortnox.se/developer: guides, errors, scopes).

Fortnox says what is wrong by a number of its own, and that number comes before the HTTP status. Its
answers spell the names of an error's parts in two ways, so both are read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xtnd_wizard.domain.findings import Account, Finding, failed, passed
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.outbound import RequestFailed, Response
from xtnd_wizard.systems.checks import Check, CheckContext, Checks, Result, SignIn, SignInResult
from xtnd_wizard.systems.common_checks import AFTER_SIGN_IN, all_passed, describe, may_read, short_text

_COMPANY = "/3/companyinformation"
_CODES = {
    2000310: ProblemCode.CONSENT_LOST,
    2000311: ProblemCode.CONSENT_LOST,
    2000663: ProblemCode.PERMISSION_MISSING,
    2001101: ProblemCode.LICENCE_MISSING,
    2001103: ProblemCode.LICENCE_MISSING,
    2003275: ProblemCode.CONSENT_LOST,
}
_NO_API_LICENCE = 2001103
_IN_FORTNOX = {
    "api": "Integration",
    "companyinformation": "Företagsinformation",
    "order": "Order",
    "invoice": "Faktura",
    "article": "Artikel",
    "supplierinvoice": "Leverantörsfaktura",
    "bookkeeping": "Bokföring",
}
"""What a merchant sees in Fortnox, which speaks Swedish to everybody, by the scope's own name."""
_AT_THE_SIGN_IN: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    ProblemCode.CONSENT_LOST: ("key", ProblemCode.CONSENT_LOST, ("recognise",)),
    ProblemCode.KEY_REJECTED: ("key", ProblemCode.CONSENT_LOST, ("recognise",)),
    ProblemCode.LICENCE_MISSING: ("licence", ProblemCode.LICENCE_MISSING, ("recognise", "key")),
    ProblemCode.PERMISSION_MISSING: ("company", ProblemCode.PERMISSION_MISSING, ("recognise", "key")),
    ProblemCode.KEY_LACKS_PERMISSION: ("company", ProblemCode.PERMISSION_MISSING, ("recognise", "key")),
}
"""What a refusal of the first question means: the check that fails, why, and the checks that it proves.

Only Fortnox is at this host, and it looks at the approval first.
"""
_LATER = {**AFTER_SIGN_IN, ProblemCode.CONSENT_LOST: ProblemCode.PERMISSION_MISSING}


@dataclass(frozen=True)
class Company:
    """The company that the approval is for, as the sign-in found it."""

    number: str
    name: str
    detail: str


async def _ask(context: CheckContext, path: str, params: Mapping[str, str] | None = None) -> Response:
    """One question. Raises RequestFailed, also where the answer is a refusal with a good status."""
    token = context.credentials.secret("access_token")
    answer = await context.get(path, params=params, secret_headers={"authorization": token.after("Bearer ")})
    if _number(answer.json()) or not isinstance(answer.json(), dict):
        raise RequestFailed(ProblemCode.NOT_AN_API, answer.summary, key_sent=True, answer=answer)
    return answer


async def sign_in(context: CheckContext) -> SignInResult[Company]:
    """The company's own data: who approved, and whether the API may be used at all."""
    try:
        answer = await _ask(context, _COMPANY)
    except RequestFailed as failure:
        return SignInResult(_refused(failure))
    company = _part(answer.json(), "CompanyInformation")
    detail = describe(f"GET {_COMPANY}", answer)
    if not isinstance(company, dict):
        return SignInResult((failed("recognise", ProblemCode.NOT_AN_API, detail),))
    number, name = (_text(_part(company, part)) for part in ("DatabaseNumber", "CompanyName"))
    return SignInResult(all_passed(("recognise", "key", "licence"), detail), Company(number, name, detail))


def _refused(failure: RequestFailed) -> tuple[Finding, ...]:
    code, detail, permission = _read(failure, _COMPANY, "companyinformation")
    if code not in _AT_THE_SIGN_IN:
        return (failed("recognise", code, detail, **failure.facts),)
    check, meaning, proven = _AT_THE_SIGN_IN[code]
    facts = {} if check == "key" else {"permission": permission}
    return *all_passed(proven, detail), failed(check, meaning, detail, **facts)


async def company(context: CheckContext, found: Company) -> Finding | Result:
    """Names the company, out of what the sign-in found."""
    if not found.number:
        return failed("company", ProblemCode.ANSWER_UNREADABLE, f"{found.detail}, no DatabaseNumber")
    return Result((passed("company", found.detail),), Account(found.number, found.name or found.number))


def _reads(check: str, path: str, scope: str) -> Check[Company]:
    """One entry of a list that a scope opens."""

    def explain(check: str, operation: str, failure: RequestFailed) -> Finding:
        code, detail, permission = _read(failure, path, scope)
        return failed(check, _LATER.get(code, code), detail, **{**failure.facts, "permission": permission})

    async def run(context: CheckContext, found: Company) -> Finding:
        return await may_read(check, f"GET {path}", _ask(context, path, {"limit": "1"}), explain)

    return Check(check, run)


def _read(failure: RequestFailed, path: str, scope: str) -> tuple[str, str, str]:
    """The problem behind a refusal by Fortnox's own number, its detail, and the licence that the question takes."""
    number = _number(failure.payload)
    scope = "api" if number == _NO_API_LICENCE else scope
    detail = f"GET {path} (scope {scope}): {failure.detail}" + (f", code {number}" if number else "")
    return _CODES.get(number, failure.code), detail, _IN_FORTNOX[scope]


def _number(payload: Any) -> int:
    """Fortnox's own number for what is wrong, or 0."""
    text = short_text(_part(_part(payload, "ErrorInformation"), "Code"))
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0


def _part(payload: Any, name: str) -> Any:
    """A part of an answer by its name, whatever the case of its letters."""
    if not isinstance(payload, dict):
        return None
    return next((value for key, value in payload.items() if key.lower() == name.lower()), None)


def _text(value: object) -> str:
    """A short text, or a number that is not too long for a company's."""
    return "" if isinstance(value, int) and abs(value) >= 10**18 else short_text(value)


CHECKS = Checks(
    SignIn(("recognise", "key", "licence"), sign_in),
    (
        Check("company", company),
        _reads("orders", "/3/orders", "order"),
        _reads("invoices", "/3/invoices", "invoice"),
        _reads("articles", "/3/articles", "article"),
        _reads("supplier_invoices", "/3/supplierinvoices", "supplierinvoice"),
        _reads("vouchers", "/3/vouchers", "bookkeeping"),
    ),
)
