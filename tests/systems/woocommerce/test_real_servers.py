"""Shops as their tenants really run them: behind proxies and plugins, in other languages, with odd settings.

Each server here answers with the statuses, codes and texts that such a shop was seen to send.
"""

import base64
import hashlib
import hmac
import time
from dataclasses import dataclass
from urllib.parse import quote, urlencode

import pytest
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from tests.systems.verifying import Checked
from tests.systems.woocommerce.site import (
    Answers,
    Hanging,
    answering,
    error,
    known_pair,
    scenario,
    signs_in,
    signs_in_with,
)
from xtnd_wizard.domain.findings import Outcome
from xtnd_wizard.systems.woocommerce import SYSTEM
from xtnd_wizard.systems.woocommerce import sign_in as sign_in_module
from xtnd_wizard.systems.woocommerce.sandbox import CUSTOMER, KEYS, WORKS, WRITE_ONLY, Key
from xtnd_wizard.wizard.check_runner import checks_of

ALL = set(checks_of(SYSTEM))
INDEX, ORDERS = "/wp-json/", "/wp-json/wc/v3/orders"
WRONG_SECRET = {"secret": scenario("wrong_secret").values["secret"]}
WRONG_KEY = {"access_token": scenario("wrong_key").values["access_token"]}
KNOWN_KEY = "woocommerce_rest_authentication_error"


def used(pair: Key) -> dict[str, str]:
    return {"access_token": pair.key, "secret": pair.secret}


def passed_of(found: Checked) -> set[str]:
    return {check for check, finding in found.findings.items() if finding.outcome is Outcome.PASSED}


# A security plugin that shows strangers an error in place of the front door.


def hidden_front_door(request: Request) -> Response | None:
    """All In One WP Security, "disallow unauthorized REST requests"."""
    refusal = error("wp_die", 500, "You are not authorized to perform this action.")
    return None if known_pair(request) else refusal


def test_a_front_door_hidden_from_strangers_lets_the_right_key_in() -> None:
    found = answering(hidden_front_door)
    assert found.problems == {}
    assert set(found.findings) == ALL


@pytest.mark.parametrize("status", [401, 403, 500, 503])
def test_what_a_stranger_is_told_at_the_front_door_decides_nothing(status: int) -> None:
    found = answering(lambda request: None if known_pair(request) else error("wp_die", status))
    assert found.problems == {}


@pytest.mark.parametrize("wrong", [WRONG_KEY, WRONG_SECRET])
def test_behind_a_hidden_front_door_a_wrong_pair_is_not_called_a_shop(wrong: dict[str, str]) -> None:
    found = answering(hidden_front_door, **wrong)
    assert found.problems == {"recognise": "upstream_down"}


def test_behind_a_hidden_front_door_a_dropped_header_is_found_out() -> None:
    def answers(request: Request) -> Response | None:
        by_query = "consumer_key" in request.query_params
        return None if by_query and known_pair(request) else error("wp_die", 500)

    found = answering(answers)
    assert found.problems == {}
    assert found.findings["header"].outcome is Outcome.NOT_APPLICABLE


# A proxy that handles https and does not tell the shop.


@dataclass(frozen=True)
class Proxied:
    """A shop whose is_ssl() is false, with WooCommerce's own check of a signature."""

    logged_in_only: bool = False

    def __call__(self, request: Request) -> Response | None:
        """Basic and the pair in the query are not even looked at; a signature is, over the http form of the URL."""
        if not request.url.path.startswith("/wp-json/wc/v3/"):
            return error("rest_not_logged_in", 401) if self.logged_in_only else None
        stranger = error("rest_not_logged_in" if self.logged_in_only else "woocommerce_rest_cannot_view", 401)
        if "oauth_signature" not in request.query_params:
            return stranger
        known = KEYS.get(request.query_params["oauth_consumer_key"])
        if known is None or not is_signed(request, known):
            return stranger if self.logged_in_only else error(KNOWN_KEY, 401)
        return of_user(known, request)


