"""Frames that never become a message: pings, fragments, and what still comes after a refusal."""

import secrets
from collections.abc import Iterator

import pytest
from websockets.exceptions import ConnectionClosed

from tests.raw_session import RawSession, is_drawn, open_session, rerun
from tests.serving import Server, served

NO_MASK = b"\0\0\0\0"
OPEN_FRAGMENT = b"\x02\x80" + NO_MASK
MANY = 20_000
FLOODS = {
    "pings": b"\x89\x80" + NO_MASK,
    "pongs": b"\x8a\x80" + NO_MASK,
    "fragments": b"\x00\x80" + NO_MASK,
}
PATIENCE_SECONDS = 10


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("frames")) as started:
        yield started


@pytest.mark.parametrize("kind", FLOODS)
def test_a_flood_below_the_messages_is_cut_off(server: Server, kind: str) -> None:
    with open_session(server.port) as session:
        session.run("")  # heard, so that it is not closed for its silence
        try:
            session.connection.socket.sendall(OPEN_FRAGMENT + FLOODS[kind] * MANY)
        except OSError:
            return  # cut off already
        assert is_ended(session)


def is_ended(session: RawSession) -> bool:
    """Whether the server ends a session that says nothing more."""
    try:
        while True:
            session.connection.recv(PATIENCE_SECONDS)
    except ConnectionClosed:
        return True
    except TimeoutError:
        return False


def test_a_message_in_fragments_between_pings_is_heard(server: Server) -> None:
    with open_session(server.port, secrets.token_urlsafe(32)) as session:
        session.connection.ping()
        session.connection.send([rerun("connections")[:3], rerun("connections")[3:]])
        assert session.connection.ping().wait(PATIENCE_SECONDS)
        assert is_drawn(list(session.messages()))
