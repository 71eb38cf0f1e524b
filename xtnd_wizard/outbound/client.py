"""The only outbound client to the internet.

A person's typed host is called by our server, so each call is held to this: https on port 443, the
name looked up once, every address judged public before any connect, the judged address connected to,
no redirects, no proxies, no compression, a cap on bytes and pieces, and the certificate checked against the name.
"""

import asyncio
import socket
import ssl
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

import certifi
import httpcore
import httpx

from xtnd_wizard import __version__
from xtnd_wizard.domain.api_url import ApiUrl
from xtnd_wizard.domain.problems import ProblemCode, Stage
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound import errors
from xtnd_wizard.outbound.addresses import is_public
from xtnd_wizard.outbound.connections import CONNECT_SECONDS, MOST_PIECES, BoundedStream, JudgedBackend
from xtnd_wizard.outbound.errors import Phase
from xtnd_wizard.outbound.lookups import Lookup, LookupPool, look_up
from xtnd_wizard.outbound.requests import Request, content_of, headers_of, query_of, url_of
from xtnd_wizard.outbound.responses import RequestFailed, Response

MAX_BODY_BYTES = 256 * 1024
_LOOKUP_SECONDS = 5.0
_KEPT_HEADERS = ("content-type", "link", "location", "retry-after", "cf-mitigated", "x-vercel-mitigated")

_lookups = LookupPool()
Progress = Callable[[Stage], None]


@dataclass(frozen=True)
class OutboundClient:
    """What one process may call, and how. Shared by all calls; holds nothing of any merchant's."""

    trusted_origins: tuple[str, ...] = ()
    trusted_ca_file: str = ""
    sandbox_hosts: frozenset[str] = frozenset()
    sandbox: Callable[..., Any] | None = None
    """The ASGI app that answers for the sandbox hosts, in process: they never reach the network."""
    look_up: Lookup = look_up
    judge: Callable[[str], bool] = is_public
    lookup_seconds: float = _LOOKUP_SECONDS
    lookups: LookupPool = _lookups
    caller: str = ""
    """On whose behalf: look-ups that hang are counted for each caller."""

    @property
    def ssl_context(self) -> ssl.SSLContext:
        """Whom this process trusts. Raises OSError where the extra authorities can't be read."""
        return _trusting(self.trusted_ca_file)

    @asynccontextmanager
    async def open_session(self, url: ApiUrl, seconds: float) -> AsyncIterator["HostSession"]:
        """Open a client of its own for one verification of one host, for at most `seconds` in all."""
        public_host = None if url.origin in self.trusted_origins else url.host
        # Half the time at most, so that a look-up that hangs is not taken for a host that does not answer.
        backend = JudgedBackend(public_host, partial(self._judged, min(self.lookup_seconds, seconds / 2)))
        try:
            async with httpx.AsyncClient(
                transport=self._transport(url, backend),
                base_url=url.origin,
                headers={
                    "user-agent": f"XTND-onboarding-wizard/{__version__}",
                    "accept": "application/json",
                    "accept-encoding": "identity",
                },
                timeout=httpx.Timeout(seconds, connect=CONNECT_SECONDS + self.lookup_seconds),
                follow_redirects=False,
                trust_env=False,
            ) as client:
                deadline = asyncio.get_running_loop().time() + seconds
                yield HostSession(client, url, deadline, in_process=url.host in self.sandbox_hosts)
        finally:
            await backend.close()

    def _transport(self, url: ApiUrl, backend: JudgedBackend) -> httpx.AsyncBaseTransport:
        if url.host in self.sandbox_hosts and self.sandbox is not None:
            return httpx.ASGITransport(app=self.sandbox, raise_app_exceptions=False)
        transport = httpx.AsyncHTTPTransport(verify=self.ssl_context, trust_env=False)
        transport._pool = httpcore.AsyncConnectionPool(
            ssl_context=self.ssl_context, max_connections=8, http2=False, network_backend=backend
        )
        return transport

    async def _judged(self, seconds: float, host: str) -> Sequence[str]:
        """The addresses of a name, if every one of them is public, the older kind first."""
        try:
            found = await asyncio.wait_for(self.lookups.addresses(self.look_up, host, self.caller), seconds)
        except TimeoutError:
            raise RequestFailed(ProblemCode.DNS_TROUBLE, "look-up: no answer in time", host=host) from None
        except OSError as error:
            raise errors.of_lookup(error, host) from None
        if not found or not all(self.judge(address) for address in found):
            # Word for word what a missing name gets, so that nobody can map a private network with us.
            raise errors.of_lookup(socket.gaierror(socket.EAI_NONAME, ""), host)
        return sorted(found, key=lambda address: ":" in address)


