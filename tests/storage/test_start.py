"""Database and key ring have to fit each other before the first visitor is let in."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlmodel import select

from tests.walks import SYSTEM, WORKS, Tab, credentials_of, ready_to_save, running, save
from xtnd_wizard import settings as settings_module
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.service import Service
from xtnd_wizard.storage import start as start_module
from xtnd_wizard.storage.engine import reading, writing
from xtnd_wizard.storage.models import Canary, Connection, Draft, now
from xtnd_wizard.vault import KeyRing, VaultError, make_key_ring, read_key_ring

TENANT = "a" * 64


def draft_in(service: Service) -> None:
    Tab(service, TENANT).choose(SYSTEM.code, WORKS.values["api_url"])


def draft_with_values_in(service: Service) -> None:
    draft_in(service)
    Tab(service, TENANT).enter({name: WORKS.values[name] for name in SYSTEM.sealed_fields_of("")})
    with writing(service.engine) as session:
        session.execute(update(Draft).values(digest=""))


def connection_in(service: Service) -> None:
    ready_to_save(service, TENANT)
    save(service, TENANT)
    Tab(service, TENANT).discard()


def nothing_in(service: Service) -> None:
    """Only what the first start itself wrote."""


def canaries(service: Service) -> set[str]:
    with reading(service.engine) as session:
        return set(session.exec(select(Canary.key_id)))


def forget_canaries(service: Service) -> None:
    with writing(service.engine) as session:
        for canary in session.exec(select(Canary)):
            session.delete(canary)


@pytest.mark.parametrize("from_nothing", [True, False])
def test_a_first_start_makes_a_key_ring_that_only_its_owner_can_read(tmp_path: Path, from_nothing: bool) -> None:
    with running(tmp_path, from_nothing=from_nothing) as service:
        file = tmp_path / "wizard.keys"
        assert file.stat().st_mode & 0o777 == 0o600
        assert read_key_ring(file) == service.vault.ring
        assert canaries(service) == {service.vault.ring.current}


def test_a_second_start_uses_the_same_ring(tmp_path: Path) -> None:
    with running(tmp_path) as service:
        ring = service.vault.ring
    with running(tmp_path) as service:
        assert service.vault.ring == ring
        assert canaries(service) == {ring.current}


@pytest.mark.parametrize("filled", [nothing_in, draft_in, connection_in])
def test_beside_a_database_in_use_a_missing_ring_is_never_made_anew(
    tmp_path: Path, filled: Callable[[Service], None]
) -> None:
    with running(tmp_path) as service:
        filled(service)
    (tmp_path / "wizard.keys").unlink()
    with pytest.raises(VaultError, match="missing"), running(tmp_path):
        pass
    assert not (tmp_path / "wizard.keys").exists()


@pytest.mark.parametrize("filled", [draft_in, connection_in])
def test_sealed_rows_without_a_canary_forbid_a_new_ring_too(tmp_path: Path, filled: Callable[[Service], None]) -> None:
    with running(tmp_path) as service:
        filled(service)
        forget_canaries(service)
    (tmp_path / "wizard.keys").unlink()
    with pytest.raises(VaultError, match="missing"), running(tmp_path):
        pass
    assert not (tmp_path / "wizard.keys").exists()


@pytest.mark.parametrize("filled", [draft_in, draft_with_values_in, connection_in])
def test_sealed_rows_without_a_canary_refuse_a_foreign_ring_and_know_their_own(
    tmp_path: Path, filled: Callable[[Service], None]
) -> None:
    with running(tmp_path) as service:
        filled(service)
        forget_canaries(service)
        mine = service.vault.ring
    (tmp_path / "wizard.keys").write_text(KeyRing.new().to_json())
    with pytest.raises(VaultError, match="belongs to another database"), running(tmp_path):
        pass
    (tmp_path / "wizard.keys").write_text(mine.to_json())
    with running(tmp_path) as service:
        assert service.vault.ring == mine
        assert canaries(service) == {mine.current}


def test_one_row_that_was_spoiled_does_not_make_the_ring_a_foreign_one(tmp_path: Path) -> None:
    with running(tmp_path) as service:
        draft_with_values_in(service)
        connection_in(service)
        forget_canaries(service)
        with writing(service.engine) as session:
            session.execute(update(Connection).values(sealed={"secret": "v1.spoiled"}, digest=""))
        draft_with_values_in(service)
    with running(tmp_path) as service:
        assert canaries(service) == {service.vault.ring.current}


def test_the_ring_of_another_database_is_refused_and_nothing_is_changed(tmp_path: Path) -> None:
    with running(tmp_path) as service:
        draft_in(service)
        known = canaries(service)
    mine = (tmp_path / "wizard.keys").read_text()
    (tmp_path / "wizard.keys").write_text(KeyRing.new().to_json())
    with pytest.raises(VaultError, match="belongs to another database"), running(tmp_path):
        pass
    (tmp_path / "wizard.keys").write_text(mine)
    with running(tmp_path) as service:
        assert canaries(service) == known


def test_another_key_under_the_same_name_is_refused(tmp_path: Path) -> None:
    with running(tmp_path) as service:
        ring = service.vault.ring
    impostor = KeyRing(ring.current, {ring.current: b"\x07" * 32})
    (tmp_path / "wizard.keys").write_text(impostor.to_json())
    with pytest.raises(VaultError, match="belongs to another database"), running(tmp_path):
        pass


def test_a_ring_with_a_further_current_key_is_accepted_and_both_keys_open(tmp_path: Path) -> None:
    with running(tmp_path) as service:
        old = service.vault.ring
        ready_to_save(service, TENANT)
    new = KeyRing.new()
    (tmp_path / "wizard.keys").write_text(KeyRing(new.current, {**old.keys, **new.keys}).to_json())
    with running(tmp_path) as service:
        assert canaries(service) == {old.current, new.current}
        draft = Tab(service, TENANT).draft
        assert draft is not None
        assert credentials_of(service, draft).secret("access_token") == Secret(WORKS.values["access_token"])


def test_the_canary_of_a_current_key_that_does_not_open_is_not_covered_up(tmp_path: Path) -> None:
    with running(tmp_path) as service:
        old = service.vault.ring
    new = KeyRing.new()
    both = KeyRing(new.current, {**old.keys, **new.keys})
    (tmp_path / "wizard.keys").write_text(both.to_json())
    with running(tmp_path):
        pass
    spoiled = KeyRing(new.current, {**old.keys, new.current: b"\x07" * 32})
    (tmp_path / "wizard.keys").write_text(spoiled.to_json())
    with pytest.raises(VaultError), running(tmp_path):
        pass


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_ring_that_others_can_read_is_refused_with_the_cure(tmp_path: Path, mode: int) -> None:
    with running(tmp_path):
        pass
    (tmp_path / "wizard.keys").chmod(mode)
    with pytest.raises(VaultError, match="chmod 600"), running(tmp_path):
        pass


def test_a_damaged_ring_is_refused_and_not_replaced(tmp_path: Path) -> None:
    with running(tmp_path):
        pass
    (tmp_path / "wizard.keys").write_text("{")
    with pytest.raises(VaultError), running(tmp_path):
        pass
    assert (tmp_path / "wizard.keys").read_text() == "{"


def test_a_ring_from_the_environment_wins_over_the_file_and_makes_none(tmp_path: Path) -> None:
    ring = KeyRing.new()
    config = settings_module.read({"XTND_KEY_RING": ring.to_json()})
    with running(tmp_path, key_ring=config.key_ring) as service:
        assert service.vault.ring == ring
    assert not (tmp_path / "wizard.keys").exists()


def test_a_foreign_ring_from_the_environment_is_refused_by_its_name(tmp_path: Path) -> None:
    with running(tmp_path):
        pass
    with (
        pytest.raises(VaultError, match="XTND_KEY_RING") as raised,
        running(tmp_path, key_ring=KeyRing.new().to_json()),
    ):
        pass
    assert os.linesep not in str(raised.value)


def test_a_ring_that_can_not_be_written_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(VaultError), running(tmp_path, key_ring_file=tmp_path / "file" / "wizard.keys"):
        pass


def test_drafts_that_expired_are_deleted_at_the_start_and_live_ones_are_not(tmp_path: Path) -> None:
    with running(tmp_path) as service, writing(service.engine) as session:
        session.add(Draft(tenant="long ago", expires_at=now() - timedelta(seconds=1)))
        session.add(Draft(tenant="today", expires_at=now() + timedelta(days=1)))
    with running(tmp_path) as service, reading(service.engine) as session:
        assert [draft.tenant for draft in session.exec(select(Draft))] == ["today"]


def test_a_ring_that_another_process_made_a_moment_before_is_shared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make_key_ring

    def overtaken(file: Path) -> KeyRing:
        first(file)
        return first(file)

    monkeypatch.setattr(start_module, "make_key_ring", overtaken)
    with running(tmp_path) as service:
        assert read_key_ring(tmp_path / "wizard.keys") == service.vault.ring


def test_a_ring_is_looked_for_once_more_where_another_process_has_written_rows_by_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(tmp_path) as service:
        ring = service.vault.ring
    looks: list[Callable[[Path], KeyRing | None]] = [lambda file: None, read_key_ring]

    def look_again(file: Path) -> KeyRing | None:
        return looks.pop(0)(file)

    monkeypatch.setattr(start_module, "read_key_ring", look_again)
    with running(tmp_path) as service:
        assert service.vault.ring == ring


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o277])
def test_whatever_the_umask_what_a_first_start_makes_is_its_owners_alone(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        with running(tmp_path / "one" / "two", from_nothing=True) as service:
            draft_in(service)
            made = {found.name: found.stat().st_mode & 0o777 for found in tmp_path.rglob("*")}
    finally:
        os.umask(before)
    folders = {"one": 0o700, "two": 0o700}
    files = ("wizard.db", "wizard.db-wal", "wizard.db-shm", "wizard.keys")
    assert made == {**folders, **dict.fromkeys(files, 0o600)}


def test_a_database_that_others_could_read_is_taken_from_them_and_its_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir(mode=0o755)
    with running(tmp_path / "shared") as service:
        draft_in(service)
    for file in (tmp_path / "shared").glob("wizard.db*"):
        file.chmod(0o644)
    with running(tmp_path / "shared") as service:
        draft_in(service)
        modes = {found.stat().st_mode & 0o777 for found in (tmp_path / "shared").glob("wizard.db*")}
    assert modes == {0o600}
    assert (tmp_path / "shared").stat().st_mode & 0o777 == 0o755
