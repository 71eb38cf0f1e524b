"""The approval by Fortnox's rules: what is asked for, what is made of an answer, and the sandbox page."""

import asyncio
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tests.systems.mocked import by_app, mocked
from tests.systems.verifying import ReceivedRequest
from tests.wizard.approving import Links, fetch
from xtnd_wizard.domain.api_url import ApiUrl
from xtnd_wizard.domain.errors import OAuthRefused
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound import RequestFailed
from xtnd_wizard.outbound.client import OutboundClient
from xtnd_wizard.sandbox import sandbox_app
from xtnd_wizard.systems.checks import Credentials
from xtnd_wizard.systems.fortnox import SYSTEM
from xtnd_wizard.systems.fortnox.approval import SCOPES, address, exchange, renew, token_url
from xtnd_wizard.systems.fortnox.sandbox import (
    NO_LICENCE,
    SANDBOX_CLIENT,
    SANDBOX_HOST,
    WITHDRAWN,
    WORKS,
    access_token,
    single_use,
)
from xtnd_wizard.systems.oauth import TokenGrant
from xtnd_wizard.systems.sandbox_kit import Used

REAL, SANDBOX_URL = ApiUrl("https://api.fortnox.se"), ApiUrl(f"https://{SANDBOX_HOST}")
BACK = "/consent/fortnox"
TOKENS: dict[str, Any] = {"access_token": access_token(WORKS.number), "refresh_token": "new", "expires_in": 3600}


def at(app: Any, ask: Callable[[Any], Any]) -> tuple[Any, list[ReceivedRequest]]:
    """What is made of an app's answers, and what it heard."""
    requests: list[ReceivedRequest] = []
    with mocked(by_app(app), SANDBOX_HOST, requests) as origin:

        async def asked() -> Any:
            async with OutboundClient().open_session(ApiUrl(origin), 5) as host_session:
                return await ask(host_session)

        try:
            return asyncio.run(asked()), requests
        except (OAuthRefused, RequestFailed) as refused:
            return refused, requests


def answering(*answers: tuple[int, Any]) -> Starlette:
    """A token endpoint that gives these answers, one after the other."""
    left = list(answers)

    async def token(request: Request) -> Response:
        status, content = left.pop(0)
        if isinstance(content, str):
            return HTMLResponse(content, status)
        return JSONResponse(content, status) if content is not None else Response(status_code=status)

    return Starlette(routes=[Route("/oauth-v1/token", token, methods=["POST"])])


def given(app: Any, code: str = "code") -> tuple[Any, list[ReceivedRequest]]:
    return at(app, lambda host_session: exchange(host_session, SANDBOX_CLIENT, Secret(code), BACK))


def renewed(app: Any, refresh_token: str = "old", tenant: str = "") -> tuple[Any, list[ReceivedRequest]]:
    values: dict[str, Secret | str] = {"access_token": Secret("x"), "tenant": tenant}
    credentials = Credentials(
        SANDBOX_URL, {**values, **({"refresh_token": Secret(refresh_token)} if refresh_token else {})}
    )
    return at(app, lambda host_session: renew(host_session, SANDBOX_CLIENT, credentials))


def grants(requests: list[ReceivedRequest]) -> list[str]:
    return [parse_qs(call.body.decode())["grant_type"][0] for call in requests]


def test_the_consent_page_is_asked_for_a_service_account_and_every_scope() -> None:
    found = urlsplit(address(REAL, "id", "https://connect.example.com/consent/fortnox", "a state"))
    assert f"{found.scheme}://{found.netloc}{found.path}" == "https://apps.fortnox.se/oauth-v1/auth"
    assert dict(parse_qsl(found.query)) == {
        "client_id": "id",
        "redirect_uri": "https://connect.example.com/consent/fortnox",
        "scope": " ".join(SCOPES),
        "state": "a state",
        "access_type": "offline",
        "response_type": "code",
        "account_type": "service",
    }


def test_every_check_has_its_scope() -> None:
    assert {"companyinformation", "order", "invoice", "article", "supplierinvoice", "bookkeeping"} <= set(SCOPES)


