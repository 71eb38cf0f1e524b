"""Shopify's checks at the sandbox shops over real HTTP, and at shops that answer oddly."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tests.systems.messages import checked_in_another_script
from tests.systems.mocked import checked
from tests.systems.verifying import Checked
from xtnd_wizard.domain.findings import Account, Outcome
from xtnd_wizard.systems.contract import Scenario, System
from xtnd_wizard.systems.shopify import SYSTEM
from xtnd_wizard.systems.shopify.checks import checks
from xtnd_wizard.systems.shopify.graphql import wait
from xtnd_wizard.systems.shopify.sandbox import ALL_SCOPES, NEW_APP
from xtnd_wizard.systems.shopify.scopes import GROUPS, OLD_ORDERS, is_granted, missing
from xtnd_wizard.systems.shopify.version import API_VERSION, RETIREMENT
from xtnd_wizard.wizard.check_runner import checks_of

ALL = set(checks_of(SYSTEM))
SCENARIOS = {scenario.code: scenario for scenario in SYSTEM.sandbox.scenarios}
WORKS, EXISTING = SCENARIOS["works"], SCENARIOS["existing_app"]
EXCHANGE, GRAPHQL = "/admin/oauth/access_token", f"/admin/api/{API_VERSION}/graphql.json"
BEFORE = ("address", "secure")

EXPECTED: dict[str, tuple[dict[str, str], int]] = {
    "works": ({}, 3),
    "existing_app": ({}, 2),
    "wrong_secret": ({"key": "secret_rejected"}, 1),
    "wrong_client_id": ({"key": "key_rejected"}, 1),
    "wrong_token": ({"key": "sign_in_rejected"}, 1),
    "not_installed": ({"key": "app_not_installed"}, 1),
    "another_organisation": ({"key": "app_of_another_organisation"}, 1),
    "no_permissions": ({"access": "key_lacks_permission"}, 1),
    "permission_missing": ({"stock": "permission_missing"}, 3),
    "protected_data": ({"data": "licence_missing"}, 3),
    "wrong_shop": ({"recognise": "wrong_path_or_product"}, 1),
    "unpaid": ({"shop": "account_unpaid"}, 1),
    "locked": ({"shop": "account_locked"}, 1),
    "closed": ({"shop": "account_closed"}, 2),
    "security": ({"recognise": "refused_for_security"}, 1),
    "throttled": ({"recognise": "rate_limited"}, 1),
    "limited": ({"data": "rate_limited"}, 2),
    "odd_answer": ({"recognise": "answer_unreadable"}, 1),
    "slow": ({"recognise": "slow"}, 1),
    "down": ({"recognise": "upstream_down"}, 1),
}
"""For each scenario: the check that fails with its problem, and how many calls it takes."""


LESS_TOLD: dict[str, dict[str, str]] = {}
"""The scenarios whose verdict is a weaker one where no message can be read.

There are none: the three texts that count are of older forms without a code, and have tests of their own.
"""


@cache
def played(code: str, **changed: str) -> Checked:
    """A demo over real HTTP; once for all tests that only look at it."""
    return checked(SYSTEM, SCENARIOS[code], seconds=0.4 if code == "slow" else 5, **changed)


def answering(result: Callable[[Request], Response] | None = None, exchanged: Response | None = None) -> Any:
    """The system, with a shop that answers as told."""

    async def graphql(request: Request) -> Response:
        return result(request) if result else JSONResponse(shop())

    async def exchange(request: Request) -> Response:
        return exchanged or JSONResponse({"access_token": NEW_APP.token})

    routes = [Route(GRAPHQL, graphql, methods=["POST"]), Route(EXCHANGE, exchange, methods=["POST"])]
    return replace(SYSTEM, sandbox=replace(SYSTEM.sandbox, app=lambda: Starlette(routes=routes)))


def asked(system: System, scenario: Scenario) -> Checked:
    """Verify a scenario's values at a shop that answers in process."""
    return checked(system, scenario)


def shop(scopes: tuple[str, ...] = ALL_SCOPES, **result: Any) -> dict[str, Any]:
    found = {"name": "Ullstugan Garn", "myshopifyDomain": "ullstugan-garn.myshopify.com", "currencyCode": "SEK"}
    handles = [{"handle": scope} for scope in scopes]
    return {"data": {"shop": {**found, **result}, "currentAppInstallation": {"accessScopes": handles}}}


