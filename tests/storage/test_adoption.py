"""A database that the version before rows had digests wrote: each draft and connection opens and is believed."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlmodel import select

from tests.walks import FORM, SYSTEM, WORKS, Tab, credentials_of, declared, draft_of, ready_to_save, running, save
from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.service import Service
from xtnd_wizard.storage import queries
from xtnd_wizard.storage import schema as schema_module
from xtnd_wizard.storage.engine import open_engine
from xtnd_wizard.storage.integrity import fits
from xtnd_wizard.storage.models import ALTERED, VERIFIED, ApprovalState, now
from xtnd_wizard.vault import KeyRing, VaultError
from xtnd_wizard.wizard.steps import report_of

VERIFIED_ONE, REFUSED_ONE, CONNECTED_ONE, SAVED_ONE = (letter * 64 for letter in "abcd")
REAL_HOST = "shop.nowhere.se"
SECRETS = {name: WORKS.values[name] for name in SYSTEM.sealed_fields_of("")}
AT_0002 = {
    "draft": 'id, owner, system, step, "values", sealed, tails, notes, refusals, report, connection_id,'
    " updated_at, expires_at",
    "connection": 'id, owner, system, name, api_url, account_id, account_name, sealed, tails, "values", order_start,'
    " warehouse, company_group, report, status, verified_at, saved_at, shown_at",
    "canary": "key_id, token",
}


def written_by_the_version_before(folder: Path, *, with_canaries: bool = True) -> None:
    """A draft that was verified, one whose host is refused, a real connection, and a sandbox one with its draft."""
    with running(folder) as service:
        ready_to_save(service, VERIFIED_ONE)
        Tab(service, REFUSED_ONE).choose(SYSTEM.code, REAL_HOST)
        Tab(service, REFUSED_ONE).enter(SECRETS)
        Tab(service, CONNECTED_ONE).choose(SYSTEM.code, REAL_HOST)
        Tab(service, CONNECTED_ONE).enter(SECRETS)
        declared(service, CONNECTED_ONE)
        save(service, CONNECTED_ONE)
        Tab(service, CONNECTED_ONE).discard()
        ready_to_save(service, SAVED_ONE)
        save(service, SAVED_ONE)
    (folder / "wizard.db").rename(folder / "newer.db")
    engine = open_engine(f"sqlite:///{folder / 'wizard.db'}")
    config = Config()
    config.set_main_option("script_location", str(Path(schema_module.__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
    engine.dispose()
    with closing(sqlite3.connect(folder / "wizard.db")) as database, database:
        database.execute("ATTACH ? AS newer", (str(folder / "newer.db"),))
        for table, columns in AT_0002.items():
            if with_canaries or table != "canary":
                database.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM newer.{table}")
        refused = """UPDATE draft SET "values" = '{"api_url": "me@"}', refusals = '{"api_url": "host_email"}'"""
        database.execute(f"{refused} WHERE owner = ?", (REFUSED_ONE,))


def sent(service: Service, tenant: str) -> dict[str, Secret | str]:
    values = credentials_of(service, draft_of(service, tenant)).values
    return {name: value for name, value in values.items() if isinstance(value, Secret)}


def test_every_draft_and_connection_opens_and_is_believed(tmp_path: Path) -> None:
    written_by_the_version_before(tmp_path)
    with running(tmp_path) as service:
        assert sent(service, VERIFIED_ONE) == {name: Secret(text) for name, text in SECRETS.items()}
        report = report_of(draft_of(service, VERIFIED_ONE))
        assert report is not None
        assert report.passed
        assert save(service, VERIFIED_ONE).status == VERIFIED
        for tenant in (CONNECTED_ONE, SAVED_ONE):
            (found,) = service.connections.all(Actor(tenant))
            assert (found.status, found.name) == (VERIFIED, FORM.name)
            assert service.handover.show_once(Actor(tenant), found.id) == SECRETS
        assert draft_of(service, SAVED_ONE).connection_id == found.id


def test_a_draft_with_a_refused_host_asks_for_its_values_again_at_the_most(tmp_path: Path) -> None:
    written_by_the_version_before(tmp_path)
    with running(tmp_path) as service:
        Tab(service, REFUSED_ONE).enter({**SECRETS, "api_url": REAL_HOST})
        assert sent(service, REFUSED_ONE) == {name: Secret(text) for name, text in SECRETS.items()}


def test_sandbox_connections_get_their_end_and_real_ones_none(tmp_path: Path) -> None:
    written_by_the_version_before(tmp_path)
    with running(tmp_path, draft_days=3) as service:
        (sandbox,) = service.connections.all(Actor(SAVED_ONE))
        (real,) = service.connections.all(Actor(CONNECTED_ONE))
        assert sandbox.expires_at is not None
        assert timedelta(days=2) < sandbox.expires_at - now() <= timedelta(days=3)
        assert real.expires_at is None


def test_what_a_draft_knew_of_its_approval_is_in_columns_and_rows(tmp_path: Path) -> None:
    written_by_the_version_before(tmp_path)
    soon, later = now() + timedelta(minutes=1), now() + timedelta(minutes=20)
    known = {
        "expires": later.isoformat(),
        "renewing": soon.isoformat(),
        "awaited": f"{'1' * 64}@{later.isoformat()} {'2' * 64}@{soon.isoformat()}",
        "used": f"{'3' * 64} {'4' * 64}",
    }
    with closing(sqlite3.connect(tmp_path / "wizard.db")) as database, database:
        database.execute("UPDATE draft SET consent = ? WHERE owner = ?", (json.dumps(known), VERIFIED_ONE))
    with running(tmp_path) as service:
        draft = draft_of(service, VERIFIED_ONE)
        assert (draft.tokens_expire_at, draft.lease_until) == (later, soon)
        assert draft.lease_id
        with service.transactions.reading() as session:
            awaited = queries.awaited_states(session, draft.id, now())
            assert [(row.id, row.expires_at) for row in awaited] == [("2" * 64, soon), ("1" * 64, later)]
            assert [row.id for row in queries.used_states(session, draft.id)] == ["3" * 64, "4" * 64]
            rows = session.exec(select(ApprovalState)).all()
        assert all(fits(row, service.vault) for row in rows)
        assert {(row.tenant, row.api_url) for row in rows} == {(VERIFIED_ONE, draft.values["api_url"])}


def test_only_the_start_that_ran_the_migration_believes_rows_without_a_digest(tmp_path: Path) -> None:
    written_by_the_version_before(tmp_path)
    with running(tmp_path):
        pass
    with closing(sqlite3.connect(tmp_path / "wizard.db")) as database, database:
        database.execute("UPDATE connection SET digest = ''")
    with running(tmp_path) as service:
        assert [found.status for found in service.connections.all(Actor(CONNECTED_ONE))] == [ALTERED]


def foreign_ring(folder: Path) -> None:
    (folder / "wizard.keys").write_text(KeyRing.new().to_json())


def no_ring(folder: Path) -> None:
    (folder / "wizard.keys").unlink()


@pytest.mark.parametrize("with_canaries", [True, False])
@pytest.mark.parametrize("trouble", [foreign_ring, no_ring])
def test_a_ring_that_does_not_fit_stops_the_upgrade_and_leaves_the_database_as_it_was(
    tmp_path: Path, trouble: Callable[[Path], None], with_canaries: bool
) -> None:
    written_by_the_version_before(tmp_path, with_canaries=with_canaries)
    mine = (tmp_path / "wizard.keys").read_text()
    trouble(tmp_path)
    with pytest.raises(VaultError), running(tmp_path):
        pass
    with closing(sqlite3.connect(tmp_path / "wizard.db")) as database:
        assert database.execute("SELECT version_num FROM alembic_version").fetchall() == [("0002",)]
    (tmp_path / "wizard.keys").write_text(mine)
    (tmp_path / "wizard.keys").chmod(0o600)
    with running(tmp_path) as service:
        assert [found.status for found in service.connections.all(Actor(CONNECTED_ONE))] == [VERIFIED]
