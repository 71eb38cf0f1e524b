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
from xtnd_wizard.systems.common_checks import with_retirement_notice
from xtnd_wizard.systems.contract import System
from xtnd_wizard.systems.shopify import SYSTEM
from xtnd_wizard.systems.shopify.checks import CHECKS
from xtnd_wizard.systems.shopify.graphql import wait
from xtnd_wizard.systems.shopify.sandbox import NEW_APP
from xtnd_wizard.systems.shopify.sandbox_office import ALL_SCOPES
from xtnd_wizard.systems.shopify.scopes import GROUPS, OLD_ORDERS, is_granted, missing
from xtnd_wizard.systems.shopify.version import API_VERSION, RETIREMENT
from xtnd_wizard.systems.stories import Scenario
from xtnd_wizard.wizard.check_runner import checks_of

ALL = set(checks_of(SYSTEM))
SCENARIOS = {scenario.code: scenario for scenario in SYSTEM.sandbox.scenarios}
WORKS, EXISTING = SCENARIOS["works"], SCENARIOS["existing_app"]
EXCHANGE, GRAPHQL = "/admin/oauth/access_token", f"/admin/api/{API_VERSION}/graphql.json"
BEFORE = ("address", "secure")


@cache
def played(code: str, **changed: str) -> Checked:
    """A demo over real HTTP; once for all tests that only look at it."""
    return checked(SYSTEM, SCENARIOS[code], **changed)


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
    problem = SYSTEM.problem_of(result.findings["key"])
    assert problem is not None
    assert not problem.field


@pytest.mark.parametrize("code", SCENARIOS)
def test_the_token_that_was_exchanged_is_in_no_event(code: str) -> None:
    assert NEW_APP.token not in repr(played(code).events)


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


def test_the_older_form_of_an_unknown_client_id_is_known_too() -> None:
    page = HTMLResponse("Oauth error invalid_request: Could not find Shopify API application with api_key x", 400)
    assert asked(answering(exchanged=page), WORKS).problems == {"key": "key_rejected"}


def test_a_token_that_shopify_has_just_made_is_no_value_of_the_merchants() -> None:
    assert asked(always({"errors": "no"}, 401), WORKS).problems == {"access": "answer_unreadable"}


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
        assert {"en": "nothing about your values", "sv": "inget om dina uppgifter"}[language] in words["why"]


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
    problem = SYSTEM.problem_of(result.findings["key"])
    assert problem is not None
    assert not problem.field
    token = SYSTEM.problem_of(played("wrong_token").findings["key"])
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
    ("today", "is_noted"), [(date(2027, 3, 31), False), (date(2027, 4, 1), True), (date(2029, 1, 1), True)]
)
def test_half_a_year_before_the_version_retires_every_detail_says_so(today: date, is_noted: bool) -> None:
    aged = replace(SYSTEM, checks=with_retirement_notice(CHECKS, RETIREMENT, lambda: today))
    result = asked(aged, WORKS)
    details = [finding.detail for check, finding in result.findings.items() if check not in BEFORE]
    assert len(details) == len(SYSTEM.checks.codes)
    assert {"2027-10-01" in detail for detail in details} == {is_noted}


def test_the_version_has_a_day_of_retirement_a_year_after_its_release() -> None:
    assert SYSTEM.retirement is RETIREMENT
    year, month = map(int, API_VERSION.split("-"))
    assert date(year + 1, month, 1) == RETIREMENT.on
    assert API_VERSION in RETIREMENT.what
