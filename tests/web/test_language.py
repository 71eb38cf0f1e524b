"""The language switch, and the language of an answer outside of the pages."""

import asyncio
from http.cookies import SimpleCookie
from urllib.parse import quote

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import HTTPConnection
from starlette.routing import Route

from tests.web.asking import SITE, ask, scope_of
from xtnd_wizard.i18n import LANGUAGE_COOKIE
from xtnd_wizard.web.language import language_of, switch_language

APP = Starlette(routes=[Route("/language/{language}", switch_language)])


def test_switching_the_language_leads_back_to_the_page() -> None:
    answer = ask(APP, "/language/sv?page=verify")
    assert (answer.status_code, answer.headers["location"]) == (303, "/verify")
    cookie = SimpleCookie(answer.headers["set-cookie"])[LANGUAGE_COOKIE]
    assert (cookie.value, cookie["httponly"], cookie["samesite"].lower()) == ("sv", True, "lax")


@pytest.mark.parametrize(
    ("draft", "kept"), [("0123abcd", "?draft=0123abcd"), ("", ""), ("x&page=//evil", ""), ("a" * 65, "")]
)
def test_switching_the_language_keeps_the_draft_that_is_open(draft: str, kept: str) -> None:
    answer = ask(APP, f"/language/sv?page=enter&draft={quote(draft)}")
    assert answer.headers["location"] == f"/enter{kept}"


@pytest.mark.parametrize(
    "page",
    ["//evil.example", "https://evil.example", "/evil.example", "\\evil", "a.b", "A", "%2f%2fevil", "x" * 21, ""],
)
def test_the_language_switch_leads_to_no_other_site(page: str) -> None:
    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app=APP)
        async with httpx.AsyncClient(transport=transport, base_url=SITE, trust_env=False) as client:
            return await client.get("/language/sv", params={"page": page})

    assert asyncio.run(asked()).headers["location"] == "/"


@pytest.mark.parametrize("language", ["SV", "swe", "s", "..", "sv%0d%0aset-cookie:a=b", "12"])
def test_what_is_no_language_is_not_remembered(language: str) -> None:
    assert LANGUAGE_COOKIE not in ask(APP, f"/language/{language}").headers.get("set-cookie", "")


@pytest.mark.parametrize(
    ("cookie", "accepted", "language"),
    [
        ("sv", "en-GB", "sv"),
        ("", "sv-SE,sv;q=0.9,en;q=0.8", "sv"),
        ("", "en-GB;q=0.9", "en"),
        ("xx", "sv", "sv"),
        ("", "fi,sv", "en"),
        ("", "", "en"),
    ],
)
def test_a_refusal_is_told_in_the_language_switched_to_or_else_the_browsers(
    cookie: str, accepted: str, language: str
) -> None:
    scope = scope_of(kind="http", cookie=f"{LANGUAGE_COOKIE}={cookie}", accept_language=accepted)
    assert language_of(HTTPConnection(scope)) == language
