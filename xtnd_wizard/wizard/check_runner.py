"""Runs a system's checks against the live channel; findings are yielded as they arrive.

The sign-in goes first and alone. Once it passed, the rest run side by side over the same client.
One deadline holds for all of it.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from xtnd_wizard.domain.findings import Account, Finding, Outcome, failed, not_applicable, passed
from xtnd_wizard.domain.problems import ProblemCode, Stage
from xtnd_wizard.outbound import Request, RequestFailed, Response, XmlFault
from xtnd_wizard.systems.checks import Check, CheckContext, Credentials, SignInResult
from xtnd_wizard.systems.contract import System

if TYPE_CHECKING:
    from xtnd_wizard.outbound.client import HostSession, OutboundClient

COMMON_CHECKS = (Stage.ADDRESS.value, Stage.SECURE.value)
"""The checks that every system has, because a call itself answers them."""

_ENDLESS = {Stage.ADDRESS.value: ProblemCode.UNREACHABLE, Stage.SECURE.value: ProblemCode.TLS_MISSING}
"""What it means when the deadline ends the wait for a common check."""
_PAUSE_BEFORE_RETRY = 0.2
_SECONDS_TO_CLOSE = 2.0
"""At most, and a tenth of the time in all: what a session at the channel is worth to us once we have our answers."""


class AnswerCache(Protocol):
    """Keeps the answer of an operation that a channel allows once a day."""

    async def cached(self, operation: str, credentials: Credentials, ask: Callable[[], Awaitable[Account]]) -> Account:
        """The kept answer, or a new one that is kept from now on."""
        ...


@dataclass(frozen=True)
class Identified:
    """The account that the credentials turned out to belong to."""

    account: Account


Event = Finding | Identified


def checks_of(system: System) -> tuple[str, ...]:
    """The codes of every check of a system, in the order in which a merchant reads them."""
    return (*COMMON_CHECKS, *system.checks.codes)


async def run_checks(
    system: System,
    credentials: Credentials,
    outbound_client: "OutboundClient",
    answer_cache: AnswerCache,
    seconds: float,
) -> AsyncGenerator[Event, None]:
    """Check the credentials live, for at most `seconds` in all; yield what is found as it arrives.

    Each check yields at most one finding; those that were not reached yield none. Closing the generator
    (`contextlib.aclosing`) ends every call that is still under way, and then what the sign-in began at the channel.
    """
    events: asyncio.Queue[Event | None] = asyncio.Queue()
    checking = asyncio.ensure_future(
        _check(system, credentials, outbound_client, answer_cache, seconds, events.put_nowait)
    )
    checking.add_done_callback(lambda _: events.put_nowait(None))
    try:
        while (event := await events.get()) is not None:
            yield event
        await checking
    finally:
        await _ended(checking)


async def _ended(*tasks: asyncio.Future[None]) -> None:
    """Cancel what is still under way and wait until it is gone: a client outlives all of its calls."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _check(
    system: System,
    credentials: Credentials,
    outbound_client: "OutboundClient",
    answer_cache: AnswerCache,
    seconds: float,
    emit: Callable[[Event], None],
) -> None:
    deadline = asyncio.get_running_loop().time() + seconds
    async with outbound_client.open_session(credentials.url, seconds) as host_session:
        context = _LiveContext(host_session, credentials, answer_cache, emit)
        signed_in = await _sign_in(system, context, deadline, emit)
        if signed_in is None:
            return
        state = signed_in.state
        teardown = system.checks.teardown
        kept = min(_SECONDS_TO_CLOSE, seconds / 10) if teardown else 0.0
        parallel = [
            asyncio.ensure_future(_within(deadline - kept, check, context, state, seconds, emit))
            for check in system.checks.parallel
        ]
        try:
            await asyncio.gather(*parallel)
        finally:
            await _ended(*parallel)
            if teardown:
                await _quietly(teardown(context, state))


async def _quietly(teardown: Awaitable[None]) -> None:
    """Leave the channel as it was found, whatever the checks came to. Nothing depends on it."""
    with contextlib.suppress(TimeoutError, RequestFailed, XmlFault):
        async with asyncio.timeout(_SECONDS_TO_CLOSE):
            await teardown


