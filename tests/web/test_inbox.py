"""One websocket's incoming side."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.web.asking import Listener, Wire, connected
from xtnd_wizard.web import inbox as inbox_module
from xtnd_wizard.web.inbox import LARGEST_FRAME, UNREAD_MESSAGES, Inbox
from xtnd_wizard.web.pacing import Pace, SocketPace, TokenBucket, Turnstile

LONG = 3600.0


class Gate(SocketPace):
    """A pace at which nobody's turn comes until the gate is opened."""

    def __init__(self) -> None:
        self.opened = asyncio.Event()

    async def message(self) -> None:
        await self.opened.wait()


def at_once() -> SocketPace:
    return SocketPace(TokenBucket(Pace(10_000, 1.0)), Turnstile(Pace(10_000, 1.0)))


@asynccontextmanager
async def line(pace: SocketPace, idle_seconds: float = LONG) -> AsyncIterator[tuple[Wire, Listener]]:
    """A client and an app, with an inbox between them."""
    wire, app = Wire(), Listener()

    async def through(scope: Any, receive: Any, send: Any) -> None:
        inbox = Inbox(receive, send, pace, idle_seconds)
        try:
            await app(scope, inbox.receive, inbox.send)
        finally:
            await inbox.stop()

    async with connected(through, wire):
        await app.until(lambda: app.opened)
        yield wire, app


def test_messages_arrive_whole_and_in_their_order() -> None:
    async def results() -> None:
        async with line(at_once()) as (wire, app):
            wire.sends(*(bytes([number]) for number in range(20)))
            await app.until(lambda: len(app.messages) == 20)
            assert app.messages == [bytes([number]) for number in range(20)]

    asyncio.run(results())


def test_the_end_of_a_connection_overtakes_what_still_waits_for_its_turn() -> None:
    async def results() -> None:
        async with line(Gate()) as (wire, app):
            wire.sends(*[b"x"] * UNREAD_MESSAGES)
            wire.leaves()
            await app.until(lambda: app.ends)
            assert (app.messages, app.ends) == ([], [1001])

    asyncio.run(results())


def test_a_client_that_sends_more_than_can_wait_is_cut_off() -> None:
    async def results() -> None:
        async with line(Gate()) as (wire, app):
            wire.sends(*[b"x"] * (UNREAD_MESSAGES + 1))
            await app.until(lambda: app.ends)
            assert (app.messages, app.ends) == ([], [1008])
            # The server drops the connection when the app returns; a close frame would keep it reading for more.
            assert wire.closed_with is None

    asyncio.run(results())


def test_beyond_a_few_unread_bytes_the_client_is_held_back_until_its_turn_comes() -> None:
    async def results() -> None:
        gate = Gate()
        async with line(gate) as (wire, app):
            half = b"x" * (LARGEST_FRAME // 2)
            wire.sends(*[half] * 50)
            for _ in range(200):
                await asyncio.sleep(0)
            assert wire.to_app.qsize() >= 47
            assert not app.ends
            gate.opened.set()
            await app.until(lambda: len(app.messages) == 50)
            assert wire.to_app.empty()

    asyncio.run(results())


@pytest.mark.parametrize(("frame", "code"), [(b"x" * (LARGEST_FRAME + 1), 1009), ("text", 1003), ("", 1003)])
def test_what_no_page_sends_closes_the_connection(frame: bytes | str, code: int) -> None:
    async def results() -> None:
        async with line(at_once()) as (wire, app):
            wire.sends(frame)
            await app.until(lambda: app.ends)
            await asyncio.sleep(0)
            assert (app.messages, app.ends, wire.closed_with) == ([], [code], code)

    asyncio.run(results())


def test_the_largest_frame_is_heard() -> None:
    async def results() -> None:
        async with line(at_once()) as (wire, app):
            wire.sends(b"x" * LARGEST_FRAME, b"")
            await app.until(lambda: len(app.messages) == 2)

    asyncio.run(results())


def test_a_socket_without_a_first_message_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_module, "FIRST_MESSAGE_SECONDS", 0.01)

    async def results() -> None:
        async with line(at_once()) as (wire, app):
            await app.until(lambda: app.ends)
            await asyncio.sleep(0)
            assert (app.ends, wire.closed_with) == ([1001], 1001)

    asyncio.run(results())


def test_a_socket_that_was_heard_is_closed_after_the_idle_time_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_module, "FIRST_MESSAGE_SECONDS", 20.0)

    async def results() -> None:
        async with line(at_once(), idle_seconds=0.01) as (wire, app):
            assert not app.ends
            wire.sends(b"x")
            await app.until(lambda: app.ends)
            await asyncio.sleep(0)
            assert (app.messages, app.ends, wire.closed_with) == ([b"x"], [1001], 1001)

    asyncio.run(results())


def test_what_the_app_sends_after_the_end_is_refused_as_servers_refuse_it() -> None:
    async def results() -> None:
        wire = Wire()
        inbox = Inbox(wire.receive, wire.send, at_once(), LONG)
        await inbox.receive()
        await inbox.send({"type": "websocket.accept"})
        inbox.close(1013)
        with pytest.raises(OSError, match="ended"):
            await inbox.send({"type": "websocket.send", "bytes": b"x"})
        await inbox.stop()
        assert (await inbox.receive())["code"] == wire.closed_with == 1013

    asyncio.run(results())


def test_a_client_that_reads_nothing_does_not_hold_the_end_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_module, "_CLOSE_SECONDS", 0.01)

    async def results() -> None:
        wire = Wire()

        async def stuck(message: Any) -> None:
            if message["type"] == "websocket.close":
                await asyncio.Event().wait()

        inbox = Inbox(wire.receive, stuck, at_once(), LONG)
        await inbox.receive()
        await inbox.send({"type": "websocket.accept"})
        inbox.close(1001)
        async with asyncio.timeout(20):
            await inbox.stop()

    asyncio.run(results())