def of_user(known: Key, request: Request) -> Response:
    """What a signed-in user gets. WordPress hears another method in the query, and every key may ask what there is."""
    if request.query_params.get("_method") == "OPTIONS":
        return JSONResponse({"namespace": "wc/v3"})
    if known.permissions == "write":
        return error(KNOWN_KEY, 401)
    return JSONResponse([{"id": 1}]) if known.may_list else error("woocommerce_rest_cannot_view", 403)


def is_signed(request: Request, known: Key) -> bool:
    """WooCommerce's check (WC_REST_Authentication::check_oauth_signature), down to its coding done twice."""

    def coded(text: str) -> str:
        return quote(text, safe="~")

    params = dict(request.query_params)
    signature = params.pop("oauth_signature")
    assert params["oauth_signature_method"] in ("HMAC-SHA1", "HMAC-SHA256")
    assert abs(time.time() - int(params["oauth_timestamp"])) < 900
    pairs = sorted((coded(name), coded(value)) for name, value in params.items())
    host, port = request.scope["server"]
    home = f"http://{host}:{port}" if port else f"http://{host}"
    base = "&".join(
        (request.method, coded(home + request.url.path), "%26".join(coded(f"{name}={value}") for name, value in pairs))
    )
    digest = params["oauth_signature_method"].removeprefix("HMAC-").lower()
    made = hmac.new(f"{known.secret}&".encode(), base.encode(), getattr(hashlib, digest)).digest()
    return hmac.compare_digest(base64.b64encode(made).decode(), signature)


@pytest.mark.parametrize("shop", [Proxied(), Proxied(logged_in_only=True)])
def test_a_shop_that_does_not_know_of_its_https_is_told_by_a_signed_call(shop: Proxied) -> None:
    found = answering(shop)
    assert found.problems == {"header": "https_hidden"}
    assert {"recognise", "key"} <= passed_of(found)


@pytest.mark.parametrize(
    ("pair", "refused"),
    [(WRITE_ONLY, "key_cannot_read"), (CUSTOMER, "key_lacks_permission")],
    ids=["write", "customer"],
)
def test_what_a_key_may_not_is_said_beside_the_hidden_https(pair: Key, refused: str) -> None:
    found = answering(Proxied(), **used(pair))
    assert found.problems == {"header": "https_hidden", "orders": refused}
    assert {"recognise", "key"} <= passed_of(found)


@pytest.mark.parametrize("wrong", [WRONG_KEY, WRONG_SECRET])
def test_behind_a_hidden_https_a_wrong_pair_is_not_said_to_be_right(wrong: dict[str, str]) -> None:
    found = answering(Proxied(), **wrong)
    assert found.problems == {"key": "key_rejected"}


@pytest.mark.parametrize("pair", [WORKS, WRITE_ONLY])
def test_a_signed_call_carries_no_secret(pair: Key) -> None:
    signed = [request for request in answering(Proxied(), **used(pair)).requests if "oauth_signature" in request.query]
    assert signed
    for request in signed:
        assert "authorization" not in request.headers
        assert "cs_" not in request.query
        assert pair.secret not in repr(request)


def test_a_signed_call_that_gets_no_answer_changes_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in_module, "_SIGNATURE_SECONDS", 0.05)
    found = answering(lambda request: Hanging() if "oauth_signature" in request.query_params else None, **WRONG_KEY)
    assert found.problems == {"key": "key_rejected"}


@pytest.mark.parametrize("code", ["works", "wrong_secret", "write_only", "no_right", "header_dropped", "firewall"])
def test_no_signed_call_is_made_where_something_else_explains_the_refusal(code: str) -> None:
    found = answering(lambda request: None, code=code)
    assert not [
        request for request in found.requests if "oauth" in request.query + request.headers.get("authorization", "")
    ]


# "Logged-in users only", the snippet from WordPress's handbook.


def logged_in_only(request: Request) -> Response | None:
    return None if known_pair(request) else error("rest_not_logged_in", 401, "You are not currently logged in.")


def test_a_site_for_signed_in_users_lets_the_right_key_in() -> None:
    assert answering(logged_in_only).problems == {}


def test_a_write_only_key_is_told_by_a_made_up_secret_that_gets_another_answer() -> None:
    found = answering(logged_in_only, **used(WRITE_ONLY))
    assert found.problems == {"orders": "key_cannot_read"}
    assert {"recognise", "key", "header"} <= passed_of(found)


