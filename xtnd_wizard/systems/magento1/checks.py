"""The checks of a Magento 1 or OpenMage shop, asked over XML-RPC at `/api/xmlrpc/`.

Methods, faults and the names of the permissions: OpenMage/magento-lts, `app/code/core/Mage/*/etc/api.xml`.
The same fault 2 means two things: before the sign-in that user, key or role is not right, and after it that
the role lacks one permission.
"""

from collections.abc import Mapping
from typing import Any

from xtnd_wizard.domain.findings import Account, Finding, failed, not_applicable, passed
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound import RequestFailed, XmlFault, XmlRpcBody
from xtnd_wizard.systems.checks import Check, CheckContext, Checks, Result, SignIn, SignInResult
from xtnd_wizard.systems.common_checks import HEXADECIMAL, all_passed, describe, explain, made_up_value, short_text
from xtnd_wizard.systems.magento1 import reading
from xtnd_wizard.systems.magento1.problems import SESSION_ENDS_AT_ONCE
from xtnd_wizard.systems.magento1.reading import Question, Reading, Reads, Session, ask

_PATHS = ("/api/xmlrpc/", "/index.php/api/xmlrpc/")
"""The second is for servers that rewrite no addresses."""
_OF_THE_SERVER = (401, 402, 403, 423, 451)
"""The shop itself says no in a fault, so a status like these is the web server's or a firewall's."""
_PASSING = (ProblemCode.SLOW, ProblemCode.DROPPED, ProblemCode.UPSTREAM_DOWN, ProblemCode.RATE_LIMITED)
"""What may be better in a moment. Whatever else a read fails with, user and key are right after the sign-in."""


async def sign_in(context: CheckContext) -> SignInResult[Reads]:
    """The sign-in: one call, or a second one where the server does not know the address at all."""
    *others, last = _PATHS
    for path in others:
        result = await _sign_in(context, path)
        if all(found.problem_code != ProblemCode.WRONG_PATH_OR_PRODUCT for found in result.findings):
            return result
    return await _sign_in(context, last)


async def _sign_in(context: CheckContext, path: str) -> SignInResult[Reads]:
    user, key = (context.credentials.secret(name) for name in ("access_token", "secret"))
    try:
        answer = await context.post(path, XmlRpcBody("login", (user, key)), retry=False)
        session = answer.xml()
    except XmlFault as fault:
        return SignInResult(_refused(fault))
    except RequestFailed as failure:
        meanings = {failure.code: ProblemCode.BLOCKED_BY_WAF} if failure.status in _OF_THE_SERVER else {}
        return SignInResult((explain("recognise", "login", failure, meanings),))
    detail = describe("login", answer)
    if not isinstance(session, str) or not session.strip():
        return SignInResult((failed("recognise", ProblemCode.NOT_AN_API, f"{detail}, no session"),))
    return SignInResult(all_passed(("recognise", "sign_in"), detail), Reads(context, Session(path, Secret(session))))


def _refused(fault: XmlFault) -> tuple[Finding, ...]:
    """A sign-in that was understood and refused. `login()` answers every mistake with fault 2."""
    detail = f"login: fault {fault.code}"
    if fault.code in (reading.DENIED, reading.INCOMPLETE):
        return passed("recognise", detail), failed("sign_in", ProblemCode.SIGN_IN_REJECTED, detail)
    if fault.code in reading.STUMBLED:
        return (failed("recognise", ProblemCode.UPSTREAM_DOWN, detail, status="200"),)
    return (failed("recognise", ProblemCode.PRODUCT_MISSING, detail),)


async def session(context: CheckContext, reads: Reads) -> Finding | Result:
    """Whether the shop still knows the session that it has just given."""
    summary, holds = (await reads.answer_to(reading.VERSION)).summary, await reads.session_holds()
    if holds is None:
        return Result(())
    return passed("session", summary) if holds else failed("session", SESSION_ENDS_AT_ONCE.code, summary)


async def _read(reads: Reads, check: str, question: Question) -> tuple[tuple[Finding, ...], Any]:
    """What one read says, and the rows it gave. It says nothing where the session is gone, which is one problem."""
    outcome = await reads.answer_to(question)
    if outcome.fault == reading.ENDED and await reads.session_holds() is False:
        return (), None
    if outcome.refusal is None and not isinstance(outcome.value, list | dict):
        return (failed(check, ProblemCode.ANSWER_UNREADABLE, f"{outcome.summary}, no list"),), None
    return (_finding(check, question, outcome),), outcome.value


