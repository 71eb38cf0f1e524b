"""Mirakl's checks, at the sandbox marketplaces and against an sandbox that counts."""

import dataclasses
from typing import Any

import pytest

from tests.checking import verify
from tests.outbound.servers import http
from tests.systems.messages import checked_in_another_script
from tests.systems.mirakl.channel import (
    A01,
    ACCOUNT,
    CONFIGURATION,
    IBAN,
    KEY,
    OF21,
    OR11,
    PC01,
    ST11,
    V01,
    AskingMemory,
    Checked,
    Imitation,
    check,
)
from xtnd_wizard.domain.findings import Account, Finding, Outcome
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound.client import OutboundClient
from xtnd_wizard.systems.checks import Credentials
from xtnd_wizard.systems.mirakl import SYSTEM
from xtnd_wizard.systems.mirakl.sandbox import sandbox_app
from xtnd_wizard.wizard.check_runner import checks_of

ALL = checks_of(SYSTEM)
LOGIN_PAGE = http(200, b"<!doctype html><title>Sign in</title>", "text/html")


def status(value: object) -> str | None:
    """How an answer is called in the list of tests."""
    return value.split(b" ", 2)[1].decode() if isinstance(value, bytes) else None


SCENARIOS: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "works": ({}, ALL),
    "wrong_key": ({"key": "key_rejected"}, ("address", "secure", "key")),
    "no_role": ({"role": "key_lacks_permission"}, ("address", "secure", "recognise", "key", "role")),
    "suspended": ({"shop": "account_suspended"}, ALL),
    "two_shops": ({}, ALL),
    "rate_limited": ({"recognise": "rate_limited"}, ("address", "secure", "recognise")),
    "slow": ({"recognise": "slow"}, ("address", "secure", "recognise")),
    "another_site": ({"recognise": "not_an_api"}, ("address", "secure", "recognise")),
    "down": ({"recognise": "upstream_down"}, ("address", "secure", "recognise")),
}
"""For each scenario: the check that fails with its problem, and every check that gets an answer."""


def test_every_scenario_is_walked() -> None:
    assert set(SCENARIOS) == {scenario.code for scenario in SYSTEM.sandbox.scenarios}


def practise(code: str, **more: str) -> Checked:
    chosen = next(scenario for scenario in SYSTEM.sandbox.scenarios if scenario.code == code)
    values: dict[str, Any] = {
        field.name: Secret(cleaned.value) if field.sealed else cleaned.value
        for field in SYSTEM.fields
        if (cleaned := SYSTEM.clean(field.name, {**chosen.values, **more}.get(field.name, "")))
    }
    outbound_client = OutboundClient(sandbox=sandbox_app(), sandbox_hosts=SYSTEM.sandbox.hosts)
    credentials = Credentials(SYSTEM.read_host(chosen.values["api_url"]).url, values)
    answer_cache = AskingMemory()
    seconds = 0.4 if code == "slow" else 10
    return Checked(list(verify(SYSTEM, credentials, outbound_client, answer_cache, seconds)), answer_cache)


@pytest.mark.parametrize("code", SCENARIOS)
def test_a_scenario_ends_as_its_demo_says(code: str) -> None:
    problems, answered = SCENARIOS[code]
    checked = practise(code)
    assert checked.problems == problems
    assert set(checked.findings) == set(answered)


LESS_TOLD: dict[str, dict[str, str]] = {}
"""The scenarios whose verdict is a weaker one where no message can be read: the status decides, so there are none."""


@pytest.mark.parametrize("code", SCENARIOS)
def test_no_verdict_hangs_on_a_message(code: str) -> None:
    scenario = next(scenario for scenario in SYSTEM.sandbox.scenarios if scenario.code == code)
    result = checked_in_another_script(SYSTEM, scenario, 0.4 if code == "slow" else 5)
    problems, answered = SCENARIOS[code]
    assert result.problems == LESS_TOLD.get(code, problems)
    assert set(result.findings) == set(answered)


def test_the_first_practice_shop_is_named_and_everything_about_it_is_checked() -> None:
    checked = practise("works")
    assert checked.account == Account("2041", "Ullstugan", "OPEN", "SEK", "SE", ("SE",))
    assert {finding.outcome for finding in checked.findings.values()} == {Outcome.PASSED}
    assert checked.findings["recognise"].facts["platform"] == "Norrskenstorget"


def test_shipments_are_not_asked_for_where_orders_ship_in_one_parcel() -> None:
    assert practise("two_shops").findings["shipments"].outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(("shop_id", "name"), [("", "Lingonlyktan"), ("3311", "Lingonlyktan Outlet")])
def test_a_login_with_two_shops_is_told_which_one_it_reached(shop_id: str, name: str) -> None:
    account = practise("two_shops", shop_id=shop_id).account
    assert account
    assert account.name == name


