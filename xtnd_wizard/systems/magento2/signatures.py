"""The sandbox's side of OAuth 1.0a: what a shop does with a signature that comes in."""

import re
import time
from collections.abc import Mapping
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
