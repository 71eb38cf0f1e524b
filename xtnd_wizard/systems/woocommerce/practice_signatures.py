"""The sandbox's side of a signature: WooCommerce's check of it, over the URL as the shop believes it to be."""

from types import SimpleNamespace

from starlette.requests import Request


def is_signed(request: Request, secret: str, scheme: str) -> bool:
    """Whether the signature in the query is one by this secret over the called URL in this scheme."""
    from oauthlib.oauth1.rfc5849 import signature  # here, because most processes never verify

    host, port = request.scope["server"]
    received = SimpleNamespace(
        uri=f"{scheme}://{host}{f':{port}' if port else ''}{request.url.path}",
        http_method=request.method,
        params=signature.collect_parameters(uri_query=request.url.query),
        signature=request.query_params.get("oauth_signature", ""),
    )
    return bool(signature.verify_hmac_sha256(received, secret, ""))
