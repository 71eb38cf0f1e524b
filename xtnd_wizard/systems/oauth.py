"""How a merchant approves a connection at the channel, where there is nothing to paste."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from xtnd_wizard.domain.api_url import ApiUrl
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound import Request, Response
from xtnd_wizard.settings import OAuthClient
from xtnd_wizard.systems.checks import Credentials


class TokenTransport(Protocol):
    """How tokens are fetched: one host, open for a moment."""

    async def send(self, call: Request) -> Response:
        """Ask once. Raises RequestFailed."""
        ...


@dataclass(frozen=True)
class TokenGrant:
    """What an approval gave: values for the fields that are not typed."""

    values: Mapping[str, Secret | str] = field(repr=False)
    """An empty secret means that the channel gave none, and that the old one is void."""
    expires_in: int
    """Seconds from now."""


APPROVAL_OUTCOMES = (
    "refused",
    "no_code",
    "expired_code",
    "used_state",
    "foreign_state",
    "our_app",
    "unreachable",
    "later",
)
"""The ways in which a merchant comes back without an approval. Their words are under `consent.<code>`."""


@dataclass(frozen=True)
class OAuthFlow:
    """How a merchant approves the connection at the channel (OAuth 2.0, authorization code)."""

    address: Callable[[ApiUrl, str, str, str], str]
    """The channel's consent page, for an API URL, a client id, a redirect URI and a state."""
    token_url: Callable[[ApiUrl], ApiUrl]
    """The host that gives the tokens for an API URL."""
    exchange: Callable[[TokenTransport, OAuthClient, Secret, str], Awaitable[TokenGrant]]
    """Tokens for a code and the redirect URI it was given to. Raises OAuthRefused or RequestFailed."""
    renew: Callable[[TokenTransport, OAuthClient, Credentials], Awaitable[TokenGrant]]
    """New tokens for old ones. The old ones may be void from then on. Raises OAuthRefused or RequestFailed."""
    sandbox_client: OAuthClient
    """What the sandbox knows this wizard by."""
