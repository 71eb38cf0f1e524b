"""One stranger against everybody else: what a monitor and another visitor notice while he does his worst."""

import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench import Result
from bench.attacks import (
    ENDLESS_ANSWERS,
    FRAGMENTS,
    HANGING_LOOK_UPS,
    IDLE_SOCKETS,
    STORM,
    Attack,
    Stranger,
    Target,
    stranger,
)
from bench.bystander import CUT, Visitor, p95, watched_health
from bench.hanging_names import COUNTED_IN, HANGING
from bench.servers import App, Server, our_app, running, wait_for
from tests import walks
from xtnd_wizard.systems.contract import API_URL
from xtnd_wizard.wizard.visitors import tenant_of

HEALTH_AIM = 0.5
ARRIVAL_AIM = 1.0
LOOK_UP_AIM = 1.0
PAGE_AIM = 2.0
_QUIET_SECONDS = 5.0
_ATTACKED_SECONDS = 6.0
"""Before somebody new arrives, and again after it."""
_VISITOR, _NEWCOMER = "198.51.100.7", "198.51.100.8"
"""Their addresses, as the proxy in front of the wizard forwards them."""
_ELSEWHERE = "elsewhere.example.com"


@dataclass(frozen=True)
class Impact:
    """How an attack affected the others, in seconds."""

    health: float
    quiet: Sequence[float]
    attacked: Sequence[float]
    arrival: float
    look_up: float | None
    processor: float
    """The server's processor time by the second."""
    counts: Mapping[str, int]


def measure() -> Iterator[Result]:
    """Each attack upon a server of its own."""
    yield from _results("storm of 3,000 messages", STORM)
    yield from _results("20 messages of endless fragments", FRAGMENTS)
    yield from _results("500 idle sockets", IDLE_SOCKETS)
    yield from _results("128 hanging look-ups", HANGING_LOOK_UPS, hanging=True)
    yield from _results("12 endless answers", ENDLESS_ANSWERS)


def _results(name: str, attack: Attack, *, hanging: bool = False) -> Iterator[Result]:
    impact = _under_attack(attack, hanging=hanging)
    yield _in_seconds(f"{name}: worst health", impact.health, HEALTH_AIM)
    yield _in_seconds("    first page of somebody new", impact.arrival, ARRIVAL_AIM)
    if impact.look_up is not None:
        yield _in_seconds("    another visitor's look-up", impact.look_up, LOOK_UP_AIM)
    quiet, attacked = p95(impact.quiet), p95(impact.attacked)
    yield Result(
        "    p95 of page changes, over a quiet server",
        attacked / quiet,
        PAGE_AIM,
        (
            f"quiet {quiet * 1000:.0f} ms, {len(impact.quiet)} times; "
            f"attacked {attacked * 1000:.0f} ms, {len(impact.attacked)} times; "
            f"processor of the server {impact.processor:.0%} busy",
            ", ".join(f"{what} {number}" for what, number in impact.counts.items()),
        ),
        cut=attacked >= CUT,
    )


def _in_seconds(what: str, seconds: float, aim: float) -> Result:
    return Result(what, seconds, aim, unit="s", cut=seconds >= CUT)


def _under_attack(attack: Attack, *, hanging: bool) -> Impact:
    with ExitStack() as stack:
        app = stack.enter_context(our_app())
        attacker = stack.enter_context(stranger(attack))
        hosts = [f"shop{number}.{HANGING}" for number in range(attack.clients)] if hanging else attacker.origins
        visitor_cookie, *cookies = _drafts(app, [_ELSEWHERE, *hosts])
        counted = app.folder / "look-ups"
        server = stack.enter_context(
            running(
                app,
                program="bench.hanging_names",
                choices={"XTND_TRUSTED_ORIGINS": ",".join(attacker.origins), COUNTED_IN: str(counted)},
                seconds_to_end=0.5,
            )
        )
        wait_for(server)
        visitor = Visitor(server, visitor_cookie, _VISITOR)
        visitor.page_changes(1.0)  # warms up
        target = Target(server.port, cookies, visitor.verify_button())
        return _impact(server, attacker, target, visitor, counted if hanging else None)


def _impact(server: Server, attacker: Stranger, target: Target, visitor: Visitor, counted: Path | None) -> Impact:
    newcomer = Visitor(server, secrets.token_urlsafe(32), _NEWCOMER)
    quiet = visitor.page_changes(_QUIET_SECONDS)
    visitor.leave()
    began, used = time.monotonic(), server.processor_seconds
    with watched_health(server) as health:
        attacker.begin(target)
        attacked = visitor.page_changes(_ATTACKED_SECONDS)
        arrival = newcomer.arrival()
        attacked += visitor.page_changes(_ATTACKED_SECONDS)
        look_up = visitor.verification(target.verify_button) if counted else None
        counts = attacker.counts()
    processor = (server.processor_seconds - used) / (time.monotonic() - began)
    visitor.leave()
    newcomer.leave()
    looked_up = {"look-ups that hang": counted.stat().st_size if counted.exists() else 0} if counted else {}
    return Impact(health.worst, quiet, attacked, arrival, look_up, processor, {**counts, **looked_up})


def _drafts(app: App, hosts: Sequence[str]) -> list[str]:
    """A visitor's cookie for each host, with a draft for it that only waits to be verified."""
    cookies = [secrets.token_urlsafe(32) for _ in hosts]
    typed = {name: value for name, value in walks.WORKS.values.items() if name != API_URL}
    origins = tuple(host for host in hosts if "://" in host)
    with walks.running(app.folder, trusted_origins=origins) as service:
        for cookie, host in zip(cookies, hosts, strict=True):
            tenant = tenant_of(cookie) or ""
            walks.Tab(service, tenant).choose(walks.SYSTEM.code, host)
            walks.Tab(service, tenant).enter(typed)
    return cookies
