"""A meeting of the real outbound client with a server, and what both saw of it."""

import asyncio
import ssl
import warnings
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import trustme

from tests.outbound.servers import Behaviour, LoopbackServer
from xtnd_wizard.domain.api_url import ApiUrl
from xtnd_wizard.domain.problems import Stage
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound import RequestFailed, Response
from xtnd_wizard.outbound.client import OutboundClient

KEY = "7e1f0c52-marker-0d9a-4b6e-never-to-be-seen"


@dataclass(frozen=True)
class Authority:
    """A certificate authority that the outbound client is told to trust, and the contexts servers get from it."""

    ca: trustme.CA
    file: str

    def context(
        self, host: str = "localhost", not_before: datetime | None = None, not_after: datetime | None = None
    ) -> ssl.SSLContext:
        context = _server_side()
        self.ca.issue_cert(host, not_before=not_before, not_after=not_after).configure_cert(context)
        return context

    def expired(self) -> ssl.SSLContext:
        now = datetime.now(UTC)
        return self.context(not_before=now - timedelta(days=20), not_after=now - timedelta(days=1))

    def not_yet_valid(self) -> ssl.SSLContext:
        now = datetime.now(UTC)
        return self.context(not_before=now + timedelta(days=1), not_after=now + timedelta(days=20))

    def wrong_host(self) -> ssl.SSLContext:
        return self.context("another.example.org")

    def unknown(self) -> ssl.SSLContext:
        context = _server_side()
        trustme.CA().issue_cert("localhost").configure_cert(context)
        return context

    def without_intermediate(self) -> ssl.SSLContext:
        """Only the leaf is sent, though its issuer is not one the outbound client knows."""
        leaf = self.ca.create_child_ca().issue_cert("localhost")
        context = _server_side()
        with TemporaryDirectory() as folder:
            file = Path(folder) / "leaf.pem"
            file.write_bytes(leaf.private_key_pem.bytes() + leaf.cert_chain_pems[0].bytes())
            context.load_cert_chain(file)
        return context

    def outdated(self) -> ssl.SSLContext:
        """TLS 1.0 and nothing newer."""
        context = self.context()
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
        return context

    def http2_only(self) -> ssl.SSLContext:
        context = self.context()
        context.set_alpn_protocols(["h2"])
        return context

    def asking_for_a_client_certificate(self) -> ssl.SSLContext:
        context = self.context()
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(self.file)
        return context


def _server_side() -> ssl.SSLContext:
    return ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)


@dataclass
class Meeting:
    """What came of one call."""

    answer: Response | None = None
    failure: RequestFailed | None = None
    stages: list[Stage] = field(default_factory=list)


@dataclass
class Scene:
    """Starts servers that end with the test, and calls them through the outbound client."""

    authority: Authority
    until_the_end: ExitStack
    servers: list[LoopbackServer] = field(default_factory=list)

    def serve(self, behaviour: Behaviour, tls: ssl.SSLContext | None, *, listens: bool = True) -> str:
        """Start a server; the origin to reach it at."""
        server = self.until_the_end.enter_context(LoopbackServer(behaviour, tls, listens))
        self.servers.append(server)
        return f"https://localhost:{server.port}"

    def ask(self, origin: str, seconds: float, outbound_client: OutboundClient | None = None) -> Meeting:
        """One call with the key, its answer read as JSON, as a check would do it."""
        outbound_client = outbound_client or OutboundClient(
            trusted_origins=(origin,), trusted_ca_file=self.authority.file
        )
        return asyncio.run(_meet(outbound_client, ApiUrl(origin), seconds))

    @property
    def key_was_seen(self) -> bool:
        return any(KEY.encode() in head for server in self.servers for head in server.heads)


async def _meet(outbound_client: OutboundClient, url: ApiUrl, seconds: float) -> Meeting:
    meeting = Meeting()
    async with outbound_client.open_session(url, seconds) as host_session:
        try:
            meeting.answer = await host_session.get(
                "/api/thing", secret_headers={"authorization": Secret(KEY)}, progress=meeting.stages.append
            )
            meeting.answer.json()
        except RequestFailed as failure:
            meeting.failure = failure
    return meeting


Play = Callable[[Scene], Meeting]
