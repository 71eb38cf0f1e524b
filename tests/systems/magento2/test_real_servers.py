"""What real shops answered, played over real HTTP, and what a merchant is told about it."""

from typing import Any

import pytest

from tests.systems.magento2.shop import (
    ADMIN,
    SCENARIOS,
    WORKS,
    answering,
    in_words,
    open_to_guests,
    verified,
    with_answers,
    without_the_header,
)
from xtnd_wizard.systems.contract import API_URL
from xtnd_wizard.systems.magento2 import SYSTEM
from xtnd_wizard.systems.stories import Scenario

BEHIND_A_PROXY = SCENARIOS["https_hidden"]
WRONG = "0" * 32


EVERYTHING = set(SYSTEM.checks.codes)


def test_a_shop_that_does_not_know_of_its_https_is_told_apart_from_a_wrong_secret() -> None:
    result = verified(SYSTEM.sandbox.app(), BEHIND_A_PROXY)
    assert result.problems == {"orders": "https_hidden"}
    assert result.proven == {"recognise", "key"}
    assert [request.path for request in result.requests] == ["/rest/V1/orders"] * 2


def test_behind_such_a_proxy_a_right_signature_without_rights_is_seen_as_right_too() -> None:
    no_orders = SCENARIOS["no_orders"].values
    scenario = Scenario("x", {**no_orders, API_URL: BEHIND_A_PROXY.values[API_URL]})
    assert verified(SYSTEM.sandbox.app(), scenario).problems == {"orders": "https_hidden"}


@pytest.mark.parametrize("scenario", [WORKS, BEHIND_A_PROXY], ids=lambda scenario: scenario.code)
@pytest.mark.parametrize("name", ["secret", "consumer_secret"])
def test_a_wrong_secret_stays_one_whatever_the_shop_knows_of_its_https(scenario: Scenario, name: str) -> None:
    result = verified(SYSTEM.sandbox.app(), scenario, **{name: WRONG})
    assert result.problems == {"key": "signature_rejected"}
    assert result.proven == {"recognise"}


def test_no_question_carries_a_secret_and_a_right_key_takes_no_more_of_them() -> None:
    secrets = [WORKS.values[name] for name in ("secret", "consumer_secret")]
    asked = {scenario.code: verified(SYSTEM.sandbox.app(), scenario).requests for scenario in (WORKS, BEHIND_A_PROXY)}
    assert len(asked["works"]) == 6
    assert not [secret for request in asked.values() for secret in secrets if secret in repr(request)]


@pytest.mark.parametrize(
    "message",
    ["Failed to send the message. Please contact the administrator", "ReCaptcha validation failed, please try again"],
)
def test_a_sign_in_that_wants_more_in_unknown_words_is_not_waited_for(message: str) -> None:
    def german(text: str) -> str:
        return "Ihre Anfrage konnte nicht bearbeitet werden" if text == message else text

    result = verified(in_words(_token_says(400, {"message": message}), german), ADMIN)
    assert result.problems == {"key": "sign_in_needs_more"}
    assert result.proven == {"recognise"}


def _token_says(status: int, body: Any) -> Any:
    return with_answers(SYSTEM.sandbox.app(), token=(status, body))


@pytest.mark.parametrize(
    ("resources", "box"),
    [
        ("Magento_Catalog::catalog_inventory", "Catalog > Inventory"),
        ("Magento_CatalogInventory::cataloginventory", "Stores > Configuration > Inventory Section"),
        ("self", "Catalog > Inventory / Stores > Configuration > Inventory Section"),
    ],
)
def test_the_right_that_the_shop_names_decides_the_box(resources: str, box: str) -> None:
    lacking = {
        "message": "The consumer isn't authorized to access %resources.",
        "parameters": {"resources": resources},
    }
    result = answering(WORKS, lowStock=(401, lacking))
    assert result.problems == {"stock": "permission_missing"}
    assert result.findings["stock"].facts["permission"] == box
    assert result.proven == EVERYTHING - {"stock"}


GERMAN = {
    "A consumer having the specified key does not exist": "Ein Verbraucher mit dem Schlüssel existiert nicht",
    "Specified token does not exist": "Der angegebene Token existiert nicht",
    "The signature is invalid. Verify and try again.": "Die Signatur ist ungültig. Überprüfen Sie sie.",
    "The token length is invalid. Check the length and try again.": "Die Länge des Tokens ist ungültig.",
}


def german_shop() -> Any:
    return in_words(SYSTEM.sandbox.app(), lambda text: GERMAN.get(text, "Etwas ist schiefgegangen"))


@pytest.mark.parametrize("code", ["wrong_consumer_key", "wrong_token", "wrong_secret"])
def test_a_shop_in_german_that_refuses_the_values_blames_none_of_them_alone(code: str) -> None:
    result = verified(german_shop(), SCENARIOS[code])
    assert result.problems == {"key": "values_rejected"}
    problem = SYSTEM.problem_of(result.findings["key"])
    assert problem
    assert problem.field is None
    assert result.proven == {"recognise"}


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [("access_token", "Access Token", "access_token"), ("consumer_key", "Consumer Key", "consumer_key")],
)
def test_a_value_of_the_wrong_length_is_named_in_any_language(name: str, value: str, field: str) -> None:
    result = verified(german_shop(), WORKS, **{name: "a" * 20})
    assert result.problems == {"key": "key_rejected"}
    assert result.findings["key"].facts["value"] == value
    problem = SYSTEM.problem_of(result.findings["key"])
    assert problem
    assert problem.field == field


def test_a_shop_in_german_behind_such_a_proxy_is_told_apart_all_the_same() -> None:
    assert verified(german_shop(), BEHIND_A_PROXY).problems == {"orders": "https_hidden"}


@pytest.mark.parametrize(("scenario", "calls"), [(WORKS, 6), (ADMIN, 7)], ids=["integration", "admin"])
def test_right_values_are_green_where_every_message_is_translated(scenario: Scenario, calls: int) -> None:
    result = verified(german_shop(), scenario)
    assert result.proven == EVERYTHING
    assert len(result.requests) == calls


@pytest.mark.parametrize("scenario", [WORKS, ADMIN], ids=lambda scenario: scenario.code)
def test_a_lost_header_is_named_where_guests_may_read_the_stores(scenario: Scenario) -> None:
    result = verified(open_to_guests(without_the_header(SYSTEM.sandbox.app())), scenario)
    assert list(result.problems.values()) == ["api_switched_off"]
    assert result.proven == ({"recognise", "key"} if scenario is ADMIN else {"recognise"})


@pytest.mark.parametrize("name", ["secret", "consumer_secret"])
def test_a_wrong_secret_is_named_where_guests_may_read_the_stores(name: str) -> None:
    result = verified(open_to_guests(SYSTEM.sandbox.app()), WORKS, **{name: WRONG})
    assert result.problems == {"key": "signature_rejected"}
    assert result.proven == {"recognise"}


def test_an_integration_that_is_no_longer_active_is_named_where_guests_may_read_the_stores() -> None:
    result = verified(open_to_guests(SYSTEM.sandbox.app()), SCENARIOS["no_access"])
    assert result.problems == {"orders": "key_lacks_permission"}
    assert result.proven == {"recognise", "key", "control"}


@pytest.mark.parametrize(("scenario", "calls"), [(WORKS, 6), (ADMIN, 7)], ids=["integration", "admin"])
def test_guest_access_costs_right_values_nothing(scenario: Scenario, calls: int) -> None:
    result = verified(open_to_guests(SYSTEM.sandbox.app()), scenario)
    assert result.proven == EVERYTHING
    assert len(result.requests) == calls
