"""Whose pages may open a websocket."""

import asyncio

import pytest

from tests.web.asking import Listener, Wire, connected
from xtnd_wizard.web.origin import OriginMiddleware

PUBLIC = "https://connect.example.com"


def is_let_in(host: str, origin: str | None, *, scheme: str = "ws", public_url: str = "") -> bool:
    """Whether a handshake reaches what is inside."""

    async def handshake() -> bool:
        app = Listener()
        wire = Wire(scheme=scheme, host=host, **({} if origin is None else {"origin": origin}))
        async with connected(OriginMiddleware(app, public_url), wire):
            await asyncio.sleep(0)
        assert wire.closed_with == (None if app.opened else 1008)
        return bool(app.opened)

    return asyncio.run(handshake())


@pytest.mark.parametrize(
    ("host", "origin"),
    [("localhost:8501", "http://localhost:8501"), ("a.example", "https://a.example"), ("[::1]:1", "http://[::1]:1")],
)
def test_our_own_page_is_let_in(host: str, origin: str) -> None:
    assert is_let_in(host, origin)


@pytest.mark.parametrize(
    "origin",
    [
        "http://localhost:3000",
        "http://localhost",
        "https://evil.example",
        "http://wizard.example.evil.example",
        "http://evil.wizard.example",
        "http://wizard.example:81",
        "http://wizard.example/",
        "http://user@wizard.example",
        "http://wizard.example@evil.example",
        "ftp://wizard.example",
        "wizard.example",
        "http://[::1",
        "http://",
        "null",
        "",
        None,
    ],
)
def test_any_other_page_and_what_is_no_page_is_refused(origin: str | None) -> None:
    assert not is_let_in("wizard.example", origin)


@pytest.mark.parametrize("host", ["", "a/b", "a?b", "a#b", "[::1"])
def test_a_host_that_is_none_is_nobodys_origin(host: str) -> None:
    assert not is_let_in(host, f"http://{host}")


def test_over_https_a_page_without_it_is_another_page() -> None:
    assert is_let_in("a.example", "https://a.example", scheme="wss")
    assert not is_let_in("a.example", "http://a.example", scheme="wss")


def test_behind_a_proxy_that_changes_the_host_the_public_url_counts() -> None:
    assert is_let_in("127.0.0.1:8501", PUBLIC, public_url=PUBLIC)
    assert not is_let_in("127.0.0.1:8501", PUBLIC)
    assert not is_let_in("127.0.0.1:8501", "https://evil.example", public_url=PUBLIC)
