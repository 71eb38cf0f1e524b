"""A full verification, against the same calls by a plain HTTP client in the best order there is."""

import asyncio
import multiprocessing
import ssl
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager

import certifi
import httpx
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from bench import Comparison, Result, rounds
from bench.servers import free_port
from xtnd_wizard.findings import Account, Finding, Outcome
from xtnd_wizard.hosts import ApiUrl
from xtnd_wizard.outbound.door import Door
from xtnd_wizard.secret import Secret
from xtnd_wizard.systems import all_systems
from xtnd_wizard.systems.checking import Credentials
from xtnd_wizard.systems.mirakl.practice import WORKS, practice_app
from xtnd_wizard.verification import checks_of, verify

AIM = 1.15
ROUNDS = {0: 80, 50: 25, 200: 9}
"""How often each server delay in milliseconds is measured: the shorter, the noisier."""
_OPENING = "/api/platform/configuration"
_REST: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("/api/orders", {"max": "1"}),
    ("/api/offers", {"max": "1"}),
    ("/api/shipments", {"limit": "1"}),
    ("/api/account", {}),
)
_SECONDS = 20
_LONGEST_SECONDS = 12
_WARM_UP = 2


class Forgetful:
    """A memory that asks each time, so that every verification makes every call."""

    async def once_a_day(
        self, operation: str, credentials: Credentials, ask: Callable[[], Awaitable[Account]]
    ) -> Account:
        """The new answer."""
        return await ask()


def measure() -> Iterator[Result]:
    """One result for each server delay."""
    for delay, most in ROUNDS.items():
        with _channel(delay) as origin:
            yield _compare(origin, delay, most)


def _compare(origin: str, delay: int, most: int) -> Result:
    door = Door(trusted_origins=(origin,))
    credentials = Credentials(ApiUrl(origin), {"access_token": Secret(WORKS.key), "secret": Secret("unused")})
    certificates = ssl.create_default_context(cafile=certifi.where())
    times = Comparison()
    for number in rounds(_WARM_UP + most, _LONGEST_SECONDS):
        began = time.perf_counter()
        _verify(door, credentials)
        between = time.perf_counter()
        asyncio.run(_same_calls(origin, certificates))
        ended = time.perf_counter()
        if number >= _WARM_UP:
            times.ours.append((between - began) * 1000)
            times.bare.append((ended - between) * 1000)
    return Result(
        f"verification, server answers after {delay} ms",
        times.ratio,
        AIM,
        (times.told("ms", 1),),
    )


def _verify(door: Door, credentials: Credentials) -> None:
    mirakl = all_systems()[0]
    events = list(verify(mirakl, credentials, door, Forgetful(), _SECONDS))
    fine = {event.check for event in events if isinstance(event, Finding) and event.outcome is not Outcome.FAILED}
    if fine != set(checks_of(mirakl)):
        raise RuntimeError("a check failed or was not reached")


async def _same_calls(origin: str, certificates: ssl.SSLContext) -> None:
    async with httpx.AsyncClient(base_url=origin, verify=certificates, trust_env=False, timeout=_SECONDS) as client:
        key = {"authorization": WORKS.key}
        made_up = {"authorization": str(uuid.uuid4())}
        opening = await client.get(_OPENING, headers=key)
        *rest, control = await asyncio.gather(
            *(client.get(path, params=params, headers=key) for path, params in _REST),
            client.get(_OPENING, headers=made_up),
        )
    for answer in (opening, *rest):
        answer.raise_for_status().json()
    if control.status_code != 401:
        raise RuntimeError("the made-up key was not refused")


@contextmanager
def _channel(delay: int) -> Iterator[str]:
    """The practice marketplace on the loopback, in a process of its own."""
    port = free_port()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(port, delay / 1000), daemon=True)
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
                client.get(f"{origin}/api/version")
                return
            except httpx.TransportError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.02)


def _serve(port: int, seconds: float) -> None:
    app = _late(practice_app(), seconds)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False, lifespan="off")


def _late(app: ASGIApp, seconds: float) -> ASGIApp:
    """The practice marketplace under its own name, answering that much later."""
    named = (b"host", WORKS.host.encode("ascii"))

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if seconds:
            await asyncio.sleep(seconds)
        headers = [(name, value) for name, value in scope["headers"] if name != b"host"]
        await app({**scope, "headers": [*headers, named]}, receive, send)

    return answer
