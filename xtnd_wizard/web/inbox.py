"""The incoming side of one websocket: read ahead within bounds, handed on at a pace, ended when nothing comes."""

import asyncio
import contextlib
import logging
from collections import deque

from starlette.types import Message, Receive, Send

from xtnd_wizard.web.pacing import SocketPace

FIRST_MESSAGE_SECONDS = 10.0
UNREAD_MESSAGES = 100
LARGEST_FRAME = 256 * 1024
"""Bytes. A page with every field filled in sends a few thousand."""
_UNREAD_BYTES = LARGEST_FRAME
_CLOSE_SECONDS = 5.0
_GOING_AWAY, _UNSUPPORTED, _POLICY_VIOLATION, _TOO_BIG = 1001, 1003, 1008, 1009
_log = logging.getLogger("xtnd_wizard.web")


class Inbox:
    """Stands between the server and the app, which calls `receive` and `send` as if they were the server's.

    Everything is read as it comes, so that a client that leaves is noticed at once, however much of what it sent
    still waits for its turn. Beyond a few unread bytes reading stops, and TCP holds the client back; beyond
    `UNREAD_MESSAGES` unread messages the client is cut off.
    """

    def __init__(
        self, receive: Receive, send: Send, pace: SocketPace, idle_seconds: float, *, first_seconds: float | None = None
    ) -> None:
        self._receive_from_server = receive
        self._send_to_server = send
        self._pace = pace
        self._idle_seconds = idle_seconds
        self._first_seconds = FIRST_MESSAGE_SECONDS if first_seconds is None else first_seconds
        self._unread: deque[Message] = deque()
        self._unread_bytes = 0
        self._arrived = asyncio.Event()
        self._read_on = asyncio.Event()
        self._over = asyncio.Event()
        self._end: Message = {"type": "websocket.disconnect", "code": 1006}
        self._reader: asyncio.Task[None] | None = None
        self._turn: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None
        self.has_sent = False
        """Whether the client has sent a message."""

    async def receive(self) -> Message:
        """The next message, at its turn. The end of the connection overtakes everything unread."""
        if self._reader is None:
            return await self._receive_from_server()
        while not self._unread and not self._over.is_set():
            self._arrived.clear()
            await self._arrived.wait()
        if not self._over.is_set():
            await self._await_turn()
        if self._over.is_set():
            return self._end
        message = self._unread.popleft()
        self._unread_bytes -= len(message["bytes"])
        self._read_on.set()
        return message

    async def _await_turn(self) -> None:
        turn = self._turn = asyncio.create_task(self._pace.message())
        try:
            await asyncio.wait([turn])
        finally:
            turn.cancel()

    async def send(self, message: Message) -> None:
        """Pass on what the app sends. Raises OSError after the end, as servers do for a client that left."""
        if self._over.is_set():
            raise OSError("the connection has ended")
        await self._send_to_server(message)
        if message["type"] == "websocket.accept":
            self._reader = asyncio.create_task(self._read())

    def close(self, code: int) -> None:
        """End the connection with a close frame. The app learns of it as if the client had left."""
        if not self._over.is_set():
            self._finish({"type": "websocket.disconnect", "code": code})
            self._closing = asyncio.create_task(self._send_close(code))

    async def stop(self) -> None:
        """Stop reading, when the app is done with the connection."""
        tasks = [task for task in (self._reader, self._closing) if task]
        if self._reader:
            self._reader.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _read(self) -> None:
        try:
            while not self._over.is_set():
                async with asyncio.timeout(self._idle_seconds if self.has_sent else self._first_seconds):
                    message = await self._receive_from_server()
                self._take(message)
                while self._unread_bytes >= _UNREAD_BYTES and not self._over.is_set():
                    self._read_on.clear()
                    await self._read_on.wait()
        except TimeoutError:
            self.close(_GOING_AWAY)
        finally:
            if not self._over.is_set():
                self._finish(self._end)

    def _take(self, message: Message) -> None:
        data = message.get("bytes")
        if message["type"] != "websocket.receive":
            self._finish(message)
        elif data is None:
            _log.warning("closed a websocket that sent text")
            self.close(_UNSUPPORTED)
        elif len(data) > LARGEST_FRAME:
            _log.warning("closed a websocket that sent more than %d bytes at once", LARGEST_FRAME)
            self.close(_TOO_BIG)
        elif len(self._unread) >= UNREAD_MESSAGES:
            _log.warning("cut off a websocket that sent faster than its pace")
            self._finish({"type": "websocket.disconnect", "code": _POLICY_VIOLATION})
        else:
            self.has_sent = True
            self._unread.append(message)
            self._unread_bytes += len(data)
            self._arrived.set()

    def _finish(self, end: Message) -> None:
        self._end = end
        self._over.set()
        self._unread.clear()
        if self._turn:
            self._turn.cancel()
        self._arrived.set()
        self._read_on.set()

    async def _send_close(self, code: int) -> None:
        # The client may have closed first, or may read nothing any more.
        with contextlib.suppress(OSError, RuntimeError, TimeoutError):
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self._send_to_server({"type": "websocket.close", "code": code})
