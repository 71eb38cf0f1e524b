"""What the outbound client does and never does, apart from what goes wrong on the way."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpcore
import pytest
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from tests.outbound.scene import KEY, Meeting, Scene
from tests.outbound.servers import Exchange, LoopbackServer, hangs, http, resets, says, says_and_leaves
from xtnd_wizard.domain.api_url import ApiUrl
from xtnd_wizard.domain.problems import ProblemCode, Stage
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound import RequestFailed
from xtnd_wizard.outbound import client as client_module
from xtnd_wizard.outbound.client import HostSession, OutboundClient

HOST = "shop.example.org"
PUBLIC = "93.184.216.34"
SECONDS = 10.0


@dataclass
class Network:
    """Stands where the public internet would be: every address leads to one loopback server."""

    port: int = 0
    connected: list[tuple[str, int]] = field(default_factory=list)
    looked_up: list[str] = field(default_factory=list)
    answers: list[Sequence[str]] = field(default_factory=lambda: [[PUBLIC]])
    silent: frozenset[str] = frozenset()

    def look_up(self, host: str) -> Sequence[str]:
        self.looked_up.append(host)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Network:
    found = Network()
    connect = httpcore.AnyIOBackend.connect_tcp

    async def reroute(self: Any, host: str, port: int, *rest: Any) -> httpcore.AsyncNetworkStream:
        found.connected.append((host, port))
        if host in found.silent:
            raise httpcore.ConnectError
        return await connect(self, "127.0.0.1", found.port, *rest)

    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", reroute)
    return found


@dataclass
class Outside:
    """A public host, as far as the outbound client can tell."""

    scene: Scene
    network: Network

    def serve(self, behaviour: Callable[[Exchange], Any], certificate: str = HOST) -> LoopbackServer:
        self.scene.serve(behaviour, self.scene.authority.context(certificate))
        self.network.port = self.scene.servers[-1].port
        return self.scene.servers[-1]

    @property
    def outbound_client(self) -> OutboundClient:
        return OutboundClient(look_up=self.network.look_up, trusted_ca_file=self.scene.authority.file)

    def ask(self, origin: str = f"https://{HOST}") -> Meeting:
        return self.scene.ask(origin, SECONDS, self.outbound_client)

    @asynccontextmanager
    async def open_session(self) -> AsyncIterator[HostSession]:
        async with self.outbound_client.open_session(ApiUrl(f"https://{HOST}"), SECONDS) as host_session:
            yield host_session


@pytest.fixture
def outside(scene: Scene, network: Network) -> Outside:
    return Outside(scene, network)


def test_the_judged_address_is_the_one_connected_to(outside: Outside) -> None:
    outside.serve(says(http()))
    assert outside.ask().failure is None
    assert outside.network.looked_up == [HOST]
    assert outside.network.connected == [(PUBLIC, 443)]


def test_the_certificate_is_checked_against_the_name_and_not_the_address(outside: Outside) -> None:
    outside.serve(says(http()), PUBLIC)
    failure = outside.ask().failure
    assert failure
    assert failure.code is ProblemCode.TLS_WRONG_HOST


@pytest.mark.parametrize(
    "origin", [f"https://{HOST}:8443", f"http://{HOST}", f"http://{HOST}:443", f"https://{HOST}:80", "https://x"]
)
def test_only_https_on_port_443_of_a_public_name_is_called(outside: Outside, origin: str) -> None:
    outside.serve(says(http()))
    failure = outside.ask(origin).failure
    assert failure
    assert (failure.code, failure.key_sent) == (ProblemCode.NOT_PUBLIC, False)
    assert not outside.scene.key_was_seen
    assert outside.network.connected == []


def test_an_origin_that_is_nearly_a_trusted_one_is_not_trusted(scene: Scene) -> None:
    trusted = scene.serve(says(http()), scene.authority.context())
    other = scene.serve(says(http()), scene.authority.context())
    failure = scene.ask(
        other, SECONDS, OutboundClient(trusted_origins=(trusted,), trusted_ca_file=scene.authority.file)
    ).failure
    assert failure
    assert failure.code is ProblemCode.NOT_PUBLIC
    assert scene.servers[1].connections == 0


def test_without_the_operators_authority_nobody_else_is_trusted(scene: Scene) -> None:
    origin = scene.serve(says(http()), scene.authority.context())
    failure = scene.ask(origin, SECONDS, OutboundClient(trusted_origins=(origin,))).failure
    assert failure
    assert failure.code is ProblemCode.TLS_UNTRUSTED


@pytest.mark.parametrize("content", ["", "nothing", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_an_authority_that_cannot_be_read_is_found_out_before_any_call(tmp_path: Path, content: str) -> None:
    file = tmp_path / "ca.pem"
    file.write_text(content)
    with pytest.raises(OSError, match=r"PEM|certificate"):
        _ = OutboundClient(trusted_ca_file=str(file)).ssl_context


def test_one_private_address_among_public_ones_spoils_all(outside: Outside) -> None:
    outside.serve(says(http()))
    outside.network.answers = [[PUBLIC, "10.0.0.1"]]
    failure = outside.ask().failure
    assert failure
    assert failure.code is ProblemCode.HOST_NOT_FOUND
    assert outside.network.connected == []


def test_the_next_address_is_tried_where_one_does_not_answer(outside: Outside) -> None:
    outside.serve(says(http()))
    outside.network.answers = [["2606:2800:220:1::1", PUBLIC, "93.184.216.35", "93.184.216.36"]]
    outside.network.silent = frozenset((PUBLIC,))
    assert outside.ask().failure is None
    assert outside.network.connected == [(PUBLIC, 443), ("93.184.216.35", 443)]


def test_three_addresses_are_tried_and_no_more(outside: Outside) -> None:
    several = [f"93.184.216.{last}" for last in range(10, 20)]
    outside.network.answers = [several]
    outside.network.silent = frozenset(several)
    failure = outside.ask().failure
    assert failure
    assert failure.code is ProblemCode.UNREACHABLE
    assert [address for address, _ in outside.network.connected] == several[:3]


def test_five_calls_at_once_look_the_name_up_once(outside: Outside) -> None:
    together: list[asyncio.Barrier] = []

    async def answer_all_together(exchange: Exchange) -> None:
        together.append(asyncio.Barrier(5)) if not together else None
        await together[0].wait()
        await exchange.send(http())

    server = outside.serve(answer_all_together)

    async def five() -> list[int]:
        async with outside.open_session() as host_session:
            return [answer.status for answer in await asyncio.gather(*(host_session.get(f"/{n}") for n in range(5)))]

    assert asyncio.run(five()) == [200] * 5
    assert server.connections == 5
    assert outside.network.looked_up == [HOST]


def test_a_name_that_changes_its_address_is_held_to_the_first(outside: Outside) -> None:
    outside.serve(says_and_leaves(http(connection="close")))
    outside.network.answers = [[PUBLIC], ["127.0.0.1"]]

    async def twice() -> None:
        async with outside.open_session() as host_session:
            await host_session.get("/first")
            await host_session.get("/second")

    asyncio.run(twice())
    assert outside.network.connected == [(PUBLIC, 443)] * 2


def test_the_next_visit_looks_the_name_up_again(outside: Outside) -> None:
    outside.serve(says(http()))
    outside.network.answers = [[PUBLIC], ["127.0.0.1"]]
    assert outside.ask().failure is None
    failure = outside.ask().failure
    assert failure
    assert failure.code is ProblemCode.HOST_NOT_FOUND


def test_no_proxy_from_the_environment_is_used(outside: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    outside.scene.serve(hangs, None, listens=False)
    proxy = outside.scene.servers[0]
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv(name.lower(), f"http://127.0.0.1:{proxy.port}")
    outside.serve(says(http()))
    assert outside.ask().failure is None
    assert outside.network.connected == [(PUBLIC, 443)]
    assert proxy.connections == 0


def test_no_login_from_a_netrc_is_sent(outside: Outside, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine {HOST} login somebody password something\n")
    monkeypatch.setenv("NETRC", str(netrc))
    server = outside.serve(says(http()))

    async def ask() -> None:
        async with outside.open_session() as host_session:
            await host_session.get("/open")

    asyncio.run(ask())
    assert b"authorization" not in server.heads[0].lower()


@pytest.mark.parametrize("location", ["/elsewhere", "https://other.example.org/"])
def test_no_redirect_is_followed(outside: Outside, location: str) -> None:
    server = outside.serve(says(http(302, location=location)))
    assert outside.ask().failure
    assert len(server.heads) == 1


def test_the_key_goes_into_its_header_as_it_is_and_nowhere_else(outside: Outside) -> None:
    server = outside.serve(says(http()))
    outside.ask()
    lines = server.heads[0].decode().split("\r\n")
    assert [line for line in lines if KEY in line] == [f"authorization: {KEY}"]
    assert {"accept: application/json", "accept-encoding: identity", f"host: {HOST}"} <= {
        line.replace("Host", "host") for line in lines
    }


def test_cookies_live_as_long_as_their_visit(outside: Outside) -> None:
    server = outside.serve(says(http(set_cookie="session=abc; Path=/")))

    async def two_visits() -> None:
        for _ in range(2):
            async with outside.open_session() as host_session:
                await host_session.get("/first")
                await host_session.get("/second")

    asyncio.run(two_visits())
    assert [b"session=abc" in head for head in server.heads] == [False, True, False, True]


def test_a_body_of_exactly_the_cap_is_read(outside: Outside) -> None:
    outside.serve(says(http(body=b"[" + b" " * (client_module.MAX_BODY_BYTES - 2) + b"]")))
    assert outside.ask().failure is None


EARLY_HINTS = b"HTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\n\r\n"
CHUNKS = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        EARLY_HINTS * 3 + http(),
        http(x_policy="a" * 20_000, body=b"[" + b" " * 100_000 + b"]"),
        CHUNKS + b"1\r\n[\r\n" + b"80\r\n" + b" " * 128 + b"\r\n1\r\n]\r\n0\r\n\r\n",
        CHUNKS + b"1\r\n[\r\n" + (b"80\r\n" + b" " * 128 + b"\r\n") * 1500 + b"1\r\n]\r\n0\r\n\r\n",
    ],
    ids=["interim answers", "long head and body", "a few chunks", "many chunks"],
)
def test_what_honest_servers_do_is_let_through_twice(outside: Outside, answer: bytes) -> None:
    server = outside.serve(says(answer))

    async def twice() -> None:
        async with outside.open_session() as host_session:
            for _ in range(2):
                (await host_session.get("/")).json()

    asyncio.run(twice())
    assert server.connections == 1


def test_progress_is_heard_in_order_and_the_handshake_not_again(outside: Outside) -> None:
    outside.serve(says(http()))
    requests: list[Stage] = []

    async def twice() -> None:
        async with outside.open_session() as host_session:
            await host_session.get("/first", progress=requests.append)
            await host_session.get("/second", progress=requests.append)

    asyncio.run(twice())
    assert requests == [Stage.ADDRESS, Stage.SECURE, Stage.SECURE]


def test_progress_ends_where_the_certificate_is_not_trusted(scene: Scene) -> None:
    meeting = scene.ask(scene.serve(says(http()), scene.authority.unknown()), SECONDS)
    assert meeting.stages == [Stage.ADDRESS]


def test_progress_is_not_heard_where_the_name_does_not_exist(outside: Outside) -> None:
    outside.network.answers = [[]]
    assert outside.ask().stages == []


def test_one_deadline_holds_for_all_calls_of_a_visit(scene: Scene) -> None:
    origin = scene.serve(hangs, scene.authority.context())
    trusting = OutboundClient(trusted_origins=(origin,), trusted_ca_file=scene.authority.file)

    async def four_at_a_time() -> list[Any]:
        async with trusting.open_session(ApiUrl(origin), 0.4) as host_session:
            return await asyncio.gather(*(host_session.get("/") for _ in range(4)), return_exceptions=True)

    async def bounded() -> list[Any]:
        return await asyncio.wait_for(four_at_a_time(), 5)

    assert [failure.code for failure in asyncio.run(bounded())] == [ProblemCode.SLOW] * 4


def test_a_sandbox_host_is_answered_in_process_and_never_looked_up(outside: Outside) -> None:
    async def sandbox(scope: Scope, receive: Receive, send: Send) -> None:
        await JSONResponse({"path": scope["path"]})(scope, receive, send)

    practising = OutboundClient(
        sandbox_hosts=frozenset(("shop.test",)), sandbox=sandbox, look_up=outside.network.look_up
    )
    meeting = outside.scene.ask("https://shop.test", SECONDS, practising)
    assert meeting.answer
    assert meeting.answer.json() == {"path": "/api/thing"}
    assert meeting.stages == [Stage.ADDRESS, Stage.SECURE]
    assert outside.network.looked_up == []


def test_a_sandbox_app_that_crashes_is_a_problem_of_the_channel(scene: Scene) -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError

    failure = scene.ask(
        "https://shop.test", 1, OutboundClient(sandbox_hosts=frozenset(("shop.test",)), sandbox=broken)
    ).failure
    assert failure
    assert failure.code is ProblemCode.UPSTREAM_DOWN


@pytest.mark.parametrize(
    "behaviour",
    [
        says(http()),
        says(http(401)),
        says(http(302, location="https://login.example.org/")),
        says(http(302, location="http://[::1")),
        says_and_leaves(b"nonsense\r\n\r\n"),
        resets,
    ],
    ids=["answer", "refusal", "redirect", "bad location", "nonsense", "reset"],
)
def test_the_key_is_in_no_log_at_any_level_and_in_no_exception(
    outside: Outside, behaviour: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "httpcore.http11", "asyncio"):
        caplog.set_level(logging.DEBUG, logger=name)
    outside.serve(behaviour)
    meeting = outside.ask()
    assert outside.scene.key_was_seen
    assert "send_request_headers" in caplog.text
    assert KEY not in caplog.text
    assert KEY not in repr(meeting)
    assert meeting.failure is None or meeting.failure.__cause__ is None


def test_an_exception_carries_no_request_and_so_no_header(outside: Outside) -> None:
    outside.serve(resets)
    failure = outside.ask().failure
    assert failure
    assert failure.__suppress_context__
    assert set(vars(failure)) == {"code", "detail", "key_sent", "retry_at_once", "answer", "facts"}
    assert failure.answer is None


def test_a_call_can_be_given_parameters_and_a_folder(outside: Outside) -> None:
    server = outside.serve(says(http()))

    async def ask() -> None:
        async with outside.outbound_client.open_session(ApiUrl(f"https://{HOST}", "/shop"), SECONDS) as host_session:
            await host_session.get("/api/thing", params={"max": "1", "q": "å b"}, secret_headers={"x-key": Secret("k")})

    asyncio.run(ask())
    assert server.heads[0].startswith(b"GET /shop/api/thing?max=1&q=%C3%A5+b HTTP/1.1\r\n")


def test_a_failed_call_leaves_the_visit_usable(outside: Outside) -> None:
    turns = iter([http(500), http()])

    async def takes_turns(exchange: Exchange) -> None:
        await exchange.send(next(turns))

    outside.serve(takes_turns)

    async def twice() -> int:
        async with outside.open_session() as host_session:
            with pytest.raises(RequestFailed):
                await host_session.get("/")
            return (await host_session.get("/")).status

    assert asyncio.run(twice()) == 200
