"""What Mirakl's checks ask, in which order, and what they make of the account."""

import dataclasses
from typing import Any

import pytest

from tests.systems.mirakl.channel import (
    A01,
    ACCOUNT,
    CONFIGURATION,
    IBAN,
    KEY,
    OF21,
    OR11,
    PC01,
    RESET,
    ST11,
    V01,
    AskedCache,
    FakeChannel,
    checked_at,
)
from tests.systems.mocked import Reply, checked
from tests.systems.verifying import Checked
from xtnd_wizard.domain.findings import Account, Finding, Outcome
from xtnd_wizard.systems.mirakl import SYSTEM
from xtnd_wizard.wizard.check_runner import checks_of

ALL = checks_of(SYSTEM)


def status(value: object) -> str | None:
    """How an answer is called in the list of tests."""
    return str(value.status) if isinstance(value, Reply) else None


def practise(code: str, **changed: str) -> Checked:
    return checked(SYSTEM, next(found for found in SYSTEM.sandbox.scenarios if found.code == code), **changed)


def test_the_first_sandbox_shop_is_named_and_everything_about_it_is_checked() -> None:
    result = practise("works")
    assert result.account == Account("2041", "Ullstugan", "OPEN", "SEK", "SE", ("SE",))
    assert {finding.outcome for finding in result.findings.values()} == {Outcome.PASSED}
    assert result.findings["recognise"].facts["platform"] == "Norrskenstorget"


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


def test_a_missing_role_shows_that_this_is_mirakl_and_that_the_key_works() -> None:
    result = checked_at(FakeChannel(answers={PC01: Reply(403, {"message": "marker", "status": 403})}))
    outcomes = {code: found.outcome for code, found in result.findings.items() if code != "secure"}
    assert outcomes == {
        "address": Outcome.PASSED,
        "recognise": Outcome.PASSED,
        "key": Outcome.PASSED,
        "role": Outcome.FAILED,
    }
    assert "marker" not in repr(result.findings)


def test_a_verification_asks_for_each_operation_once() -> None:
    channel = FakeChannel()
    result = checked_at(channel)
    assert result.problems == {}
    assert set(result.findings) == set(ALL)
    assert channel.counted == {PC01: 1, OR11: 1, OF21: 1, ST11: 1, A01: 1}
    assert [call.path for call in channel.calls if call.key != KEY] == [PC01]


def test_the_rest_is_asked_side_by_side() -> None:
    channel = FakeChannel(all_at_once=5)
    assert checked_at(channel).problems == {}


def test_the_made_up_key_of_the_control_has_the_shape_of_a_key() -> None:
    channel = FakeChannel()
    checked_at(channel)
    made_up = next(call.key for call in channel.calls if call.key != KEY)
    assert SYSTEM.clean("access_token", made_up).remarks.notes == ()


def test_the_control_makes_up_another_key_each_time() -> None:
    channel = FakeChannel()
    checked_at(channel)
    checked_at(channel)
    assert len({call.key for call in channel.calls if call.key != KEY}) == 2


def test_lists_are_asked_for_one_row_only() -> None:
    channel = FakeChannel()
    checked_at(channel)
    asked = {call.path: call.params for call in channel.calls if call.key == KEY}
    assert (asked[OR11], asked[OF21], asked[ST11]) == ({"max": "1"}, {"max": "1"}, {"limit": "1"})


def test_the_account_is_asked_for_through_the_memory() -> None:
    cache = AskedCache()
    checked_at(FakeChannel(), answer_cache=cache)
    checked_at(FakeChannel(), answer_cache=cache, shop_id="2041")
    assert cache.asked == [
        ("A01", frozenset(("access_token",))),
        ("A01", frozenset(("access_token", "shop_id"))),
    ]


def test_a_kept_account_costs_no_call_and_says_how_old_it_is() -> None:
    kept = Account("2041", "Ullstugan", "OPEN", as_of="2026-03-01T12:00:00+00:00")
    channel = FakeChannel()
    result = checked_at(channel, answer_cache=AskedCache(kept=kept))
    assert channel.counted[A01] == 0
    assert result.account == kept
    assert result.findings["shop"].facts["as_of"] == kept.as_of


def test_a_host_that_takes_any_key_proves_nothing() -> None:
    assert checked_at(FakeChannel(to_a_stranger=Reply(body=CONFIGURATION))).problems == {
        "control": "endpoint_does_not_check_keys"
    }


def test_another_shop_than_the_one_asked_for_is_another_account() -> None:
    channel = FakeChannel()
    result = checked_at(channel, shop_id="2099")
    assert result.problems == {"shop": "other_account"}
    assert {call.path: call.params.get("shop_id") for call in channel.calls} == {
        PC01: None,
        **dict.fromkeys((OR11, OF21, ST11, A01), "2099"),
    }


def test_no_shop_id_is_sent_where_none_was_entered() -> None:
    channel = FakeChannel()
    checked_at(channel, shop_id="")
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
    result = checked_at(FakeChannel(answers={A01: Reply(body={**ACCOUNT, "shop_state": state})}))
    assert result.problems == ({"shop": problem} if problem else {})
    assert result.account


