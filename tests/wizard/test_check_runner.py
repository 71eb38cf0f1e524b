"""How a system's checks are run, with a system that is made up for this and a server that counts."""

import asyncio
import gc
import threading
import warnings
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack, aclosing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from tests.checking import verify
from tests.outbound.servers import Behaviour, Exchange, LoopbackServer, hangs, http, says, says_and_leaves
from tests.walks import running
from xtnd_wizard.domain.api_url import ApiUrl
from xtnd_wizard.domain.findings import Account, Finding, failed, not_applicable, passed
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound import RequestFailed
from xtnd_wizard.outbound.client import OutboundClient
from xtnd_wizard.systems import all_systems
from xtnd_wizard.systems.checks import Check, CheckContext, Checks, Credentials, Result, SignIn, SignInResult
from xtnd_wizard.systems.contract import System
from xtnd_wizard.wizard.check_runner import AnswerCache, Event, Identified, checks_of, run_checks

KEY = "7e1f0c52-marker-0d9a"
ACCOUNT = Account("7", "Ullstugan")
REACHED = ["address passed", "secure not_applicable"]
"""What the common checks say of a plain http origin that the operator trusts."""
SECONDS = 10.0
IMPATIENT = 0.4


@dataclass(frozen=True)
class Shop:
    """What the sign-in finds out."""

    parcels: int


async def sign_in(context: CheckContext) -> SignInResult[Shop]:
    try:
        await context.get("/opening", secret_headers={"x-key": context.credentials.secret("access_token")})
    except RequestFailed as failure:
        return SignInResult((failed("key", failure.code, failure.detail, **failure.facts),))
    return SignInResult((passed("key"),), Shop(2))


def asking(code: str) -> Check[Shop]:
    async def check(context: CheckContext, shop: Shop) -> Finding:
        assert shop == Shop(2)
        try:
            await context.get(f"/{code}")
        except RequestFailed as failure:
            return failed(code, failure.code, failure.detail)
        return passed(code)

    return Check(code, check)


async def account(context: CheckContext, shop: Shop) -> Result:
    return Result((passed("account"),), ACCOUNT)


REST = (asking("one"), asking("two"), asking("three"), Check("account", account))
MADE_UP = replace(
    all_systems()[0],
    code="made-up",
    checks=Checks(SignIn(("key",), sign_in), REST),
)


def with_checks(**changes: Any) -> System:
    return replace(MADE_UP, checks=replace(MADE_UP.checks, **changes))


