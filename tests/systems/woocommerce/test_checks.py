"""WooCommerce's checks: every row of the table of errors, played by the sandbox over real HTTP."""

import asyncio
import base64
import logging
from collections import Counter

import pytest
from starlette import requests as starlette
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from tests.systems.mocked import checked
from tests.systems.verifying import Checked
from tests.systems.woocommerce.site import Hanging, answering, error, in_process, scenario, signs_in, signs_in_with
from xtnd_wizard import logs
from xtnd_wizard.domain.findings import Account, Outcome
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound import QueryAuth, Request
from xtnd_wizard.outbound.client import OutboundClient
from xtnd_wizard.systems.woocommerce import SYSTEM, checks
from xtnd_wizard.systems.woocommerce.sandbox import sandbox_app
from xtnd_wizard.wizard.check_runner import checks_of

ALL = set(checks_of(SYSTEM))
INDEX, ORDERS = "/wp-json/", "/wp-json/wc/v3/orders"

ROWS: dict[str, dict[str, str]] = {
    "works": {},
    "wrong_key": {"key": "key_rejected"},
    "wrong_secret": {"key": "secret_rejected"},
    "write_only": {"orders": "key_cannot_read"},
    "no_right": {"orders": "key_lacks_permission"},
    "no_shipping_right": {"shipping": "permission_missing"},
    "header_dropped": {},
    "hidden_door": {},
    "https_hidden": {"header": "https_hidden"},
    "plain_permalinks": {"key": "api_switched_off"},
    "without_shop": {"recognise": "product_missing"},
    "another_site": {"recognise": "not_an_api"},
    "wrong_folder": {"recognise": "wrong_path_or_product"},
    "moved": {"recognise": "redirected"},
    "plain_http": {"recognise": "tls_missing"},
    "security_plugin": {"recognise": "refused_for_security"},
    "firewall": {"key": "blocked_by_waf"},
    "challenge": {"recognise": "blocked_by_waf"},
    "rate_limited": {"recognise": "rate_limited"},
    "maintenance": {"recognise": "upstream_down"},
    "any_key": {"control": "endpoint_does_not_check_keys"},
}
ASKED_WITHOUT_THE_KEY = ("without_shop", "another_site", "wrong_folder", "moved", "challenge")


def sign_ins(found: Checked) -> list[str]:
    return [pair for request in found.requests if (pair := signs_in_with(request))]


def test_every_scenario_is_a_row() -> None:
    assert list(ROWS) == [found.code for found in SYSTEM.sandbox.scenarios]


@pytest.mark.parametrize("code", [row for row in ROWS if row != "plain_http"])
def test_a_row_is_told_apart_over_http(code: str) -> None:
    found = checked(SYSTEM, scenario(code))
    assert found.problems == ROWS[code]
    assert (found.account is not None) == (set(found.findings) == ALL)


LET_IN = {"recognise", "key", "header"}
READ = {"products", "stock", "account"}
PROVEN: dict[str, set[str]] = {
    "wrong_key": {"recognise"},
    "wrong_secret": {"recognise"},
    "write_only": LET_IN,
    "no_right": LET_IN,
    "no_shipping_right": LET_IN | READ | {"orders", "control"},
    "https_hidden": {"recognise", "key"},
    "plain_permalinks": {"recognise"},
    "firewall": {"recognise"},
    "any_key": LET_IN | READ | {"orders", "shipping"},
}
"""What stands as passed above a failure: no less than the answers prove, and no more."""


@pytest.mark.parametrize("code", [code for code, problems in ROWS.items() if problems])
def test_a_failure_shows_what_was_proven_before_it(code: str) -> None:
    findings = in_process(code).findings
    proven = {check for check, finding in findings.items() if finding.outcome is Outcome.PASSED}
    assert proven - {"address", "secure"} == PROVEN.get(code, set())


@pytest.mark.parametrize("code", ROWS)
def test_a_row_is_told_apart_in_a_demo(code: str) -> None:
    assert in_process(code).problems == ROWS[code]