def test_tokens_come_from_fortnoxs_sign_in_and_in_a_sandbox_from_the_sandbox_host() -> None:
    assert token_url(REAL) == ApiUrl("https://apps.fortnox.se")
    assert token_url(SANDBOX_URL) == SANDBOX_URL


def test_a_code_is_sent_as_a_form_with_our_name_and_password() -> None:
    held, (call,) = given(answering((200, TOKENS)))
    assert isinstance(held, TokenGrant)
    assert held.expires_in == 3600
    assert held.values == {
        "access_token": Secret(TOKENS["access_token"]),
        "refresh_token": Secret("new"),
        "tenant": str(WORKS.number),
    }
    assert (call.method, call.path, call.query) == ("POST", "/oauth-v1/token", "")
    assert call.headers["authorization"].startswith("Basic ")
    assert call.headers["content-type"] == "application/x-www-form-urlencoded"
    assert dict(parse_qsl(call.body.decode())) == {
        "grant_type": "authorization_code",
        "code": "code",
        "redirect_uri": BACK,
    }


def test_what_was_given_prints_no_token() -> None:
    held, _ = given(answering((200, TOKENS)))
    assert TOKENS["access_token"] not in repr(held)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (
            (400, {"error": "invalid_grant", "error_description": "Auth code or ClientID supplied is invalid"}),
            "expired_code",
        ),
        ((401, {"error": "invalid_grant"}), "expired_code"),
        ((400, {}), "expired_code"),
        ((400, None), "expired_code"),
        ((400, {"error": ["odd"]}), "expired_code"),
        ((401, {"error": "invalid_client"}), "our_app"),
        ((400, {"error": "unauthorized_client"}), "our_app"),
        ((401, None), "our_app"),
    ],
)
def test_a_refused_code_is_told_apart_from_a_refused_registration(answer: tuple[int, Any], outcome: str) -> None:
    refused, requests = given(answering(answer))
    assert isinstance(refused, OAuthRefused)
    assert refused.outcome == outcome
    assert len(requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        (200, {}),
        (200, []),
        (200, {"access_token": ""}),
        (200, {"access_token": 5}),
        (200, {"access_token": "with a space"}),
        (200, {"access_token": "line\r\nbreak"}),
        (200, {"access_token": "x" * 9000}),
        (429, {}),
        (500, None),
        (503, None),
    ],
)
def test_any_other_answer_gives_no_tokens_and_blames_nobody(answer: tuple[int, Any]) -> None:
    refused, requests = given(answering(answer))
    assert isinstance(refused, RequestFailed)
    assert len(requests) == 1


@pytest.mark.parametrize(
    ("payload", "seconds"),
    [(3600, 3600), ("1800", 1800), (None, 3600), (-1, 3600), (True, 3600), (10**8, 86400), ({}, 3600)],
)
def test_how_long_a_token_is_good_is_read_with_care(payload: object, seconds: int) -> None:
    held, _ = given(answering((200, {**TOKENS, "expires_in": payload})))
    assert held.expires_in == seconds


def test_a_refresh_token_is_used_first() -> None:
    held, requests = renewed(answering((200, TOKENS)), tenant="1180042")
    assert isinstance(held, TokenGrant)
    assert grants(requests) == ["refresh_token"]
    assert parse_qs(requests[0].body.decode())["refresh_token"] == ["old"]


def test_where_the_refresh_token_is_void_the_companys_number_gives_new_ones() -> None:
    void, tokens = (400, {"error": "invalid_grant"}), {"access_token": TOKENS["access_token"], "expires_in": 3600}
    held, requests = renewed(answering(void, (200, tokens)), tenant="1180042")
    assert grants(requests) == ["refresh_token", "client_credentials"]
    assert requests[1].headers["tenantid"] == "1180042"
    assert held.values["refresh_token"] == Secret("")