def test_a_shop_that_the_login_does_not_have_is_no_wrong_key() -> None:
    assert practise("two_shops", shop_id="99").problems == {
        "orders": "shop_out_of_reach",
        "offers": "shop_out_of_reach",
        "account": "shop_out_of_reach",
    }


def test_the_password_and_the_key_are_in_no_event() -> None:
    for code in SCENARIOS:
        result = repr(practise(code).events)
        values = next(scenario.values for scenario in SYSTEM.sandbox.scenarios if scenario.code == code)
        assert values["access_token"] not in result
        assert values["secret"] not in result


def test_a_missing_role_shows_that_this_is_mirakl_and_that_the_key_works() -> None:
    checked = check(Imitation(answers={PC01: http(403, {"message": "marker", "status": 403})}))
    outcomes = {code: found.outcome for code, found in checked.findings.items() if code != "secure"}
    assert outcomes == {
        "address": Outcome.PASSED,
        "recognise": Outcome.PASSED,
        "key": Outcome.PASSED,
        "role": Outcome.FAILED,
    }
    assert "marker" not in repr(checked.findings)


@pytest.mark.parametrize("answer", [http(401, {"message": "no", "status": 401}), http(401, b""), http(401)])
def test_a_401_proves_neither_that_this_is_mirakl_nor_anything_of_the_key(answer: bytes) -> None:
    checked = check(Imitation(answers={PC01: answer}))
    assert set(checked.findings) == {"address", "secure", "key"}
    assert checked.problems == {"key": "key_rejected"}


def test_a_rejected_key_costs_exactly_one_call() -> None:
    channel = Imitation(answers={PC01: http(401)})
    assert check(channel).problems == {"key": "key_rejected"}
    assert [call.path for call in channel.calls] == [PC01]


def test_a_verification_asks_for_each_operation_once() -> None:
    channel = Imitation()
    checked = check(channel)
    assert checked.problems == {}
    assert set(checked.findings) == set(ALL)
    assert channel.counted == {PC01: 1, OR11: 1, OF21: 1, ST11: 1, A01: 1}
    assert [call.path for call in channel.calls if call.key != KEY] == [PC01]


def test_the_rest_is_asked_side_by_side() -> None:
    channel = Imitation(all_at_once=5)
    assert check(channel).problems == {}


def test_the_made_up_key_of_the_control_has_the_shape_of_a_key() -> None:
    channel = Imitation()
    check(channel)
    made_up = next(call.key for call in channel.calls if call.key != KEY)
    assert SYSTEM.clean("access_token", made_up).notes == ()


def test_the_control_makes_up_another_key_each_time() -> None:
    channel = Imitation()
    check(channel)
    check(channel)
    assert len({call.key for call in channel.calls if call.key != KEY}) == 2


def test_lists_are_asked_for_one_row_only() -> None:
    channel = Imitation()
    check(channel)
    asked = {call.path: call.params for call in channel.calls if call.key == KEY}
    assert (asked[OR11], asked[OF21], asked[ST11]) == ({"max": "1"}, {"max": "1"}, {"limit": "1"})


def test_the_account_is_asked_for_through_the_memory() -> None:
    checked = check(Imitation())
    assert checked.answer_cache.asked == [("A01", frozenset(("access_token",)))]
    with_shop = check(Imitation(), shop_id="2041")
    assert with_shop.answer_cache.asked == [("A01", frozenset(("access_token", "shop_id")))]


def test_a_kept_account_costs_no_call_and_says_how_old_it_is() -> None:
    kept = Account("2041", "Ullstugan", "OPEN", as_of="2026-03-01T12:00:00+00:00")
    channel = Imitation()
    checked = check(channel, answer_cache=AskingMemory(kept=kept))
    assert channel.counted[A01] == 0
    assert checked.account == kept
    assert checked.findings["shop"].facts["as_of"] == kept.as_of


def test_a_host_that_takes_any_key_proves_nothing() -> None:
    assert check(Imitation(to_a_stranger=http(body=CONFIGURATION))).problems == {
        "control": "endpoint_does_not_check_keys"
    }


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (http(401), None),
        (http(403), None),
        (http(404), "control_inconclusive"),
        (http(500), "control_inconclusive"),
        (http(302, location="/login"), "control_inconclusive"),
        (LOGIN_PAGE, "control_inconclusive"),
        (http(429, retry_after="9"), "rate_limited"),
        (http(200), "endpoint_does_not_check_keys"),
    ],
    ids=status,
)
def test_only_a_refusal_of_the_made_up_key_proves_that_keys_are_checked(answer: bytes, problem: str | None) -> None:
    assert check(Imitation(to_a_stranger=answer)).problems == ({"control": problem} if problem else {})


