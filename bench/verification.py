"""A full verification, against the same calls by a plain HTTP client in the best order there is.

Both sides have `sniffio`, without which each lock of the client would retry a failing import.
"""

import asyncio
import multiprocessing
import ssl
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import certifi
import httpx
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from bench import Comparison, Result, rounds
from bench.servers import free_port
from tests.systems.over_http import served
from tests.systems.verifying import NoCache, ReceivedRequest, credentials_of
from xtnd_wizard.domain.findings import Finding, Outcome
from xtnd_wizard.outbound.client import OutboundClient
from xtnd_wizard.systems import all_systems, get_system
from xtnd_wizard.systems.checks import CheckContext, SignInResult
from xtnd_wizard.systems.contract import API_URL, System
from xtnd_wizard.wizard.check_runner import Event, checks_of, run_checks

AIM = 1.15
ROUNDS = {0: 60, 50: 20, 200: 9}
"""How often each server delay in milliseconds is measured: the shorter, the noisier."""
_OF_EVERY_SYSTEM = 50
_SECONDS = 20
_LONGEST_SECONDS = 10
_WARM_UP = 2
_MADE_BY_THE_CLIENT = ("host", "content-length", "connection", "accept-encoding", "user-agent")


@dataclass(frozen=True)
class Calls:
    """What one verification asked: first one by one, then all at once, then one by one again."""

    sign_in: tuple[ReceivedRequest, ...]
    parallel: tuple[ReceivedRequest, ...]
    teardown: tuple[ReceivedRequest, ...]

    @property
    def number(self) -> int:
        return len(self.sign_in) + len(self.parallel) + len(self.teardown)


def measure() -> Iterator[Result]:
    """Every delay for the first system, and one delay for all the others."""
    first, *others = all_systems()
    for delay, most in ROUNDS.items():
        yield _compare(first, delay, most)
    for system in others:
        yield _compare(system, _OF_EVERY_SYSTEM, ROUNDS[_OF_EVERY_SYSTEM])


def _compare(system: System, delay: int, most: int) -> Result:
    calls = _recorded(system)
    certificates = ssl.create_default_context(cafile=certifi.where())
    times, worked = Comparison(), Comparison()
    with _channel(system, delay) as origin:
        outbound_client = OutboundClient(trusted_origins=(origin,))
        for number in rounds(_WARM_UP + most, _LONGEST_SECONDS):
            began = _clocks()
            _verify(system, origin, outbound_client)
            between = _clocks()
            asyncio.run(_same_calls(calls, origin, certificates))
            ended = _clocks()
            if number >= _WARM_UP:
                for values, clock in ((times, 0), (worked, 1)):
                    values.ours.append((between[clock] - began[clock]) * 1000)
                    values.bare.append((ended[clock] - between[clock]) * 1000)
    detail = f"{times.described('ms', 1)}; calls {len(calls.sign_in)} + {len(calls.parallel)} + {len(calls.teardown)}"
    processor = f"processor time, steadier on a busy machine: ratio {worked.ratio:.2f}; {worked.described('ms', 1)}"
    what = f"verification, {system.name}, {delay} ms"
    return Result(what, times.ratio, AIM, (detail, processor), beside=f"{calls.number} calls")


def _clocks() -> tuple[float, float]:
    """The time that passed and the processor time of this process, in seconds."""
    return time.perf_counter(), time.process_time()


def _verify(system: System, origin: str, outbound_client: OutboundClient) -> None:
    credentials = credentials_of(system, system.sandbox.scenarios[0], origin)

    async def collected() -> list[Event]:
        return [event async for event in run_checks(system, credentials, outbound_client, NoCache(), _SECONDS)]

    events = asyncio.run(collected())
    fine = {event.check for event in events if isinstance(event, Finding) and event.outcome is not Outcome.FAILED}
    if fine != set(checks_of(system)):
        raise RuntimeError("a check failed or was not reached")


def _recorded(system: System) -> Calls:
    """The calls of one verification, sorted by when they are made."""
    received: list[ReceivedRequest] = []
    marks: list[int] = []
    checks, teardown = system.checks, system.checks.teardown

    async def sign_in(context: CheckContext) -> SignInResult[Any]:
        result = await checks.sign_in.run(context)
        marks.append(len(received))
        return result

    async def mark_teardown(context: CheckContext, state: object) -> None:
        marks.append(len(received))
        if teardown:
            await teardown(context, state)

    marked = replace(checks, sign_in=replace(checks.sign_in, run=sign_in), teardown=mark_teardown)
    with served(system.sandbox.app(), _host(system), received) as origin:
        _verify(replace(system, checks=marked), origin, OutboundClient(trusted_origins=(origin,)))
    opened, closed = marks
    return Calls(tuple(received[:opened]), tuple(received[opened:closed]), tuple(received[closed:]))


def _host(system: System) -> str:
    return system.sandbox.scenarios[0].values[API_URL].partition("/")[0]


async def _same_calls(calls: Calls, origin: str, certificates: ssl.SSLContext) -> None:
    """Repeat them as they were. What they answer is no matter: a session or a nonce may be good once only."""
    async with httpx.AsyncClient(base_url=origin, verify=certificates, trust_env=False, timeout=_SECONDS) as client:
        for call in calls.sign_in:
            await _repeat(client, call)
        await asyncio.gather(*(_repeat(client, call) for call in calls.parallel))
        for call in calls.teardown:
            await _repeat(client, call)


async def _repeat(client: httpx.AsyncClient, call: ReceivedRequest) -> None:
    headers = {name: value for name, value in call.headers.items() if name not in _MADE_BY_THE_CLIENT}
    target = f"{call.path}?{call.query}" if call.query else call.path
    await client.request(call.method, target, headers=headers, content=call.body or None)


@contextmanager
def _channel(system: System, delay: int) -> Iterator[str]:
    """The sandbox channel on the loopback, in a process of its own."""
    port = free_port()
    arguments = (port, delay / 1000, system.code)
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=arguments, daemon=True)
    process.start()
    origin = f"http://127.0.0.1:{port}"
    try:
        _wait_for(origin)
        yield origin
    finally:
        process.terminate()
        process.join()


def _wait_for(origin: str) -> None:
    until = time.monotonic() + 30
    with httpx.Client(trust_env=False, timeout=5) as client:
        while True:
            try:
                client.get(f"{origin}/")
                return
            except httpx.TransportError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.02)


def _serve(port: int, seconds: float, code: str) -> None:
    system = get_system(code)
    app = _late(system.sandbox.app(), _host(system), seconds)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False, lifespan="off")


def _late(app: Callable[[Scope, Receive, Send], Awaitable[None]], host: str, seconds: float) -> ASGIApp:
    """A sandbox channel under its own name, answering that much later."""
    named = (b"host", host.encode("ascii"))

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if seconds:
            await asyncio.sleep(seconds)
        headers = [(name, value) for name, value in scope["headers"] if name != b"host"]
        await app({**scope, "headers": [*headers, named]}, receive, send)

    return answer
