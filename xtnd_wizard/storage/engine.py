"""The database engine, and short transactions on it."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlmodel import Session

from xtnd_wizard.vault.private_files import make_private_file, make_private_folder, take_from_others

_log = logging.getLogger("xtnd_wizard")
_BUSY_MILLISECONDS = 5000
_LOOK_AGAIN_SECONDS = 0.02


class DatabaseError(Exception):
    """The database can't be used. The text is one clear sentence for the operator."""


def open_engine(url: str) -> Engine:
    """An engine for any SQLAlchemy URL; parameters of statements stay out of errors.

    Raises DatabaseError where the URL or its driver is unusable.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:"):
            raise DatabaseError("XTND_DATABASE_URL must name a file: sqlite:///data/xtnd-wizard.db.")
        engine = create_engine(parsed, hide_parameters=True, pool_pre_ping=parsed.get_backend_name() != "sqlite")
        if engine.dialect.name == "sqlite" and not str(parsed.database).startswith("file:"):
            _make_private(Path(str(parsed.database)))  # a "file:" address is for who makes the file first
    except (ArgumentError, NoSuchModuleError, ImportError, OSError, ValueError) as error:
        raise DatabaseError(f"XTND_DATABASE_URL can't be used: {type(error).__name__}.") from None
    if engine.dialect.name == "sqlite":
        _serialise_writers(engine)
    return engine


def _make_private(database: Path) -> None:
    """Make the file before SQLite does, which gives its log and its index the mode of the database."""
    make_private_folder(database.parent)
    make_private_file(database)
    for file in (database, *(database.with_name(f"{database.name}{end}") for end in ("-wal", "-shm"))):
        try:
            take_from_others(file)
        except OSError as error:
            _log.warning("Other users of this machine can reach %s, and that can't be changed: %s", file, error)


def _serialise_writers(engine: Engine) -> None:
    """Let one writer in at a time, from its first statement on; otherwise concurrent updates are lost."""

    @event.listens_for(engine, "connect")
    def connect(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}")
        _write_ahead(connection)
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA secure_delete=ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        reading = connection.get_execution_options().get("reading")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _write_ahead(connection: Any) -> None:
    """Switch to write-ahead logging. SQLite refuses at once where two processes do so at the same moment."""
    patience = monotonic() + _BUSY_MILLISECONDS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > patience:
                raise
            sleep(_LOOK_AGAIN_SECONDS)


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """One short transaction that writes. Never held open during HTTP."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """One short transaction that only reads."""
    with Session(engine.execution_options(reading=True), expire_on_commit=False) as session:
        yield session
