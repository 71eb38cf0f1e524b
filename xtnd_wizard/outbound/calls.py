"""What is asked through the door: method, path, body, and how the merchant signs in."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlencode

from xtnd_wizard.outbound import xml_calls
from xtnd_wizard.secret import Secret


@dataclass(frozen=True)
class JsonBody:
    """A JSON document. Secrets may stand in it wherever texts may."""

    content: Any


@dataclass(frozen=True)
class FormBody:
    """A web form's fields."""

    fields: Mapping[str, str | Secret]


@dataclass(frozen=True)
class XmlCallBody:
    """A call in XML-RPC."""

    method: str
    arguments: Sequence[Any] = ()


Body = JsonBody | FormBody | XmlCallBody


@dataclass(frozen=True)
class BasicAuth:
    """Name and password in the header that HTTP has for them (RFC 7617)."""

    user: Secret
    password: Secret


@dataclass(frozen=True)
class QueryAuth:
    """Secrets in the query, for servers that drop the header. Over https only; the door logs no query."""

    values: Mapping[str, Secret]


@dataclass(frozen=True)
class OAuth1:
    """A signature with four secrets, by OAuth 1.0a with HMAC-SHA256 (RFC 5849)."""

    consumer_key: Secret
    consumer_secret: Secret
    token: Secret
    token_secret: Secret
    nonce: str | None = None
    timestamp: str | None = None
    """Nonce and timestamp are made anew for each call, unless a test says which."""


Auth = BasicAuth | QueryAuth | OAuth1


@dataclass(frozen=True)
class Call:
    """One question to a channel."""

    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    body: Body | None = None
    """With a body it is a POST, without one a GET."""
    secret_headers: Mapping[str, Secret] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    auth: Auth | None = None

    @property
    def method(self) -> Literal["GET", "POST"]:
        return "GET" if self.body is None else "POST"


def headers_of(call: Call, url: str) -> dict[str, str]:
    """Every header a call needs beyond the client's own, secrets in clear. `url` is what is signed."""
    revealed = {name: secret.reveal() for name, secret in call.secret_headers.items()}
    signed = {"authorization": _signed(call.auth, call.method, url)} if _signs(call.auth) else {}
    return {**_TYPES[type(call.body)], **call.headers, **revealed, **signed}


def query_of(call: Call) -> dict[str, str]:
    """The query of a call, secrets in clear."""
    secrets = call.auth.values if isinstance(call.auth, QueryAuth) else {}
    return {**call.params, **{name: secret.reveal() for name, secret in secrets.items()}}


def content_of(body: Body | None) -> bytes | None:
    """A body as it is sent, secrets in clear."""
    if isinstance(body, JsonBody):
        return json.dumps(body.content, default=_in_clear).encode()
    if isinstance(body, FormBody):
        return urlencode({name: _in_clear(value) for name, value in body.fields.items()}).encode()
    if isinstance(body, XmlCallBody):
        return xml_calls.written(body.method, tuple(_in_clear(value) for value in body.arguments))
    return None


_TYPES: Mapping[type, Mapping[str, str]] = {
    type(None): {},
    JsonBody: {"content-type": "application/json"},
    FormBody: {"content-type": "application/x-www-form-urlencoded"},
    XmlCallBody: {"content-type": "text/xml; charset=utf-8", "accept": "text/xml, application/xml"},
}


def _in_clear(value: Any) -> Any:
    return value.reveal() if isinstance(value, Secret) else value


def _signs(auth: Auth | None) -> bool:
    return isinstance(auth, BasicAuth | OAuth1)


def _signed(auth: Auth | None, method: Literal["GET", "POST"], url: str) -> str:
    if isinstance(auth, BasicAuth):
        pair = f"{auth.user.reveal()}:{auth.password.reveal()}"
        return f"Basic {base64.b64encode(pair.encode()).decode()}"
    assert isinstance(auth, OAuth1)
    from oauthlib import oauth1  # here, because most processes never sign

    signer = oauth1.Client(
        auth.consumer_key.reveal(),
        client_secret=auth.consumer_secret.reveal(),
        resource_owner_key=auth.token.reveal(),
        resource_owner_secret=auth.token_secret.reveal(),
        signature_method=oauth1.SIGNATURE_HMAC_SHA256,
        nonce=auth.nonce,
        timestamp=auth.timestamp,
    )
    _, headers, _ = signer.sign(url, http_method=method)
    return str(headers["Authorization"])