def test_the_shop_is_known_by_its_own_address_and_name() -> None:
    found = checked(SYSTEM, scenario("works"))
    assert found.account == Account("lingonboden.test", "Lingonboden", currency="SEK")
    assert {finding.outcome for check, finding in found.findings.items() if check != "secure"} == {Outcome.PASSED}


def test_a_shop_in_a_folder_is_asked_in_its_folder_only() -> None:
    found = checked(SYSTEM, scenario("works"), api_url="surdegsbageriet.test/butik/wp-admin/")
    assert found.problems == {}
    assert all(request.path.startswith("/butik/wp-json/") for request in found.requests)
    assert found.account
    assert found.account.id == "surdegsbageriet.test/butik"


def test_a_page_below_the_shop_is_sent_to_the_shops_own_address() -> None:
    finding = checked(SYSTEM, scenario("works"), api_url="lingonboden.test/om-oss").findings["recognise"]
    assert (finding.problem_code, finding.facts) == ("redirected", {"target": "lingonboden.test"})


def test_a_working_shop_is_asked_each_thing_once() -> None:
    found = checked(SYSTEM, scenario("works"))
    right = ":".join(scenario("works").values[name] for name in ("access_token", "secret"))
    counted = Counter(request.path + ("?stock" if "instock" in request.query else "") for request in found.requests)
    made_up = [pair for pair in sign_ins(found) if pair != right]
    assert {path.removeprefix("/wp-json/wc/v3/"): times for path, times in counted.items()} == {
        INDEX: 1,
        "orders": 2,
        "products": 1,
        "products?stock": 1,
        "shipping/zones": 1,
        "system_status": 1,
    }
    assert len(made_up) == 1
    assert {request.method for request in found.requests} == {"GET"}


def test_the_made_up_pair_is_another_each_time_and_has_the_right_shape() -> None:
    right = scenario("works").values["access_token"]
    made_up = {pair for _ in range(2) for pair in sign_ins(checked(SYSTEM, scenario("works"))) if right not in pair}
    assert len(made_up) == 2
    for pair in made_up:
        key, _, secret = pair.partition(":")
        assert (SYSTEM.clean("access_token", key).notes, SYSTEM.clean("secret", secret).notes) == ((), ())


@pytest.mark.parametrize("code", ASKED_WITHOUT_THE_KEY)
def test_no_key_is_sent_where_no_shop_was_found(code: str) -> None:
    assert sign_ins(checked(SYSTEM, scenario(code))) == []


def test_no_key_is_sent_to_a_site_that_leads_to_plain_http() -> None:
    finding = in_process("plain_http").findings["recognise"]
    assert finding.problem_code == "tls_missing"


BASIC, QUERY, SIGNED = ("header", "GET"), ("query", "GET"), ("signature", "GET")


def tries(found: Checked) -> list[tuple[str, str]]:
    """How each sign-in went, and the method that WordPress was asked to hear."""
    kinds = []
    for request in found.requests:
        if signs_in_with(request):
            by_query = "signature" if "oauth_signature" in request.query else "query"
            kind = "header" if "authorization" in request.headers else by_query
            kinds.append((kind, "OPTIONS" if "_method=OPTIONS" in request.query else request.method))
    return kinds


@pytest.mark.parametrize(
    ("code", "tried"),
    [
        ("wrong_key", [BASIC, QUERY, SIGNED, ("signature", "OPTIONS")]),
        ("wrong_secret", [BASIC, ("header", "OPTIONS")]),
        ("write_only", [BASIC, ("header", "OPTIONS")]),
        ("no_right", [BASIC]),
        ("security_plugin", [BASIC, QUERY, SIGNED]),
        ("plain_permalinks", [BASIC, QUERY]),
        ("https_hidden", [BASIC, QUERY, SIGNED]),
        ("firewall", [BASIC]),
    ],
)
def test_no_failed_sign_in_is_repeated(code: str, tried: list[tuple[str, str]]) -> None:
    assert tries(checked(SYSTEM, scenario(code))) == tried


