"""The guide's steps, done in the sandbox's back office."""

import pytest

from tests.systems.practising import Practice
from xtnd_wizard.systems.woocommerce import SYSTEM
from xtnd_wizard.systems.woocommerce.sandbox_sites import PROXIED, WORKING

Pair = dict[str, str]


def pair_of(office: Practice) -> Pair:
    return {"access_token": office.value("Consumer key"), "secret": office.value("Consumer secret")}


def with_a_pair(address: str = WORKING) -> tuple[Practice, Pair]:
    office = Practice(SYSTEM, address).press("Sign in").follow("Settings", "Advanced", "REST API", "Create an API key")
    office.press("Generate API key", permissions="read_write")
    return office, pair_of(office)


@pytest.mark.parametrize("address", [WORKING, "surdegsbageriet.test/butik"])
def test_the_guides_steps_end_at_a_pair_that_works_until_a_new_one_is_made(address: str) -> None:
    office, pair = with_a_pair(address)
    assert office.verified(**pair).problems == {}
    office.follow("REST API")
    assert pair["access_token"] not in office.page.html, "a key is shown once"
    assert pair["secret"] not in office.page.html
    office.follow("Add key").press("Generate API key", permissions="read_write")
    assert office.verified(**pair).problems == {"key": "key_rejected"}
    assert office.verified(**pair_of(office)).problems == {}


def test_the_permissions_of_a_key_are_changed_and_the_same_pair_reads_again() -> None:
    office, pair = with_a_pair()
    office.follow("REST API", "Edit XTND").press("Update", permissions="write")
    assert office.verified(**pair).problems == {"orders": "key_cannot_read"}
    office.follow("Edit XTND").press("Update", permissions="read_write")
    assert office.verified(**pair).problems == {}


@pytest.mark.parametrize(
    ("role", "problems"),
    [("customer", {"orders": "key_lacks_permission"}), ("clerk", {"shipping": "permission_missing"})],
)
def test_the_users_role_decides_and_can_be_given_back(role: str, problems: dict[str, str]) -> None:
    office, pair = with_a_pair()
    office.follow("Users").press("Update User", role=role)
    assert office.verified(**pair).problems == problems
    office.press("Update User", role="manager")
    assert office.verified(**pair).problems == {}


def test_a_proxy_that_hides_https_can_be_told() -> None:
    office, pair = with_a_pair(PROXIED)
    assert office.verified(**pair).problems == {"header": "https_hidden"}
    office.follow("Server").press("Save", https="on")
    assert office.verified(**pair).problems == {}
