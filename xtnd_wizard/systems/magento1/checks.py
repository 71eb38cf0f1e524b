"""The checks of a Magento 1 or OpenMage shop, asked over XML-RPC at `/api/xmlrpc/`.

Methods, faults and the names of the permissions: OpenMage/magento-lts, `app/code/core/Mage/*/etc/api.xml`.
The same fault 2 means two things: before the sign-in that user, key or role is not right, and after it that
the role lacks one permission.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xtnd_wizard.findings import Account, Finding, failed, not_applicable, passed
from xtnd_wizard.outbound import Answer, CallFailed, XmlCallBody, XmlFault
from xtnd_wizard.problems import ProblemCode
from xtnd_wizard.secret import Secret
from xtnd_wizard.systems.checking import Checks, Opening, Probe, Result

_PATHS = ("/api/xmlrpc/", "/index.php/api/xmlrpc/")
"""The second is for servers that rewrite no addresses."""
_DENIED, _NO_PATH, _NOT_CALLABLE, _ENDED, _INCOMPLETE = 2, 3, 4, 5, 6
_STUMBLED = (0, 1)
_BROKEN_DATA = range(100, 1000)
"""Faults of one resource: the question was let through and could not be answered."""
_ENTRANCE = (401, 402, 403, 423, 451)
"""The shop itself says no in a fault, so a status like these is the web server's or a firewall's."""
_NOTHING = "0"
"""No order, product or shipment has this number, so no list of the shop's own data comes back."""


@dataclass(frozen=True)
class SignedIn:
    """Where the shop's API is, and the session that the sign-in gave."""

    path: str
    session: Secret


@dataclass(frozen=True)
class Question:
    """One small read, and the permission it takes."""

    method: str
    right: str
    """The permission's name in the shop's code, for support."""
    box: str
    """What a merchant ticks for it under Role Resources."""
    arguments: tuple[Any, ...] = ()


VERSION = Question("core_magento.info", "core/magento/info", "Core > Magento info")
STORES = Question("store.list", "core/store/list", "Core > Store")
ORDERS = Question("order.list", "sales/order/info", "Sales > Order", ({"order_id": {"eq": _NOTHING}},))
PRODUCTS = Question("product.list", "catalog/product/info", "Catalog > Product", ({"product_id": {"eq": _NOTHING}},))
STOCK = Question("product_stock.list", "cataloginventory/info", "Catalog Inventory", ([_NOTHING],))
SHIPMENTS = Question(
    "order_shipment.list",
    "sales/order/shipment/info",
    "Sales > Order > Order shipments",
    ({"shipment_id": {"eq": _NOTHING}},),
)


async def opening(probe: Probe) -> Opening:
    """The sign-in: one call, or a second one where the server does not know the address at all."""
    *others, last = _PATHS
    for path in others:
        told = await _sign_in(probe, path)
        if not _is_elsewhere(told):
            return told
    return await _sign_in(probe, last)


def _is_elsewhere(told: Opening) -> bool:
    return any(found.problem_code is ProblemCode.WRONG_PATH_OR_PRODUCT for found in told.findings)


async def _sign_in(probe: Probe, path: str) -> Opening:
    user, key = (probe.credentials.secret(name) for name in ("access_token", "secret"))
    try:
        answer = await probe.post(path, XmlCallBody("login", (user, key)), retry=False)
        session = answer.xml()
    except XmlFault as fault:
        return Opening((_unwelcome(fault),))
    except CallFailed as failure:
        return Opening((_unheard(failure),))
    if not isinstance(session, str) or not session.strip():
        return Opening((failed("recognise", ProblemCode.NOT_AN_API, _said("login", answer) + ", no session"),))
    detail = _said("login", answer)
    return Opening(
        (passed("recognise", detail), passed("sign_in", detail)), {"signed_in": SignedIn(path, Secret(session))}
    )


def _unwelcome(fault: XmlFault) -> Finding:
    """A sign-in that was understood and refused. `login()` answers every mistake with fault 2."""
    detail = f"login: fault {fault.code}"
    if fault.code in (_DENIED, _INCOMPLETE):
        return failed("sign_in", ProblemCode.SIGN_IN_REJECTED, detail)
    if fault.code in _STUMBLED:
        return failed("recognise", ProblemCode.UPSTREAM_DOWN, detail, status="200")
    return failed("recognise", ProblemCode.PRODUCT_MISSING, detail)


def _unheard(failure: CallFailed) -> Finding:
    code = ProblemCode.BLOCKED_BY_WAF if failure.status in _ENTRANCE else failure.code
    return failed("recognise", code, f"login: {failure.detail}", **failure.facts)


async def _ask(probe: Probe, signed_in: SignedIn, question: Question) -> tuple[Answer, Any]:
    """One read, which is harmless to repeat. Raises XmlFault or CallFailed."""
    arguments = (signed_in.session, question.method, list(question.arguments))
    answer = await probe.post(signed_in.path, XmlCallBody("call", arguments), retry=True)
    return answer, answer.xml()


async def _read(probe: Probe, facts: Mapping[str, Any], check: str, question: Question) -> tuple[Finding, Any]:
    """A finding about one read, and the rows it gave."""
    try:
        answer, told = await _ask(probe, facts["signed_in"], question)
    except XmlFault as fault:
        return _refused(check, question, fault), None
    except CallFailed as failure:
        return _of_rest(check, question, failure), None
    detail = _said(question.method, answer)
    if not isinstance(told, list | dict):
        return failed(check, ProblemCode.ANSWER_UNREADABLE, f"{detail}, no list"), None
    return passed(check, detail), told


