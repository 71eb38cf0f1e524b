"""The guide's steps, done in the sandbox's back office."""

import pytest

from tests.systems.practising import Practice
from xtnd_wizard.systems.magento1 import SYSTEM

USERS, ROLES = "SOAP/XML-RPC - Users", "SOAP/XML-RPC - Roles"


def with_a_user(address: str = "skomakeriet.test") -> tuple[Practice, dict[str, str]]:
    office = Practice(SYSTEM, address).press("Sign in").follow(ROLES, "Add New Role", "Role Resources")
    office.press("Save Role", access="all").follow(USERS).press("Add New User")
    values = {"access_token": office.value("User Name"), "secret": office.value("API Key")}
    assert office.verified(**values).problems == {"sign_in": "sign_in_rejected"}, "it is not saved yet"
    return office.follow("User Role").press("Save User", given="on"), values


@pytest.mark.parametrize("address", ["skomakeriet.test", "garnboden.test/butik"])
def test_the_guides_steps_end_at_a_user_that_works_until_its_key_is_made_anew(address: str) -> None:
    office, values = with_a_user(address)
    assert office.verified(**values).problems == {}
    office.follow(values["access_token"])
    assert values["secret"] not in office.page.html, "a saved key is never shown again"
    office.press("New API Key")
    assert office.verified(**values).problems == {"sign_in": "sign_in_rejected"}
    assert office.verified(**{**values, "secret": office.value("API Key")}).problems == {}


def test_the_role_decides_what_the_same_user_may_read() -> None:
    office, values = with_a_user()
    office.follow(ROLES, "XTND").press("Save Role", access="custom", core="on", catalog="on", stock="on")
    assert office.verified(**values).problems == {"orders": "permission_missing", "shipments": "permission_missing"}
    office.follow("XTND").press("Save Role", sales="on")
    assert office.verified(**values).problems == {}


def test_a_user_without_the_role_or_that_is_not_active_is_turned_away_until_it_is_mended() -> None:
    office, values = with_a_user()
    office.follow(values["access_token"], "User Role").press("Save User", untick=("given",))
    assert office.verified(**values).problems == {"sign_in": "sign_in_rejected"}
    office.follow(values["access_token"], "User Role").press("Save User", given="on")
    office.follow(values["access_token"]).press("Save User", active="inactive")
    assert office.verified(**values).problems == {"sign_in": "sign_in_rejected"}
    office.press("Save User", active="active")
    assert office.verified(**values).problems == {}
