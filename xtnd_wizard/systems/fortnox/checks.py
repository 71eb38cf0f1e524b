"""Fortnox's checks (fortnox.se/developer: guides, errors, scopes).

Fortnox says what is wrong by a number of its own, and that number comes before the HTTP status. Its
answers spell the names of an error's parts in two ways, so both are read.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from xtnd_wizard.domain.findings import Account, Finding, failed, passed
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.outbound import RequestFailed, Response
from xtnd_wizard.systems.checks import CheckContext, Checks, Result, SignInResult

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
_PROVEN_BY = {
    ProblemCode.CONSENT_LOST: ("recognise",),
    ProblemCode.LICENCE_MISSING: ("recognise", "key"),
    ProblemCode.PERMISSION_MISSING: ("recognise", "key"),
}
"""What a refusal of the first question proves: only Fortnox is at this host, and it looks at the approval first."""
_KEY_CODES = (ProblemCode.CONSENT_LOST, ProblemCode.KEY_REJECTED, ProblemCode.KEY_LACKS_PERMISSION)
_NOT_THE_HOST = (ProblemCode.NOT_AN_API, ProblemCode.WRONG_PATH_OR_PRODUCT, ProblemCode.REDIRECTED)


async def _ask(context: CheckContext, path: str, params: Mapping[str, str] | None = None) -> Response:
    """One question. Raises RequestFailed, also where the answer is a refusal with a good status."""
    token = context.credentials.secret("access_token")
    answer = await context.get(path, params=params, secret_headers={"authorization": token.after("Bearer ")})
    if _code(answer.json()) or not isinstance(answer.json(), dict):
        detail = answer.summary
        raise RequestFailed(ProblemCode.NOT_AN_API, detail, key_sent=True, answer=answer)
    return answer


async def sign_in(context: CheckContext) -> SignInResult:
    """The company's own data: who approved, and whether the API may be used at all."""
    try:
        answer = await _ask(context, _COMPANY)
    except RequestFailed as failure:
        return _refused(failure)
    company = _part(answer.json(), "CompanyInformation")
    detail = _summary(_COMPANY, answer)
    if not isinstance(company, dict):
        return SignInResult((failed("recognise", ProblemCode.NOT_AN_API, detail),))
    facts = {"number": _text(_part(company, "DatabaseNumber")), "name": _text(_part(company, "CompanyName"))}
    return SignInResult(
        tuple(passed(check, detail) for check in ("recognise", "key", "licence")), {**facts, "said": detail}
    )


def _refused(failure: RequestFailed) -> SignInResult:
    number = _code(failure.payload)
    code, scope = _CODES.get(number, failure.code), "api" if number == _NO_API_LICENCE else "companyinformation"
    detail, permission = _detail(_COMPANY, scope, failure, number), _IN_FORTNOX[scope]
    if code is ProblemCode.LICENCE_MISSING:
        return _after_what_it_proves(failed("licence", code, detail, permission=permission))
    if code in (ProblemCode.CONSENT_LOST, ProblemCode.KEY_REJECTED):
        return _after_what_it_proves(failed("key", ProblemCode.CONSENT_LOST, detail))
    if code in (ProblemCode.PERMISSION_MISSING, ProblemCode.KEY_LACKS_PERMISSION):
        return _after_what_it_proves(failed("company", ProblemCode.PERMISSION_MISSING, detail, permission=permission))
    return SignInResult((failed("recognise", code, detail, **failure.facts),))


def _after_what_it_proves(finding: Finding) -> SignInResult:
    proven = _PROVEN_BY[finding.problem_code] if finding.problem_code else ()
    return SignInResult((*(passed(check, finding.detail) for check in proven), finding))


async def company(context: CheckContext, facts: Mapping[str, Any]) -> Result:
    """Names the company that the approval is for, out of what the opening heard."""
    if not facts["number"]:
        return Result((failed("company", ProblemCode.ANSWER_UNREADABLE, f"{facts['said']}, no DatabaseNumber"),))
    found = Account(facts["number"], facts["name"] or facts["number"])
    return Result((passed("company", facts["said"]),), found)


def _may_read(check: str, path: str, scope: str) -> Callable[[CheckContext, Mapping[str, Any]], Awaitable[Result]]:
    """A check that reads one entry of a list that a scope opens."""

    async def read(context: CheckContext, facts: Mapping[str, Any]) -> Result:
        try:
            answer = await _ask(context, path, {"limit": "1"})
        except RequestFailed as failure:
            return _of_rest(check, path, scope, failure)
        return Result((passed(check, _summary(path, answer)),))

    return read


def _of_rest(check: str, path: str, scope: str, failure: RequestFailed) -> Result:
    """A failure after the opening: the approval holds and the host is right, so neither is to blame."""
    number = _code(failure.payload)
    scope = "api" if number == _NO_API_LICENCE else scope
    code, detail = _CODES.get(number, failure.code), _detail(path, scope, failure, number)
    if code in _KEY_CODES:
        code = ProblemCode.PERMISSION_MISSING
    elif code in _NOT_THE_HOST:
        code = ProblemCode.ANSWER_UNREADABLE
    return Result((failed(check, code, detail, **{**failure.facts, "permission": _IN_FORTNOX[scope]}),))


def _code(payload: Any) -> int:
    """Fortnox's own number for what is wrong, or 0."""
    information = _part(payload, "ErrorInformation")
    code = _part(information, "Code")
    if isinstance(code, bool) or not isinstance(code, str | int):
        return 0
    text = str(code)[:12].strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0


def _part(payload: Any, name: str) -> Any:
    """A part of an answer by its name, whatever the case of its letters."""
    if not isinstance(payload, dict):
        return None
    return next((value for key, value in payload.items() if key.lower() == name.lower()), None)


def _detail(path: str, scope: str, failure: RequestFailed, number: int) -> str:
    return f"GET {path} (scope {scope}): {failure.detail}" + (f", code {number}" if number else "")


def _summary(path: str, answer: Response) -> str:
    return f"GET {path}: {answer.summary}"


def _text(value: object) -> str:
    """A short text or number as text; anything else is not what we asked for."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).strip()[:120] if not isinstance(value, int) or abs(value) < 10**18 else ""


CHECKS = Checks(
    sign_in=sign_in,
    sign_in_codes=("recognise", "key", "licence"),
    parallel={
        "company": company,
        "orders": _may_read("orders", "/3/orders", "order"),
        "invoices": _may_read("invoices", "/3/invoices", "invoice"),
        "articles": _may_read("articles", "/3/articles", "article"),
        "supplier_invoices": _may_read("supplier_invoices", "/3/supplierinvoices", "supplierinvoice"),
        "vouchers": _may_read("vouchers", "/3/vouchers", "bookkeeping"),
    },
    shown=(
        "recognise",
        "key",
        "licence",
        "company",
        "orders",
        "invoices",
        "articles",
        "supplier_invoices",
        "vouchers",
    ),
)
