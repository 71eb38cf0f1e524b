"""The HTTP around the pages: one cookie, security headers, closed doors, a cap on tabs, a language switch."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http.cookies import SimpleCookie
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from xtnd_wizard.web import (
    COOKIE,
    LANGUAGE_COOKIE,
    Hardened,
    inline_scripts,
    policy,
    switch_language,
    visitor_in,
)

TOKEN = "aB3-_" + "x" * 38
PAGE = "<html><script>let a = 1;</script><script src='x.js'></script><script>\nlet b;\n</script></html>"


async def page(request: Request) -> Response:
    return HTMLResponse(PAGE, headers={"x-frame-options": "SAMEORIGIN"})


async def open_door(request: Request) -> Response:
    return PlainTextResponse("reached")


INSIDE = Starlette(
    routes=[
        Route("/", page),
        Route("/language/{language}", switch_language),
        Route("/{path:path}", open_door, methods=["GET", "PUT", "POST", "DELETE"]),
    ]
)


def encoded(headers: dict[str, str]) -> dict[str, bytes]:
    return {name.replace("_", "-"): value.encode() for name, value in headers.items()}


def get(path: str = "/", *, base: str = "http://wizard.example", method: str = "GET", **headers: str) -> httpx.Response:
    async def asked() -> httpx.Response:
        door = httpx.ASGITransport(app=Hardened(INSIDE, open_sessions=1, scripts=inline_scripts(PAGE)))
        async with httpx.AsyncClient(transport=door, base_url=base, trust_env=False) as client:
            return await client.request(method, path, headers=encoded(headers))

    return asyncio.run(asked())


def cookies_set(answer: httpx.Response) -> list[str]:
    return answer.headers.get_list("set-cookie")


def test_a_newcomer_gets_one_cookie_that_no_script_and_no_other_site_can_use() -> None:
    (header,) = cookies_set(get(accept="text/html"))
    cookie = SimpleCookie(header)[COOKIE]
    assert visitor_in(cookie.value) == cookie.value
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert int(cookie["max-age"]) == 365 * 24 * 3600
    assert not cookie["secure"]
    assert not cookie["domain"]


def test_two_newcomers_get_different_cookies() -> None:
    assert cookies_set(get(accept="text/html")) != cookies_set(get(accept="text/html"))


def test_a_known_visitor_keeps_their_cookie() -> None:
    assert cookies_set(get(accept="text/html", cookie=f"other=1; {COOKIE}={TOKEN}")) == []


def test_a_call_that_is_not_for_a_page_sets_no_cookie() -> None:
    assert cookies_set(get(accept="application/json")) == []
    assert cookies_set(get()) == []


@pytest.mark.parametrize(
    "value", ["", "short", "x" * 44, "x" * 42 + "!", "x" * 42 + "é", f'"{TOKEN}', f"{COOKIE}=", "../../etc/passwd"]
)
def test_a_malformed_cookie_is_replaced(value: str) -> None:
    (header,) = cookies_set(get(accept="text/html", cookie=f"{COOKIE}={value}"))
    assert visitor_in(SimpleCookie(header)[COOKIE].value)


def test_a_cookie_header_that_can_not_be_read_breaks_nothing() -> None:
    assert get(accept="text/html", cookie='][;=;"').status_code == 200


@pytest.mark.parametrize(
    ("base", "headers"),
    [("https://wizard.example", {}), ("http://wizard.example", {"x_forwarded_proto": "https"})],
    ids=["https", "behind a proxy"],
)
def test_over_https_the_cookie_is_for_https_only(base: str, headers: dict[str, str]) -> None:
    answer = get(base=base, accept="text/html", **headers)
    assert SimpleCookie(cookies_set(answer)[0])[COOKIE]["secure"] is True
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_without_https_nothing_is_promised_about_it() -> None:
    assert "strict-transport-security" not in get().headers


@pytest.mark.parametrize("path", ["/", "/anything", "/language/sv"])
def test_every_answer_has_the_security_headers_and_ours_win(path: str) -> None:
    headers = get(path).headers
    assert headers.get_list("x-frame-options") == ["DENY"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]


def test_the_policy_lets_a_page_load_from_here_only() -> None:
    rules = dict(rule.split(" ", 1) for rule in get().headers["content-security-policy"].split("; "))
    assert rules["default-src"] == "'self'"
    assert rules["img-src"] == "'self' data:"
    assert rules["connect-src"] == "'self'"
    assert rules["frame-ancestors"] == rules["object-src"] == "'none'"
    assert "'unsafe-inline'" not in rules["script-src"]
    assert not re.search(r"https?:|\*", get().headers["content-security-policy"])


def test_the_pages_own_inline_scripts_are_named_by_their_hashes() -> None:
    hashes = inline_scripts(PAGE)
    assert len(hashes) == 2
    assert all(re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", found) for found in hashes)
    assert all(found in policy(hashes) for found in hashes)


@pytest.mark.parametrize("path", ["/_stcore/upload_file", "/_stcore/upload_file/session/file", "/_stcore/metrics"])
@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
def test_uploads_and_metrics_are_closed(path: str, method: str) -> None:
    assert get(path, method=method).status_code == 404


def test_the_health_question_is_open() -> None:
    assert get("/_stcore/health").text == "reached"


class Tabs:
    """Websockets that stay open until they are told to leave."""

    def __init__(self, most: int) -> None:
        self.app = Hardened(self._stay, open_sessions=most)
        self.arrived = 0

    async def _stay(self, scope: Any, receive: Any, send: Any) -> None:
        self.arrived += 1
        scope["inside"].set()
        await receive()
        if scope["path"] == "/fails":
            raise RuntimeError("gone")

    @asynccontextmanager
    async def open(self, path: str = "/") -> AsyncIterator[list[dict[str, Any]]]:
        inside, leave, sent = asyncio.Event(), asyncio.Event(), []

        async def receive() -> dict[str, Any]:
            await leave.wait()
            return {"type": "websocket.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        scope = {"type": "websocket", "path": path, "inside": inside}
        tab = asyncio.create_task(self.app(scope, receive, send))
        arrival = asyncio.create_task(inside.wait())
        await asyncio.wait({tab, arrival}, return_when=asyncio.FIRST_COMPLETED)
        yield sent
        leave.set()
        arrival.cancel()
        await asyncio.gather(tab, arrival, return_exceptions=True)


REFUSED = [{"type": "websocket.close", "code": 1013}]


def test_no_more_tabs_than_allowed_are_open_at_once() -> None:
    async def visit() -> None:
        tabs = Tabs(2)
        async with tabs.open() as first, tabs.open() as second, tabs.open() as third:
            assert (first, second, third) == ([], [], REFUSED)
            assert tabs.arrived == 2

    asyncio.run(visit())


@pytest.mark.parametrize("path", ["/", "/fails"])
def test_a_tab_that_closes_or_breaks_makes_room(path: str) -> None:
    async def visit() -> None:
        tabs = Tabs(1)
        for _ in range(3):
            async with tabs.open(path) as sent:
                assert sent == []

    asyncio.run(visit())


def test_a_refused_tab_takes_no_room() -> None:
    async def visit() -> None:
        tabs = Tabs(1)
        async with tabs.open(), tabs.open() as refused:
            assert refused == REFUSED
        async with tabs.open() as sent:
            assert sent == []

    asyncio.run(visit())


def test_the_start_of_the_server_passes_through() -> None:
    seen = []

    async def inside(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["type"])

    asyncio.run(Hardened(inside, open_sessions=1)({"type": "lifespan"}, None, None))
    assert seen == ["lifespan"]


def test_switching_the_language_leads_back_to_the_page() -> None:
    answer = get("/language/sv?page=verify")
    assert (answer.status_code, answer.headers["location"]) == (303, "/verify")
    cookie = SimpleCookie(cookies_set(answer)[0])[LANGUAGE_COOKIE]
    assert (cookie.value, cookie["httponly"], cookie["samesite"].lower()) == ("sv", True, "lax")


@pytest.mark.parametrize(
    "page",
    ["//evil.example", "https://evil.example", "/evil.example", "\\evil", "a.b", "A", "%2f%2fevil", "x" * 21, ""],
)
def test_the_language_switch_leads_to_no_other_site(page: str) -> None:
    async def asked() -> httpx.Response:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app=INSIDE), base_url="http://wizard.example", trust_env=False
        ) as client:
            return await client.get("/language/sv", params={"page": page})

    assert asyncio.run(asked()).headers["location"] == "/"


@pytest.mark.parametrize("language", ["SV", "swe", "s", "..", "sv%0d%0aset-cookie:a=b", "12"])
def test_what_is_no_language_is_not_remembered(language: str) -> None:
    assert not any(LANGUAGE_COOKIE in header for header in cookies_set(get(f"/language/{language}")))


@pytest.mark.parametrize("value", [None, "", "x" * 42, "x" * 44, TOKEN + "\n", TOKEN[:-1] + " "])
def test_only_a_token_of_ours_is_a_visitor(value: str | None) -> None:
    assert visitor_in(value) is None
    assert visitor_in(TOKEN) == TOKEN
