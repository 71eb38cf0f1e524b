"""Whose address counts, and whose word on it."""

import asyncio
from ipaddress import ip_network
from typing import Any, cast

import pytest
from starlette.types import Scope
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from tests.web.asking import nothing_to_read, nothing_to_send, scope_of
from xtnd_wizard.settings import LOOPBACK
from xtnd_wizard.web.forwarded import ForwardedMiddleware

TRUSTED = (*LOOPBACK, ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
CLIENT = "93.184.215.14"
OTHER = "8.8.4.4"
SERVER_TRUSTS = "127.0.0.1,::1"
"""What the web server below trusts by itself, before we are asked."""


def seen(client: tuple[str, int] | None, *, public_url: str = "", kind: str = "websocket", **headers: str) -> Scope:
    """The scope as the app sees it, with the real server's own middleware in front as it is when served."""
    found: list[Scope] = []

    async def inside(scope: Any, receive: Any, send: Any) -> None:
        found.append(scope)

    # uvicorn types the messages of ASGI more narrowly than Starlette does; they are the same.
    stack = ProxyHeadersMiddleware(cast(Any, ForwardedMiddleware(inside, TRUSTED, public_url)), SERVER_TRUSTS)
    scope = cast(Any, scope_of(kind=kind, client=client, **headers))
    asyncio.run(stack(scope, cast(Any, nothing_to_read), cast(Any, nothing_to_send)))
    return found[0]


def address(peer: str, forwarded_for: str | None = None) -> str | None:
    headers = {} if forwarded_for is None else {"x_forwarded_for": forwarded_for}
    client = seen((peer, 4711), **headers)["client"]
    return client[0] if client else None


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.9.9.9", "::1", "10.1.2.3", "fd00::7", "::ffff:127.0.0.1"])
@pytest.mark.parametrize(
    ("claimed", "counts"),
    [
        (CLIENT, CLIENT),
        (f"{OTHER}, {CLIENT}", CLIENT),
        (f"{OTHER},{CLIENT}, 10.9.9.9", CLIENT),
        (f"{CLIENT}:50123", CLIENT),
        ("2001:db8::7", "2001:db8::7"),
        ("[2001:db8::7]:50123", "2001:db8::7"),
        (f"::ffff:{CLIENT}", CLIENT),
        ("192.168.7.7", "192.168.7.7"),
    ],
)
def test_the_first_hop_from_the_right_that_is_no_trusted_proxy_is_the_client(
    peer: str, claimed: str, counts: str
) -> None:
    assert address(peer, claimed) == counts


@pytest.mark.parametrize(
    "claimed", [None, "", "unknown", "_hidden", "10.0.0.9", "127.0.0.1", f"{CLIENT}, nonsense", ","]
)
def test_a_proxy_that_tells_none_makes_nobody_share_an_address(claimed: str | None) -> None:
    assert address("127.0.0.1", claimed) is None
    assert address("10.1.2.3", claimed) is None


@pytest.mark.parametrize("claimed", [None, OTHER, f"{OTHER}, 127.0.0.1", "unknown", "127.0.0.1"])
def test_what_a_stranger_claims_does_not_count(claimed: str | None) -> None:
    assert address(CLIENT, claimed) == CLIENT


@pytest.mark.parametrize("gateway", ["172.17.0.1", "192.168.0.1", "100.64.0.1", "fe80::1"])
def test_a_private_peer_that_is_no_trusted_proxy_may_stand_for_many(gateway: str) -> None:
    assert address(gateway) is None
    assert address(gateway, CLIENT) is None


@pytest.mark.parametrize("client", [None, ("", 0), ("unix", 0)])
def test_a_peer_without_an_address_has_none(client: tuple[str, int] | None) -> None:
    assert seen(client)["client"] is None


def test_the_scope_that_the_server_keeps_is_not_changed() -> None:
    scope = scope_of(client=(CLIENT, 1), host="a.example")

    async def inside(inner: Any, receive: Any, send: Any) -> None:
        assert inner is not scope

    asyncio.run(ForwardedMiddleware(inside, TRUSTED, "https://a.example")(scope, nothing_to_read, nothing_to_send))
    assert (scope["client"], scope["scheme"]) == ((CLIENT, 1), "ws")


@pytest.mark.parametrize(("kind", "plain", "secure"), [("http", "http", "https"), ("websocket", "ws", "wss")])
def test_https_is_believed_from_a_trusted_proxy_and_from_nobody_else(kind: str, plain: str, secure: str) -> None:
    def scheme(peer: str, claimed: str) -> str:
        return str(seen((peer, 1), kind=kind, x_forwarded_proto=claimed)["scheme"])

    assert scheme("127.0.0.1", "https") == scheme("10.1.2.3", "https") == scheme("10.1.2.3", "https, http") == secure
    assert scheme("10.1.2.3", "http") == scheme(CLIENT, "https") == scheme("172.17.0.1", "https") == plain


def test_https_is_known_where_the_public_url_says_so() -> None:
    def scheme(host: str) -> str:
        return str(seen((CLIENT, 1), kind="http", host=host, public_url="https://connect.example.com")["scheme"])

    assert scheme("connect.example.com") == "https"
    assert scheme("localhost:8501") == "http"
    assert seen((CLIENT, 1), kind="http", host="", public_url="http://localhost:8501")["scheme"] == "http"