def test_a_cache_that_forgets_who_asked_does_not_make_a_wrong_secret_right() -> None:
    """The options were told to a stranger before, and are kept by their address."""
    kept: dict[str, Response] = {}

    def answers(request: starlette.Request) -> Response | None:
        if request.query_params.get("_method") == "OPTIONS" and not signs_in(request):
            kept[request.url.query] = JSONResponse({"namespace": "wc/v3"})
        return kept.get(request.url.query)

    for _ in range(2):
        assert answering(answers, code="wrong_secret").problems == {"key": "secret_rejected"}


def test_a_dropped_header_is_said_and_everything_else_goes_by_query() -> None:
    found = checked(SYSTEM, scenario("header_dropped"))
    assert found.findings["header"].outcome is Outcome.NOT_APPLICABLE
    by_header = [request.path for request in found.requests if "authorization" in request.headers]
    assert by_header == [ORDERS]


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"access_token": scenario("wrong_key").values["access_token"]}, {"key": "key_rejected"}),
        ({"secret": scenario("wrong_secret").values["secret"]}, {"key": "secret_rejected"}),
        ({name: scenario("write_only").values[name] for name in ("access_token", "secret")}, "key_cannot_read"),
        ({name: scenario("no_right").values[name] for name in ("access_token", "secret")}, "key_lacks_permission"),
    ],
)
def test_the_same_is_told_apart_where_the_header_is_dropped(changed: dict[str, str], problem: object) -> None:
    problems = checked(SYSTEM, scenario("header_dropped"), **changed).problems
    assert problem in (problems, problems.get("orders"))


def test_swapped_values_are_a_wrong_key() -> None:
    values = scenario("works").values
    swapped = {"access_token": values["secret"], "secret": values["access_token"]}
    assert checked(SYSTEM, scenario("works"), **swapped).problems == {"key": "key_rejected"}


