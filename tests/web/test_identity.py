"""The visitor's cookie: who gets one, under which name, and whose it is."""

from http.cookies import SimpleCookie

import httpx
import pytest

from tests.web.asking import TOKEN, ask, inside
from xtnd_wizard.web.identity import VisitorCookieMiddleware
from xtnd_wizard.wizard.visitors import COOKIE, SECURE_COOKIE, tenant_of, token_in

APP = VisitorCookieMiddleware(inside)
HTTPS = "https://wizard.example"
OTHER_TOKEN = "B" * 43


def cookies_set(answer: httpx.Response) -> list[str]:
    return answer.headers.get_list("set-cookie")


def test_a_newcomer_gets_one_cookie_that_no_script_and_no_other_site_can_use() -> None:
    answer = ask(APP, accept="text/html")
    (header,) = cookies_set(answer)
    cookie = SimpleCookie(header)[COOKIE]
    assert token_in({COOKIE: cookie.value}) == cookie.value
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert int(cookie["max-age"]) == 365 * 24 * 3600
    assert not cookie["secure"]
    assert not cookie["domain"]
    assert answer.headers["cache-control"] == "no-store"


def test_over_https_no_neighbour_can_plant_the_cookie() -> None:
    (header,) = cookies_set(ask(APP, site=HTTPS, accept="text/html"))
    cookie = SimpleCookie(header)[SECURE_COOKIE]
    # What a browser asks of a name with this prefix:
    assert SECURE_COOKIE.startswith("__Host-")
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")


def test_who_was_known_before_the_prefix_keeps_the_drafts_and_gets_the_other_name() -> None:
    answer = ask(APP, site=HTTPS, accept="text/html", cookie=f"{COOKIE}={TOKEN}")
    moved, removed = cookies_set(answer)
    assert moved.startswith(f"{SECURE_COOKIE}={TOKEN}; ")
    assert removed.startswith(f"{COOKIE}=; Max-Age=0")
    assert cookies_set(ask(APP, site=HTTPS, accept="text/html", cookie=f"{SECURE_COOKIE}={TOKEN}")) == []


def test_the_name_that_no_neighbour_can_set_comes_first() -> None:
    assert token_in({COOKIE: OTHER_TOKEN, SECURE_COOKIE: TOKEN}) == TOKEN
    assert token_in({COOKIE: OTHER_TOKEN, SECURE_COOKIE: "nonsense"}) == OTHER_TOKEN


def test_a_token_that_was_for_https_is_not_copied_into_a_cookie_without() -> None:
    assert cookies_set(ask(APP, accept="text/html", cookie=f"{SECURE_COOKIE}={TOKEN}")) == []


def test_two_newcomers_get_different_cookies() -> None:
    assert cookies_set(ask(APP, accept="text/html")) != cookies_set(ask(APP, accept="text/html"))


@pytest.mark.parametrize(
    "neighbour",
    ["other=1", "a[b]=1", '{"v":1}', "cf/x=1", 'q="', '][;=;"', "é=å", "=", "x"],
)
@pytest.mark.parametrize("ours_first", [True, False])
def test_a_known_visitor_keeps_the_identity_beside_any_cookie_of_a_neighbour(neighbour: str, ours_first: bool) -> None:
    both = [f"{COOKIE}={TOKEN}", neighbour]
    answer = ask(APP, accept="text/html", cookie="; ".join(both if ours_first else both[::-1]))
    assert answer.status_code == 200
    assert cookies_set(answer) == []


def test_a_call_that_is_not_for_a_page_sets_no_cookie() -> None:
    assert cookies_set(ask(APP, accept="application/json")) == []
    assert cookies_set(ask(APP)) == []


@pytest.mark.parametrize(
    "value", ["", "short", "x" * 44, "x" * 42 + "!", "x" * 42 + "é", f'"{TOKEN}', f"{COOKIE}=", "../../etc/passwd"]
)
def test_a_malformed_cookie_is_replaced(value: str) -> None:
    (header,) = cookies_set(ask(APP, accept="text/html", cookie=f"{COOKIE}={value}"))
    assert token_in({COOKIE: SimpleCookie(header)[COOKIE].value})


@pytest.mark.parametrize("value", ["", "x" * 42, "x" * 44, TOKEN + "\n", TOKEN[:-1] + " "])
def test_only_a_token_of_ours_is_a_visitor(value: str) -> None:
    assert token_in({COOKIE: value}) is None
    assert token_in({COOKIE: TOKEN}) == TOKEN


def test_an_owner_is_a_digest_of_the_token_and_nothing_else() -> None:
    assert tenant_of(TOKEN) == tenant_of(TOKEN) != tenant_of(OTHER_TOKEN)
    assert TOKEN not in str(tenant_of(TOKEN))
    assert tenant_of(None) is tenant_of("") is None
