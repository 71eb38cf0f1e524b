"""The engine: unusable addresses are said in one sentence, and no writer loses an update."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from tests.walks import MARKER_KEY, running
from xtnd_wizard.storage import engine as engine_module
from xtnd_wizard.storage.engine import DatabaseError, open_engine, reading, writing
from xtnd_wizard.storage.models import Canary, Draft, now
from xtnd_wizard.storage.schema import migrate


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_engine(f"sqlite:///{tmp_path / 'folder' / 'wizard.db'}")
    with opened.begin() as connection:
        migrate(connection)
    yield opened
    opened.dispose()


def draft(expires_at: datetime | None = None) -> Draft:
    return Draft(tenant="somebody", expires_at=expires_at or now())


@pytest.mark.parametrize(
    "url",
    ["", "nonsense", "://", "oracle://x/y", "nosuch://x", "sqlite+nosuch:///x.db", "postgresql://u:p@db:abc/x"],
)
def test_an_address_that_makes_no_sense_is_refused_in_one_sentence_and_leaves_nothing_behind(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DatabaseError) as raised:
        open_engine(url)
    assert list(tmp_path.iterdir()) == []
    assert "XTND_DATABASE_URL" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_the_password_in_an_address_is_not_repeated() -> None:
    with pytest.raises(DatabaseError) as raised:
        open_engine(f"nosuch://user:{MARKER_KEY}@host/x")
    assert MARKER_KEY not in repr(raised.value)
    assert raised.value.__suppress_context__


def test_a_folder_that_can_not_be_made_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DatabaseError):
        open_engine(f"sqlite:///{tmp_path / 'file' / 'wizard.db'}")


def test_a_database_that_can_not_be_opened_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with (
        pytest.raises(DatabaseError, match="OperationalError"),
        running(tmp_path, database_url=f"sqlite:///{tmp_path}"),
    ):
        pass


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("busy_timeout", 5000), ("foreign_keys", 1), ("secure_delete", 1), ("synchronous", 1)],
)
def test_every_connection_is_set_up_for_several_writers(engine: Engine, pragma: str, value: object) -> None:
    with engine.connect() as one, engine.connect().execution_options(reading=True):
        assert one.execute(text(f"PRAGMA {pragma}")).scalar() == value


def test_writers_that_read_before_they_write_lose_no_update(engine: Engine) -> None:
    with writing(engine) as session:
        session.add(Canary(key_id="count", token="0"))

    def add_ten(_: int) -> None:
        for _ in range(10):
            with writing(engine) as session:
                row = session.get(Canary, "count")
                assert row is not None
                row.token = str(int(row.token) + 1)

    with ThreadPoolExecutor(8) as writers:
        list(writers.map(add_ten, range(8)))
    with reading(engine) as session:
        row = session.get(Canary, "count")
        assert row is not None
        assert row.token == "80"


def test_a_reader_does_not_wait_for_a_writer(engine: Engine) -> None:
    with writing(engine) as session:
        session.add(Canary(key_id="k", token="unseen"))
        session.flush()
        with reading(engine) as other:
            assert other.get(Canary, "k") is None


def test_a_transaction_that_fails_leaves_nothing(engine: Engine) -> None:
    def fail() -> None:
        with writing(engine) as session:
            session.add(Canary(key_id="k", token="t"))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with reading(engine) as session:
        assert session.get(Canary, "k") is None


def test_an_error_of_the_database_does_not_print_what_was_to_be_written(engine: Engine) -> None:
    with writing(engine) as session:
        session.add(Canary(key_id=MARKER_KEY, token=MARKER_KEY))
    with pytest.raises(IntegrityError) as raised, writing(engine) as session:
        session.add(Canary(key_id=MARKER_KEY, token=MARKER_KEY))
    assert MARKER_KEY not in str(raised.value)


def test_a_moment_comes_back_as_it_was_in_utc(engine: Engine) -> None:
    abroad = datetime(2026, 3, 29, 2, 30, tzinfo=timezone(timedelta(hours=-7)))
    row = draft(expires_at=abroad)
    with writing(engine) as session:
        session.add(row)
    with reading(engine) as session:
        found = session.get(Draft, row.id)
        assert found is not None
        assert found.expires_at == abroad
        assert found.expires_at.tzinfo is UTC


class Switching:
    """A connection whose switch to write-ahead logging is refused a number of times, as SQLite does to one of two."""

    def __init__(self, refusals: int, code: int = sqlite3.SQLITE_BUSY) -> None:
        self.refusals, self.code = refusals, code

    def execute(self, statement: str) -> None:
        assert statement == "PRAGMA journal_mode=WAL"
        if self.refusals:
            self.refusals -= 1
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorcode = self.code
            raise error


def test_a_switch_of_the_log_that_another_process_makes_too_is_tried_again() -> None:
    engine_module._write_ahead(Switching(3))


@pytest.mark.parametrize(("refusals", "code"), [(10**9, sqlite3.SQLITE_BUSY), (1, sqlite3.SQLITE_READONLY)])
def test_a_switch_of_the_log_is_not_tried_for_ever_nor_where_it_is_not_locked(
    monkeypatch: pytest.MonkeyPatch, refusals: int, code: int
) -> None:
    monkeypatch.setattr(engine_module, "_BUSY_MILLISECONDS", 50)
    connection = Switching(refusals, code)
    with pytest.raises(sqlite3.OperationalError):
        engine_module._write_ahead(connection)
    assert connection.refusals > 0 or code != sqlite3.SQLITE_BUSY
