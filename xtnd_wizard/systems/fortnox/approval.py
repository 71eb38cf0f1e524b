"""How a company approves the connection (fortnox.se/developer, authorization).

The authorization code flow for a service account, so that the connection outlives the person who
approved it. Refresh tokens are used once; where one was used and its successor got lost, client
credentials and the company's number give new tokens without anybody's help.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from xtnd_wizard.domain.api_url import ApiUrl
from xtnd_wizard.domain.errors import OAuthRefused
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound import BasicAuth, FormBody, Request, RequestFailed
from xtnd_wizard.settings import OAuthClient
from xtnd_wizard.systems.checks import Credentials
from xtnd_wizard.systems.fortnox.fields import tenant_in
from xtnd_wizard.systems.fortnox.sandbox import PRACTICE_CLIENT, PRACTICE_HOST
from xtnd_wizard.systems.oauth import OAuthFlow, TokenGrant, TokenTransport

Form = Mapping[str, str | Secret]

SCOPES = (
    "companyinformation",
    "customer",
    "article",
    "order",
    "invoice",
    "bookkeeping",
    "supplier",
    "supplierinvoice",
)
"""What XTND's three entities can't do without, by our reading: its own list is not published."""

_SIGN_IN = ApiUrl("https://apps.fortnox.se")
_HOUR = 3600
_LONGEST_TOKEN = 8192
_OURS = ("invalid_client", "unauthorized_client", "unsupported_grant_type")
"""Errors about this wizard's own registration (RFC 6749, section 5.2)."""


def address(url: ApiUrl, client_id: str, redirect_uri: str, state: str) -> str:
    """The consent page. A service account can be approved by a system administrator only."""
    asked = {
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(SCOPES),
        "state": state,
        "access_type": "offline",
        "response_type": "code",
        "account_type": "service",
    }
    return f"{token_url(url)}/oauth-v1/auth?{urlencode(asked)}"


def token_url(url: ApiUrl) -> ApiUrl:
    """Tokens come from a host of their own; in practice from the sandbox host."""
    return url if url.host == PRACTICE_HOST else _SIGN_IN


async def exchange(transport: TokenTransport, client: OAuthClient, code: Secret, redirect_uri: str) -> TokenGrant:
    """Tokens for the code of an approval. It is good for ten minutes, and once."""
    form: Form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
    try:
        held = await _tokens(transport, client, form)
    except RequestFailed as failure:
        raise _refused(failure, "expired_code") or failure from None
    return replace(held, values={"tenant": "", **held.values})  # never the company of an earlier approval


async def renew(transport: TokenTransport, client: OAuthClient, credentials: Credentials) -> TokenGrant:
    """New tokens, for the refresh token or else for the company's number."""
    tenant = credentials.text("tenant")
    if credentials.values.get("refresh_token"):
        form: Form = {"grant_type": "refresh_token", "refresh_token": credentials.secret("refresh_token")}
        try:
            return await _tokens(transport, client, form)
        except RequestFailed as failure:
            refused = _refused(failure, "refused", _OURS[:1]) or failure
            if not (tenant and isinstance(refused, OAuthRefused) and refused.outcome == "refused"):
                raise refused from None
    if not tenant:
        raise OAuthRefused("refused")
    try:
        return await _tokens(transport, client, {"grant_type": "client_credentials"}, {"TenantId": tenant})
    except RequestFailed as failure:
        raise _refused(failure, "refused", _OURS[:1]) or failure from None


async def _tokens(
    transport: TokenTransport, client: OAuthClient, form: Form, headers: Mapping[str, str] | None = None
) -> TokenGrant:
    auth = BasicAuth(Secret(client.id), client.secret)
    answer = await transport.send(Request("/oauth-v1/token", body=FormBody(form), headers=headers or {}, auth=auth))
    payload = answer.json()
    access = _token(payload, "access_token")
    if not access:
        raise RequestFailed(ProblemCode.ANSWER_UNREADABLE, f"HTTP {answer.status}, no access token", key_sent=True)
    tenant = tenant_in(access)
    values = {"access_token": Secret(access), "refresh_token": Secret(_token(payload, "refresh_token"))}
    return TokenGrant({**values, **({"tenant": tenant} if tenant else {})}, _seconds(payload.get("expires_in")))


def _refused(failure: RequestFailed, outcome: str, ours: Collection[str] = _OURS) -> OAuthRefused | None:
    """What Fortnox said no to: this wizard's registration, or what it was shown; None for any other trouble."""
    if failure.status not in (400, 401, 403):
        return None
    if failure.code is ProblemCode.BLOCKED_BY_WAF or (failure.answer and failure.answer.is_web_page):
        return None  # a firewall's word, and no judgement of what was shown
    payload = failure.payload
    error = payload.get("error") if isinstance(payload, dict) else None
    if (error is None and failure.status == 401) or (isinstance(error, str) and error in ours):
        return OAuthRefused("our_app")
    return OAuthRefused(outcome)


def _token(payload: Any, name: str) -> str:
    """A token that a header can carry, or nothing."""
    token = payload.get(name) if isinstance(payload, dict) else None
    fits = isinstance(token, str) and 0 < len(token) <= _LONGEST_TOKEN and all("!" <= c <= "~" for c in token)
    return token if fits and isinstance(token, str) else ""


def _seconds(payload: object) -> int:
    """For how long the access token is good: an hour by the documentation."""
    text = str(payload) if isinstance(payload, int | str) and not isinstance(payload, bool) else ""
    return min(int(text), 24 * _HOUR) if text.isascii() and text.isdigit() and len(text) < 10 else _HOUR


CONSENT = OAuthFlow(
    address=address, token_url=token_url, exchange=exchange, renew=renew, sandbox_client=PRACTICE_CLIENT
)