class NoMemory:
    """Asks each time, and notes for what."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Credentials]] = []

    async def cached(self, operation: str, credentials: Credentials, ask: Callable[[], Awaitable[Account]]) -> Account:
        self.asked.append((operation, credentials))
        return await ask()


@dataclass
class Channel:
    """A server, and what a verification of it says."""

    until_the_end: ExitStack
    answer_cache: AnswerCache = field(default_factory=NoMemory)
    counted: Counter[str] = field(default_factory=Counter)
    origin: str = "http://127.0.0.1:1"

    def serve(self, behaviour: Behaviour, *, listens: bool = True) -> None:
        async def count(exchange: Exchange) -> None:
            self.counted[exchange.path if listens else "a connection"] += 1
            await behaviour(exchange)

        server = self.until_the_end.enter_context(LoopbackServer(count, listens=listens))
        self.origin = f"http://127.0.0.1:{server.port}"

    def verify(
        self, system: System = MADE_UP, seconds: float = SECONDS, outbound_client: OutboundClient | None = None
    ) -> Iterator[Event]:
        credentials = Credentials(ApiUrl(self.origin), {"access_token": Secret(KEY), "shop": "7"})
        return verify(
            system,
            credentials,
            outbound_client or OutboundClient(trusted_origins=(self.origin,)),
            self.answer_cache,
            seconds,
        )

    def says(
        self, system: System = MADE_UP, seconds: float = SECONDS, outbound_client: OutboundClient | None = None
    ) -> list[str]:
        """What a verification tells, in order, one word an event."""
        return [word(event) for event in self.verify(system, seconds, outbound_client)]


def word(event: Event) -> str:
    if isinstance(event, Identified):
        return f"is {event.account.name}"
    return f"{event.check} {event.problem_code or event.outcome}"


@pytest.fixture
def channel() -> Iterator[Channel]:
    with ExitStack() as until_the_end:
        yield Channel(until_the_end)


def by_path(answers: Mapping[str, bytes | None]) -> Behaviour:
    """Answer these paths so, with None for silence, and every other one well."""

    async def behave(exchange: Exchange) -> None:
        answer = answers.get(exchange.path, http())
        await (hangs(exchange) if answer is None else exchange.send(answer))

    return behave


def test_findings_arrive_in_the_order_in_which_a_call_proceeds(channel: Channel) -> None:
    channel.serve(says(http()))
    results = channel.says()
    assert results[:3] == [*REACHED, "key passed"]
    assert sorted(results[3:]) == ["account passed", "is Ullstugan", "one passed", "three passed", "two passed"]
    assert results.index("is Ullstugan") == results.index("account passed") - 1


def test_every_call_is_made_once(channel: Channel) -> None:
    channel.serve(says(http()))
    channel.says()
    assert channel.counted == {"/opening": 1, "/one": 1, "/two": 1, "/three": 1}


def test_the_checks_of_a_system_are_the_common_ones_and_then_its_own() -> None:
    assert checks_of(MADE_UP) == ("address", "secure", "key", "one", "two", "three", "account")


def test_common_findings_name_the_host(channel: Channel) -> None:
    channel.serve(says(http()))
    first = next(iter(channel.verify()))
    assert isinstance(first, Finding)
    assert first.facts == {"host": channel.origin.split("//")[1]}


def test_findings_arrive_while_the_channel_still_thinks(channel: Channel) -> None:
    release = threading.Event()

    async def thinks(exchange: Exchange) -> None:
        await asyncio.to_thread(release.wait, 30)
        await exchange.send(http())

    channel.until_the_end.callback(release.set)
    channel.serve(thinks)
    events = channel.verify()
    assert [word(next(events)), word(next(events))] == REACHED
    release.set()
    assert word(next(events)) == "key passed"
    assert len(list(events)) == 5


def test_a_failed_opening_ends_it_all_after_one_call(channel: Channel) -> None:
    channel.serve(says(http(401)))
    assert channel.says() == [*REACHED, "key key_rejected"]
    assert channel.counted == {"/opening": 1}


def test_an_opening_that_is_not_applicable_lets_the_rest_go_on(channel: Channel) -> None:
    async def shrug(context: CheckContext) -> SignInResult[Shop]:
        await context.get("/opening")
        return SignInResult((not_applicable("key"),), Shop(2))

    channel.serve(says(http()))
    assert len(channel.says(with_checks(sign_in=SignIn(("key",), shrug)))) == 8


def test_the_rest_is_asked_side_by_side(channel: Channel) -> None:
    gates: list[asyncio.Barrier] = []

    async def all_or_none(exchange: Exchange) -> None:
        if exchange.path != "/opening":
            gates.append(asyncio.Barrier(3)) if not gates else None
            await gates[0].wait()
        await exchange.send(http())

    channel.serve(all_or_none)
    assert {"one passed", "two passed", "three passed"} <= set(channel.says())


def test_one_check_that_fails_hides_no_other(channel: Channel) -> None:
    channel.serve(by_path({"/two": http(403)}))
    assert {"one passed", "two key_lacks_permission", "three passed", "account passed"} <= set(channel.says())


def stumbling(stumble: bytes | None, times: int) -> Behaviour:
    """Fail some times with this, or with a reset, and answer from then on."""
    left = [times]

    async def behave(exchange: Exchange) -> None:
        left[0] -= 1
        if left[0] >= 0:
            return exchange.reset() if stumble is None else await exchange.send(stumble)
        return await exchange.send(http())

    return behave


@pytest.mark.parametrize("stumble", [http(502), http(503), http(504), None], ids=["502", "503", "504", "reset"])
def test_a_stumble_is_tried_again_once(channel: Channel, stumble: bytes | None) -> None:
    channel.serve(stumbling(stumble, 1))
    assert channel.says()[:3] == [*REACHED, "key passed"]
    assert channel.counted["/opening"] == 2


@pytest.mark.parametrize(("stumble", "code"), [(http(502), "upstream_down"), (None, "dropped")], ids=["502", "reset"])
def test_a_second_stumble_is_an_answer(channel: Channel, stumble: bytes | None, code: str) -> None:
    channel.serve(stumbling(stumble, 2))
    assert channel.says() == [*REACHED, f"key {code}"]
    assert channel.counted == {"/opening": 2}


@pytest.mark.parametrize(
    "answer",
    [
        *[http(status) for status in (301, 400, 401, 403, 404, 429, 500, 501, 520)],
        http(503, retry_after="1"),
        http(200, b"", "text/html"),
    ],
    ids=["301", "400", "401", "403", "404", "429", "500", "501", "520", "maintenance", "web page"],
)
def test_every_other_failure_is_an_answer_at_once(channel: Channel, answer: bytes) -> None:
    channel.serve(says(answer))
    assert len(channel.says()) == 3
    assert channel.counted == {"/opening": 1}


def test_a_host_that_is_not_found_fails_at_the_address(channel: Channel) -> None:
    channel.origin = "https://shop.example.org"
    assert channel.says(outbound_client=OutboundClient(look_up=lambda host: [])) == ["address host_not_found"]


def test_a_host_without_tls_fails_at_the_secure_line(channel: Channel) -> None:
    channel.serve(says_and_leaves(http(400)), listens=False)
    channel.origin = channel.origin.replace("http:", "https:")
    assert channel.says() == ["address passed", "secure tls_missing"]


def test_a_common_check_that_passed_does_not_fail_as_well(channel: Channel) -> None:
    async def unreachable_later(context: CheckContext) -> SignInResult[Shop]:
        await context.get("/opening")
        return SignInResult((failed("key", ProblemCode.UNREACHABLE),))

    channel.serve(says(http()))
    results = channel.says(with_checks(sign_in=SignIn(("key",), unreachable_later)))
    assert results == [*REACHED, "key unreachable"]


def test_a_channel_that_never_answers_is_slow_and_not_wrong(channel: Channel) -> None:
    channel.serve(hangs)
    assert channel.says(seconds=IMPATIENT) in (
        [*REACHED, "recognise slow"],
        [*REACHED, "key slow"],
    )


def test_a_handshake_that_never_ends_is_no_https(channel: Channel) -> None:
    channel.serve(hangs, listens=False)
    channel.origin = channel.origin.replace("http:", "https:")
    assert channel.says(seconds=IMPATIENT) == ["address passed", "secure tls_missing"]


def test_a_look_up_that_never_ends_is_trouble_with_names(channel: Channel) -> None:
    answered = threading.Event()
    channel.until_the_end.callback(answered.set)

    def look_up(host: str) -> list[str]:
        answered.wait(60)
        return []

    channel.origin = "https://shop.example.org"
    assert channel.says(seconds=2, outbound_client=OutboundClient(look_up=look_up)) == ["address dns_trouble"]


def test_the_deadline_ends_only_what_is_still_under_way(channel: Channel) -> None:
    channel.serve(by_path({"/two": None}))
    results = channel.says(seconds=IMPATIENT)
    assert results[-1] == "two slow"
    assert {"one passed", "three passed", "account passed"} <= set(results)


def test_the_deadline_holds_for_a_check_that_asks_nobody(channel: Channel) -> None:
    async def endless(context: CheckContext, shop: Shop) -> Result:
        await asyncio.Event().wait()
        raise AssertionError

    channel.serve(says(http()))
    assert channel.says(with_checks(parallel=(Check("one", endless),)), IMPATIENT)[-1] == "one slow"


@pytest.mark.parametrize("messages", [2, 4])
def test_closing_early_ends_every_call_under_way(channel: Channel, messages: int) -> None:
    under_way, left = threading.Event(), threading.Event()

    async def notices(exchange: Exchange) -> None:
        if messages > 2 and exchange.path == "/opening":
            await exchange.send(http())
        else:
            under_way.set()
            assert await exchange.reader.read() == b""
            left.set()

    channel.serve(notices)
    events = channel.verify()
    results = [word(next(events)) for _ in range(messages)]
    assert results[:2] == REACHED
    assert under_way.wait(10)
    events.close()  # type: ignore[attr-defined]
    assert left.wait(10)
    assert list(events) == []


def test_a_mistake_in_a_check_is_raised_and_ends_the_others(channel: Channel) -> None:
    async def mistaken(context: CheckContext, shop: Shop) -> Result:
        raise LookupError

    channel.serve(by_path({"/two": None}))
    with pytest.raises(LookupError):
        channel.says(with_checks(parallel=(*REST[1:], Check("one", mistaken))))


async def once(context: CheckContext, shop: Shop) -> Result:
    async def ask() -> Account:
        await context.get("/account")
        return ACCOUNT

    return Result((passed("account"),), await context.cached("OP1", ("access_token",), ask))


def test_an_answer_is_kept_for_the_values_it_depends_on(channel: Channel) -> None:
    answer_cache = channel.answer_cache = NoMemory()
    channel.serve(says(http()))
    assert "is Ullstugan" in channel.says(with_checks(parallel=(Check("account", once),)))
    ((operation, credentials),) = answer_cache.asked
    assert operation == "OP1"
    assert (str(credentials.url), set(credentials.values)) == (channel.origin, {"access_token"})
    assert channel.counted["/account"] == 1


def test_the_answer_of_the_day_that_is_under_way_is_kept_when_the_viewer_leaves(
    channel: Channel, tmp_path: Path
) -> None:
    both, first_ended = threading.Barrier(3), asyncio.Event()

    async def answers_after_the_other_was_ended(exchange: Exchange) -> None:
        if exchange.path == "/one":
            await asyncio.to_thread(both.wait, 10)
            assert await exchange.reader.read() == b""
            first_ended.set()
        elif exchange.path == "/account" and not first_ended.is_set():
            await asyncio.to_thread(both.wait, 10)
            await first_ended.wait()
        await exchange.send(http())

    channel.serve(answers_after_the_other_was_ended)
    checked = with_checks(parallel=(asking("one"), Check("account", once)))
    with running(tmp_path) as service:
        channel.answer_cache = service.answer_cache
        events = channel.verify(checked)
        next(events)
        both.wait(10)
        events.close()  # type: ignore[attr-defined]
        assert "is Ullstugan" in channel.says(with_checks(parallel=(Check("account", once),)))
    assert channel.counted["/account"] == 1


def test_a_verification_that_nobody_reads_calls_nobody(channel: Channel) -> None:
    channel.serve(says(http()))
    channel.verify()
    assert channel.counted == {}


def test_the_key_is_in_no_event(channel: Channel) -> None:
    channel.serve(says(http(401)))
    assert KEY not in repr(list(channel.verify()))


async def leave(context: CheckContext, shop: Shop) -> None:
    assert shop == Shop(2)
    await context.get("/leave")


def test_what_the_opening_began_is_ended_after_all_the_rest(channel: Channel) -> None:
    asked: list[str] = []

    async def note(exchange: Exchange) -> None:
        asked.append(exchange.path)
        await exchange.send(http(403) if exchange.path == "/two" else http())

    channel.serve(note)
    results = channel.says(with_checks(teardown=leave))
    assert asked[0] == "/opening"
    assert asked[-1] == "/leave"
    assert asked.count("/leave") == 1
    assert not any("leave" in event for event in results)


def test_nothing_is_ended_that_never_began(channel: Channel) -> None:
    channel.serve(says(http(401)))
    channel.says(with_checks(teardown=leave))
    assert channel.counted == {"/opening": 1}


@pytest.mark.parametrize("answer", [http(500), http(200, b"not json"), None])
def test_an_end_that_fails_changes_nothing(channel: Channel, answer: bytes | None) -> None:
    channel.serve(by_path({"/leave": answer}))
    results = channel.says(with_checks(teardown=leave), seconds=1)
    assert {"one passed", "two passed", "three passed", "is Ullstugan"} <= set(results)


def test_the_deadline_of_the_checks_leaves_time_for_the_end(channel: Channel) -> None:
    async def endless(exchange: Exchange) -> None:
        await (hangs(exchange) if exchange.path == "/one" else exchange.send(http()))

    channel.serve(endless)
    assert "one slow" in channel.says(with_checks(teardown=leave), IMPATIENT)
    assert channel.counted["/leave"] == 1


def test_what_the_opening_began_is_ended_after_a_mistake_in_a_check(channel: Channel) -> None:
    async def mistaken(context: CheckContext, shop: Shop) -> Result:
        raise LookupError

    channel.serve(says(http()))
    with pytest.raises(LookupError):
        channel.says(with_checks(parallel=(*REST[1:], Check("one", mistaken)), teardown=leave))
    assert channel.counted["/leave"] == 1


def test_what_the_opening_began_is_ended_where_nobody_waits_for_the_rest(channel: Channel) -> None:
    async def endless(exchange: Exchange) -> None:
        await (hangs(exchange) if exchange.path == "/one" else exchange.send(http()))

    channel.serve(endless)
    events = channel.verify(with_checks(teardown=leave))
    results = [word(next(events)) for _ in range(4)]
    assert results[-1] != "one passed"
    events.close()  # type: ignore[attr-defined]
    assert channel.counted["/leave"] == 1


def test_whoever_leaves_between_the_sign_in_and_the_rest_leaves_no_check_unawaited(channel: Channel) -> None:
    channel.serve(says(http()))
    credentials = Credentials(ApiUrl(channel.origin), {"access_token": Secret(KEY)})
    client = OutboundClient(trusted_origins=(channel.origin,))

    async def leave_after_the_sign_in() -> None:
        async with aclosing(run_checks(MADE_UP, credentials, client, NoMemory(), SECONDS)) as events:
            async for event in events:
                if word(event) == "key passed":
                    break

    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always", RuntimeWarning)
        asyncio.run(leave_after_the_sign_in())
        gc.collect()
    assert [str(warning.message) for warning in warned] == []
    assert channel.counted == {"/opening": 1}
