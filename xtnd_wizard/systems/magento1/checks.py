"""The checks of a Magento 1 or OpenMage shop, asked over XML-RPC at `/api/xmlrpc/`.

Methods, faults and the names of the permissions: OpenMage/magento-lts, `app/code/core/Mage/*/etc/api.xml`.
The same fault 2 means two things: before the sign-in that user, key or role is not right, and after it that
the role lacks one permission.
"""

import uuid
from collections.abc import Mapping
from typing import Any

from xtnd_wizard.domain.findings import Account, Finding, failed, not_applicable, passed
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound import RequestFailed, Response, XmlFault, XmlRpcBody
from xtnd_wizard.systems.checks import CheckContext, Checks, Result, SignInResult
from xtnd_wizard.systems.magento1.reading import (
    BROKEN_DATA,
    DENIED,
    ENDED,
    INCOMPLETE,
    NO_PATH,
    NOT_CALLABLE,
    ORDERS,
    PRODUCTS,
    SHIPMENTS,
    STOCK,
    STORES,
    STUMBLED,
    VERSION,
    Question,
    Reading,
    Reads,
    SignedIn,
    ask,
)

_PATHS = ("/api/xmlrpc/", "/index.php/api/xmlrpc/")
"""The second is for servers that rewrite no addresses."""
_ENTRANCE = (401, 402, 403, 423, 451)
"""The shop itself says no in a fault, so a status like these is the web server's or a firewall's."""


async def sign_in(context: CheckContext) -> SignInResult:
    """The sign-in: one call, or a second one where the server does not know the address at all."""
    *others, last = _PATHS
    for path in others:
        payload = await _sign_in(context, path)
        if not _is_elsewhere(payload):
            return payload
    return await _sign_in(context, last)


def _is_elsewhere(payload: SignInResult) -> bool:
    return any(found.problem_code is ProblemCode.WRONG_PATH_OR_PRODUCT for found in payload.findings)


async def _sign_in(context: CheckContext, path: str) -> SignInResult:
    user, key = (context.credentials.secret(name) for name in ("access_token", "secret"))
    try:
        answer = await context.post(path, XmlRpcBody("login", (user, key)), retry=False)
        session = answer.xml()
    except XmlFault as fault:
        return SignInResult(_unwelcome(fault))
    except RequestFailed as failure:
        return SignInResult((_unheard(failure),))
    if not isinstance(session, str) or not session.strip():
        return SignInResult((failed("recognise", ProblemCode.NOT_AN_API, _summary("login", answer) + ", no session"),))
    detail, signed_in = _summary("login", answer), SignedIn(path, Secret(session))
    return SignInResult(
        (passed("recognise", detail), passed("sign_in", detail)),
        {"signed_in": signed_in, "reads": Reads(context, signed_in)},
    )


def _unwelcome(fault: XmlFault) -> tuple[Finding, ...]:
    """A sign-in that was understood and refused. `login()` answers every mistake with fault 2."""
    detail = f"login: fault {fault.code}"
    if fault.code in (DENIED, INCOMPLETE):
        return passed("recognise", detail), failed("sign_in", ProblemCode.SIGN_IN_REJECTED, detail)
    if fault.code in STUMBLED:
        return (failed("recognise", ProblemCode.UPSTREAM_DOWN, detail, status="200"),)
    return (failed("recognise", ProblemCode.PRODUCT_MISSING, detail),)


def _unheard(failure: RequestFailed) -> Finding:
    code = ProblemCode.BLOCKED_BY_WAF if failure.status in _ENTRANCE else failure.code
    return failed("recognise", code, f"login: {failure.detail}", **failure.facts)


async def session(context: CheckContext, facts: Mapping[str, Any]) -> Result:
    """Whether the shop still knows the session that it has just given."""
    reads: Reads = facts["reads"]
    summary, holds = (await reads.answer_to(VERSION)).summary, await reads.session_holds()
    if holds is None:
        return Result(())
    return Result(
        (passed("session", summary) if holds else failed("session", ProblemCode.SESSION_ENDS_AT_ONCE, summary),)
    )


async def _read(facts: Mapping[str, Any], check: str, question: Question) -> tuple[tuple[Finding, ...], Any]:
    """What one read says, and the rows it gave. It says nothing where the session is gone, which is one problem."""
    reads: Reads = facts["reads"]
    reading = await reads.answer_to(question)
    if reading.fault == ENDED and await reads.session_holds() is False:
        return (), None
    if reading.refusal is None and not isinstance(reading.value, list | dict):
        return (failed(check, ProblemCode.ANSWER_UNREADABLE, f"{reading.summary}, no list"),), None
    return (_judged(check, question, reading),), reading.value


def _judged(check: str, question: Question, reading: Reading) -> Finding:
    """User and key are right after the sign-in, so neither can be the guilty one."""
    if reading.refusal is None:
        return passed(check, reading.summary)
    if isinstance(reading.refusal, RequestFailed):
        code = reading.refusal.code if reading.refusal.code in _PASSING else ProblemCode.ANSWER_UNREADABLE
        return failed(check, code, reading.summary, **reading.refusal.facts)
    return _refused(check, question, reading.refusal.code, reading.summary)


