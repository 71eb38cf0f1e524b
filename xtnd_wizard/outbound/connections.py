"""TCP connections to judged addresses, over which no answer can keep us busy."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

import httpcore

from xtnd_wizard.domain.api_url import is_public_name
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.outbound.responses import RequestFailed

CONNECT_SECONDS = 5.0
MOST_HEAD_BYTES = 32 * 1024
"""What the head of an answer may come to, with all the interim answers (1xx) before it."""
MOST_PIECES = 2000
"""In how many pieces an answer may come. An honest one of the largest size takes a few hundred."""
_MOST_BYTES = 1024 * 1024
"""What an answer may come to on the wire, with whatever its coding puts around the body."""
_HEAD_READ_BYTES = 16 * 1024
_MOST_INTERIM_ANSWERS = 20
_NEXT_ANSWER = b"\r\n\r\nHTTP/1."


class JudgedBackend(httpcore.AsyncNetworkBackend):
    """Opens TCP connections for one client, to judged addresses only."""

    def __init__(self, public_host: str | None, judged: Callable[[str], Awaitable[Sequence[str]]]) -> None:
        """`public_host` is the one name that may be called, or None where the operator vouches for the origin."""
        self._public_host = public_host
        self._judge = judged
        self._sockets = httpcore.AnyIOBackend()
        self._judged: asyncio.Future[Sequence[str]] | None = None
        self._decrypted: list[httpcore.AsyncNetworkStream] = []

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        stream = await self._connect(host, port)
        self._decrypted.append(stream)
        return BoundedStream(stream)

    async def close(self) -> None:
        """End all that was opened: the client leaves a connection behind whose handshake was cut short."""
        if self._judged is not None:
            self._judged.cancel()
        for stream in self._decrypted:
            await stream.aclose()

    async def _connect(self, host: str, port: int) -> httpcore.AsyncNetworkStream:
        if self._public_host is None:
            return await self._sockets.connect_tcp(host, port, CONNECT_SECONDS)
        if host != self._public_host or port != 443 or not is_public_name(host):
            raise RequestFailed(ProblemCode.NOT_PUBLIC, "not the public name of an https server")
        if self._judged is None:
            self._judged = asyncio.ensure_future(self._judge(host))
        return await self._first_to_answer(await asyncio.shield(self._judged))

    async def _first_to_answer(self, addresses: Sequence[str]) -> httpcore.AsyncNetworkStream:
        *others, last = addresses[:3]
        for address in others:
            try:
                return await self._sockets.connect_tcp(address, 443, CONNECT_SECONDS / 2)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._sockets.connect_tcp(last, 443, CONNECT_SECONDS)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class BoundedStream(httpcore.AsyncNetworkStream):
    """A connection that ends where an answer grows or is cut up beyond what an API would send.

    Each piece costs processor time however small it is, and interim answers reach nobody who could count them,
    so both are counted here, from one request to the next.
    """

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self._await_answer()

    def head_is_complete(self) -> None:
        """Say that the rest of this answer is body."""
        self._in_head = False

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109  # as above
        data = await self._stream.read(min(max_bytes, _HEAD_READ_BYTES) if self._in_head else max_bytes, timeout)
        self._reads += 1
        self._bytes += len(data)
        if self._in_head:
            self._interim += data.count(_NEXT_ANSWER)
        if self._is_endless():
            detail = (
                f"{'head' if self._in_head else 'answer'} without an end: {self._bytes} bytes in {self._reads} pieces"
            )
            raise RequestFailed(ProblemCode.NOT_AN_API, detail, key_sent=True)
        return data

    def _is_endless(self) -> bool:
        most_bytes = MOST_HEAD_BYTES if self._in_head else _MOST_BYTES
        return self._bytes > most_bytes or self._reads > MOST_PIECES or self._interim > _MOST_INTERIM_ANSWERS

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109  # as above
        self._await_answer()
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  # as above
    ) -> httpcore.AsyncNetworkStream:
        return BoundedStream(await self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def _await_answer(self) -> None:
        self._in_head = True
        self._reads = self._bytes = self._interim = 0