def test_it_is_told_without_the_other_method_too() -> None:
    def answers(request: Request) -> Response | None:
        return error(KNOWN_KEY, 401) if known_pair(request) else error("rest_not_logged_in", 401)

    found = answering(answers, **used(WRITE_ONLY))
    assert found.problems == {"orders": "key_cannot_read"}


@pytest.mark.parametrize("wrong", [WRONG_KEY, WRONG_SECRET])
def test_a_pair_that_does_not_sign_in_was_judged(wrong: dict[str, str]) -> None:
    found = answering(logged_in_only, **wrong)
    assert found.problems == {"key": "sign_in_rejected"}
    assert "recognise" not in found.findings, "nothing that was heard proves the shop"


# Another way in than /wp-json/.


def origin_of(request: Request) -> str:
    host, port = request.scope["server"]
    return f"{request.url.scheme}://{host}" + (f":{port}" if port else "")


def rerouted(prefix: str, link: str, *, heard_in_query: bool = True, judged_in_query: bool = False) -> Answers:
    """A shop that answers below `prefix` and, where it is heard there, in the query; /wp-json/ is not found."""

    def answers(request: Request) -> Response | None:
        path, route = request.url.path, request.query_params.get("rest_route", "")
        target = link.format(origin=origin_of(request))
        headers = {"link": f'<https://a.example/>; rel=shortlink, <{target}>; rel="https://api.w.org/"'}
        if prefix and path.startswith(f"{prefix}/"):
            request.scope["path"] = "/wp-json/" + path.removeprefix(f"{prefix}/")
            return None
        if path != "/":
            return HTMLResponse("<h1>404</h1>", 404)
        if not (heard_in_query and route):
            return HTMLResponse("<h1>Hej</h1>", 200, headers)
        if route == "/":
            index = {"name": "Skafferiet", "home": origin_of(request), "namespaces": ["wp/v2", "wc/v3"]}
            return JSONResponse(index, 200, headers)
        request.scope["path"] = f"/wp-json{route}"
        others = {name: value for name, value in request.query_params.items() if name != "rest_route"}
        request.scope["query_string"] = urlencode(others).encode()
        return None if judged_in_query else error("woocommerce_rest_cannot_view", 401)

    return answers


CHANGED = "{origin}/api/"
USUAL = "{origin}/wp-json/"
PLAIN = "{origin}/index.php?rest_route=/"


@pytest.mark.parametrize("heard_in_query", [True, False])
def test_a_changed_prefix_is_found_in_the_link_of_the_front_page(heard_in_query: bool) -> None:
    found = answering(rerouted("/api", CHANGED, heard_in_query=heard_in_query))
    assert found.problems == {}
    assert found.findings["header"].outcome is Outcome.NOT_APPLICABLE
    assert "/api/" in found.findings["header"].detail
    assert {request.path for request in found.requests if signs_in_with(request)} >= {"/api/wc/v3/orders"}


def test_a_changed_prefix_is_found_in_the_link_of_a_page_not_found() -> None:
    link = {"link": '<https://skafferiet.example/>; rel=shortlink, </api/>; rel="https://api.w.org/"'}
    usual = rerouted("/api", CHANGED, heard_in_query=False)

    def answers(request: Request) -> Response | None:
        if request.url.path == "/":
            return HTMLResponse("x" * 300_000)
        return HTMLResponse("<h1>404</h1>", 404, link) if request.url.path.startswith("/wp-json") else usual(request)

    assert answering(answers).problems == {}


def test_a_server_that_rewrites_nothing_is_asked_by_index_php() -> None:
    found = answering(rerouted("/index.php/wp-json", USUAL))
    assert found.problems == {}
    assert found.findings["header"].outcome is Outcome.NOT_APPLICABLE


def test_a_shop_that_is_heard_in_the_query_only_is_asked_there() -> None:
    found = answering(rerouted("", PLAIN, judged_in_query=True))
    assert found.problems == {}
    assert found.account


