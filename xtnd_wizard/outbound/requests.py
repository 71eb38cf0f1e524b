"""What is asked through the outbound client: method, path, body, and how the merchant signs in."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlencode

from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound import xml_rpc


@dataclass(frozen=True)
class JsonBody:
    """A JSON document. Secrets may stand in it wherever texts may."""

    content: Any


@dataclass(frozen=True)
class FormBody:
    """A web form's fields."""

    fields: Mapping[str, str | Secret]


@dataclass(frozen=True)
class XmlRpcBody:
    """A call in XML-RPC."""

    method: str
    arguments: Sequence[Any] = ()


Body = JsonBody | FormBody | XmlRpcBody


@dataclass(frozen=True)
class BasicAuth:
    """Name and password in the header that HTTP has for them (RFC 7617)."""

    user: Secret
    password: Secret = field(default_factory=lambda: Secret(""))
    """Left out by channels that take a key for the name alone."""


@dataclass(frozen=True)
class QueryAuth:
    """Secrets in the query, for servers that drop the header. Over https only; the outbound client logs no query."""

    values: Mapping[str, Secret]


@dataclass(frozen=True)
class OAuth1:
    """A signature by OAuth 1.0a with HMAC-SHA256 (RFC 5849); only the keys travel, never the secrets."""

    consumer_key: Secret
    consumer_secret: Secret
    token: Secret | None = None
    token_secret: Secret | None = None
    """Left out where a channel signs with the consumer's pair alone."""
    over_http: bool = False
    """Sign the http form of the URL, as a shop computes it that does not know of the https in front of it.

    The call itself still goes over https.
    """
    in_query: bool = False
    """Send the signature in the query, for servers that drop the header."""
    nonce: str | None = None
    timestamp: str | None = None
    """Nonce and timestamp are made anew for each call, unless a test says which."""


Auth = BasicAuth | QueryAuth | OAuth1


@dataclass(frozen=True)
class Request:
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


def headers_of(request: Request, url: str) -> dict[str, str]:
    """Every header a call needs beyond the client's own, secrets in clear. `url` is what is signed."""
    revealed = {name: secret.reveal() for name, secret in request.secret_headers.items()}
    return {**_TYPES[type(request.body)], **request.headers, **revealed, **_authorization(request, url)}


def url_of(request: Request, url: str) -> str:
    """The URL that a call goes to, with its signature where that stands in the query."""
    if not (isinstance(request.auth, OAuth1) and request.auth.in_query):
        return url
    signed, _ = _signed(request.auth, request.method, url)
    return url.partition("?")[0] + "?" + signed.partition("?")[2]


def query_of(request: Request) -> dict[str, str]:
    """The query of a call, secrets in clear."""
    secrets = request.auth.values if isinstance(request.auth, QueryAuth) else {}
    return {**request.params, **{name: secret.reveal() for name, secret in secrets.items()}}


def content_of(body: Body | None) -> bytes | None:
    """A body as it is sent, secrets in clear."""
    if isinstance(body, JsonBody):
        return json.dumps(body.content, default=_in_clear).encode()
    if isinstance(body, FormBody):
        return urlencode({name: _in_clear(value) for name, value in body.fields.items()}).encode()
    if isinstance(body, XmlRpcBody):
        return xml_rpc.written(body.method, tuple(_in_clear(value) for value in body.arguments))
    return None


_TYPES: Mapping[type, Mapping[str, str]] = {
    type(None): {},
    JsonBody: {"content-type": "application/json"},
    FormBody: {"content-type": "application/x-www-form-urlencoded"},
    XmlRpcBody: {"content-type": "text/xml; charset=utf-8", "accept": "text/xml, application/xml"},
}


def _in_clear(value: Any) -> Any:
    return value.reveal() if isinstance(value, Secret) else value


def _authorization(request: Request, url: str) -> dict[str, str]:
    if isinstance(request.auth, BasicAuth):
        pair = f"{request.auth.user.reveal()}:{request.auth.password.reveal()}"
        return {"authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
    if isinstance(request.auth, OAuth1) and not request.auth.in_query:
        return {"authorization": _signed(request.auth, request.method, url)[1]["Authorization"]}
    return {}


def _signed(auth: OAuth1, method: Literal["GET", "POST"], url: str) -> tuple[str, dict[str, str]]:
    """The URL and the headers of a signed call."""
    from oauthlib import oauth1  # here, because most processes never sign

    signer = oauth1.Client(
        auth.consumer_key.reveal(),
        client_secret=auth.consumer_secret.reveal(),
        resource_owner_key=auth.token.reveal() if auth.token else None,
        resource_owner_secret=auth.token_secret.reveal() if auth.token_secret else None,
        signature_method=oauth1.SIGNATURE_HMAC_SHA256,
        signature_type=oauth1.SIGNATURE_TYPE_QUERY if auth.in_query else oauth1.SIGNATURE_TYPE_AUTH_HEADER,
        nonce=auth.nonce,
        timestamp=auth.timestamp,
    )
    base = url.replace("https://", "http://", 1) if auth.over_http else url
    signed_url, headers, _ = signer.sign(base, http_method=method)
    return str(signed_url), {name: str(value) for name, value in headers.items()}
