"""The list of saved connections: the tenant's only, never a secret, and deleted for good."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date
from sqlalchemy import update

from tests.pages.visitor import TENANT, Visitor
from tests.walks import ACCOUNT, FORM, SYSTEM, WORKS, Tab, all_passed, declared, ready_to_save, save
from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.i18n import LANGUAGES
from xtnd_wizard.service import Service
from xtnd_wizard.storage.models import Connection

ANOTHER = "b" * 64


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_list_says_what_to_do(service: Service, language: str) -> None:
    visitor = Visitor(service, language).open("connections")
    assert any(found.value == visitor.says("connections.none") for found in visitor.tab.markdown)
    visitor.press("connections.add")
    assert visitor.title == visitor.says("system.title")


def test_the_list_is_newest_first_and_holds_nobody_elses(service: Service) -> None:
    for number, name in enumerate(("Older", "Newer")):
        Tab(service, TENANT).start_demo(SYSTEM.code, WORKS)
        declared(service, TENANT, all_passed(SYSTEM.code, replace(ACCOUNT, id=str(number))))
        save(service, TENANT, replace(FORM, name=name))
    ready_to_save(service, ANOTHER)
    save(service, ANOTHER, replace(FORM, name="Not yours"))
    visitor = Visitor(service).open("connections")
    assert [text for text in visitor.texts if text in ("Older", "Newer")] == ["Newer", "Older"]
    assert "Not yours" not in visitor.sent


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_opens_with_the_values_by_xtnds_names(service: Service, language: str) -> None:
    ready_to_save(service, TENANT)
    saved = save(service, TENANT)
    visitor = Visitor(service, language).open("connections")
    visitor.tab.session_state[f"open_{saved.id}"] = True
    visitor.tab.run()
    visitor.intact()
    for name in ("name", "system", "access_token", "api_url", "secret", "order_start", "warehouse", "company_group"):
        assert visitor.says(f"xtnd.{name}") in visitor.captions
    assert visitor.says("xtnd.ends_in", last4=WORKS.values["access_token"][-4:]) in visitor.texts
    assert visitor.says("xtnd.hidden") in visitor.texts
    assert WORKS.values["access_token"] not in visitor.sent
    assert not any(token in visitor.sent for token in saved.sealed.values())


def test_deleting_asks_once_more_and_then_deletes(service: Service) -> None:
    ready_to_save(service, TENANT)
    saved = save(service, TENANT)
    visitor = Visitor(service).open("connections").press_key(f"delete_{saved.id}")
    assert visitor.says("connections.delete_yes") in visitor.buttons
    assert service.connections.one(Actor(TENANT), saved.id) is not None
    # The dialog is drawn by the press that opens it, so both presses go into one run here.
    visitor.tab.button(key=f"delete_{saved.id}").click()
    visitor.press("connections.delete_yes")
    assert service.connections.all(Actor(TENANT)) == []
    assert [found.value for found in visitor.tab.toast] == [visitor.says("connections.deleted")]
    assert FORM.name not in visitor.sent


def test_keeping_deletes_nothing(service: Service) -> None:
    ready_to_save(service, TENANT)
    saved = save(service, TENANT)
    visitor = Visitor(service).open("connections").press_key(f"delete_{saved.id}")
    visitor.tab.button(key=f"delete_{saved.id}").click()
    visitor.press("connections.delete_no")
    assert service.connections.one(Actor(TENANT), saved.id) is not None


def test_adding_after_a_save_starts_an_empty_walk(service: Service) -> None:
    ready_to_save(service, TENANT)
    save(service, TENANT)
    visitor = Visitor(service).open("connections").press("connections.add")
    assert visitor.title == visitor.says("system.title")
    assert Tab(service, TENANT).draft is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sandbox_connection_says_until_when_it_is_kept(service: Service, language: str) -> None:
    ready_to_save(service, TENANT)
    kept = save(service, TENANT)
    assert kept.expires_at is not None
    visitor = Visitor(service, language).open("connections")
    date = format_date(kept.expires_at.astimezone(ZoneInfo("Europe/Stockholm")), format="long", locale=language)
    assert f":material/schedule: {visitor.says('connections.kept_until', date=date)}" in visitor.captions


def test_a_real_connection_says_no_end(service: Service) -> None:
    Tab(service, TENANT).choose(SYSTEM.code, "shop.nowhere.se")
    Tab(service, TENANT).enter({name: WORKS.values[name] for name in SYSTEM.sealed_fields_of("")})
    declared(service, TENANT)
    save(service, TENANT)
    visitor = Visitor(service).open("connections")
    assert not any(":material/schedule:" in caption for caption in visitor.captions)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_connection_edited_in_the_database_is_shown_as_not_verified_and_its_report_is_not(
    service: Service, language: str
) -> None:
    ready_to_save(service, TENANT)
    save(service, TENANT)
    with service.engine.begin() as connection:
        connection.execute(update(Connection).values(account_name="Somebody else's shop"))
    visitor = Visitor(service, language).open("connections")
    shown = [str(found.value) for found in visitor.tab.markdown]
    assert visitor.says("connections.altered") in shown
    assert any(visitor.says("connections.status.altered") in text for text in shown)
    assert not any(":material/check:" in text for text in shown)
    assert visitor.says("connections.open") not in [found.label for found in visitor.tab.expander]
    assert visitor.open("done").title == visitor.says("connections.title")