def cost(wanted: Any, left: Any, each_second: Any = 100) -> dict[str, Any]:
    return {
        "requestedQueryCost": wanted,
        "throttleStatus": {"currentlyAvailable": left, "restoreRate": each_second},
    }


def always(content: Any, status: int = 200, **headers: str) -> Any:
    return answering(lambda request: JSONResponse(content, status, headers or None))


def test_every_scenario_is_played() -> None:
    assert list(EXPECTED) == list(SCENARIOS)


@pytest.mark.parametrize("code", EXPECTED)
def test_a_scenario_ends_as_its_demo_says_and_repeats_nothing(code: str) -> None:
    result = played(code)
    problems, calls = EXPECTED[code]
    assert result.problems == problems
    assert len(result.requests) == calls
    if not problems:
        assert result.findings.keys() == ALL
        assert result.account


@pytest.mark.parametrize("code", EXPECTED)
def test_no_verdict_hangs_on_a_message(code: str) -> None:
    result = checked_in_another_script(SYSTEM, SCENARIOS[code], seconds=0.4 if code == "slow" else 5)
    plain = played(code)
    assert result.problems == LESS_TOLD.get(code, plain.problems)
    assert result.findings.keys() == plain.findings.keys()
    assert result.account == plain.account


WITHOUT_A_CODE = {
    "access denied": (
        {"errors": [{"message": "Access denied for currentAppInstallation field."}]},
        {"access": "key_lacks_permission"},
        {"recognise": "answer_unreadable"},
    ),
    "throttled": (
        {"errors": [{"message": "Throttled"}]},
        {"recognise": "rate_limited"},
        {"recognise": "answer_unreadable"},
    ),
}


@pytest.mark.parametrize("form", WITHOUT_A_CODE)
def test_an_error_without_a_code_tells_less_in_another_script_and_nothing_wrong(form: str) -> None:
    content, plain, less = WITHOUT_A_CODE[form]
    assert asked(always(content), EXISTING).problems == plain
    assert checked_in_another_script(always(content), EXISTING).problems == less


def test_the_older_refusal_of_a_client_id_leads_to_all_values_in_another_script() -> None:
    page = HTMLResponse("Oauth error invalid_request: Could not find an application with api-key x", 400)
    result = checked_in_another_script(answering(exchanged=page), WORKS)
    assert result.problems == {"key": "sign_in_rejected"}
    problem = result.findings["key"].problem
    assert problem is not None
    assert not problem.field


@pytest.mark.parametrize("code", EXPECTED)
def test_no_value_is_in_any_event(code: str) -> None:
    result = repr(played(code).events)
    values = SCENARIOS[code].values
    assert values["access_token"] not in result
    assert values["secret"] not in result
    assert NEW_APP.token not in result


def test_the_shop_is_named() -> None:
    result = played("works")
    assert result.account == Account("ullstugan-garn.myshopify.com", "Ullstugan Garn", currency="SEK")
    assert result.findings["shop"].facts == {"shop": "Ullstugan Garn"}


def test_a_client_secret_is_exchanged_and_only_the_token_is_used() -> None:
    exchange, first, second = played("works").requests
    assert (exchange.method, exchange.path, exchange.query) == ("POST", EXCHANGE, "")
    assert {name: values[0] for name, values in parse_qs(exchange.body.decode()).items()} == {
        "grant_type": "client_credentials",
        "client_id": NEW_APP.client_id,
        "client_secret": NEW_APP.client_secret,
    }
    for call in (first, second):
        assert (call.method, call.path, call.query) == ("POST", GRAPHQL, "")
        assert call.headers["x-shopify-access-token"] == NEW_APP.token
        assert NEW_APP.client_secret not in repr(call)


def test_a_token_is_used_as_it_is_and_the_api_key_goes_nowhere() -> None:
    result = played("existing_app")
    assert {call.path for call in result.requests} == {GRAPHQL}
    assert {call.headers["x-shopify-access-token"] for call in result.requests} == {EXISTING.values["secret"]}
    assert EXISTING.values["access_token"] not in repr(result.requests)


