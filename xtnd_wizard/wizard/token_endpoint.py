"""A channel's token endpoint (RFC 6749, section 3.2): who this wizard is there, and how it is asked."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.api_url import ApiUrl, HostRefused
from xtnd_wizard.domain.errors import NotReady, OAuthClientMissing
from xtnd_wizard.outbound import RequestFailed
from xtnd_wizard.settings import OAuthClient, Settings
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.oauth import OAuthFlow, TokenGrant, TokenTransport
from xtnd_wizard.wizard.clients import ClientFactory, client_for
from xtnd_wizard.wizard.credentials import Subject, api_url_of


@dataclass(frozen=True)
class TokenEndpoint:
    """The token endpoint of whichever system a row is for."""

    settings: Settings
    client_factory: ClientFactory

    def client(self, system_code: str, api_url: str) -> OAuthClient | None:
        """What the channel knows this wizard by; None where the operator has no registration."""
        system = get_system(system_code)
        if system.oauth and system.is_sandbox(api_url):
            return system.oauth.sandbox_client
        return self.settings.clients.get(system_code)

    def flow_and_client(self, row: Subject) -> tuple[OAuthFlow, OAuthClient]:
        """How tokens are got for a row, and in whose name. Raises OAuthClientMissing."""
        flow, client = get_system(row.system).oauth, self.client(row.system, api_url_of(row))
        if flow is None or client is None:
            raise OAuthClientMissing(row.system)
        return flow, client

    def api_url(self, row: Subject) -> ApiUrl:
        """The address that tokens are for. Raises NotReady where there is no usable one."""
        try:
            return get_system(row.system).read_host(api_url_of(row), self.settings.trusted_origins).url
        except HostRefused:
            raise NotReady("no usable host") from None

    async def fetch(
        self, flow: OAuthFlow, row: Subject, actor: Actor, ask: Callable[[TokenTransport], Awaitable[TokenGrant]]
    ) -> TokenGrant:
        """What the channel gives. Raises NotReady, OAuthRefused or RequestFailed."""
        url = flow.token_url(self.api_url(row))
        outbound_client = await client_for(actor, self.client_factory)
        try:
            async with outbound_client.open_session(url, self.settings.check_seconds) as host_session:
                return await ask(host_session)
        except RequestFailed as failure:
            failure.facts.setdefault("host", url.host)
            raise