@pytest.mark.parametrize("code", ROWS)
def test_neither_value_is_in_any_event_or_log(code: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in logs._QUIET:
        caplog.set_level(logging.WARNING, logger=name)
    found = checked(SYSTEM, scenario(code))
    assert found.requests
    for value in (scenario(code).values["access_token"], scenario(code).values["secret"], "consumer_secret"):
        assert value not in repr(found.events)
        assert value not in caplog.text


def test_an_answer_does_not_repeat_the_query() -> None:
    async def ask() -> str:
        outbound_client = OutboundClient(sandbox=sandbox_app(), sandbox_hosts=SYSTEM.sandbox.hosts)
        async with outbound_client.open_session(SYSTEM.read_host("kantarellkorgen.test").url, 5) as host_session:
            values = scenario("works").values
            pair = {"consumer_key": Secret(values["access_token"]), "consumer_secret": Secret(values["secret"])}
            return (await host_session.send(Request(ORDERS, auth=QueryAuth(pair)))).url

    assert asyncio.run(ask()) == f"https://kantarellkorgen.test{ORDERS}"


def test_a_message_that_says_the_same_in_any_language_is_never_read() -> None:
    def answers(request: starlette.Request) -> Response | None:
        return error("woocommerce_rest_authentication_error", 401, "秘密") if signs_in(request) else None

    assert answering(answers).problems == {"key": "secret_rejected"}


def test_where_the_comparison_gets_no_answer_nothing_is_claimed() -> None:
    seen: list[str] = []

    def answers(request: starlette.Request) -> Response | None:
        if not signs_in(request):
            return None
        seen.append(request.url.path)
        return error("woocommerce_rest_authentication_error", 401) if len(seen) == 1 else Response("", 429)

    assert answering(answers).problems == {"key": "sign_in_rejected"}


def test_a_wrong_key_that_wordpress_takes_for_a_user_name_is_still_a_wrong_key() -> None:
    """Where application passwords are in use, WordPress itself judges the header (wp-includes/user.php)."""

    def answers(request: starlette.Request) -> Response | None:
        return error("invalid_username", 401) if "authorization" in request.headers else None

    assert answering(answers, code="wrong_key").problems == {"key": "key_rejected"}


BROKEN_INDEXES = {
    "closed": lambda: error("rest_cannot_access", 401),
    "forbidden": lambda: error("rest_forbidden", 403),
    "too large": lambda: JSONResponse({"namespaces": [], "routes": "x" * 300_000}),
    "a page": lambda: HTMLResponse("<h1>Hej</h1>"),
    "a page not found": lambda: HTMLResponse("<h1>404</h1>", 404),
    "a page forbidden": lambda: HTMLResponse("<h1>403</h1>", 403),
    "no JSON": lambda: Response("Warning: in line 5 {", media_type="application/json"),
    "another JSON": lambda: JSONResponse(["hej"]),
    "elsewhere": lambda: RedirectResponse("/wp-json"),
}


@pytest.mark.parametrize("broken", BROKEN_INDEXES)
def test_a_shop_whose_index_is_no_use_is_recognised_by_its_orders(broken: str) -> None:
    found = answering(lambda request: BROKEN_INDEXES[broken]() if request.url.path == INDEX else None)
    assert found.problems == {}
    assert set(found.findings) == ALL
    assert found.account
    assert found.account.name == found.account.id


def test_a_site_that_is_closed_to_strangers_lets_the_key_in() -> None:
    found = answering(lambda request: None if signs_in(request) else error("rest_not_logged_in", 401))
    assert found.problems == {}


def test_a_password_for_the_whole_site_is_no_wrong_key() -> None:
    found = answering(lambda request: HTMLResponse("<h1>401</h1>", 401))
    assert found.problems == {"recognise": "refused_for_security"}
    assert sign_ins(found) == []


def test_strange_json_is_sent_no_key() -> None:
    found = answering(lambda request: JSONResponse({"code": "unauthorised", "message": "No."}, 401))
    assert sign_ins(found) == []
    assert found.problems.keys() == {"recognise"}


def test_a_wordpress_that_is_found_by_its_orders_only_may_lack_the_shop() -> None:
    found = answering(lambda request: HTMLResponse("", 404) if request.url.path == INDEX else None, code="without_shop")
    assert found.problems == {"recognise": "product_missing"}


def test_an_old_shop_is_not_enough() -> None:
    old = JSONResponse({"name": "Gammal", "namespaces": ["wp/v2", "wc/v1", "wc/v2"]})
    found = answering(lambda request: old if request.url.path == INDEX else None)
    assert found.problems == {"recognise": "product_missing"}


@pytest.mark.parametrize(
    ("status", "problem"), [(403, "blocked_by_waf"), (406, "blocked_by_waf"), (404, "answer_unreadable")]
)
def test_what_stops_the_sign_in_says_nothing_about_the_key(status: int, problem: str) -> None:
    found = answering(lambda request: HTMLResponse("<h1>Nej</h1>", status) if signs_in(request) else None)
    assert found.problems == {"key": problem}
    assert found.findings["recognise"].outcome is Outcome.PASSED


def test_a_security_plugin_that_stops_the_sign_in_is_not_the_key() -> None:
    found = answering(lambda request: error("itsec_rest_api_access_restricted", 403) if signs_in(request) else None)
    assert found.problems == {"key": "refused_for_security"}


def test_a_shop_that_ships_nothing_has_no_zones() -> None:
    found = answering(
        lambda request: error("rest_no_route", 404) if request.url.path.endswith("/shipping/zones") else None
    )
    assert found.problems == {}
    assert found.findings["shipping"].outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(("path", "codes"), [("products", {"products", "stock"}), ("shipping/zones", {"shipping"})])
@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (error("woocommerce_rest_cannot_view", 401), "permission_missing"),
        (error("woocommerce_rest_cannot_view", 403), "permission_missing"),
        (error("itsec_rest_api_access_restricted", 403), "permission_missing"),
        (Response("", 429), "rate_limited"),
        (Response("", 500), "upstream_down"),
        (HTMLResponse("", 403), "blocked_by_waf"),
        (HTMLResponse("", 404), "answer_unreadable"),
        (HTMLResponse("<h1>Hej</h1>"), "answer_unreadable"),
        (JSONResponse({}), "answer_unreadable"),
    ],
)
def test_after_the_opening_neither_host_nor_key_is_blamed(
    path: str, codes: set[str], answer: Response, problem: str
) -> None:
    found = answering(lambda request: answer if request.url.path.endswith(f"/{path}") else None)
    assert found.problems == dict.fromkeys(codes, problem)
    assert set(found.findings) == ALL


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (error("woocommerce_rest_cannot_view", 401), {}),
        (error("invalid_username", 401), {}),
        (error("woocommerce_rest_cannot_view", 403), {}),
        (HTMLResponse("", 403), {"control": "control_inconclusive"}),
        (Response("", 500), {"control": "control_inconclusive"}),
        (Response("", 429), {"control": "rate_limited"}),
        (JSONResponse([]), {"control": "endpoint_does_not_check_keys"}),
    ],
)
def test_only_a_refusal_of_the_made_up_pair_proves_that_keys_are_checked(
    answer: Response, problem: dict[str, str]
) -> None:
    values = scenario("works").values
    right = f"Basic {base64.b64encode(':'.join((values['access_token'], values['secret'])).encode()).decode()}"
    found = answering(lambda request: answer if request.headers.get("authorization", right) != right else None)
    assert found.problems == problem


