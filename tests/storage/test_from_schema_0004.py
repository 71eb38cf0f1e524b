"""A database and its ring as the program of schema 0004 wrote them: saved connections did not say when tokens end.

The rows are in `fixtures/schema_0004.sql`; whose they are stands below.
"""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.walks import running
from tests.wizard.approving import SYSTEM as OAUTH_SYSTEM
from tests.wizard.approving import Messages
from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.findings import Report
from xtnd_wizard.domain.subjects import ConnectionRef
from xtnd_wizard.service import Service
from xtnd_wizard.storage.integrity import fits
from xtnd_wizard.storage.models import ALTERED, VERIFIED, Connection
from xtnd_wizard.wizard.verification import Progress

FIXTURES = Path(__file__).parent / "fixtures"
APPROVED, OTHER_SYSTEM, EDITED = (digit * 64 for digit in "123")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with closing(sqlite3.connect(tmp_path / "wizard.db")) as database, database:
        database.executescript((FIXTURES / "schema_0004.sql").read_text("utf-8"))
    (tmp_path / "wizard.keys").write_text((FIXTURES / "schema_0004_test_only_keys.json").read_text("utf-8"))
    (tmp_path / "wizard.keys").chmod(0o600)
    return tmp_path


@pytest.fixture
def service(folder: Path) -> Iterator[Service]:
    with running(folder) as started:
        yield started


def connection_of(service: Service, tenant: str) -> Connection:
    (found,) = service.connections.all(Actor(tenant))
    return found


def verified(service: Service, tenant: str) -> Report:
    """The report on the tenant's saved connection, verified without a screen."""
    ref = ConnectionRef(connection_of(service, tenant).id)

    async def verify() -> list[Progress]:
        return [event async for event in service.verification.verify(Actor(tenant), ref)]

    report = asyncio.run(verify())[-1]
    assert isinstance(report, Report)
    return report


def test_a_connection_that_an_approval_made_is_renewed_at_first_use_and_verified(service: Service) -> None:
    before, messages = connection_of(service, APPROVED), Messages(service)
    assert (before.system, before.status) == (OAUTH_SYSTEM.code, VERIFIED)
    assert service.credentials.opens(before)
    assert verified(service, APPROVED).passed
    assert verified(service, APPROVED).passed
    assert messages.grants == ["refresh_token"]
    assert connection_of(service, APPROVED).verified_at > before.verified_at


def test_a_connection_of_a_system_without_approvals_has_no_tokens_that_end(service: Service) -> None:
    connection = connection_of(service, OTHER_SYSTEM)
    assert (connection.status, connection.tokens_expire_at) == (VERIFIED, None)
    assert verified(service, OTHER_SYSTEM).passed


def test_a_row_that_was_edited_before_stays_distrusted(folder: Path) -> None:
    for _ in range(2):
        with running(folder) as service:
            connection = connection_of(service, EDITED)
            assert (connection.status, connection.report, connection.tokens_expire_at) == (ALTERED, {}, None)
            assert not fits(connection, service.vault)
            assert fits(connection_of(service, APPROVED), service.vault)


@pytest.mark.parametrize("column", ["tokens_expire_at", "lease_id", "lease_until"])
def test_what_a_connection_says_of_its_tokens_is_judged_like_all_it_says(folder: Path, column: str) -> None:
    with running(folder):
        pass
    with closing(sqlite3.connect(folder / "wizard.db")) as database, database:
        database.execute(f"UPDATE connection SET {column} = '2099-01-01 00:00:00' WHERE owner = ?", (APPROVED,))
    with running(folder) as service:
        connection = connection_of(service, APPROVED)
        read = (connection.status, connection.tokens_expire_at, connection.lease_id, connection.lease_until)
        assert read == (ALTERED, None, "", None)