@pytest.mark.parametrize("mark", ["shpat_", "shpca_", "shppa_", ""])
def test_every_form_of_token_is_tried_as_one(mark: str) -> None:
    result = played("existing_app", secret=mark + "0" * 32)
    assert result.problems == {"key": "sign_in_rejected"}
    assert [call.headers["x-shopify-access-token"] for call in result.requests] == [mark + "0" * 32]
    assert ("tried as a token" in result.findings["key"].detail) == (not mark)


def test_the_questions_ask_for_nothing_personal() -> None:
    queries = [json.loads(call.body)["query"] for call in played("existing_app").requests]
    assert queries == [
        "{shop{name myshopifyDomain currencyCode} currentAppInstallation{accessScopes{handle}}}",
        "{orders(first:1){nodes{id}} customers(first:1){nodes{id}}}",
    ]


def test_old_orders_out_of_reach_are_said_and_no_failure() -> None:
    assert played("existing_app").findings["history"].outcome is Outcome.NOT_APPLICABLE
    assert played("works").findings["history"].outcome is Outcome.PASSED


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.check)
def test_each_missing_permission_is_named_at_its_group(group: Any) -> None:
    result = asked(always(shop(())), EXISTING)
    assert result.problems.keys() == {found.check for found in GROUPS}
    finding = result.findings[group.check]
    assert finding.facts == {"permission": ", ".join(group.needed)}
    assert all(f"{scope} missing" in finding.detail for scope in (*group.needed, *group.welcome))


def test_without_permissions_no_order_and_no_customer_is_asked_for() -> None:
    result = checked(always(shop(("read_products",))), EXISTING)
    assert result.findings["data"].outcome is Outcome.NOT_APPLICABLE
    assert len(result.requests) == 1


def test_only_what_is_permitted_is_asked_for() -> None:
    result = checked(always(shop(("read_orders",))), EXISTING)
    assert json.loads(result.requests[1].body) == {"query": "{orders(first:1){nodes{id}}}"}


@given(st.sampled_from([scope for group in GROUPS for scope in group.needed]))
def test_a_write_permission_includes_the_read_one_and_not_the_other_way(scope: str) -> None:
    thing = scope.partition("_")[2]
    assert is_granted(f"read_{thing}", {f"write_{thing}"})
    assert is_granted(f"read_{thing}", {f"read_{thing}"})
    assert not is_granted(f"write_{thing}", {f"read_{thing}"})
    assert missing((scope,), ()) == (scope,)


def test_the_permissions_of_the_guide_are_enough_in_every_language() -> None:
    for language in ("en", "sv"):
        for path in SYSTEM.guide(language)["obtain"]["paths"]:
            (listed,) = [step["text"].split("```")[1] for step in path["steps"] if "```" in step["text"]]
            granted = set(listed.removeprefix("text").strip().split(","))
            assert granted == {*ALL_SCOPES} - {OLD_ORDERS}
            assert all(missing((*group.needed, *group.welcome), granted) == () for group in GROUPS)


@pytest.mark.parametrize(
    ("status", "check", "problem"),
    [
        (401, "key", "sign_in_rejected"),
        (402, "shop", "account_unpaid"),
        (403, "access", "key_lacks_permission"),
        (404, "recognise", "wrong_path_or_product"),
        (423, "shop", "account_locked"),
        (429, "recognise", "rate_limited"),
        (430, "recognise", "refused_for_security"),
        (500, "recognise", "upstream_down"),
    ],
)
def test_each_status_of_the_first_answer_has_its_problem(status: int, check: str, problem: str) -> None:
    assert asked(always({"errors": "no"}, status), EXISTING).problems == {check: problem}


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        (401, "answer_unreadable"),
        (402, "account_unpaid"),
        (403, "licence_missing"),
        (404, "answer_unreadable"),
        (423, "account_locked"),
        (429, "rate_limited"),
        (430, "refused_for_security"),
    ],
)
def test_after_the_first_answer_neither_host_nor_values_are_blamed(status: int, problem: str) -> None:
    answers = iter((JSONResponse(shop()), JSONResponse({"errors": "no"}, status)))
    assert asked(answering(lambda request: next(answers)), EXISTING).problems == {"data": problem}


