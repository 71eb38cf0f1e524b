"""The sandbox's side of a signature: WooCommerce's check of it, over the URL as the shop believes it to be."""

from starlette.requests import Request


def is_signed(request: Request, secret: str, scheme: str) -> bool:
    """Whether the signature in the query is one by this secret over the called URL in this scheme."""
    from oauthlib import common  # here, because most processes never verify
    from oauthlib.oauth1.rfc5849 import signature

    host, port = request.scope["server"]
    authority = f"{host}:{port}" if port else host
    received = common.Request(f"{scheme}://{authority}{request.url.path}", request.method)
    received.params = signature.collect_parameters(uri_query=request.url.query)
    received.signature = request.query_params.get("oauth_signature", "")
    return bool(signature.verify_hmac_sha256(received, secret, ""))
