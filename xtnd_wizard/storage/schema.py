"""Brings the database's schema up to date at start.

Alembic is imported only when there is something to migrate: the revision in the database is compared
with the newest file name first.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from xtnd_wizard.storage.engine import DatabaseError

_MIGRATIONS = Path(__file__).parent / "migrations"
REVISIONS = tuple(sorted(file.name[:4] for file in (_MIGRATIONS / "versions").glob("[0-9]*.py")))


def revision_of(connection: Connection) -> str | None:
    """The schema's revision; None for a database that has none yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def migrate(connection: Connection) -> str | None:
    """Bring the schema up to date within the connection's transaction; the revision that was there before.

    Raises DatabaseError where it was written by a newer version.
    """
    found = revision_of(connection)
    if found == REVISIONS[-1]:
        return found
    if found is not None and found not in REVISIONS:
        raise DatabaseError(
            f"The database has schema {found}, which is newer than this program knows; "
            "start the newer version of the program, or restore the database from before its upgrade."
        )
    _upgrade(connection)
    return found


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
