"""How a company approves the connection (fortnox.se/developer, authorization).

The authorization code flow for a service account, so that the connection outlives the person who
approved it. Refresh tokens are used once; where one was used and its successor got lost, client
credentials and the company's number give new tokens without anybody's help.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from urllib.parse import urlencode

from xtnd_wizard.domain.api_url import ApiUrl
from xtnd_wizard.domain.errors import OAuthRefused
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound import BasicAuth, FormBody, Request, RequestFailed
from xtnd_wizard.settings import OAuthClient
from xtnd_wizard.systems.checks import Credentials
from xtnd_wizard.systems.fortnox.fields import tenant_in
from xtnd_wizard.systems.fortnox.sandbox import SANDBOX_CLIENT, SANDBOX_HOST
from xtnd_wizard.systems.oauth import (
    ABOUT_US,
    OAuthFlow,
    TokenGrant,
    TokenTransport,
    lifetime_in,
    refusal_of,
    token_in,
)

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
    """Tokens come from a host of their own; in a demo from the sandbox host."""
    return url if url.host == SANDBOX_HOST else _SIGN_IN


async def exchange(transport: TokenTransport, client: OAuthClient, code: Secret, redirect_uri: str) -> TokenGrant:
    """Tokens for the code of an approval. It is good for ten minutes, and once."""
    form: Form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
    grant = await _tokens(transport, client, form, "expired_code", ABOUT_US)
    return replace(grant, values={"tenant": "", **grant.values})  # never the company of an earlier approval


async def renew(transport: TokenTransport, client: OAuthClient, credentials: Credentials) -> TokenGrant:
    """New tokens, for the refresh token or else for the company's number."""
    tenant = credentials.text("tenant")
    if credentials.values.get("refresh_token"):
        form: Form = {"grant_type": "refresh_token", "refresh_token": credentials.secret("refresh_token")}
        try:
            return await _tokens(transport, client, form)
        except OAuthRefused as refused:
            if not tenant or refused.outcome != "refused":
                raise
    if not tenant:
        raise OAuthRefused("refused")
    return await _tokens(transport, client, {"grant_type": "client_credentials"}, headers={"TenantId": tenant})


async def _tokens(
    transport: TokenTransport,
    client: OAuthClient,
    form: Form,
    outcome: str = "refused",
    ours: Collection[str] = ABOUT_US[:1],
    headers: Mapping[str, str] | None = None,
) -> TokenGrant:
    """What the token endpoint gives for a form.

    Raises OAuthRefused with the outcome, or for one of `ours` with "our_app"; RequestFailed for any other trouble.
    """
    auth = BasicAuth(Secret(client.id), client.secret)
    try:
        answer = await transport.send(Request("/oauth-v1/token", body=FormBody(form), headers=headers or {}, auth=auth))
    except RequestFailed as failure:
        raise refusal_of(failure, outcome, ours) or failure from None
    payload = answer.json()
    access = token_in(payload, "access_token")
    if not access:
        raise RequestFailed(ProblemCode.ANSWER_UNREADABLE, f"HTTP {answer.status}, no access token", key_sent=True)
    tenant = tenant_in(access)
    values = {"access_token": Secret(access), "refresh_token": Secret(token_in(payload, "refresh_token"))}
    return TokenGrant({**values, **({"tenant": tenant} if tenant else {})}, lifetime_in(payload))


OAUTH_FLOW = OAuthFlow(address, token_url, exchange, renew, sandbox_client=SANDBOX_CLIENT)