def test_without_a_refresh_token_the_companys_number_is_used_at_once() -> None:
    _, requests = renewed(answering((200, TOKENS)), refresh_token="", tenant="1180042")
    assert grants(requests) == ["client_credentials"]


@pytest.mark.parametrize(
    ("answers", "tenant", "outcome"),
    [
        ([(400, {"error": "invalid_grant"})], "", "refused"),
        ([(400, {"error": "invalid_grant"}), (400, {"error": "invalid_grant"})], "1", "refused"),
        ([(400, {"error": "invalid_grant"}), (400, {"error": "unauthorized_client"})], "1", "refused"),
        ([(401, {"error": "invalid_client"})], "1", "our_app"),
    ],
)
def test_a_renewal_that_nothing_helps_says_why(answers: list[tuple[int, Any]], tenant: str, outcome: str) -> None:
    refused, requests = renewed(answering(*answers), tenant=tenant)
    assert isinstance(refused, OAuthRefused)
    assert refused.outcome == outcome
    assert len(requests) == len(answers)


def test_a_renewal_that_got_no_answer_is_not_repeated_another_way() -> None:
    refused, requests = renewed(answering((500, None)), tenant="1180042")
    assert isinstance(refused, RequestFailed)
    assert grants(requests) == ["refresh_token"]


def test_the_sandbox_company_takes_a_code_and_a_refresh_token_once() -> None:
    app = SYSTEM.sandbox.app()
    code = single_use(WORKS.number)
    held, _ = given(app, code)
    assert isinstance(held, TokenGrant)
    again, _ = given(app, code)
    assert isinstance(again, OAuthRefused)
    old = single_use(WORKS.number)
    assert isinstance(renewed(app, old)[0], TokenGrant)
    assert isinstance(renewed(app, old)[0], OAuthRefused)
    assert isinstance(renewed(app, old, str(WORKS.number))[0], TokenGrant)


def test_a_withdrawn_approval_gives_no_tokens_in_a_sandbox_either() -> None:
    refused, requests = renewed(SYSTEM.sandbox.app(), single_use(WITHDRAWN.number), str(WITHDRAWN.number))
    assert isinstance(refused, OAuthRefused)
    assert len(requests) == 2


def test_only_so_much_is_remembered_by_the_sandbox_company() -> None:
    used = Used()
    assert all(used.first_time(str(number)) for number in range(2500))
    assert not used.first_time("2400")
    assert used.first_time("0")


def page(**changed: str) -> Any:
    asked = dict(parse_qsl(urlsplit(address(SANDBOX_URL, SANDBOX_CLIENT.id, BACK, "state-1")).query))
    return fetch(f"https://{SANDBOX_HOST}/oauth-v1/auth?{urlencode({**asked, **changed})}")


def test_every_way_back_carries_the_state_that_was_sent() -> None:
    links = Links(page().text).by_id
    assert set(links) == {
        "approve",
        "decline",
        "locked",
        "late",
        "no_licence",
        "no_api_licence",
        "another_browser",
        "unknown_app",
        "down",
    }
    assert links.pop("locked") == BACK
    other = dict(parse_qsl(urlsplit(links.pop("another_browser")).query))
    assert other["state"] != "state-1"
    for link in links.values():
        assert dict(parse_qsl(urlsplit(link).query))["state"] == "state-1"
    assert len(set(links.values())) == len(links)


def test_a_company_without_a_licence_is_approved_and_then_found_out() -> None:
    code = dict(parse_qsl(urlsplit(Links(page().text).by_id["no_licence"]).query))["code"]
    held, _ = given(SYSTEM.sandbox.app(), code)
    assert held.values["tenant"] == str(NO_LICENCE.number)


@pytest.mark.parametrize(
    "back",
    [
        "https://evil.example/consent/fortnox",
        "//evil.example/consent/x",
        "/consent/",
        "/consent/a/../../x",
        "/consent/a?x=1",
        "/consent/a#x",
        "/consent/a\\evil",
        "/consent//evil.example",
        "javascript:alert(1)",
        "/enter",
        "",
    ],
)
def test_the_sandbox_page_leads_to_no_other_place(back: str) -> None:
    answer = page(redirect_uri=back)
    assert answer.status_code == 400
    assert "href" not in answer.text