@pytest.mark.parametrize(
    ("error", "check", "problem"),
    [
        ({"message": "x", "extensions": {"code": "THROTTLED"}}, "recognise", "rate_limited"),
        ({"message": "Throttled"}, "recognise", "rate_limited"),
        ({"message": "x", "extensions": {"code": "ACCESS_DENIED"}}, "access", "key_lacks_permission"),
        ({"message": "x", "extensions": {"code": "SHOP_INACTIVE"}}, "shop", "account_closed"),
        ({"message": "x", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}, "recognise", "upstream_down"),
        ({"message": "x", "extensions": {"code": 7}}, "recognise", "answer_unreadable"),
        ({"message": "x", "extensions": None}, "recognise", "answer_unreadable"),
        ("a text", "recognise", "answer_unreadable"),
        (None, "recognise", "answer_unreadable"),
    ],
)
def test_errors_inside_a_200_are_errors_although_data_came_along(error: Any, check: str, problem: str) -> None:
    result = asked(always({**shop(), "errors": [error]}), EXISTING)
    assert result.problems == {check: problem}
    assert "a text" not in repr(result.events)


@pytest.mark.parametrize(
    ("content", "check", "problem"),
    [
        ({}, "recognise", "not_an_api"),
        ([], "recognise", "not_an_api"),
        ({"data": None}, "recognise", "not_an_api"),
        ({"data": {"shop": None}}, "recognise", "not_an_api"),
        ({"data": {"shop": {"name": 7}}}, "recognise", "not_an_api"),
        ({"data": {"shop": {"name": "x"}}}, "access", "answer_unreadable"),
        (
            {"data": {"shop": {"name": "x"}, "currentAppInstallation": {"accessScopes": None}}},
            "access",
            "answer_unreadable",
        ),
    ],
)
def test_an_answer_without_shop_or_permissions_is_not_taken_for_one(content: Any, check: str, problem: str) -> None:
    assert asked(always(content), EXISTING).problems == {check: problem}


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("app_not_installed", "app_not_installed"),
        ("shop_not_permitted", "app_of_another_organisation"),
        ("application_cannot_be_found", "key_rejected"),
        ("invalid_client", "secret_rejected"),
        ("invalid_request", "sign_in_rejected"),
        ("something_new", "answer_unreadable"),
    ],
)
@pytest.mark.parametrize("status", [400, 401])
@pytest.mark.parametrize("on_a_page", [True, False])
def test_a_refused_exchange_is_told_by_its_code_as_data_and_on_a_page(
    code: str, problem: str, status: int, on_a_page: bool
) -> None:
    page = HTMLResponse(f"<title>{status} - Oauth error {code}</title>Oauth error {code}: words", status)
    result = asked(
        answering(exchanged=page if on_a_page else JSONResponse({"error": code, "more": "words"}, status)), WORKS
    )
    assert list(result.problems.values()) == [problem]
    assert "words" not in repr(result.events)
    assert "something_new" not in repr(result.events)


def test_the_older_form_of_an_unknown_client_id_is_known_too() -> None:
    page = HTMLResponse("Oauth error invalid_request: Could not find Shopify API application with api_key x", 400)
    assert asked(answering(exchanged=page), WORKS).problems == {"key": "key_rejected"}


@pytest.mark.parametrize(
    ("refusal", "problems"),
    [
        (Response(status_code=401), {"key": "sign_in_rejected"}),
        (Response(status_code=400), {"recognise": "answer_unreadable"}),
        (JSONResponse({}, 403), {"recognise": "answer_unreadable"}),
        (JSONResponse({}, 429, {"retry-after": "7"}), {"recognise": "rate_limited"}),
        (JSONResponse({}, 430), {"recognise": "refused_for_security"}),
        (JSONResponse({"scope": ""}), {"recognise": "answer_unreadable"}),
        (JSONResponse({"access_token": "two words"}), {"recognise": "answer_unreadable"}),
        (JSONResponse({"access_token": "å"}), {"recognise": "answer_unreadable"}),
        (JSONResponse({"access_token": 7}), {"recognise": "answer_unreadable"}),
        (JSONResponse(["x"]), {"recognise": "answer_unreadable"}),
    ],
)
def test_an_exchange_without_a_code_or_a_token_has_its_problem(refusal: Response, problems: dict[str, str]) -> None:
    assert asked(answering(exchanged=refusal), WORKS).problems == problems


def test_a_token_that_shopify_has_just_made_is_no_value_of_the_merchants() -> None:
    assert asked(always({"errors": "no"}, 401), WORKS).problems == {"access": "answer_unreadable"}