def test_another_shop_than_the_one_asked_for_is_another_account() -> None:
    channel = Imitation()
    checked = check(channel, shop_id="2099")
    assert checked.problems == {"shop": "other_account"}
    assert {call.path: call.params.get("shop_id") for call in channel.calls} == {
        PC01: None,
        **dict.fromkeys((OR11, OF21, ST11, A01), "2099"),
    }


def test_no_shop_id_is_sent_where_none_was_entered() -> None:
    channel = Imitation()
    check(channel, shop_id="")
    assert not any("shop_id" in call.params for call in channel.calls)


@pytest.mark.parametrize(
    ("state", "problem"),
    [
        ("OPEN", None),
        ("open", None),
        ("SOMETHING_NEW", None),
        (None, None),
        ("SUSPENDED", "account_suspended"),
        ("suspended", "account_suspended"),
        ("CLOSE", "account_closed"),
        ("CLOSED", "account_closed"),
        ("TERMINATED", "account_closed"),
    ],
)
def test_the_state_of_the_shop_is_judged(state: str | None, problem: str | None) -> None:
    checked = check(Imitation(answers={A01: http(body={**ACCOUNT, "shop_state": state})}))
    assert checked.problems == ({"shop": problem} if problem else {})
    assert checked.account


def test_the_account_is_six_values_and_never_the_bank_details() -> None:
    checked = check(Imitation())
    assert checked.account == Account("2041", "Ullstugan", "OPEN", "SEK", "SE", ("SE", "NO"))
    assert {field.name for field in dataclasses.fields(Account)} == {
        *("id", "name", "state", "currency", "country", "channels", "as_of")
    }
    for private in (IBAN, "Anna Berg", "anna@example.se", KEY, "unused"):
        assert private not in repr(checked.events)


@pytest.mark.parametrize(
    "result",
    [
        {"shop_id": 7},
        {"shop_id": "7", "shop_name": None},
        {"shop_id": 7, "shop_name": "", "channels": None, "contact_informations": None},
        {"shop_id": 7, "channels": [None, {"code": "SE"}, True, 3.5], "currency_iso_code": ["SEK"]},
        {"shop_id": 7, "shop_state": {"new": "shape"}, "shipping_country": 46.0, "another": {"field": [1]}},
        {"shop_id": 7, "contact_informations": {"country": {"iso": "SWE"}}, "channels": "SE"},
    ],
)
def test_an_account_with_fields_missing_or_in_a_new_shape_is_still_an_account(result: dict[str, Any]) -> None:
    checked = check(Imitation(answers={A01: http(body=result)}))
    assert checked.problems == {}
    assert checked.account
    assert (checked.account.id, checked.account.name) == ("7", "7")


@pytest.mark.parametrize(
    ("result", "country"),
    [("SWE", "SE"), ("fra", "FR"), ("SE", "SE"), ("SCG", "SCG"), ("ABC", "ABC"), ("Sverige", "Sverige")],
)
def test_a_country_is_told_by_its_two_letters_where_there_are_some(result: str, country: str) -> None:
    checked = check(Imitation(answers={A01: http(body={**ACCOUNT, "shipping_country": result})}))
    assert checked.account
    assert checked.account.country == country


@pytest.mark.parametrize("result", [{}, [], None, "text", 5, {"shop_id": None}, {"shop_id": True}, {"shop_id": {}}])
def test_an_account_without_a_shop_id_is_none(result: object) -> None:
    checked = check(Imitation(answers={A01: http(body=result)}))
    assert checked.problems == {"account": "answer_unreadable"}
    assert checked.account is None
    assert "shop" not in checked.findings


def test_a_very_long_name_is_cut() -> None:
    checked = check(Imitation(answers={A01: http(body={"shop_id": 7, "shop_name": "x" * 100_000})}))
    assert checked.account
    assert len(checked.account.name) <= 120


@pytest.mark.parametrize(
    ("result", "platform", "shipments"),
    [
        ({"platform_name": "", "tenant_name": "a-prod"}, "a-prod", Outcome.NOT_APPLICABLE),
        ({"platform_name": None}, "", Outcome.NOT_APPLICABLE),
        ({"modules": {}}, "", Outcome.NOT_APPLICABLE),
        ({"features": None, "timezone": "UTC"}, "", Outcome.NOT_APPLICABLE),
        ({"features": {"shipment": None}}, "", Outcome.NOT_APPLICABLE),
        ({"features": {"shipment": {"multi_shipment": "true"}}}, "", Outcome.NOT_APPLICABLE),
        ({"features": {"shipment": {"multi_shipment": True, "new": 1}, "new": {}}}, "", Outcome.PASSED),
        ({"platform_name": "A", "entirely": {"new": ["field"]}}, "A", Outcome.NOT_APPLICABLE),
    ],
)
def test_a_configuration_with_fields_missing_or_new_is_still_mirakls(
    result: dict[str, Any], platform: str, shipments: Outcome
) -> None:
    checked = check(Imitation(answers={PC01: http(body=result)}))
    assert checked.problems == {}
    assert checked.findings["recognise"].facts == {"platform": platform}
    assert checked.findings["shipments"].outcome is shipments


