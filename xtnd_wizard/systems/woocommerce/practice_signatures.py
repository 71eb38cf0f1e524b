"""The sandbox's side of a signature: WooCommerce's check of it, over the URL as the shop believes it to be."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request


@dataclass(frozen=True)
class _Received:
    """A request in the form in which a signature is verified."""

    uri: str
    http_method: str
    params: Sequence[tuple[str, str]]
    signature: str


def is_signed(request: Request, secret: str, scheme: str) -> bool:
    """Whether the signature in the query is one by this secret over the called URL in this scheme."""
    from oauthlib.oauth1.rfc5849 import signature  # here, because most processes never verify

    host, port = request.scope["server"]
    authority = f"{host}:{port}" if port else host
    received = _Received(
        f"{scheme}://{authority}{request.url.path}",
        request.method,
        signature.collect_parameters(uri_query=request.url.query),
        request.query_params.get("oauth_signature", ""),
    )
    return signature.verify_hmac_sha256(received, secret, "")
