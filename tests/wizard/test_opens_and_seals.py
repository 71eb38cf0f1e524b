"""How often a sealed value is opened and sealed from paste to saved: each time it is in clear for a moment."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.walks import FORM, OTHER_HOST, SYSTEM, WORKS, Tab, draft_of, running, save, verified, watch
from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.findings import Report
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.domain.subjects import ConnectionRef
from xtnd_wizard.service import Service
from xtnd_wizard.systems.contract import API_URL
from xtnd_wizard.ui.verifications import watch_verification
from xtnd_wizard.vault import SealContext, Vault

TENANT, SITTING = "a" * 64, "this sitting"
HOST = WORKS.values[API_URL]
SEALED = sorted(SYSTEM.sealed_fields_of(""))
LEFT_EMPTY = {**dict.fromkeys(SEALED, ""), API_URL: HOST}


class CountingVault(Vault):
    """Counts by the field, or by the column, that a value is of."""

    counts: dict[str, Counter[str]]

    def open(self, token: str, context: SealContext) -> Secret:
        self.counts["open"][context.column] += 1
        return super().open(token, context)

    def seal(self, secret: Secret, context: SealContext) -> str:
        self.counts["seal"][context.column] += 1
        return super().seal(secret, context)


class Counted:
    """A service whose vault counts."""

    def __init__(self, service: Service) -> None:
        vault = CountingVault(service.vault.ring)
        vars(vault)["counts"] = {"open": Counter(), "seal": Counter()}
        self._counts = vault.counts
        self.service = Service(service.settings, service.engine, vault)
        self.tab = Tab(self.service, TENANT)

    def since(self) -> tuple[int, int]:
        """How often each sealed value was opened and sealed since this was asked last; the same for all of them."""
        opened, sealed = ({self._counts[kind][name] for name in SEALED} for kind in ("open", "seal"))
        for counter in self._counts.values():
            counter.clear()
        assert len(opened) == len(sealed) == 1, "every field is treated alike"
        return opened.pop(), sealed.pop()


@pytest.fixture
def counted(tmp_path: Path) -> Iterator[Counted]:
    assert len(SEALED) == 2
    with running(tmp_path) as service:
        yield Counted(service)


def test_from_paste_to_saved_a_value_is_opened_once_to_be_verified_and_once_to_be_saved(counted: Counted) -> None:
    counted.tab.choose(SYSTEM.code, HOST, SITTING)
    assert counted.since() == (0, 0)
    counted.tab.enter(WORKS.values, SITTING)
    assert counted.since() == (0, 1)
    with watch(counted.service, draft_of(counted.service, TENANT)) as viewer:
        *_, report = viewer.events()
    assert isinstance(report, Report)
    assert report.passed
    assert counted.since() == (1, 0)
    saved = save(counted.service, TENANT)
    assert counted.since() == (1, 1)
    with watch_verification(counted.service.verification, Actor(TENANT), ConnectionRef(saved.id)) as viewer:
        *_, report = viewer.events()
    assert isinstance(report, Report)
    assert report.passed
    assert counted.since() == (1, 0)
    assert counted.service.handover.show_once(Actor(TENANT), saved.id)
    assert counted.since() == (1, 0)


def test_a_form_that_was_sent_again_with_nothing_new_opens_nothing(counted: Counted) -> None:
    counted.tab.start_demo(SYSTEM.code, WORKS, SITTING)
    assert counted.since() == (0, 1)
    counted.tab.enter(LEFT_EMPTY, SITTING)
    assert counted.since() == (0, 0)


def test_the_same_values_typed_again_are_compared_and_not_sealed_again(counted: Counted) -> None:
    before = counted.tab.start_demo(SYSTEM.code, WORKS, SITTING)
    verified(counted.service, TENANT)
    counted.since()
    after = counted.tab.enter(WORKS.values, SITTING)
    assert counted.since() == (1, 0)
    assert after.sealed == before.sealed
    assert after.report is not None


def test_a_change_of_host_and_its_answer_open_a_value_once(counted: Counted) -> None:
    counted.tab.choose(SYSTEM.code, HOST, SITTING)
    counted.tab.enter(WORKS.values, SITTING)
    counted.since()
    counted.tab.choose(SYSTEM.code, OTHER_HOST, SITTING)
    assert counted.since() == (0, 0)
    counted.tab.keep(OTHER_HOST, SITTING)
    assert counted.since() == (1, 1)


def test_looking_at_drafts_and_connections_opens_nothing(counted: Counted) -> None:
    counted.tab.start_demo(SYSTEM.code, WORKS, SITTING)
    verified(counted.service, TENANT)
    counted.service.connections.existing_connection(Actor(TENANT), counted.tab.draft_id)
    saved = save(counted.service, TENANT, FORM)
    counted.since()
    counted.service.drafts.all(Actor(TENANT))
    counted.service.connections.all(Actor(TENANT))
    counted.service.connections.one(Actor(TENANT), saved.id)
    assert counted.since() == (0, 0)
