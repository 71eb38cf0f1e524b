"""The guide's steps, done in the sandbox's back office."""

from tests.systems.practising import Practice
from xtnd_wizard.systems.contract import AUTH_METHOD
from xtnd_wizard.systems.magento2 import SYSTEM
from xtnd_wizard.systems.magento2.sandbox import FISKGJUSEN

LABELS = {
    "consumer_key": "Consumer Key",
    "consumer_secret": "Consumer Secret",
    "access_token": "Access Token",
    "secret": "Access Token Secret",
}


def values_of(office: Practice) -> dict[str, str]:
    return {AUTH_METHOD: "integration", **{name: office.value(label) for name, label in LABELS.items()}}


def with_an_integration() -> Practice:
    office = Practice(SYSTEM, FISKGJUSEN).press("Sign in").follow("Integrations", "Add New Integration", "API")
    office.press("Save", access="custom", sales="on", shipments="on", catalog="on", stores="on")
    return office.follow("Activate").press("Allow")


def test_the_guides_steps_end_at_four_values_that_work_until_they_are_made_anew() -> None:
    office = with_an_integration()
    values = values_of(office)
    assert office.verified(**values).problems == {}
    office.follow("Integrations").press("Reauthorize")
    assert office.verified(**values).problems == {"key": "key_rejected"}
    new = values_of(office)
    assert new["consumer_key"] == values["consumer_key"], "the other two stay"
    assert office.verified(**new).problems == {}


def test_a_box_that_is_not_ticked_is_a_right_that_is_missing_until_it_is() -> None:
    office = with_an_integration()
    values = values_of(office)
    office.follow("Integrations", "Edit").press("Save", untick=("sales",))
    assert office.verified(**values).problems == {"orders": "permission_missing"}
    office.follow("Edit").press("Save", untick=("catalog", "stores"), access="all")
    assert office.verified(**values).problems == {}


def test_an_admin_user_signs_in_once_it_has_the_role() -> None:
    office = Practice(SYSTEM, FISKGJUSEN).press("Sign in").follow("All Users").press("Add New User")
    values = {AUTH_METHOD: "admin", "access_token": office.value("User Name"), "secret": office.value("Password")}
    assert office.verified(**values).problems == {"key": "sign_in_rejected"}
    office.follow("User Role").press("Save User", administrators="on")
    assert office.verified(**values).problems == {}