@pytest.mark.parametrize("link", [USUAL, PLAIN])
def test_where_the_query_brings_no_key_to_the_shop_it_is_not_the_key(link: str) -> None:
    """WooCommerce before 11.1 looks for a pair below the REST prefix only."""
    found = answering(rerouted("", link))
    assert found.problems == {"key": "api_switched_off"}
    assert "recognise" in passed_of(found)


@pytest.mark.parametrize(
    "link",
    [
        "https://other.example/api/",
        "{origin}.evil.example/api/",
        "//other.example/api/",
        "{origin}:1/api/",
        "{origin}/api/../../admin/",
        "{origin}/%2e%2e/api/",
        "{origin}/api/?x=1",
        "{origin}/api/#x",
        "{origin}/a\\b/",
        "javascript:alert(1)",
        "http://[",
        "",
    ],
)
def test_a_link_to_anywhere_else_is_not_followed(link: str) -> None:
    found = answering(rerouted("/api", link, heard_in_query=False))
    assert found.problems == {"recognise": "wrong_path_or_product"}
    assert {request.path for request in found.requests} == {INDEX, ORDERS, "/"}
    assert not [request for request in found.requests if signs_in_with(request)]


# PHP's warnings in front of the JSON.

WARNING = (
    "<br />\n<b>Warning</b>:  Undefined array key [0] in <b>/srv/www/wp-content/frakt.php</b> on line <b>5</b><br />\n"
)


def warning(data: str, status: int = 200, *, html: bool = False) -> Response:
    return Response(WARNING + data, status, media_type="text/html" if html else "application/json")


INDEX_OF_SHOP = '{"name":"Skafferiet","home":"https://skafferiet.example","namespaces":["wp/v2","wc/v3"]}'


@pytest.mark.parametrize("html", [False, True])
def test_a_warning_before_every_answer_is_wordpress_printing(html: bool) -> None:
    def answers(request: Request) -> Response:
        if request.url.path == INDEX:
            return warning(INDEX_OF_SHOP, html=html)
        if known_pair(request):
            return warning('[{"id":5}]', html=html)
        refusal = '{"code":"woocommerce_rest_cannot_view","message":"Nej.","data":{"status":401}}'
        return warning(refusal, 200 if html else 401, html=html)

    found = answering(answers)
    assert found.problems == {"orders": "warnings_in_answer"}
    assert {"recognise", "key", "header"} <= passed_of(found)


@pytest.mark.parametrize("wrong", [WRONG_KEY, WRONG_SECRET])
def test_a_warning_before_a_refusal_says_no_wrong_thing_of_the_pair(wrong: dict[str, str]) -> None:
    refusal = '{"code":"woocommerce_rest_cannot_view","message":"Nej.","data":{"status":401}}'
    found = answering(lambda request: warning(refusal) if signs_in(request) else None, **wrong)
    assert found.problems == {"key": "warnings_in_answer"}
    assert "recognise" in passed_of(found)


def test_a_warning_in_the_index_alone_keeps_nobody_out() -> None:
    found = answering(lambda request: warning(INDEX_OF_SHOP) if request.url.path == INDEX else None)
    assert found.problems == {}
    assert found.account
    assert found.account.name == "Skafferiet"


def test_a_warning_in_one_part_is_said_of_that_part() -> None:
    found = answering(lambda request: warning('[{"id":1}]') if request.url.path.endswith("/zones") else None)
    assert found.problems == {"shipping": "warnings_in_answer"}


def test_a_made_up_key_that_is_refused_below_a_warning_is_refused() -> None:
    refusal = '{"code":"woocommerce_rest_cannot_view","message":"Nej.","data":{"status":401}}'
    found = answering(lambda request: warning(refusal) if signs_in(request) and not known_pair(request) else None)
    assert found.problems == {}


@pytest.mark.parametrize(
    "body", ["Warning: in line 5 {", WARNING, "[" * 100_000, WARNING + '{"a":' * 5000, WARNING + '{"id":1} och mer']
)
def test_text_without_json_at_its_end_is_no_wordpress(body: str) -> None:
    found = answering(lambda request: PlainTextResponse(body))
    assert found.problems == {"recognise": "not_an_api"}
    assert not [request for request in found.requests if signs_in_with(request)]