@pytest.mark.parametrize(
    ("code", "proven"),
    [
        *((code, {"recognise"}) for code in ("wrong_secret", "wrong_client_id", "wrong_token", "not_installed")),
        *((code, {"recognise"}) for code in ("another_organisation", "unpaid", "locked")),
        *((code, {"recognise", "key"}) for code in ("no_permissions", "closed")),
        *((code, set[str]()) for code in ("wrong_shop", "security", "throttled", "odd_answer", "down")),
    ],
)
def test_a_failed_first_question_shows_what_it_proves_and_no_more(code: str, proven: set[str]) -> None:
    result = played(code)
    assert set(result.findings) == {*BEFORE, *proven, *result.problems}
    assert {result.findings[check].outcome for check in proven} <= {Outcome.PASSED}


@pytest.mark.parametrize(
    ("answer", "check", "problem"),
    [
        (JSONResponse({"errors": "no"}, 401), "access", "answer_unreadable"),
        (JSONResponse({"errors": "no"}, 403), "access", "key_lacks_permission"),
        (JSONResponse({"errors": "no"}, 404), "access", "answer_unreadable"),
        (JSONResponse({"errors": "no"}, 429), "access", "rate_limited"),
        (JSONResponse({"errors": "no"}, 430), "access", "refused_for_security"),
        (JSONResponse({"errors": "no"}, 500), "access", "upstream_down"),
        (JSONResponse({"errors": "no"}, 402), "shop", "account_unpaid"),
        (HTMLResponse("<h1>Hello</h1>"), "access", "answer_unreadable"),
        (JSONResponse({"data": {"shop": None}}), "access", "answer_unreadable"),
    ],
)
def test_once_a_token_was_given_for_the_values_they_are_right_whatever_comes_next(
    answer: Response, check: str, problem: str
) -> None:
    result = asked(answering(lambda request: answer), WORKS)
    assert result.problems == {check: problem}
    assert set(result.findings) == {*BEFORE, "recognise", "key", check}


@pytest.mark.parametrize(
    "message",
    [
        "Access denied for currentAppInstallation field.",
        "Access denied for orders field. Required access: `read_orders` access scope.",
        "access denied for shop field",
    ],
)
def test_a_denial_without_a_code_is_a_missing_permission_by_its_text(message: str) -> None:
    denial: dict[str, Any] = {"errors": [{"message": message, "path": ["orders"]}], "data": None}
    assert asked(always(denial), EXISTING).problems == {"access": "key_lacks_permission"}
    answers = iter((JSONResponse(shop()), JSONResponse(denial)))
    assert asked(answering(lambda request: next(answers)), EXISTING).problems == {"data": "licence_missing"}


@pytest.mark.parametrize(
    "message", ["Åtkomst nekad för fältet orders.", "アクセスが拒否されました", "", None, ["Access denied"], 7]
)
def test_a_denial_in_another_language_says_nothing_about_the_values(message: object) -> None:
    denial = {"errors": [{"message": message, "path": ["orders"]}], "data": None}
    assert asked(always(denial), EXISTING).problems == {"recognise": "answer_unreadable"}
    answers = iter((JSONResponse(shop()), JSONResponse(denial)))
    assert asked(answering(lambda request: next(answers)), EXISTING).problems == {"data": "answer_unreadable"}
    for language in ("en", "sv"):
        words = SYSTEM.guide(language)["problems"]["answer_unreadable"]
        assert {"en": "nothing about your values", "sv": "inget om dina värden"}[language] in words["why"]


@pytest.mark.parametrize(
    ("costs", "problem"),
    [
        ({**cost(2, -398), "actualQueryCost": None}, "rate_limited"),
        (cost(2, -398), "rate_limited"),
        ({**cost(2, 1), "actualQueryCost": 2}, "answer_unreadable"),
        (cost(2, 2), "answer_unreadable"),
        ({}, "answer_unreadable"),
    ],
)
def test_a_query_that_costs_more_than_is_left_is_throttled_in_any_language(costs: Any, problem: str) -> None:
    result = asked(always({"errors": [{"message": "Begränsad"}], "extensions": {"cost": costs}}), EXISTING)
    assert result.problems == {"recognise": problem}


