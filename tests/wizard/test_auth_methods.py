"""Several ways to connect the same system: each has its fields, and a change of way takes nothing along."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.walks import SYSTEM, WORKS, Tab, credentials_of, draft_of
from xtnd_wizard import systems
from xtnd_wizard.domain.errors import DraftNotFound
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.service import Service
from xtnd_wizard.systems.cleaning import keep_text
from xtnd_wizard.systems.contract import API_URL, AUTH_METHOD, CredentialField, System
from xtnd_wizard.systems.stories import Scenario
from xtnd_wizard.wizard.steps import missing_fields

TENANT = "a" * 64
HOST = WORKS.values[API_URL]


class WordedAlike(System):
    """A system with the same words for each of its ways, and a field's name for its label."""

    def guide(self, language: str, auth_method: str = "") -> Mapping[str, Any]:
        labels = {field.name: {"label": field.name, "xtnd": field.name} for field in self.fields}
        return {**super().guide(language), "fields": labels}


TWO_WAYS = replace(
    WordedAlike(**vars(SYSTEM)),
    code="two-ways",
    auth_methods=("by_key", "by_name"),
    fields=(
        CredentialField("access_token", keep_text, auth_method="by_key"),
        CredentialField("further", keep_text, auth_method="by_key"),
        CredentialField("access_token", keep_text, auth_method="by_name"),
        CredentialField("secret", keep_text, auth_method="by_name"),
        CredentialField(API_URL, keep_text, sealed=False),
    ),
)


@pytest.fixture(autouse=True)
def two_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(systems, "all_systems", lambda: (SYSTEM, TWO_WAYS))


def test_the_first_way_is_taken_until_another_is_chosen(service: Service) -> None:
    draft = Tab(service, TENANT).choose(TWO_WAYS.code, HOST)
    assert draft.values[AUTH_METHOD] == "by_key"
    assert missing_fields(draft) == ("access_token", "further")


def test_another_way_asks_for_its_own_fields_and_forgets_the_others(service: Service) -> None:
    Tab(service, TENANT).choose(TWO_WAYS.code, HOST)
    Tab(service, TENANT).enter({"access_token": "a key", "further": "another"})
    Tab(service, TENANT).choose_auth_method("by_name")
    draft = draft_of(service, TENANT)
    assert (draft.sealed, draft.last4) == ({}, {})
    assert draft.values == {API_URL: HOST, AUTH_METHOD: "by_name"}
    assert missing_fields(draft) == ("access_token", "secret")


def test_the_same_way_again_keeps_what_was_entered(service: Service) -> None:
    Tab(service, TENANT).choose(TWO_WAYS.code, HOST)
    Tab(service, TENANT).enter({"access_token": "a key"})
    for auth_method in ("by_key", "no such way"):
        Tab(service, TENANT).choose_auth_method(auth_method)
    assert draft_of(service, TENANT).sealed.keys() == {"access_token"}


def test_the_checks_are_told_the_way(service: Service) -> None:
    typed = {API_URL: HOST, AUTH_METHOD: "by_name", "access_token": "anna", "secret": "a word"}
    draft = Tab(service, TENANT).start_demo(TWO_WAYS.code, Scenario("any", typed))
    values = credentials_of(service, draft).values
    assert values == {AUTH_METHOD: "by_name", "access_token": Secret("anna"), "secret": Secret("a word")}


def test_a_way_can_not_be_chosen_without_a_draft(service: Service) -> None:
    with pytest.raises(DraftNotFound):
        Tab(service, TENANT).choose_auth_method("by_name")