@cache
def _trusting(ca_file: str) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=certifi.where())
    if ca_file:
        context.load_verify_locations(ca_file)
    context.hostname_checks_common_name = False
    return context


@dataclass(frozen=True)
class HostSession:
    """An open client for one host, until its deadline."""

    _client: httpx.AsyncClient
    url: ApiUrl
    _deadline: float
    in_process: bool

    async def get(
        self,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        secret_headers: Mapping[str, Secret] | None = None,
        progress: Progress = lambda stage: None,
    ) -> Response:
        """Ask a plain question once."""
        return await self.send(Request(path, params or {}, secret_headers=secret_headers or {}), progress)

    async def send(self, call: Request, progress: Progress = lambda stage: None) -> Response:
        """Ask once. `progress` hears when the address answered and when the connection was secure.

        Raises RequestFailed where no answer came, or none that an API would give by size and coding.
        """
        started = time.monotonic()
        course = _Course(progress)
        if self.in_process:
            course.connected()
            course.secured()
        try:
            request = self._request(call, course)
            async with asyncio.timeout_at(self._deadline):
                answer = await self._read(request, started)
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, TimeoutError) as error:
            raise errors.of_transport(error, course.phase, time.monotonic() - started) from None
        refusal = errors.of_status(answer, datetime.now(UTC))
        if refusal:
            raise refusal
        return answer

    def _request(self, call: Request, course: "_Course") -> httpx.Request:
        request = self._client.build_request(
            call.method,
            self.url.path + call.path,
            params=query_of(call) or None,
            content=content_of(call.body),
            extensions={"trace": course.trace},
        )
        plain = str(request.url)
        target = url_of(call, plain)
        if target != plain:
            request.url = httpx.URL(target)
        request.headers.update(headers_of(call, plain))
        return request

    async def _read(self, request: httpx.Request, started: float) -> Response:
        response = await self._client.send(request, stream=True)
        connection = response.extensions.get("network_stream")
        if isinstance(connection, BoundedStream):
            connection.head_is_complete()
        try:
            body = await _capped_body(response)
        finally:
            await response.aclose()
        kept = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
        asked = str(request.url).partition("?")[0]
        return Response(asked, response.status_code, kept, body, round((time.monotonic() - started) * 1000))


async def _capped_body(response: httpx.Response) -> bytes:
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("", "identity"):
        raise RequestFailed(ProblemCode.NOT_AN_API, "compressed although we asked for plain", key_sent=True)
    body, pieces = bytearray(), 0
    async for piece in response.aiter_raw():
        body += piece
        pieces += 1
        if len(body) > MAX_BODY_BYTES:
            raise RequestFailed(ProblemCode.NOT_AN_API, f"more than {MAX_BODY_BYTES} bytes", key_sent=True)
        if pieces > MOST_PIECES:
            raise RequestFailed(ProblemCode.NOT_AN_API, f"{len(body)} bytes in {pieces} pieces", key_sent=True)
    return bytes(body)


class _Course:
    """How far one call has come."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.phase = Phase.CONNECT

    def connected(self) -> None:
        self._progress(Stage.ADDRESS)
        self.phase = Phase.TLS

    def secured(self) -> None:
        self._progress(Stage.SECURE)
        self.phase = Phase.ANSWER

    async def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Hear what the HTTP client is at."""
        if event == "connection.connect_tcp.complete":
            self.connected()
        elif event == "http11.send_request_headers.started":
            self.secured()
