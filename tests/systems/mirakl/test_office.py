"""The guide's steps, done in the sandbox's back office."""

from tests.systems.practising import Practice
from xtnd_wizard.systems.mirakl import SYSTEM
from xtnd_wizard.systems.mirakl.sandbox_office import PASSWORD

HOST = "norrskenstorget.test"


def at_the_key() -> Practice:
    return Practice(SYSTEM, HOST).press("Sign in").follow("My user settings", "API key")


def problems(office: Practice, key: str) -> dict[str, str]:
    return office.verified(access_token=key, secret=PASSWORD).problems


def test_the_guides_steps_end_at_a_key_that_works_until_a_new_one_is_made() -> None:
    office = at_the_key().press("Generate a new key")
    key = office.value("API key")
    assert problems(office, key) == {}
    office.press("Generate a new key")
    assert problems(office, key) == {"key": "key_rejected"}
    assert problems(office, office.value("API key")) == {}


def test_the_role_is_taken_away_and_given_back_under_the_same_key() -> None:
    office = at_the_key().press("Generate a new key")
    key = office.value("API key")
    office.follow("Users").press("Save", untick=("role",))
    assert problems(office, key) == {"role": "key_lacks_permission"}
    assert "API key" not in office.follow("My user settings").page.links
    office.follow("Users").press("Save", role="on")
    assert problems(office, key) == {}


def test_the_password_is_on_the_sign_in_page() -> None:
    assert Practice(SYSTEM, HOST).value("Password") == PASSWORD
