"""A database that is locked for longer than we wait: one family of errors, nothing half-written, and a second try."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError

from tests.walks import (
    MARKER_KEY,
    MARKER_PASSWORD,
    OTHER_HOST,
    SYSTEM,
    WORKS,
    all_passed,
    draft_of,
    ready_to_save,
    running,
    save,
)
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.service import Service
from xtnd_wizard.storage import engine as engine_module
from xtnd_wizard.wizard.entering import NotStored
from xtnd_wizard.wizard.handover import show_once
from xtnd_wizard.wizard.steps import Step

TENANT, MINE = "a" * 64, "this sitting"
TYPED = {"access_token": MARKER_KEY, "secret": MARKER_PASSWORD}


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    with closing(sqlite3.connect(folder / "wizard.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setattr(engine_module, "_BUSY_MILLISECONDS", 20)
    with running(tmp_path) as started:
        started.drafts.choose(TENANT, SYSTEM.code, OTHER_HOST, MINE)
        started.drafts.enter(TENANT, {**WORKS.values, "api_url": OTHER_HOST}, MINE)
        started.drafts.choose(TENANT, SYSTEM.code, WORKS.values["api_url"], MINE)
        yield started


USES: dict[str, Callable[[Service], object]] = {
    "choose": lambda service: service.drafts.choose(TENANT, SYSTEM.code, OTHER_HOST, MINE),
    "enter": lambda service: service.drafts.enter(TENANT, TYPED, MINE),
    "keep for host": lambda service: service.drafts.keep_for_host(TENANT, WORKS.values["api_url"], MINE),
    "drop what was set aside": lambda service: service.drafts.drop_set_aside(TENANT),
    "store_tokens": lambda service: service.drafts.store_tokens(
        draft_of(service, TENANT), {"secret": Secret(MARKER_KEY)}, {}
    ),
    "record": lambda service: service.drafts.record(draft_of(service, TENANT), all_passed(SYSTEM.code)),
    "start_demo": lambda service: service.drafts.start_demo(TENANT, SYSTEM.code, WORKS, MINE),
    "set_step": lambda service: service.drafts.set_step(TENANT, Step.OBTAIN),
    "discard": lambda service: service.drafts.discard(TENANT),
    "purge": lambda service: service.drafts.purge(),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES.keys())
def test_a_locked_database_takes_nothing_by_halves_and_the_second_try_succeeds(
    service: Service, tmp_path: Path, use: Callable[[Service], object]
) -> None:
    before = draft_of(service, TENANT)
    with locked(tmp_path):
        with pytest.raises((SQLAlchemyError, NotStored)) as raised:
            use(service)
        assert draft_of(service, TENANT).model_dump() == before.model_dump(), "it can be read meanwhile"
    assert not any(text in repr(raised.value) for text in (MARKER_KEY, MARKER_PASSWORD, TENANT))
    use(service)


def test_values_that_could_not_be_marked_as_shown_are_not_shown(service: Service, tmp_path: Path) -> None:
    ready_to_save(service, TENANT)
    connection = save(service, TENANT)
    with locked(tmp_path), pytest.raises(SQLAlchemyError):
        show_once(service.drafts, TENANT, connection.id)
    assert show_once(service.drafts, TENANT, connection.id) is not None
