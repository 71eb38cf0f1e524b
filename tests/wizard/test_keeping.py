"""How long connections are kept, and how many of them one owner can have."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.walks import (
    ACCOUNT,
    FORM,
    SYSTEM,
    WORKS,
    Tab,
    all_passed,
    declared,
    draft_of,
    existing_connection,
    ready_to_save,
    running,
    save,
)
from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.errors import ConnectionNotFound, TooManyConnections
from xtnd_wizard.service import Service
from xtnd_wizard.storage.models import Connection, now
from xtnd_wizard.wizard import connections as saving_module

TENANT, ANOTHER = "a" * 64, "b" * 64
REAL_HOST = "shop.nowhere.se"


def sandbox(service: Service, number: int = 0, tenant: str = TENANT) -> Connection:
    Tab(service, tenant).start_demo(SYSTEM.code, WORKS)
    return saved(service, tenant, number)


def real(service: Service, number: int = 0, tenant: str = TENANT) -> Connection:
    Tab(service, tenant).discard()
    Tab(service, tenant).choose(SYSTEM.code, REAL_HOST)
    Tab(service, tenant).enter({name: WORKS.values[name] for name in SYSTEM.sealed_fields_of("")})
    return saved(service, tenant, number)


def saved(service: Service, tenant: str, number: int) -> Connection:
    declared(service, tenant, all_passed(SYSTEM.code, replace(ACCOUNT, id=str(number))))
    return save(service, tenant, replace(FORM, name=str(number)))


def names(service: Service, tenant: str = TENANT) -> list[str]:
    return [connection.name for connection in service.connections.all(Actor(tenant))]


@pytest.fixture
def later(service: Service, monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Lets time pass for what is kept."""

    def passes(some: timedelta) -> None:
        moment = now() + some
        for module in ("drafts", "connections"):
            monkeypatch.setattr(f"xtnd_wizard.wizard.{module}.now", lambda: moment)

    return passes


def test_a_sandbox_connection_is_kept_as_long_as_a_draft_and_a_real_one_for_good(tmp_path: Path) -> None:
    with running(tmp_path, draft_days=3) as service:
        kept = sandbox(service)
        assert kept.expires_at == kept.saved_at + timedelta(days=3)
        assert real(service).expires_at is None


def test_a_sandbox_connection_that_expired_is_not_there_and_is_purged(
    service: Service, later: Callable[[timedelta], None]
) -> None:
    gone = sandbox(service, 1)
    kept = real(service, 2)
    later(timedelta(days=service.settings.draft_days))
    assert [found.id for found in service.connections.all(Actor(TENANT))] == [kept.id]
    with pytest.raises(ConnectionNotFound):
        service.connections.one(Actor(TENANT), gone.id)
    assert not service.connections.delete(Actor(TENANT), gone.id)
    service.drafts.purge()
    with service.transactions.reading() as session:
        assert session.get(Connection, gone.id) is None
        assert session.get(Connection, kept.id) is not None


def test_the_start_purges_sandbox_connections_that_expired(tmp_path: Path) -> None:
    with running(tmp_path) as service:
        gone = sandbox(service)
        with service.transactions.writing() as session:
            session.get_one(Connection, gone.id).expires_at = now() - timedelta(seconds=1)
    with running(tmp_path) as service, service.transactions.reading() as session:
        assert session.get(Connection, gone.id) is None


def test_an_expired_one_does_not_stand_in_the_way_of_the_same_account(
    service: Service, later: Callable[[timedelta], None]
) -> None:
    first = sandbox(service)
    later(timedelta(days=service.settings.draft_days))
    again = ready_to_save(service, TENANT)
    assert existing_connection(service, again) is None
    second = sandbox(service)
    assert second.id != first.id
    assert [found.id for found in service.connections.all(Actor(TENANT))] == [second.id]


def test_saving_it_again_keeps_it_for_another_period(service: Service) -> None:
    first = sandbox(service)
    Tab(service, TENANT).start_demo(SYSTEM.code, WORKS)
    declared(service, TENANT, all_passed(SYSTEM.code, replace(ACCOUNT, id="0")))
    again = save(service, TENANT, FORM, update=first.id)
    assert again.id == first.id
    assert again.expires_at is not None
    assert first.expires_at is not None
    assert again.expires_at > first.expires_at


def test_the_oldest_sandbox_connection_makes_way_and_no_real_one_does(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saving_module, "MOST_SANDBOX_CONNECTIONS", 2)
    real(service, 1)
    for number in (2, 3, 4):
        sandbox(service, number)
    assert names(service) == ["4", "3", "1"]


def test_one_tenants_sandbox_takes_nothing_from_another(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving_module, "MOST_SANDBOX_CONNECTIONS", 1)
    sandbox(service, 1, ANOTHER)
    sandbox(service, 2)
    sandbox(service, 3)
    assert (names(service, ANOTHER), names(service)) == (["1"], ["3"])


def test_an_update_needs_no_room(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving_module, "MOST_SANDBOX_CONNECTIONS", 2)
    first = sandbox(service, 1)
    sandbox(service, 2)
    Tab(service, TENANT).start_demo(SYSTEM.code, WORKS)
    declared(service, TENANT, all_passed(SYSTEM.code, replace(ACCOUNT, id="1")))
    save(service, TENANT, replace(FORM, name="1 again"), update=first.id)
    assert sorted(names(service)) == ["1 again", "2"]


def test_an_owner_with_as_many_real_connections_as_are_kept_is_refused_and_keeps_the_draft(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saving_module, "MOST_CONNECTIONS", 2)
    real(service, 1)
    second = real(service, 2)
    with pytest.raises(TooManyConnections):
        real(service, 3)
    assert draft_of(service, TENANT).report is not None
    assert sorted(names(service)) == ["1", "2"]
    sandbox(service, 4)
    service.connections.delete(Actor(TENANT), second.id)
    real(service, 5)
    assert sorted(names(service)) == ["1", "4", "5"]
