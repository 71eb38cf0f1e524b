"""Servers on the loopback: real sockets, real TLS, and one behaviour each, well or badly bred."""

import asyncio
import contextlib
import json
import socket
import ssl
import struct
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass
class Exchange:
    """One request and the way to answer it."""

    head: bytes
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @property
    def path(self) -> str:
        return self.head.split(b" ", 2)[1].decode("ascii")

    def header(self, name: str) -> str:
        """A request header's value, empty where it was not sent."""
        for line in self.head.decode("latin-1").split("\r\n")[1:]:
            found, _, value = line.partition(":")
            if found.lower() == name:
                return value.strip()
        return ""

    async def send(self, raw: bytes) -> None:
        self.writer.write(raw)
        await self.writer.drain()

    def reset(self) -> None:
        """End the connection with RST in place of FIN."""
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


Behaviour = Callable[[Exchange], Awaitable[None]]


@dataclass
class LoopbackServer:
    """Serves one behaviour on 127.0.0.1, in a thread of its own; keeps what it was sent."""

    behaviour: Behaviour
    tls: ssl.SSLContext | None = None
    listens: bool = True
    """Whether a request is read before the behaviour starts."""
    heads: list[bytes] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    def __enter__(self) -> Self:
        ready = threading.Event()
        self._thread = threading.Thread(target=asyncio.run, args=(self._serve(ready),), daemon=True)
        self._thread.start()
        assert ready.wait(10)
        return self

    def __exit__(self, *reason: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)
        assert not self._thread.is_alive()

    async def _serve(self, ready: threading.Event) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self._loop.set_exception_handler(lambda loop, context: None)  # broken handshakes are the point
        self._open: set[asyncio.Task[Any]] = set()
        server = await asyncio.start_server(self._connected, "127.0.0.1", self.port, ssl=self.tls)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await self._stop.wait()
        server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task
        self._open.add(task)
        try:
            while await self._exchange(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.transport.abort() if writer.transport.is_closing() else await _close(writer)

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = await reader.readuntil(b"\r\n\r\n") if self.listens else b""
        self.heads.append(head)
        await self.behaviour(Exchange(head, reader, writer))
        return self.listens and not writer.transport.is_closing() and b"connection: close" not in head


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    try:
        await asyncio.wait_for(writer.wait_closed(), 0.2)
    except (OSError, TimeoutError):
        writer.transport.abort()


def http(status: int = 200, body: bytes | object = b"{}", kind: str = "application/json", **headers: str) -> bytes:
    """A well-formed HTTP answer; a body that is not bytes goes out as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    listed = {"content-type": kind, "content-length": str(len(raw)), **headers}
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in listed.items() if value)
    return f"HTTP/1.1 {status} X\r\n{lines}\r\n".encode("latin-1") + raw


def says(raw: bytes) -> Behaviour:
    """Answer every request with these bytes and keep the connection open."""

    async def behave(exchange: Exchange) -> None:
        await exchange.send(raw)

    return behave


def says_and_leaves(raw: bytes) -> Behaviour:
    """Send these bytes and close the connection."""

    async def behave(exchange: Exchange) -> None:
        await exchange.send(raw)
        exchange.writer.close()

    return behave


async def hangs(exchange: Exchange) -> None:
    """Never say anything."""
    await asyncio.Event().wait()


async def resets(exchange: Exchange) -> None:
    """Drop the connection where an answer was due."""
    exchange.reset()


async def resets_once_greeted(exchange: Exchange) -> None:
    """Drop the connection as soon as the caller says anything."""
    await exchange.reader.read(1)
    exchange.reset()


def drips(raw: bytes, *, first: bytes = b"") -> Behaviour:
    """Say a little at once and the rest one byte at a time, always within a read's patience."""

    async def behave(exchange: Exchange) -> None:
        await exchange.send(first)
        for byte in raw:
            await exchange.send(bytes([byte]))
            await asyncio.sleep(0.04)

    return behave


def repeats(raw: bytes, *, first: bytes = b"") -> Behaviour:
    """Say the same thing without end."""

    async def behave(exchange: Exchange) -> None:
        await exchange.send(first)
        while True:
            await exchange.send(raw)
            await asyncio.sleep(0)

    return behave


@dataclass
class HandshakeServer:
    """Begins a TLS handshake and does no more, on a blocking socket, whose refusals do reach the caller."""

    tls: ssl.SSLContext

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *reason: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join(10)
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with contextlib.suppress(OSError):
                _refuse_politely(self.tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False))


def _refuse_politely(connection: ssl.SSLSocket) -> None:
    """Let the handshake fail, then wait until the caller has left: a reset could overtake the alert that says why."""
    with connection:
        connection.settimeout(5)
        try:
            connection.do_handshake()
        except OSError:
            with socket.socket(fileno=connection.detach()) as plain:
                plain.settimeout(5)
                plain.shutdown(socket.SHUT_WR)
                while plain.recv(4096):
                    pass
