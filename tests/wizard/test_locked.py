"""A database that is locked for longer than we wait: one family of errors, nothing half-written, and a second try."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.walks import (
    MARKER_KEY,
    MARKER_PASSWORD,
    OTHER_HOST,
    SYSTEM,
    WORKS,
    Tab,
    all_passed,
    draft_of,
    ready_to_save,
    recorded,
    running,
    save,
)
from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.errors import StorageFailed
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.service import Service
from xtnd_wizard.storage import engine as engine_module
from xtnd_wizard.systems.oauth import TokenGrant
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
        Tab(started, TENANT).choose(SYSTEM.code, OTHER_HOST, MINE)
        Tab(started, TENANT).enter({**WORKS.values, "api_url": OTHER_HOST}, MINE)
        Tab(started, TENANT).choose(SYSTEM.code, WORKS.values["api_url"], MINE)
        yield started


USES: dict[str, Callable[[Service], object]] = {
    "choose": lambda service: Tab(service, TENANT).choose(SYSTEM.code, OTHER_HOST, MINE),
    "enter": lambda service: Tab(service, TENANT).enter(TYPED, MINE),
    "keep for host": lambda service: Tab(service, TENANT).keep(WORKS.values["api_url"], MINE),
    "drop what was set aside": lambda service: Tab(service, TENANT).drop(),
    "store_tokens": lambda service: service.drafts.store_tokens(
        Actor(TENANT),
        draft_of(service, TENANT).id,
        WORKS.values["api_url"],
        TokenGrant({"secret": Secret(MARKER_KEY)}, 0),
    ),
    "record": lambda service: recorded(service, draft_of(service, TENANT), all_passed(SYSTEM.code)),
    "start_demo": lambda service: Tab(service, TENANT).start_demo(SYSTEM.code, WORKS, MINE),
    "set_step": lambda service: Tab(service, TENANT).set_step(Step.OBTAIN),
    "discard": lambda service: Tab(service, TENANT).discard(),
    "purge": lambda service: service.drafts.purge(),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES.keys())
def test_a_locked_database_takes_nothing_by_halves_and_the_second_try_succeeds(
    service: Service, tmp_path: Path, use: Callable[[Service], object]
) -> None:
    before = draft_of(service, TENANT)
    with locked(tmp_path):
        with pytest.raises(StorageFailed) as raised:
            use(service)
        assert draft_of(service, TENANT).model_dump() == before.model_dump(), "it can be read meanwhile"
    assert not any(text in repr(raised.value) for text in (MARKER_KEY, MARKER_PASSWORD, TENANT))
    use(service)


def test_values_that_could_not_be_marked_as_shown_are_not_shown(service: Service, tmp_path: Path) -> None:
    ready_to_save(service, TENANT)
    connection = save(service, TENANT)
    with locked(tmp_path), pytest.raises(StorageFailed):
        service.handover.show_once(Actor(TENANT), connection.id)
    assert service.handover.show_once(Actor(TENANT), connection.id) is not None