async def _sign_in(
    system: System, context: "_LiveContext", deadline: float, emit: Callable[[Event], None]
) -> SignInResult[Any] | None:
    """Run the sign-in; what it found, or None where it failed and nothing else is to be asked."""
    began = asyncio.get_running_loop().time()
    try:
        async with asyncio.timeout_at(deadline):
            result = await system.checks.sign_in.run(context)
    except TimeoutError:
        check = context.waiting_for
        emit(failed(check, _ENDLESS.get(check, ProblemCode.SLOW), "deadline", seconds=str(round(deadline - began))))
        return None
    for finding in result.findings:
        emit(_placed(system, finding, context.unanswered))
    passing = all(finding.outcome is not Outcome.FAILED for finding in result.findings)
    return result if passing else None


def _placed(system: System, finding: Finding, unanswered: Collection[str]) -> Finding:
    """A finding that failed before anything was asked belongs to the common check it failed at."""
    if finding.problem_code is None:
        return finding
    stage = system.problem(finding.problem_code).stage
    if stage.value not in unanswered:
        return finding
    return failed(stage.value, finding.problem_code, finding.detail, **finding.facts)


async def _within(
    deadline: float,
    check: Check[Any],
    context: "_LiveContext",
    state: Any,
    seconds: float,
    emit: Callable[[Event], None],
) -> None:
    try:
        async with asyncio.timeout_at(deadline):
            result = await check.result(context, state)
    except TimeoutError:
        emit(failed(check.code, ProblemCode.SLOW, "deadline", seconds=str(round(seconds))))
        return
    if result.account:
        emit(Identified(result.account))
    for finding in result.findings:
        emit(finding)


class _LiveContext(CheckContext):
    """How a check asks, for one verification."""

    def __init__(
        self,
        host_session: "HostSession",
        credentials: Credentials,
        answer_cache: AnswerCache,
        emit: Callable[[Event], None],
    ) -> None:
        self.credentials = credentials
        self._host_session = host_session
        self._answer_cache = answer_cache
        self._emit = emit
        self._passed: set[str] = set()
        self._key_sent = False

    @property
    def waiting_for(self) -> str:
        """The first common check without an answer, or the recognition after both."""
        return next(iter(self.unanswered), Stage.RECOGNISE.value)

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The common checks that did not pass so far."""
        return tuple(check for check in COMMON_CHECKS if check not in self._passed)

    async def send(self, request: Request, *, retry: bool) -> Response:
        try:
            return await self._once(request)
        except RequestFailed as failure:
            if not (retry and failure.retry_at_once):
                raise
        await asyncio.sleep(_PAUSE_BEFORE_RETRY)
        return await self._once(request)

    async def _once(self, request: Request) -> Response:
        try:
            answer = await self._host_session.send(request, self._progress)
        except RequestFailed as failure:
            if failure.key_sent:
                self._key_sent = True
                self._reached()
            elif self._key_sent:
                # The key left with an earlier call, so no words may say that it did not.
                raise RequestFailed(ProblemCode.DROPPED, failure.detail, key_sent=True) from None
            raise
        self._key_sent = True
        self._reached()
        return answer

    async def cached(self, operation: str, of: Collection[str], ask: Callable[[], Awaitable[Account]]) -> Account:
        named = {name: value for name, value in self.credentials.values.items() if name in of}
        return await self._answer_cache.cached(operation, Credentials(self.credentials.url, named), ask)

    def _reached(self) -> None:
        for stage in (Stage.ADDRESS, Stage.SECURE):
            self._progress(stage)

    def _progress(self, stage: Stage) -> None:
        if stage.value not in self._passed:
            self._passed.add(stage.value)
            self._emit(self._answer(stage))

    def _answer(self, stage: Stage) -> Finding:
        url = self.credentials.url
        if stage is Stage.SECURE and not url.origin.startswith("https://"):
            return not_applicable(stage.value, "plain http, trusted by the operator")
        return passed(stage.value, host=url.host)
