"""The reads of one verification: all in one `multiCall`, or each in a call of its own where the shop refuses that.

PHP locks a session while it answers, so six calls of one session take six times as long as one. The answer
to `multiCall(sessionId, calls)` is a list with one element for each [path, arguments]: the value, or a struct
with `isFault` and `faultCode` where it could not be given (OpenMage/magento-lts,
Mage_Api_Model_Server_Handler_Abstract).
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound import NotXmlRpc, RequestFailed, Response, XmlFault, XmlRpcBody, fault_code
from xtnd_wizard.systems.checks import CheckContext

DENIED, NO_PATH, NOT_CALLABLE, ENDED, INCOMPLETE = 2, 3, 4, 5, 6
STUMBLED = (0, 1)
BROKEN_DATA = range(100, 1000)
"""Faults of one resource: the question was let through and could not be answered."""
_IN_A_SESSION = (DENIED, NO_PATH, NOT_CALLABLE, *BROKEN_DATA)
"""Faults that a shop gives only after it has found the session."""
_SAME_FOR_EACH = (ProblemCode.SLOW, ProblemCode.RATE_LIMITED)
"""Failures that single calls would meet as well, and make worse."""
_NOTHING = "0"
"""No order, product or shipment has this number, so no list of the shop's own data comes back."""
_T = TypeVar("_T")


@dataclass(frozen=True)
class Session:
    """Where the shop's API is, and what the sign-in gave to ask it with."""

    path: str
    id: Secret


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
QUESTIONS = (VERSION, ORDERS, PRODUCTS, STOCK, SHIPMENTS, STORES)


@dataclass(frozen=True)
class Reading:
    """How one read ended: with a value, or with a refusal."""

    summary: str
    """Which call answered, and how, for support."""
    value: Any = None
    refusal: XmlFault | RequestFailed | None = None

    @property
    def fault(self) -> int | None:
        """The number of the fault, or None where there was none."""
        return self.refusal.code if isinstance(self.refusal, XmlFault) else None


async def ask(context: CheckContext, session: Session, question: Question) -> Response:
    """One read in a call of its own. It is harmless to repeat. Raises RequestFailed."""
    arguments = (session.id, question.method, list(question.arguments))
    return await context.post(session.path, XmlRpcBody("call", arguments), retry=True)


class Reads:
    """Everything that is read with one session. Nothing is asked before the first answer is wanted, nor twice."""

    def __init__(self, context: CheckContext, session: Session) -> None:
        self._context, self.session = context, session
        self._together = _Once(self._ask_together)
        self._alone = {question.method: _Once(partial(self._ask_alone, question)) for question in QUESTIONS}

    async def answer_to(self, question: Question) -> Reading:
        """How this read ended."""
        together = await self._together.answer()
        return together[question.method] if together else await self._alone[question.method].answer()

    async def session_holds(self) -> bool | None:
        """Whether the shop still knew the session by the first read; None where its answer does not tell."""
        reading = await self.answer_to(VERSION)
        if reading.fault == ENDED:
            return False
        return True if reading.refusal is None or reading.fault in _IN_A_SESSION else None

    async def _ask_together(self) -> Mapping[str, Reading] | None:
        """All reads in one call, or None where it did not answer them one by one."""
        calls = [[question.method, list(question.arguments)] for question in QUESTIONS]
        body = XmlRpcBody("multiCall", (self.session.id, calls))
        try:
            answer = await self._context.post(self.session.path, body, retry=True)
            payload = answer.xml()
        except XmlFault as fault:
            return _for_each(fault, f"fault {fault.code}") if fault.code == ENDED else None
        except RequestFailed as failure:
            return _for_each(failure, failure.detail) if failure.code in _SAME_FOR_EACH else None
        if not isinstance(payload, list) or len(payload) != len(QUESTIONS):
            return None
        return {
            question.method: _element(question, value, answer)
            for question, value in zip(QUESTIONS, payload, strict=True)
        }

    async def _ask_alone(self, question: Question) -> Reading:
        try:
            answer = await ask(self._context, self.session, question)
            return Reading(f"{question.method}: {answer.summary}", answer.xml())
        except XmlFault as fault:
            return Reading(f"{question.method}: fault {fault.code}", refusal=fault)
        except RequestFailed as failure:
            return Reading(f"{question.method}: {failure.detail}", refusal=failure)


class _Once(Generic[_T]):
    """A question that is put when the first one wants its answer; the others wait for the same one."""

    def __init__(self, ask: Callable[[], Awaitable[_T]]) -> None:
        self._ask = ask
        self._lock = asyncio.Lock()
        self._answers: list[_T] = []

    async def answer(self) -> _T:
        async with self._lock:
            if not self._answers:
                self._answers.append(await self._ask())
        return self._answers[0]


def _for_each(refusal: XmlFault | RequestFailed, summary: str) -> Mapping[str, Reading]:
    return {
        question.method: Reading(f"{question.method} in multiCall: {summary}", refusal=refusal)
        for question in QUESTIONS
    }


def _element(question: Question, value: Any, answer: Response) -> Reading:
    """One element of the answer to `multiCall`."""
    summary = f"{question.method} in multiCall: "
    if not (isinstance(value, dict) and value.get("isFault")):
        return Reading(summary + answer.summary, value)
    try:
        fault = XmlFault(fault_code(value.get("faultCode")))
    except NotXmlRpc:
        return Reading(summary + answer.summary)
    return Reading(f"{summary}fault {fault.code}", refusal=fault)
