"""The edge of the running program, tried as an attacker would: with a websocket client of one's own."""

import re
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from hashlib import sha256
from html import unescape

import httpx
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from tests.outbound.servers import LoopbackServer, repeats
from tests.raw_session import RawSession, is_drawn, open_session, rerun
from tests.serving import PATIENCE_SECONDS, Server, served
from tests.walks import SYSTEM, WORKS, Tab, running
from xtnd_wizard.i18n import LANGUAGE_COOKIE, text
from xtnd_wizard.wizard.visitors import COOKIE, SECURE_COOKIE

TOKEN = secrets.token_urlsafe(32)
TENANT = sha256(TOKEN.encode()).hexdigest()
PER_ADDRESS, PER_VISITOR, ALTOGETHER = 6, 4, 20
PUBLIC_URL = "https://connect.example.com"
SOON_SECONDS = 5.0
"""A generous ceiling: it took more than a minute."""


@pytest.fixture(scope="module")
def egress() -> Iterator[LoopbackServer]:
    """Where the program's calls to public services would go out: it counts them."""
    with LoopbackServer(repeats(b"")) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, egress: LoopbackServer) -> Iterator[Server]:
    """A server with low caps, and a draft of one visitor."""
    folder = tmp_path_factory.mktemp("edge")
    with running(folder) as service:
        Tab(service, TENANT).start_demo(SYSTEM.code, WORKS)
    proxy = f"http://127.0.0.1:{egress.port}"
    with served(
        folder,
        XTND_OPEN_SESSIONS=str(ALTOGETHER),
        XTND_SESSIONS_PER_ADDRESS=str(PER_ADDRESS),
        XTND_SESSIONS_PER_VISITOR=str(PER_VISITOR),
        XTND_PUBLIC_URL=PUBLIC_URL,
        HTTP_PROXY=proxy,
        HTTPS_PROXY=proxy,
        http_proxy=proxy,
        https_proxy=proxy,
    ) as started:
        yield started


def somebody() -> str:
    """The cookie of somebody new."""
    return secrets.token_urlsafe(32)


def somewhere() -> dict[str, str]:
    """The headers with which a proxy tells of an address that nobody else has."""
    return {"X-Forwarded-For": f"203.0.113.{secrets.randbelow(200)}:{secrets.randbelow(60_000)}"}


def get(server: Server, path: str = "/", **headers: str) -> httpx.Response:
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.get(server.address + path, headers=headers, trust_env=False, timeout=PATIENCE_SECONDS)


def end_of(session: RawSession, *frames: bytes | str) -> int | None:
    """Send frames, and read until the server ends the connection; the code of its close frame, if it sent one."""
    try:
        for frame in frames:
            session.connection.send(frame)
        while True:
            session.connection.recv(PATIENCE_SECONDS)
    except ConnectionClosed as ended:
        return ended.rcvd.code if ended.rcvd else None


@contextmanager
def watched_health(server: Server) -> Iterator[None]:
    """Ask for the server's health all the while. Raises AssertionError at the end where an answer did not come soon."""
    late: list[httpx.HTTPError] = []
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.02):
            try:
                assert httpx.get(f"{server.address}/_stcore/health", trust_env=False, timeout=SOON_SECONDS).is_success
            except httpx.HTTPError as error:
                late.append(error)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
    assert late == []


def test_three_thousand_messages_from_one_socket_make_nobody_wait(server: Server) -> None:
    with watched_health(server):
        with open_session(server.port, somebody()) as stormy, suppress(ConnectionClosed):
            for _ in range(3000):
                stormy.send("")
        with open_session(server.port, TOKEN) as calm:
            assert is_drawn(calm.run("enter", patience=SOON_SECONDS))


def test_a_client_that_floods_is_cut_off_and_one_that_hurries_is_only_held_back(server: Server) -> None:
    with open_session(server.port, somebody()) as hasty:
        for _ in range(30):
            hasty.send("")
        drawn = 0
        while not drawn:
            drawn += is_drawn(list(hasty.messages()))
    with open_session(server.port, somebody()) as flooding:
        assert end_of(flooding, *[rerun("")] * 3000) is None


def test_sockets_that_say_nothing_lock_nobody_out(server: Server) -> None:
    refused = 0
    with ExitStack() as silent:
        for _ in range(2 * ALTOGETHER):
            try:
                silent.enter_context(open_session(server.port))
            except InvalidStatus:
                refused += 1
        assert refused
        with open_session(server.port, somebody()) as person:
            assert is_drawn(person.run(""))
    with ExitStack() as silent:
        for _ in range(2 * ALTOGETHER):
            silent.enter_context(open_session(server.port, somebody()))
        with open_session(server.port, somebody()) as person:
            assert is_drawn(person.run(""))


def test_one_address_fills_its_own_cap_and_nobody_elses(server: Server) -> None:
    with ExitStack() as stay:

        def comes(address: str) -> bool:
            try:
                stay.enter_context(open_session(server.port, somebody(), headers={"X-Forwarded-For": address}))
            except InvalidStatus:
                return False
            return True

        spoofed = [f"198.51.100.{number}, 203.0.113.201" for number in range(PER_ADDRESS + 2)]
        assert [comes(address) for address in spoofed] == [True] * PER_ADDRESS + [False] * 2
        assert comes("203.0.113.202")
        assert comes("203.0.113.201, 127.0.0.1") is False
        assert comes("2001:db8::1")