def _finding(check: str, question: Question, outcome: Reading) -> Finding:
    refusal, detail = outcome.refusal, outcome.summary
    if refusal is None:
        return passed(check, detail)
    if isinstance(refusal, RequestFailed):
        code = refusal.code if refusal.code in _PASSING else ProblemCode.ANSWER_UNREADABLE
        return failed(check, code, detail, **refusal.facts)
    if refusal.code == reading.DENIED:
        return failed(check, ProblemCode.PERMISSION_MISSING, f"{detail}; {question.right}", permission=question.box)
    if refusal.code in (reading.NO_PATH, reading.NOT_CALLABLE):
        return failed(check, ProblemCode.API_SWITCHED_OFF, detail, method=question.method)
    if refusal.code == reading.ENDED:
        return failed(check, SESSION_ENDS_AT_ONCE.code, detail)
    if refusal.code in (*reading.STUMBLED, *reading.BROKEN_DATA):
        return failed(check, ProblemCode.UPSTREAM_DOWN, detail, status="200")
    return failed(check, ProblemCode.ANSWER_UNREADABLE, detail)


def _reads(check: str, question: Question) -> Check[Reads]:
    async def run(context: CheckContext, reads: Reads) -> Result:
        findings, _ = await _read(reads, check, question)
        return Result(findings)

    return Check(check, run)


async def version(context: CheckContext, reads: Reads) -> Result:
    """Which software, and which version of it. A role without this permission is as good as any other."""
    findings, payload = await _read(reads, "version", reading.VERSION)
    if _lacks_permission(findings):
        return Result((not_applicable("version", findings[0].detail),))
    if isinstance(payload, dict):
        return Result((passed("version", findings[0].detail, platform=_platform(payload)),))
    return Result(findings)


def _platform(payload: Mapping[str, Any]) -> str:
    """OpenMage also names the version of Magento that it goes back to, which its own one replaces."""
    successor = _text(payload.get("openmage_version"))
    if successor:
        return f"OpenMage {successor}"
    return " ".join(filter(None, (_text(payload.get(f"magento_{name}")) for name in ("edition", "version"))))


async def stores(context: CheckContext, reads: Reads) -> Result:
    """Whose shop this is. Where the role may not read its name, the address has to do."""
    findings, payload = await _read(reads, "stores", reading.STORES)
    if _lacks_permission(findings):
        return Result((not_applicable("stores", findings[0].detail),), _account(context, []))
    if payload is None:
        return Result(findings)
    return Result(findings, _account(context, list(payload.values()) if isinstance(payload, dict) else payload))


def _lacks_permission(findings: tuple[Finding, ...]) -> bool:
    return any(finding.problem_code is ProblemCode.PERMISSION_MISSING for finding in findings)


def _account(context: CheckContext, rows: list[Any]) -> Account:
    """The first open store view, which names the shop unless it still has the name it was installed with."""
    address = context.credentials.url.shown
    views = [row for row in rows if isinstance(row, dict) and _text(row.get("code"))]
    open_views = [row for row in views if _text(row.get("is_active")) != "0"] or views
    first = min(open_views, key=_place, default=None)
    if first is None:
        return Account(address, address)
    name = _text(first.get("name"))
    known = name.lower() not in ("", "default", "default store view", "main website store", "english", "svenska")
    return Account(f"{address}, {_text(first['code'])}", name if known else address)


def _place(row: Mapping[str, Any]) -> int:
    number = _text(row.get("store_id"))
    return int(number) if number.isascii() and number.isdigit() else 10**9


def _text(value: object) -> str:
    """A short text or number as text; PHP sends either for both, and also for yes and no."""
    return short_text(int(value) if isinstance(value, bool) else value)


async def control(context: CheckContext, reads: Reads) -> Finding:
    """A session that nobody ever began has to be refused. No sign-in is made up for it."""
    operation = f"{reading.VERSION.method}, made-up session"
    try:
        answer = await ask(context, Session(reads.session.path, made_up_value(HEXADECIMAL, 32)), reading.VERSION)
        answer.xml()
    except XmlFault as fault:
        detail = f"{operation}: fault {fault.code}"
        if fault.code == reading.ENDED:
            return passed("control", detail)
        return failed("control", ProblemCode.CONTROL_INCONCLUSIVE, detail)
    except RequestFailed as failure:
        return explain("control", operation, failure, {failure.code: ProblemCode.CONTROL_INCONCLUSIVE})
    return failed("control", ProblemCode.ENDPOINT_DOES_NOT_CHECK_KEYS, describe(operation, answer))


async def teardown(context: CheckContext, reads: Reads) -> None:
    """Sign out. A session would live on for an hour."""
    await context.post(reads.session.path, XmlRpcBody("endSession", (reads.session.id,)), retry=False)


CHECKS = Checks(
    SignIn(("recognise", "sign_in"), sign_in),
    (
        Check("session", session),
        Check("version", version),
        _reads("orders", reading.ORDERS),
        _reads("products", reading.PRODUCTS),
        _reads("stock", reading.STOCK),
        _reads("shipments", reading.SHIPMENTS),
        Check("stores", stores),
        Check("control", control),
    ),
    teardown,
)
