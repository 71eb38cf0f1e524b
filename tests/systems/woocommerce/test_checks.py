"""WooCommerce's checks: every row of the table of errors, played by the sandbox over real HTTP."""

import asyncio
from collections import Counter
from collections.abc import Callable

import pytest
from starlette import requests as starlette
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from tests.systems.mocked import checked
from tests.systems.verifying import Checked
from tests.systems.woocommerce.answers import SCENARIOS as VERDICTS
from tests.systems.woocommerce.site import Hanging, answering, error, in_process, scenario, signs_in, signs_in_with
from xtnd_wizard.domain.findings import Account, Outcome
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound import QueryAuth, Request
from xtnd_wizard.outbound.client import OutboundClient
from xtnd_wizard.systems.woocommerce import SYSTEM, checks
from xtnd_wizard.systems.woocommerce.sandbox import sandbox_app
from xtnd_wizard.wizard.check_runner import checks_of

ALL = set(checks_of(SYSTEM))
INDEX, ORDERS = "/wp-json/", "/wp-json/wc/v3/orders"

ASKED_WITHOUT_THE_KEY = ("without_shop", "another_site", "wrong_folder", "moved", "challenge")


def sign_ins(found: Checked) -> list[str]:
    return [pair for request in found.requests if (pair := signs_in_with(request))]


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
        assert (SYSTEM.clean("access_token", key).remarks.notes, SYSTEM.clean("secret", secret).remarks.notes) == (
            (),
            (),
        )


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


BROKEN_INDEXES: dict[str, Callable[[], Response]] = {
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


@pytest.mark.parametrize("code", [code for code, verdict in VERDICTS.items() if verdict.problems])
def test_every_failure_tells_support_what_was_asked(code: str) -> None:
    (finding,) = (found for found in in_process(code).findings.values() if found.problem_code)
    assert finding.detail.startswith("GET ")
    assert "HTTP " in finding.detail
