"""The guide's steps, done in the sandbox's back office."""

from tests.systems.practising import Practice
from xtnd_wizard.systems.shopify import SYSTEM
from xtnd_wizard.systems.shopify.sandbox import GARN

SCOPES = (
    "read_orders,write_products,write_inventory,read_locations,"
    "write_merchant_managed_fulfillment_orders,read_fulfillments,read_customers"
)
"""What the guide says to paste."""


def with_an_app() -> Practice:
    office = Practice(SYSTEM, GARN).press("Sign in")
    office.follow("Develop apps", "Build apps in Dev Dashboard", "Create app").press("Create")
    return office.press("Release", scopes=SCOPES)


def values_of(office: Practice) -> dict[str, str]:
    office.follow("Settings")
    return {"access_token": office.value("Client ID"), "secret": office.value("Secret")}


def test_the_guides_steps_end_at_values_that_work_once_the_app_is_installed() -> None:
    office = with_an_app()
    values = values_of(office)
    assert office.verified(**values).problems == {"key": "app_not_installed"}
    office.follow("Home").press("Install app")
    assert office.verified(**values).problems == {}


def test_a_new_secret_breaks_the_old_one_and_a_new_app_the_old_app() -> None:
    office = with_an_app().press("Install app")
    old = values_of(office)
    office.press("Rotate")
    assert office.verified(**old).problems == {"key": "secret_rejected"}
    assert office.verified(**values_of(office)).problems == {}
    office.follow("Develop apps", "Build apps in Dev Dashboard", "Create app").press("Create")
    assert office.verified(**old).problems == {"key": "key_rejected"}


def test_a_permission_that_is_missing_is_released_under_the_same_values() -> None:
    office = with_an_app().press("Install app")
    values = values_of(office)
    office.follow("Versions").press("Release", scopes=SCOPES.replace("write_inventory", "read_inventory"))
    assert office.verified(**values).problems == {"stock": "permission_missing"}
    office.follow("Versions").press("Release", scopes=f"Scopes:\n{SCOPES} <b>nonsense</b>")
    assert "nonsense" not in office.page.html
    assert office.verified(**values).problems == {}