@pytest.mark.parametrize(
    "changed", [{"client_id": "another"}, {"response_type": "token"}, {"state": ""}, {"state": '"><script>'}]
)
def test_the_sandbox_page_wants_to_be_asked_properly(changed: dict[str, str]) -> None:
    answer = page(**changed)
    assert answer.status_code == 400
    assert "href" not in answer.text


def test_the_sandbox_page_says_that_it_is_one_and_repeats_no_markup() -> None:
    evil = '"><script>alert(1)</script>'
    text = page(scope=f"order {evil} invoice").text
    assert "Practice" in text
    assert "<script" not in text
    assert "alert(1)" not in text
    assert "<li>Orders</li><li>Invoices</li>" in text


def listened(accepted: str, path: str = "") -> str:
    """The sandbox page, or another one, for a browser that accepts these languages."""
    asked = address(SANDBOX_URL, SANDBOX_CLIENT.id, BACK, "state-1")
    url, headers = f"https://{SANDBOX_HOST}/{path}" if path else asked, {"accept-language": accepted}

    async def ask() -> str:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=sandbox_app), trust_env=False) as client:
            return (await client.get(url, headers=headers)).text

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("sv", "sv"),
        ("sv-SE,sv;q=0.9,en-US;q=0.8,en;q=0.7", "sv"),
        ("SV-se", "sv"),
        ("de,sv;q=0.9,en;q=0.8", "sv"),
        ("en;q=0.5, sv ; q=0.6", "sv"),
        ("en-GB,en;q=0.9,sv;q=0.8", "en"),
        ("sv;q=0.5,en", "en"),
        ("sv;q=0", "en"),
        ("sv;q=high", "en"),
        ("de", "en"),
        ("", "en"),
        (",;q=1,,", "en"),
    ],
)
def test_the_sandbox_page_speaks_swedish_to_a_browser_that_prefers_it(accepted: str, language: str) -> None:
    assert f'<html lang="{language}">' in listened(accepted)


def test_the_sandbox_page_speaks_one_language_at_a_time() -> None:
    english, swedish = listened("en"), listened("sv")
    for text in ("Supplier invoices", "Approve", "Practice", "Other ways", "another browser"):
        assert text in english
        assert text not in swedish
    for text in ("Leverantörsfakturor", "Godkänn", "Övning", "Andra sätt", "webbläsare"):
        assert text in swedish
        assert text not in english
    assert list(Links(english).by_id) == list(Links(swedish).by_id)
    assert next(iter(Links(swedish).by_id)) == "approve"


def test_every_scope_has_words_on_the_sandbox_page() -> None:
    for language in ("en", "sv"):
        assert not [scope for scope in SCOPES if f"<li>{scope}</li>" in listened(language)]


def test_the_front_of_the_sandbox_company_speaks_one_language_too() -> None:
    assert "Övning" in listened("sv", "other")
    assert "Övning" not in listened("en", "other")
    assert "Övning" not in page(client_id="another").text


def test_what_the_sandbox_company_says_no_to_is_worded_by_a_code() -> None:
    refused = fetch(f"https://{SANDBOX_HOST}/3/orders")
    assert refused.status_code == 401
    assert json.loads(refused.text)["ErrorInformation"]["Code"] == 2000311


@pytest.mark.parametrize("status", [401, 403])
def test_a_firewalls_page_says_nothing_about_the_approval(status: int) -> None:
    for ask in (given, renewed):
        payload, requests = ask(answering((status, "<h1>Are you human?</h1>"), (status, "<h1>Are you human?</h1>")))
        assert isinstance(payload, RequestFailed)
        assert len(requests) == 1


def test_an_approval_never_keeps_the_company_of_an_earlier_one() -> None:
    held, _ = given(answering((200, {"access_token": "opaque", "refresh_token": "r", "expires_in": 3600})))
    assert held.values["tenant"] == ""