def test_a_browser_with_too_many_tabs_reads_what_to_do_until_it_closes_one(server: Server) -> None:
    visitor = somebody()
    cookie = f"{COOKIE}={visitor}; {LANGUAGE_COOKIE}=sv"
    with ExitStack() as tabs:
        for _ in range(PER_VISITOR):
            tabs.enter_context(open_session(server.port, visitor))
        answer = get(server, "/enter", accept="text/html", cookie=cookie)
        assert answer.status_code == 429
        assert text("sv", "full.visitor_title") in unescape(answer.text)
        assert answer.headers["x-frame-options"] == "DENY"
        with pytest.raises(InvalidStatus, match="403"), open_session(server.port, visitor):
            pass
        assert get(server, "/_stcore/health", cookie=cookie).status_code == 200
    until = time.monotonic() + PATIENCE_SECONDS
    while get(server, "/enter", accept="text/html", cookie=cookie).status_code == 429:
        assert time.monotonic() < until


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "http://localhost:3000", "http://127.0.0.1", "null", "http://[::1", None],
)
def test_a_foreign_origin_is_refused_and_nobody_is_asked_about_it(
    server: Server, egress: LoopbackServer, origin: str | None
) -> None:
    with pytest.raises(InvalidStatus, match="403"):
        connect(
            f"ws://localhost:{server.port}/_stcore/stream",
            origin=None if origin is None else Origin(origin),
            subprotocols=[Subprotocol("streamlit")],
            proxy=None,
            legacy=True,
        )
    assert egress.connections == 0


def test_behind_a_proxy_that_changes_the_host_the_public_url_opens_without_asking_anybody(
    server: Server, egress: LoopbackServer
) -> None:
    with connect(
        f"ws://localhost:{server.port}/_stcore/stream",
        origin=Origin(PUBLIC_URL),
        subprotocols=[Subprotocol("streamlit")],
        additional_headers={"Cookie": f"{COOKIE}={somebody()}"},
        proxy=None,
        max_size=None,
    ) as connection:
        assert is_drawn(RawSession(connection).run(""))
    assert egress.connections == 0


NEIGHBOURS = ["a[b]=1", '{"v":1}', "cf/x=1"]


@pytest.mark.parametrize("neighbour", NEIGHBOURS)
@pytest.mark.parametrize("name", [COOKIE, SECURE_COOKIE])
def test_beside_a_neighbours_odd_cookie_a_visitor_keeps_the_draft(server: Server, name: str, neighbour: str) -> None:
    for both in (f"{neighbour}; {name}={TOKEN}", f"{name}={TOKEN}; {neighbour}"):
        assert "set-cookie" not in get(server, accept="text/html", cookie=both).headers
        with open_session(server.port, headers={"Cookie": both}) as session:
            drawn = session.run("")
        assert text("en", "unfinished.discard_hint") in str(drawn)


def test_over_https_behind_a_trusted_proxy_the_cookie_is_one_that_nobody_can_plant(server: Server) -> None:
    answer = get(server, accept="text/html", x_forwarded_proto="https")
    assert re.fullmatch(rf"{SECURE_COOKIE}=[\w-]{{43}}; .*; Secure", answer.headers["set-cookie"])
    assert answer.headers["strict-transport-security"]


@pytest.mark.parametrize("path", ["/_stcore/agent/openapi.json", "/_stcore/metrics", "/_stcore/upload_file/a/b"])
def test_a_closed_path_answers_with_the_security_headers(server: Server, path: str) -> None:
    answer = get(server, path)
    assert answer.status_code == 404
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'self'" in answer.headers["content-security-policy"]


def test_the_files_of_a_page_are_not_stored(server: Server) -> None:
    assert get(server, "/media/nothing.svg").headers["cache-control"] == "no-store"


def test_a_frame_that_no_page_sends_ends_the_connection(server: Server) -> None:
    for size in (300_000, 2_000_000):
        with open_session(server.port, somebody()) as session:
            assert end_of(session, b"\0" * size) == 1009


def spoil(session: RawSession) -> str:
    """Send a widget a value of a wrong type; the reference that the page shows then."""
    elements = (found.delta.new_element for found in session.run("system") if found.WhichOneof("type") == "delta")
    choice = next(element.radio.id for element in elements if element.HasField("radio"))
    message = BackMsg()
    message.rerun_script.page_name = "system"
    message.rerun_script.widget_states.widgets.add(id=choice, int_value=99)
    session.connection.send(message.SerializeToString())
    shown = "\n".join(found.delta.new_element.alert.body for found in session.messages())
    reference = re.search(re.escape(text("en", "error.body", reference="@")).replace("@", "([0-9A-F]{8})"), shown)
    assert reference is not None, shown
    return reference[1]


def test_of_bad_input_there_is_a_sentence_in_place_and_one_short_line_in_the_log(server: Server) -> None:
    before = len(server.log_lines)
    references = set()
    for _ in range(4):
        for nonsense, code in ((b"\xff\xff\xff", 1002), ("text", 1003)):
            with open_session(server.port, somebody()) as session:
                assert end_of(session, nonsense) == code
        with open_session(server.port, somebody()) as session:
            references.add(spoil(session))
    lines = server.log_lines[before:]
    assert all(reference in server.log for reference in references)
    assert len(references) == 1
    assert len(lines) <= 4, lines
    assert all(len(line) <= 320 for line in lines), lines
    assert "Traceback" not in server.log