@pytest.mark.parametrize("code", ["invalid_request", ""])
def test_a_refusal_that_names_no_value_leads_to_all_of_them(code: str) -> None:
    result = asked(answering(exchanged=JSONResponse({"error": code} if code else {}, 401)), WORKS)
    problem = result.findings["key"].problem
    assert problem is not None
    assert not problem.field
    token = played("wrong_token").findings["key"].problem
    assert token is not None
    assert token.field == "secret"


@pytest.mark.parametrize("code", ["app_not_installed", "shop_not_permitted", "application_cannot_be_found"])
def test_the_code_on_a_page_is_found_without_the_words_around_it(code: str) -> None:
    page = HTMLResponse(f"<title>400 – フェイル {code}</title><p>{code}。", 400)
    result = asked(answering(exchanged=page), WORKS)
    assert result.findings["key"].detail.endswith(f", {code}")


def test_a_dropped_question_is_asked_once_more_because_that_is_harmless() -> None:
    answers = iter((JSONResponse({}, 503), JSONResponse(shop()), JSONResponse({"data": {}})))
    result = checked(answering(lambda request: next(answers)), EXISTING)
    assert result.problems == {}
    assert len(result.requests) == 3


def test_the_wait_is_computed_from_what_the_answer_says() -> None:
    facts = asked(SYSTEM, SCENARIOS["throttled"]).findings["recognise"].facts
    assert facts["seconds"] == "4"
    until = datetime.fromisoformat(facts["retry_at"]) - datetime.now(UTC)
    assert timedelta(0) < until <= timedelta(seconds=5)


@pytest.mark.parametrize(("headers", "seconds"), [({"retry-after": "9"}, "9"), ({}, "3")])
def test_a_429_says_how_long_by_its_header_or_else_by_its_body(headers: dict[str, str], seconds: str) -> None:
    result = asked(always({"errors": "x", "extensions": {"cost": cost(302, 2, 100)}}, 429, **headers), EXISTING)
    assert result.findings["recognise"].facts["seconds"] == seconds


def test_without_any_word_on_it_the_wait_is_a_minute() -> None:
    result = asked(always({"errors": [{"message": "Throttled"}]}), EXISTING)
    assert result.findings["recognise"].facts["seconds"] == "60"


NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wanted", "left", "each_second", "seconds"),
    [(101, 1, 50, 2), (102, 1, 50, 3), (2, 50, 50, 1), (2, 2, 50, 1), (1e9, 0, 1, 3600), (5, 0.5, 0.5, 9)],
)
def test_a_wait_is_from_one_second_to_an_hour(wanted: float, left: float, each_second: float, seconds: int) -> None:
    result = wait({"extensions": {"cost": cost(wanted, left, each_second)}}, NOW)
    assert result == {"seconds": str(seconds), "retry_at": (NOW + timedelta(seconds=seconds)).isoformat()}


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=5,
)


@given(ANYTHING, ANYTHING, ANYTHING)
def test_odd_numbers_are_no_wait(wanted: Any, left: Any, each_second: Any) -> None:
    result = wait({"extensions": {"cost": cost(wanted, left, each_second)}}, NOW)
    assert result == {} or 1 <= int(result["seconds"]) <= 3600


@given(ANYTHING)
def test_an_odd_answer_is_no_wait(result: Any) -> None:
    assert wait(result, NOW) == {}
    assert wait({"extensions": result}, NOW) == {}


@pytest.mark.parametrize(
    ("today", "said"), [(date(2027, 3, 31), False), (date(2027, 4, 1), True), (date(2029, 1, 1), True)]
)
def test_half_a_year_before_the_version_retires_every_detail_says_so(today: date, said: bool) -> None:
    aged = replace(SYSTEM, checks=checks(lambda: today))
    result = asked(aged, WORKS)
    details = [finding.detail for check, finding in result.findings.items() if check not in BEFORE]
    assert len(details) == len(SYSTEM.checks.shown)
    assert {"2027-10-01" in detail for detail in details} == {said}


def test_the_version_has_a_day_of_retirement_a_year_after_its_release() -> None:
    assert SYSTEM.retirement is RETIREMENT
    year, month = map(int, API_VERSION.split("-"))
    assert date(year + 1, month, 1) == RETIREMENT.on
    assert API_VERSION in RETIREMENT.what