@pytest.mark.parametrize(
    "answer",
    [
        error("woocommerce_rest_cannot_view", 403),
        Response("", 500),
        HTMLResponse("<h1>Hej</h1>"),
        JSONResponse([]),
        JSONResponse({"settings": None}),
        JSONResponse({"settings": {"currency": 5}}),
    ],
)
def test_the_currency_is_never_missed(answer: Response) -> None:
    found = answering(lambda request: answer if request.url.path.endswith("/system_status") else None)
    assert found.problems == {}
    assert found.account == Account("lingonboden.test", "Lingonboden")


def test_a_slow_status_report_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "_STATUS_SECONDS", 0.05)

    found = answering(lambda request: Hanging() if request.url.path.endswith("/system_status") else None)
    assert found.problems == {}
    assert found.account == Account("lingonboden.test", "Lingonboden")


@pytest.mark.parametrize(
    ("result", "account"),
    [
        ({"name": "Lingon &amp; B&auml;r", "home": "https://A.test/x/"}, Account("a.test/x", "Lingon & Bär")),
        ({"name": "x" * 5000, "home": "https://a.test"}, Account("a.test", "x" * 120)),
        ({"name": None, "home": "https://a.test"}, Account("a.test", "a.test")),
        ({"name": ["a"], "home": "https://[a"}, None),
        ({"home": 5}, None),
        ({"home": "a.test"}, None),
    ],
)
def test_whatever_the_index_says_of_itself_there_is_an_account(result: dict[str, object], account: Account) -> None:
    index = JSONResponse({**result, "namespaces": ["wc/v3"]})

    def answers(request: starlette.Request) -> Response | None:
        if request.url.path == INDEX:
            return index
        return error("woocommerce_rest_cannot_view", 403) if "system_status" in request.url.path else None

    found = answering(answers)
    assert found.problems == {}
    assert found.account
    assert account in (None, found.account)
    assert found.account.id


def test_no_body_is_repeated_in_any_detail() -> None:
    found = answering(lambda request: error("woocommerce_rest_x", 400, "marker-body"))
    assert "marker-body" not in repr(found.events)


@pytest.mark.parametrize("code", [code for code, problems in ROWS.items() if problems])
def test_every_failure_tells_support_what_was_asked(code: str) -> None:
    (finding,) = (found for found in in_process(code).findings.values() if found.problem_code)
    assert finding.detail.startswith("GET ")
    assert "HTTP " in finding.detail
