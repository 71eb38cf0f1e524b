"""The program as it is really started: it refuses nonsense in one sentence, and lets nobody past the frame."""

import re
import secrets
import socket
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from tests.raw_session import button_in, open_session
from tests.serving import PATIENCE_SECONDS, Server, free_port, served, start
from tests.walks import FORM, SYSTEM, WORKS, Tab, all_passed, recorded, running, save
from xtnd_wizard.i18n import text
from xtnd_wizard.vault import KeyRing
from xtnd_wizard.wizard.visitors import COOKIE

TOKEN = secrets.token_urlsafe(32)
TENANT = sha256(TOKEN.encode()).hexdigest()
OUR_SENTENCE = "XTND onboarding can't start. "


def with_nonsense_in_a_setting(folder: Path) -> Mapping[str, str]:
    return {"XTND_DRAFT_DAYS": "abc"}


def with_the_ring_of_another_database(folder: Path) -> Mapping[str, str]:
    with running(folder):
        pass
    (folder / "wizard.keys").write_text(KeyRing.new().to_json())
    return {}


def with_a_schema_from_the_future(folder: Path) -> Mapping[str, str]:
    with closing(sqlite3.connect(folder / "wizard.db")) as database, database:
        database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        database.execute("INSERT INTO alembic_version VALUES ('9999')")
    return {}


def with_a_ring_that_others_can_read(folder: Path) -> Mapping[str, str]:
    with running(folder):
        pass
    (folder / "wizard.keys").chmod(0o644)
    return {}


WRONG: dict[Callable[[Path], Mapping[str, str]], str] = {
    with_nonsense_in_a_setting: "XTND_DRAFT_DAYS",
    with_the_ring_of_another_database: "belongs to another database",
    with_a_schema_from_the_future: "newer than this program knows",
    with_a_ring_that_others_can_read: "chmod 600",
}


@pytest.mark.parametrize("wrong", WRONG, ids=lambda found: found.__name__)
def test_a_start_that_can_not_go_well_ends_in_one_sentence(
    wrong: Callable[[Path], Mapping[str, str]], tmp_path: Path
) -> None:
    choices = wrong(tmp_path)
    with start(tmp_path, free_port(), **choices) as process:
        output, _ = process.communicate(timeout=PATIENCE_SECONDS)
    ours = [line for line in output.splitlines() if line.startswith(OUR_SENTENCE)]
    assert process.returncode not in (0, None)
    assert len(ours) == output.count(OUR_SENTENCE) == 1
    assert WRONG[wrong] in ours[0]
    assert "Traceback" not in output
    assert 'File "' not in output


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all questions. Its very first visitor is a client without a cookie."""
    folder = tmp_path_factory.mktemp("served")
    with running(folder) as service:
        Tab(service, TENANT).start_demo(SYSTEM.code, WORKS)
        draft = Tab(service, TENANT).draft
        assert draft is not None
        recorded(service, draft, all_passed(SYSTEM.code))
        save(service, TENANT)
    with served(folder) as started:
        started.first_contact = started.visit("connections")
        yield started


def words(messages: list[ForwardMsg]) -> str:
    return "\n".join(str(message.delta) for message in messages if message.WhichOneof("type") == "delta")


def kinds(messages: list[ForwardMsg]) -> set[str | None]:
    return {message.WhichOneof("type") for message in messages}


def test_the_first_client_of_a_fresh_process_gets_the_frame_and_not_the_page(server: Server) -> None:
    assert text("en", "error.cookies_body") in words(server.first_contact)
    assert text("en", "connections.this_browser") not in words(server.first_contact)
    assert text("en", "connections.none") not in words(server.first_contact)


@pytest.mark.parametrize("page", ["connections", "done", "enter", ""])
def test_a_client_without_a_cookie_gets_the_frame_and_no_page(server: Server, page: str) -> None:
    messages = server.visit(page)
    assert text("en", "error.cookies_body") in words(messages)
    assert FORM.name not in words(messages)


@pytest.mark.parametrize("page", ["connections", "done"])
def test_a_client_with_its_cookie_gets_the_page_by_a_deep_link(server: Server, page: str) -> None:
    messages = server.visit(page, TOKEN)
    assert FORM.name in words(messages)
    assert "page_not_found" not in kinds(messages) | kinds(server.first_contact)


def test_a_button_to_another_page_draws_that_page_and_not_the_old_one_once_more(server: Server) -> None:
    with open_session(server.port, TOKEN) as session:
        pressed = button_in(session.run("welcome"), text("en", "welcome.demo"))
        drawn = words(session.run("welcome", pressed))
    assert text("en", "demo.lead") in drawn
    assert text("en", "welcome.lead") not in drawn


def test_another_visitor_does_not_see_the_connection(server: Server) -> None:
    assert FORM.name not in words(server.visit("connections", secrets.token_urlsafe(32)))


def test_an_unforeseen_error_shows_the_reference_that_is_in_the_log_and_nothing_else_of_it(server: Server) -> None:
    database = server.folder / "wizard.db"
    with closing(sqlite3.connect(database)) as other:
        other.execute("ALTER TABLE connection RENAME TO elsewhere")
    try:
        messages = server.visit("connections", TOKEN)
    finally:
        with closing(sqlite3.connect(database)) as other:
            other.execute("ALTER TABLE elsewhere RENAME TO connection")
    found = re.search(
        re.escape(text("en", "error.reference", reference="@")).replace("@", "([0-9A-F]{8})"), words(messages)
    )
    assert found is not None
    assert not re.search(r"Traceback|OperationalError|no such table|\.py", words(messages))
    log = "".join(server.log_lines)
    assert f"reference {found[1]}: StorageFailed" in log
    assert "no such table" not in log


def test_a_page_is_served_with_the_cookie_and_the_security_headers(server: Server) -> None:
    answer = httpx.get(server.address, headers={"accept": "text/html"}, trust_env=False)
    assert answer.status_code == 200
    assert answer.headers["set-cookie"].startswith(f"{COOKIE}=")
    assert "HttpOnly; SameSite=Lax" in answer.headers["set-cookie"]
    assert "'sha256-" in answer.headers["content-security-policy"]
    assert answer.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("path", ["/_stcore/upload_file/a/b", "/_stcore/metrics", "/sandbox/shop.example.com/"])
def test_what_is_closed_is_not_found(server: Server, path: str) -> None:
    assert httpx.get(server.address + path, trust_env=False).status_code == 404


@pytest.mark.parametrize(
    ("site", "origin"),
    [("localhost", "https://evil.example"), ("evil.example", "http://evil.example")],
    ids=["from another site", "by a name that was bent to us"],
)
def test_the_websocket_opens_for_our_own_pages_only(server: Server, site: str, origin: str) -> None:
    with (
        closing(socket.create_connection(("127.0.0.1", server.port))) as line,
        pytest.raises(InvalidStatus, match="403"),
    ):
        connect(
            f"ws://{site}:{server.port}/_stcore/stream",
            sock=line,
            origin=Origin(origin),
            subprotocols=[Subprotocol("streamlit")],
        )
