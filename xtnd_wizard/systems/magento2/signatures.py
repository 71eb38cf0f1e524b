"""The sandbox's side of OAuth 1.0a: what a shop does with a signature that comes in."""

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from starlette.requests import Request

_LENGTH = 32
_LATEST = 600
"""Seconds that a timestamp may be ahead (app/code/Magento/Integration/Model/Oauth/Nonce/Generator.php)."""
_FIELD = re.compile(r'(oauth_\w+)="([^"]*)"')
NEEDED = ("oauth_consumer_key", "oauth_token", "oauth_nonce", "oauth_timestamp", "oauth_signature")


def given(request: Request) -> Mapping[str, str]:
    """The OAuth parameters of a request; empty where it is not signed."""
    header = request.headers.get("authorization", "")
    if not header.startswith("OAuth "):
        return {}
    return {name: unquote(value) for name, value in _FIELD.findall(header)}


def malformed(payload: Mapping[str, str]) -> str:
    """What is wrong with the parameters before anybody's values are looked at; empty where nothing is."""
    if any(not payload.get(name) for name in NEEDED):
        return "parameter_absent"
    if len(payload["oauth_token"]) != _LENGTH:
        return "token_length"
    if payload.get("oauth_signature_method") != "HMAC-SHA256":
        return "signature_method_rejected"
    stamp = payload["oauth_timestamp"]
    return "" if stamp.isdigit() and int(stamp) <= time.time() + _LATEST else "timestamp_refused"


def is_right(request: Request, payload: Mapping[str, str], scheme: str, secrets: tuple[str, str]) -> bool:
    """Whether the signature is one by these secrets over the URL that was called (RFC 5849, 3.4).

    The scheme is what the shop takes it for: one behind a proxy may not know of the https in front of it.
    """
    from oauthlib.oauth1.rfc5849 import signature  # here, because most processes never verify

    header = {"Authorization": request.headers["authorization"]}
    params = signature.collect_parameters(uri_query=request.url.query, headers=header)
    received = _Received(_called(request, scheme), request.method, params, payload["oauth_signature"])
    return signature.verify_hmac_sha256(received, *secrets)


@dataclass(frozen=True)
class _Received:
    """A request in the form in which a signature is verified."""

    uri: str
    http_method: str
    params: Sequence[tuple[str, str]]
    signature: str


def _called(request: Request, scheme: str) -> str:
    """The URL as the caller wrote it: by the server that was reached, whatever host it is told to be."""
    host, port = request.scope["server"]
    authority = f"{host}:{port}" if port else host
    return f"{scheme}://{authority}{request.url.path}?{request.url.query}"