def test_the_account_is_six_values_and_never_the_bank_details() -> None:
    result = checked_at(FakeChannel())
    assert result.account == Account("2041", "Ullstugan", "OPEN", "SEK", "SE", ("SE", "NO"))
    assert {field.name for field in dataclasses.fields(Account)} == {
        *("id", "name", "state", "currency", "country", "channels", "as_of")
    }
    for private in (IBAN, "Anna Berg", "anna@example.se", KEY, "unused"):
        assert private not in repr(result.events)


@pytest.mark.parametrize(
    "body",
    [
        {"shop_id": 7},
        {"shop_id": "7", "shop_name": None},
        {"shop_id": 7, "shop_name": "", "channels": None, "contact_informations": None},
        {"shop_id": 7, "channels": [None, {"code": "SE"}, True, 3.5], "currency_iso_code": ["SEK"]},
        {"shop_id": 7, "shop_state": {"new": "shape"}, "shipping_country": 46.0, "another": {"field": [1]}},
        {"shop_id": 7, "contact_informations": {"country": {"iso": "SWE"}}, "channels": "SE"},
    ],
)
def test_an_account_with_fields_missing_or_in_a_new_shape_is_still_an_account(body: dict[str, Any]) -> None:
    result = checked_at(FakeChannel(answers={A01: Reply(body=body)}))
    assert result.problems == {}
    assert result.account
    assert (result.account.id, result.account.name) == ("7", "7")


@pytest.mark.parametrize(
    ("body", "country"),
    [("SWE", "SE"), ("fra", "FR"), ("SE", "SE"), ("SCG", "SCG"), ("ABC", "ABC"), ("Sverige", "Sverige")],
)
def test_a_country_is_told_by_its_two_letters_where_there_are_some(body: str, country: str) -> None:
    result = checked_at(FakeChannel(answers={A01: Reply(body={**ACCOUNT, "shipping_country": body})}))
    assert result.account
    assert result.account.country == country


@pytest.mark.parametrize("result", [{}, [], None, "text", 5, {"shop_id": None}, {"shop_id": True}, {"shop_id": {}}])
def test_an_account_without_a_shop_id_is_none(result: object) -> None:
    result = checked_at(FakeChannel(answers={A01: Reply(body=result)}))
    assert result.problems == {"account": "answer_unreadable"}
    assert result.account is None
    assert "shop" not in result.findings


def test_a_very_long_name_is_cut() -> None:
    result = checked_at(FakeChannel(answers={A01: Reply(body={"shop_id": 7, "shop_name": "x" * 100_000})}))
    assert result.account
    assert len(result.account.name) <= 120


@pytest.mark.parametrize(
    ("body", "platform", "shipments"),
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
    body: dict[str, Any], platform: str, shipments: Outcome
) -> None:
    result = checked_at(FakeChannel(answers={PC01: Reply(body=body)}))
    assert result.problems == {}
    assert result.findings["recognise"].facts == {"platform": platform}
    assert result.findings["shipments"].outcome is shipments


@pytest.mark.parametrize(("version", "summary"), [(Reply(), "HTTP 200"), (Reply(404), "HTTP 404")])
def test_where_the_path_is_missing_support_is_told_whether_any_mirakl_answers(version: Reply, summary: str) -> None:
    channel = FakeChannel(answers={PC01: Reply(404), V01: version})
    finding = checked_at(channel).findings["recognise"]
    assert finding.problem_code == "wrong_path_or_product"
    assert f"V01: {summary}" in finding.detail
    assert [(call.path, call.key) for call in channel.calls] == [(PC01, KEY), (V01, "")]


@pytest.mark.parametrize("answer", [Reply(403), Reply(404)], ids=status)
def test_with_a_shop_id_a_refusal_is_about_the_shop_and_not_the_host(answer: Reply) -> None:
    finding = checked_at(FakeChannel(answers={OR11: answer}), shop_id="2041").findings["orders"]
    assert (finding.problem_code, finding.facts) == ("shop_out_of_reach", {"shop": "2041"})


@pytest.mark.parametrize("stumble", [Reply(502), Reply(503), Reply(504), RESET], ids=["502", "503", "504", "reset"])
def test_the_account_is_not_asked_for_again_after_a_stumble(stumble: Any) -> None:
    channel = FakeChannel(stumbles={A01: [stumble], OR11: [stumble]})
    assert set(checked_at(channel).problems) == {"account"}
    assert (channel.counted[A01], channel.counted[OR11]) == (1, 2)


def test_every_detail_names_its_operation_and_repeats_no_body() -> None:
    bodies = {path: Reply(500, b"marker-body") for path in (OR11, OF21, ST11, A01)}
    findings = checked_at(FakeChannel(answers=bodies)).findings
    for code, operation in {"orders": "OR11", "offers": "OF21", "shipments": "ST11", "account": "A01"}.items():
        assert findings[code].detail.startswith(f"{operation}: HTTP 500")
    assert "marker-body" not in repr(findings)


def test_the_shop_is_answered_with_the_account_and_read_last() -> None:
    assert SYSTEM.checks.codes[-3:] == ("account", "control", "shop")
    assert isinstance(practise("works").findings["shop"], Finding)
