"""The schema: the same by migrations as by the models, and never newer than the program."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text
from sqlmodel import Session, SQLModel, select

from tests.walks import running
from xtnd_wizard.storage import models
from xtnd_wizard.storage import schema as schema_module
from xtnd_wizard.storage.engine import DatabaseError, open_engine
from xtnd_wizard.storage.schema import REVISIONS, migrate, revision_of

ROOT = Path(__file__).parents[2]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_engine(f"sqlite:///{tmp_path / 'wizard.db'}")
    yield opened
    opened.dispose()


def migrated(engine: Engine) -> str | None:
    """Bring the database up to date; the revision that was there before."""
    with engine.begin() as connection:
        return migrate(connection)


def revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return revision_of(connection)


def test_migrations_from_nothing_make_the_schema_of_the_models(engine: Engine) -> None:
    migrated(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_every_index_and_constraint_of_the_models_is_in_the_database(engine: Engine) -> None:
    migrated(engine)
    found = inspect(engine)
    for table in models.Draft.metadata.tables.values():
        names = {index["name"] for index in found.get_indexes(table.name)}
        assert {index.name for index in table.indexes} == names
    assert [unique["name"] for unique in found.get_unique_constraints("connection")] == ["uq_connection_account"]


def test_the_newest_file_is_the_head_of_the_migrations() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(schema_module.__file__).parent / "migrations"))
    script = ScriptDirectory.from_config(config)
    assert script.get_heads() == [REVISIONS[-1]]
    assert [found.revision for found in script.walk_revisions()] == list(REVISIONS[::-1])


def test_a_new_database_is_brought_to_the_newest_revision(engine: Engine) -> None:
    migrated(engine)
    assert revision(engine) == REVISIONS[-1]


def test_migrating_again_changes_nothing(engine: Engine) -> None:
    migrated(engine)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO canary VALUES ('k', 't')"))
    migrated(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT key_id FROM canary")).all() == [("k",)]


def test_a_schema_from_the_future_is_refused_and_left_alone(engine: Engine) -> None:
    migrated(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseError, match=r"9999.*newer"):
        migrated(engine)
    assert revision(engine) == "9999"


def test_a_database_that_is_current_does_not_load_the_migration_tool(engine: Engine, tmp_path: Path) -> None:
    migrated(engine)
    program = (
        "import sys\n"
        "from xtnd_wizard.storage.engine import open_engine\n"
        "from xtnd_wizard.storage.schema import migrate\n"
        f"with open_engine({str(engine.url)!r}).begin() as connection:\n"
        "    migrate(connection)\n"
        "print('alembic' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


def test_a_file_that_is_no_database_is_said_in_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "wizard.db"
    file.write_bytes(b"This is a letter to my grandmother, and not a database. " * 40)
    with pytest.raises(DatabaseError, match="XTND_DATABASE_URL"), running(tmp_path):
        pass
    assert file.read_bytes().startswith(b"This is a letter")


def test_rows_of_the_first_revision_are_there_after_the_upgrade(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(schema_module.__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(
            text(
                'INSERT INTO draft (id, owner, system, step, "values", sealed, tails, notes, refusals, updated_at,'
                " expires_at) VALUES ('d', 'o', 's', 'enter', '{}', '{}', '{}', '{}', '{}', :then, :then)"
            ),
            {"then": datetime(2026, 1, 1, tzinfo=UTC)},
        )
    migrated(engine)
    assert revision(engine) == REVISIONS[-1]
    with Session(engine) as session:
        draft = session.exec(select(models.Draft)).one()
    assert (draft.id, draft.tokens_expire_at, draft.lease_id, draft.lease_until) == ("d", None, "", None)