@pytest.mark.parametrize("result", [{}, [], None, "Mirakl", 5, {"message": "hello"}, [CONFIGURATION]])
def test_an_answer_without_any_of_mirakls_names_is_another_sites(result: object) -> None:
    channel = Imitation(answers={PC01: http(body=result)})
    assert check(channel).problems == {"recognise": "not_an_api"}
    assert len(channel.calls) == 1


@pytest.mark.parametrize(
    ("answer", "check_code", "problem"),
    [
        (http(401), "key", "key_rejected"),
        (http(403), "role", "key_lacks_permission"),
        (http(402), "recognise", "account_locked"),
        (http(429), "recognise", "rate_limited"),
        (http(500), "recognise", "upstream_down"),
        (http(503, retry_after="5"), "recognise", "upstream_down"),
        (http(302, location="https://login.example.org/"), "recognise", "redirected"),
        (http(403, b"", "text/html", cf_mitigated="challenge"), "recognise", "blocked_by_waf"),
        (LOGIN_PAGE, "recognise", "not_an_api"),
        (http(200, b"not json"), "recognise", "not_an_api"),
    ],
    ids=status,
)
def test_the_opening_alone_decides_whether_anything_else_is_asked(answer: bytes, check_code: str, problem: str) -> None:
    channel = Imitation(answers={PC01: answer})
    checked = check(channel)
    assert checked.problems == {check_code: problem}
    proven = {"recognise", "key"} if check_code == "role" else set()
    assert set(checked.findings) == {"address", "secure", check_code} | proven
    assert [call.path for call in channel.calls] == [PC01]


@pytest.mark.parametrize(("version", "said"), [(http(), "HTTP 200"), (http(404), "HTTP 404")])
def test_where_the_path_is_missing_support_is_told_whether_any_mirakl_answers(version: bytes, said: str) -> None:
    channel = Imitation(answers={PC01: http(404), V01: version})
    finding = check(channel).findings["recognise"]
    assert finding.problem_code == "wrong_path_or_product"
    assert f"V01: {said}" in finding.detail
    assert [(call.path, call.key) for call in channel.calls] == [(PC01, KEY), (V01, "")]


@pytest.mark.parametrize(("path", "code"), [(OR11, "orders"), (OF21, "offers"), (ST11, "shipments"), (A01, "account")])
@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (http(401), "permission_missing"),
        (http(403), "permission_missing"),
        (http(429), "rate_limited"),
        (http(500), "upstream_down"),
        (http(404), "answer_unreadable"),
        (http(302, location="/login"), "answer_unreadable"),
        (http(200, b"[]"), "answer_unreadable"),
        (LOGIN_PAGE, "answer_unreadable"),
    ],
    ids=status,
)
def test_a_missing_permission_is_named_and_hides_none_of_the_rest(
    path: str, code: str, answer: bytes, problem: str
) -> None:
    checked = check(Imitation(answers={path: answer}))
    assert checked.problems == {code: problem}
    assert set(checked.findings) >= set(ALL) - {"shop"}


@pytest.mark.parametrize("answer", [http(403), http(404)], ids=status)
def test_with_a_shop_id_a_refusal_is_about_the_shop_and_not_the_host(answer: bytes) -> None:
    finding = check(Imitation(answers={OR11: answer}), shop_id="2041").findings["orders"]
    assert (finding.problem_code, finding.facts) == ("shop_out_of_reach", {"shop": "2041"})


@pytest.mark.parametrize("stumble", [http(502), http(503), http(504), None], ids=["502", "503", "504", "reset"])
def test_the_account_is_not_asked_for_again_after_a_stumble(stumble: bytes | None) -> None:
    channel = Imitation(stumbles={A01: [stumble], OR11: [stumble]})
    assert set(check(channel).problems) == {"account"}
    assert (channel.counted[A01], channel.counted[OR11]) == (1, 2)


def test_every_detail_names_its_operation_and_repeats_no_body() -> None:
    bodies = {path: http(500, b"marker-body") for path in (OR11, OF21, ST11, A01)}
    findings = check(Imitation(answers=bodies)).findings
    for code, operation in {"orders": "OR11", "offers": "OF21", "shipments": "ST11", "account": "A01"}.items():
        assert findings[code].detail.startswith(f"{operation}: HTTP 500")
    assert "marker-body" not in repr(findings)


def test_every_check_that_is_shown_has_a_place_that_answers_it() -> None:
    checks = SYSTEM.checks
    assert set(checks.shown) == {*checks.sign_in_codes, *checks.parallel, "shop"}
    assert isinstance(practise("works").findings["shop"], Finding)
