"""How a check gets its token: as it was entered, or fetched with the client secret.

The secret's mark tells which. A secret without one may be a token or a client secret from before
2020; it is tried as a token, because Shopify shows every client secret anew with its mark, while an
old token can't be fetched again.
"""

import re
from dataclasses import dataclass

from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound import FormBody, RequestFailed
from xtnd_wizard.systems.checks import CheckContext
from xtnd_wizard.systems.common_checks import object_in, renamed
from xtnd_wizard.systems.shopify.fields import CLIENT_SECRET, TOKENS
from xtnd_wizard.systems.shopify.graphql import as_shopify_means
from xtnd_wizard.systems.shopify.problems import APP_NOT_INSTALLED, APP_OF_ANOTHER_ORGANISATION

_PATH = "/admin/oauth/access_token"
_CODES = {
    "app_not_installed": APP_NOT_INSTALLED.code,
    "shop_not_permitted": APP_OF_ANOTHER_ORGANISATION.code,
    "application_cannot_be_found": ProblemCode.KEY_REJECTED,
    "invalid_client": ProblemCode.SECRET_REJECTED,
    "invalid_request": ProblemCode.SIGN_IN_REJECTED,
}
"""Shopify's codes for a refused exchange (shopify.dev, "Get API access tokens for Dev Dashboard apps").

`invalid_request` comes for an unknown Client ID as well as for an app that is not installed.
"""
_ON_A_PAGE = re.compile(rb"\b(" + "|".join(_CODES).encode() + rb")\b")
_ANOTHER_ON_A_PAGE = re.compile(rb"Oauth error ([a-z_]{3,40})")
"""The endpoint answers programs with a page for people; its code is the part that stays the same."""


@dataclass(frozen=True)
class SignedIn:
    """A token for one check, and where it came from."""

    token: Secret
    how: str
    fetched: bool = False


async def sign_in(context: CheckContext) -> SignedIn:
    """The token to ask with. One that is fetched lasts for 24 hours and is kept nowhere. Raises RequestFailed."""
    secret = context.credentials.secret("secret")
    if secret.begins_with(CLIENT_SECRET):
        return await _fetched(context, secret)
    marked = any(secret.begins_with(mark) for mark in TOKENS)
    return SignedIn(secret, "the token that was entered" if marked else "the secret, tried as a token")


async def _fetched(context: CheckContext, secret: Secret) -> SignedIn:
    """The client credentials grant (shopify.dev/docs/apps/build/authentication-authorization/client-secrets)."""
    client_id = context.credentials.secret("access_token")
    body = FormBody({"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret})
    try:
        answer = await context.post(_PATH, body)
        payload = answer.json()
    except RequestFailed as failure:
        raise _refused(failure) from None
    token = object_in(payload).get("access_token")
    if not isinstance(token, str) or not re.fullmatch(r"[!-~]{1,500}", token):
        detail = f"POST access_token: {answer.summary}, no token"
        raise RequestFailed(ProblemCode.ANSWER_UNREADABLE, detail, key_sent=True)
    return SignedIn(Secret(token), "a token fetched with the client secret", fetched=True)


def _refused(failure: RequestFailed) -> RequestFailed:
    """What a refused exchange means, by its code, or else by its status."""
    classified, name = as_shopify_means(failure), _name(failure)
    detail = f"POST access_token: {failure.detail}"
    code, facts = classified.code, dict(classified.facts)
    if failure.status in (400, 401, 403) and name:
        code = _CODES.get(name, ProblemCode.ANSWER_UNREADABLE)
        detail += f", {name}" if name in _CODES else ", another code"
    elif failure.status == 401:
        code = ProblemCode.SIGN_IN_REJECTED
    elif failure.status == 400 or code is ProblemCode.KEY_LACKS_PERMISSION:
        code = ProblemCode.ANSWER_UNREADABLE
    if name == "invalid_request" and failure.answer and b"api_key" in failure.answer.body:
        code = ProblemCode.KEY_REJECTED  # the older form of application_cannot_be_found
    if code is ProblemCode.SIGN_IN_REJECTED:
        facts["field"] = ""  # it does not tell which of the values it is about
    return renamed(failure, code, detail, facts)


def _name(failure: RequestFailed) -> str:
    """The code of a refusal, out of the data or off the page; empty where there is none."""
    error = object_in(failure.payload).get("error")
    if isinstance(error, str):
        return error
    body = failure.answer.body if failure.answer else b""
    found = _ON_A_PAGE.search(body) or _ANOTHER_ON_A_PAGE.search(body)
    return found.group(1).decode() if found else ""
