"""How a merchant approves a connection at the channel, where there is nothing to paste."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from xtnd_wizard.domain.api_url import ApiUrl
from xtnd_wizard.domain.errors import OAuthRefused
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound import Request, RequestFailed, Response
from xtnd_wizard.settings import OAuthClient
from xtnd_wizard.systems.checks import Credentials
from xtnd_wizard.systems.common_checks import object_in, short_text


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
    "draft_gone",
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


ABOUT_US = ("invalid_client", "unauthorized_client", "unsupported_grant_type")
"""Errors about this wizard's own registration at the channel (RFC 6749, section 5.2)."""
_HOUR = 3600
_LONGEST_TOKEN = 8192


def refusal_of(failure: RequestFailed, outcome: str, about_us: Collection[str]) -> OAuthRefused | None:
    """What a token endpoint said no to: this wizard's registration, or what it was shown; None for other trouble."""
    if failure.status not in (400, 401, 403):
        return None
    if failure.code == ProblemCode.BLOCKED_BY_WAF or (failure.answer and failure.answer.is_web_page):
        return None  # a firewall's word, and no judgement of what was shown
    error = object_in(failure.payload).get("error")
    if (error is None and failure.status == 401) or (isinstance(error, str) and error in about_us):
        return OAuthRefused("our_app")
    return OAuthRefused(outcome)


def token_in(payload: Any, name: str) -> str:
    """A token of a token endpoint's answer that a header can carry, or nothing."""
    token = object_in(payload).get(name)
    fits = isinstance(token, str) and len(token) <= _LONGEST_TOKEN and all("!" <= c <= "~" for c in token)
    return str(token) if fits else ""


def lifetime_in(payload: Any) -> int:
    """For how many seconds the access token is good: an hour where the answer does not say, at most a day."""
    text = short_text(object_in(payload).get("expires_in"))
    return min(int(text), 24 * _HOUR) if text.isascii() and text.isdigit() and len(text) < 10 else _HOUR
