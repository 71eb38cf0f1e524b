"""What XTND's form needs, and the one time that a sealed value is shown."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier

import pytest

from tests.walks import FORM, SYSTEM, WORKS, Tab, draft_of, ready_to_save, save
from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.errors import ConnectionNotFound
from xtnd_wizard.service import Service
from xtnd_wizard.storage.engine import writing
from xtnd_wizard.storage.models import Connection, now
from xtnd_wizard.wizard.handover import FORM as XTND_FORM
from xtnd_wizard.wizard.handover import SHOWN_FOR, form_fields

TENANT, ANOTHER = "a" * 64, "b" * 64


def saved(service: Service, warehouse: str = FORM.warehouse) -> str:
    ready_to_save(service, TENANT)
    return save(service, TENANT, replace(FORM, warehouse=warehouse)).id


def test_the_form_has_xtnds_fields_in_xtnds_order(service: Service) -> None:
    connection = service.connections.one(Actor(TENANT), saved(service, warehouse="MAIN"))
    assert connection is not None
    fields = form_fields(connection)
    assert tuple(field.name for field in fields if field.in_form) == XTND_FORM
    values = {field.name: field.value for field in fields if not field.sealed}
    assert values["name"] == FORM.name
    assert values["system"] == SYSTEM.name
    assert values["api_url"] == WORKS.values["api_url"]
    assert values["order_start"] == date(2026, 1, 1).isoformat()
    assert (values["warehouse"], values["company_group"]) == ("MAIN", "")


def test_no_secret_is_in_the_form(service: Service) -> None:
    connection = service.connections.one(Actor(TENANT), saved(service))
    assert connection is not None
    values = repr(form_fields(connection))
    assert WORKS.values["access_token"] not in values
    assert WORKS.values["secret"] not in values


def test_what_was_entered_is_shown_once(service: Service) -> None:
    connection_id = saved(service)
    shown = service.handover.show_once(Actor(TENANT), connection_id)
    assert shown == {name: WORKS.values[name] for name in ("access_token", "secret")}
    assert service.handover.show_once(Actor(TENANT), connection_id) is None


def test_nobody_else_is_shown_anything(service: Service) -> None:
    connection_id = saved(service)
    for actor, asked_for in ((Actor(ANOTHER), connection_id), (Actor(TENANT), "no such connection")):
        with pytest.raises(ConnectionNotFound):
            service.handover.show_once(actor, asked_for)
    assert service.handover.show_once(Actor(TENANT), connection_id) is not None


def test_two_who_ask_at_once_are_shown_it_once(service: Service) -> None:
    connection_id, together = saved(service), Barrier(2)

    def ask(_: int) -> object:
        together.wait()
        return service.handover.show_once(Actor(TENANT), connection_id)

    with ThreadPoolExecutor(2) as pool:
        shown = list(pool.map(ask, range(2)))
    assert shown.count(None) == 1


def test_a_connection_that_was_updated_may_be_shown_once_more(service: Service) -> None:
    first = saved(service)
    assert service.handover.show_once(Actor(TENANT), first)
    Tab(service, TENANT).discard()
    ready_to_save(service, TENANT)
    assert draft_of(service, TENANT).connection_id is None
    assert save(service, TENANT, update=first).id == first
    assert service.handover.show_once(Actor(TENANT), first)


def test_a_page_that_shows_the_values_may_be_drawn_anew_for_a_moment_only(service: Service) -> None:
    connection_id = saved(service)
    shown = service.handover.show_once(Actor(TENANT), connection_id)
    assert service.handover.show_once(Actor(TENANT), connection_id, still=True) == shown
    with writing(service.engine) as session:
        connection = session.get(Connection, connection_id)
        assert connection is not None
        connection.shown_at = now() - SHOWN_FOR
    assert service.handover.show_once(Actor(TENANT), connection_id, still=True) is None