def _refused(check: str, question: Question, fault: XmlFault) -> Finding:
    """A fault after the sign-in: user and key are right by then, so neither can be the guilty one."""
    detail = f"{question.method}: fault {fault.code}"
    if fault.code == _DENIED:
        return failed(check, ProblemCode.PERMISSION_MISSING, f"{detail}; {question.right}", permission=question.box)
    if fault.code in (_NO_PATH, _NOT_CALLABLE):
        return failed(check, ProblemCode.API_SWITCHED_OFF, detail, method=question.method)
    if fault.code in (*_STUMBLED, *_BROKEN_DATA):
        return failed(check, ProblemCode.UPSTREAM_DOWN, detail, status="200")
    return failed(check, ProblemCode.ANSWER_UNREADABLE, detail)


_PASSING = (ProblemCode.SLOW, ProblemCode.DROPPED, ProblemCode.UPSTREAM_DOWN, ProblemCode.RATE_LIMITED)


def _of_rest(check: str, question: Question, failure: CallFailed) -> Finding:
    code = failure.code if failure.code in _PASSING else ProblemCode.ANSWER_UNREADABLE
    return failed(check, code, f"{question.method}: {failure.detail}", **failure.facts)


def _may_read(check: str, question: Question) -> Any:
    async def ask(probe: Probe, facts: Mapping[str, Any]) -> Result:
        finding, _ = await _read(probe, facts, check, question)
        return Result((finding,))

    return ask


async def version(probe: Probe, facts: Mapping[str, Any]) -> Result:
    """Edition and version. A role without this permission is as good as any other."""
    finding, told = await _read(probe, facts, "version", VERSION)
    if finding.problem_code is ProblemCode.PERMISSION_MISSING:
        return Result((not_applicable("version", finding.detail),))
    if finding.problem_code is None and isinstance(told, dict):
        named = " ".join(filter(None, (_text(told.get(f"magento_{name}")) for name in ("edition", "version"))))
        return Result((passed("version", finding.detail, platform=named),))
    return Result((finding,))


async def stores(probe: Probe, facts: Mapping[str, Any]) -> Result:
    """Whose shop this is. Where the role may not read its name, the address has to do."""
    finding, told = await _read(probe, facts, "stores", STORES)
    if finding.problem_code is ProblemCode.PERMISSION_MISSING:
        return Result((not_applicable("stores", finding.detail),), _by_address(probe))
    if finding.problem_code:
        return Result((finding,))
    return Result((finding,), _account(probe, list(told.values()) if isinstance(told, dict) else told))


def _account(probe: Probe, rows: list[Any]) -> Account:
    """The first open store view, which names the shop unless it still has the name it was installed with."""
    views = [row for row in rows if isinstance(row, dict) and _text(row.get("code"))]
    open_views = [row for row in views if _text(row.get("is_active")) != "0"] or views
    first = min(open_views, key=_place, default=None)
    if first is None:
        return _by_address(probe)
    address, name = probe.credentials.url.shown, _text(first.get("name"))
    known = name.lower() not in ("", "default", "default store view", "main website store", "english", "svenska")
    return Account(f"{address}, {_text(first['code'])}", name if known else address)


def _place(row: Mapping[str, Any]) -> int:
    number = _text(row.get("store_id"))
    return int(number) if number.isascii() and number.isdigit() else 10**9


def _by_address(probe: Probe) -> Account:
    return Account(probe.credentials.url.shown, probe.credentials.url.shown)


async def control(probe: Probe, facts: Mapping[str, Any]) -> Result:
    """The negative control: a session that nobody ever began has to be refused. No sign-in is made up for it."""
    said = f"{VERSION.method}, made-up session"
    try:
        answer, _ = await _ask(probe, SignedIn(facts["signed_in"].path, Secret(uuid.uuid4().hex)), VERSION)
    except XmlFault as fault:
        detail = f"{said}: fault {fault.code}"
        if fault.code == _ENDED:
            return Result((passed("control", detail),))
        return Result((failed("control", ProblemCode.CONTROL_INCONCLUSIVE, detail),))
    except CallFailed as failure:
        code = ProblemCode.CONTROL_INCONCLUSIVE
        return Result((failed("control", code, f"{said}: {failure.detail}", **failure.facts),))
    return Result((failed("control", ProblemCode.ENDPOINT_DOES_NOT_CHECK_KEYS, _said(said, answer)),))


async def closing(probe: Probe, facts: Mapping[str, Any]) -> None:
    """Sign out. A session would live on for an hour."""
    signed_in = facts["signed_in"]
    await probe.post(signed_in.path, XmlCallBody("endSession", (signed_in.session,)), retry=False)


def _said(operation: str, answer: Answer) -> str:
    return f"{operation}: {answer.said}"


def _text(value: object) -> str:
    """A short text or number as text; PHP sends either for both. Anything else is not what we asked for."""
    if isinstance(value, bool):
        return str(int(value))
    return str(value).strip()[:120] if isinstance(value, str | int) else ""


CHECKS = Checks(
    opening=opening,
    opening_codes=("recognise", "sign_in"),
    rest={
        "version": version,
        "orders": _may_read("orders", ORDERS),
        "products": _may_read("products", PRODUCTS),
        "stock": _may_read("stock", STOCK),
        "shipments": _may_read("shipments", SHIPMENTS),
        "stores": stores,
        "control": control,
    },
    shown=("recognise", "sign_in", "version", "orders", "products", "stock", "shipments", "stores", "control"),
    closing=closing,
)