_PASSING = (ProblemCode.SLOW, ProblemCode.DROPPED, ProblemCode.UPSTREAM_DOWN, ProblemCode.RATE_LIMITED)


def _refused(check: str, question: Question, fault: int, detail: str) -> Finding:
    if fault == DENIED:
        return failed(check, ProblemCode.PERMISSION_MISSING, f"{detail}; {question.right}", permission=question.box)
    if fault in (NO_PATH, NOT_CALLABLE):
        return failed(check, ProblemCode.API_SWITCHED_OFF, detail, method=question.method)
    if fault == ENDED:
        return failed(check, ProblemCode.SESSION_ENDS_AT_ONCE, detail)
    if fault in (*STUMBLED, *BROKEN_DATA):
        return failed(check, ProblemCode.UPSTREAM_DOWN, detail, status="200")
    return failed(check, ProblemCode.ANSWER_UNREADABLE, detail)


def _may_read(check: str, question: Question) -> Any:
    async def look(context: CheckContext, facts: Mapping[str, Any]) -> Result:
        findings, _ = await _read(facts, check, question)
        return Result(findings)

    return look


async def version(context: CheckContext, facts: Mapping[str, Any]) -> Result:
    """Which software, and which version of it. A role without this permission is as good as any other."""
    findings, payload = await _read(facts, "version", VERSION)
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


async def stores(context: CheckContext, facts: Mapping[str, Any]) -> Result:
    """Whose shop this is. Where the role may not read its name, the address has to do."""
    findings, payload = await _read(facts, "stores", STORES)
    if _lacks_permission(findings):
        return Result((not_applicable("stores", findings[0].detail),), _by_address(context))
    if payload is None:
        return Result(findings)
    return Result(findings, _account(context, list(payload.values()) if isinstance(payload, dict) else payload))


def _lacks_permission(findings: tuple[Finding, ...]) -> bool:
    return any(finding.problem_code is ProblemCode.PERMISSION_MISSING for finding in findings)


def _account(context: CheckContext, rows: list[Any]) -> Account:
    """The first open store view, which names the shop unless it still has the name it was installed with."""
    views = [row for row in rows if isinstance(row, dict) and _text(row.get("code"))]
    open_views = [row for row in views if _text(row.get("is_active")) != "0"] or views
    first = min(open_views, key=_place, default=None)
    if first is None:
        return _by_address(context)
    address, name = context.credentials.url.shown, _text(first.get("name"))
    known = name.lower() not in ("", "default", "default store view", "main website store", "english", "svenska")
    return Account(f"{address}, {_text(first['code'])}", name if known else address)


def _place(row: Mapping[str, Any]) -> int:
    number = _text(row.get("store_id"))
    return int(number) if number.isascii() and number.isdigit() else 10**9


def _by_address(context: CheckContext) -> Account:
    return Account(context.credentials.url.shown, context.credentials.url.shown)


async def control(context: CheckContext, facts: Mapping[str, Any]) -> Result:
    """The negative control: a session that nobody ever began has to be refused. No sign-in is made up for it."""
    summary = f"{VERSION.method}, made-up session"
    try:
        answer = await ask(context, SignedIn(facts["signed_in"].path, Secret(uuid.uuid4().hex)), VERSION)
        answer.xml()
    except XmlFault as fault:
        detail = f"{summary}: fault {fault.code}"
        if fault.code == ENDED:
            return Result((passed("control", detail),))
        return Result((failed("control", ProblemCode.CONTROL_INCONCLUSIVE, detail),))
    except RequestFailed as failure:
        code = ProblemCode.CONTROL_INCONCLUSIVE
        return Result((failed("control", code, f"{summary}: {failure.detail}", **failure.facts),))
    return Result((failed("control", ProblemCode.ENDPOINT_DOES_NOT_CHECK_KEYS, _summary(summary, answer)),))


async def teardown(context: CheckContext, facts: Mapping[str, Any]) -> None:
    """Sign out. A session would live on for an hour."""
    signed_in = facts["signed_in"]
    await context.post(signed_in.path, XmlRpcBody("endSession", (signed_in.session,)), retry=False)


def _summary(operation: str, answer: Response) -> str:
    return f"{operation}: {answer.summary}"


def _text(value: object) -> str:
    """A short text or number as text; PHP sends either for both. Anything else is not what we asked for."""
    if isinstance(value, bool):
        return str(int(value))
    return str(value).strip()[:120] if isinstance(value, str | int) else ""


CHECKS = Checks(
    sign_in=sign_in,
    sign_in_codes=("recognise", "sign_in"),
    parallel={
        "session": session,
        "version": version,
        "orders": _may_read("orders", ORDERS),
        "products": _may_read("products", PRODUCTS),
        "stock": _may_read("stock", STOCK),
        "shipments": _may_read("shipments", SHIPMENTS),
        "stores": stores,
        "control": control,
    },
    shown=(
        *("recognise", "sign_in", "session", "version"),
        *("orders", "products", "stock", "shipments", "stores", "control"),
    ),
    teardown=teardown,
)
