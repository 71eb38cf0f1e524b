"""A service in a folder of its own, and the steps of a walk through it."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.checking import verify
from xtnd_wizard import service
from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.findings import Account, Report, failed, passed
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.domain.subjects import DraftRef
from xtnd_wizard.service import Service
from xtnd_wizard.settings import Settings
from xtnd_wizard.storage.engine import open_engine
from xtnd_wizard.storage.models import Connection, Draft
from xtnd_wizard.storage.schema import migrate
from xtnd_wizard.systems import all_systems, get_system
from xtnd_wizard.systems.checks import Credentials
from xtnd_wizard.systems.contract import System
from xtnd_wizard.systems.stories import Scenario
from xtnd_wizard.ui.runs import Viewer
from xtnd_wizard.ui.verifications import watch_verification
from xtnd_wizard.wizard.check_runner import Event, Identified, checks_of
from xtnd_wizard.wizard.connections import XtndForm
from xtnd_wizard.wizard.steps import Step, report_of

SYSTEM = all_systems()[0]
WORKS = SYSTEM.sandbox.scenarios[0]
"""The first scenario of each sandbox is the one in which everything is right."""
OTHER_HOST = next(
    scenario.values["api_url"]
    for scenario in SYSTEM.sandbox.scenarios
    if scenario.values["api_url"] != WORKS.values["api_url"]
)
MARKER_KEY = "0badc0de-5eed-4a11-8bad-0000feedbeef"
MARKER_PASSWORD = "correct-horse-marker-staple"
FORM = XtndForm("Our shop", date(2026, 1, 1))
ACCOUNT = Account("7001", "Ullboden", "OPEN", "SEK", "SE", ("SE",))


@cache
def _empty_database() -> bytes:
    """A database that was migrated and holds nothing."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "empty.db"
        engine = open_engine(f"sqlite:///{file}")
        with engine.begin() as connection:
            migrate(connection)
        engine.dispose()
        return file.read_bytes()


@contextmanager
def running(folder: Path, *, from_nothing: bool = False, **choices: Any) -> Iterator[Service]:
    """A service with its database and key ring in a folder; the tables are there unless it starts from nothing."""
    if not from_nothing and not (folder / "wizard.db").exists():
        (folder / "wizard.db").write_bytes(_empty_database())
    settings = {
        "database_url": f"sqlite:///{folder / 'wizard.db'}",
        "key_ring_file": folder / "wizard.keys",
        "check_seconds": 1,
        "sandbox_check_ms": 0,
        **choices,
    }
    started = service.start(Settings(**settings))
    try:
        yield started
    finally:
        started.engine.dispose()


def scenarios() -> list[tuple[System, Scenario]]:
    """Every way a demo of any system can go that brings all the values it takes to be verified."""
    return [
        (system, scenario)
        for system in all_systems()
        for scenario in system.sandbox.scenarios
        if is_filled_in(system, scenario)
    ]


def is_filled_in(system: System, scenario: Scenario) -> bool:
    """Whether a scenario leaves nothing for the visitor to enter, or to approve at the sandbox channel."""
    fields = system.fields_of(system.auth_method_of(scenario.values))
    return all(scenario.values.get(field.name) for field in fields if field.required)


def named(pair: tuple[System, Scenario]) -> str:
    """How a scenario is called in the list of tests."""
    return f"{pair[0].code}-{pair[1].code}"


@dataclass(frozen=True)
class Tab:
    """A browser tab without a screen: it goes on with the draft that was touched last."""

    service: Service
    tenant: str

    @property
    def actor(self) -> Actor:
        return Actor(self.tenant)

    @property
    def draft(self) -> Draft | None:
        return self.service.drafts.newest(self.actor)

    @property
    def draft_id(self) -> str:
        return self.draft.id if self.draft else "there is none"

    def choose(self, system_code: str, host_text: str, sitting: str = "") -> Draft:
        open_id = self.draft.id if self.draft else None
        return self.service.drafts.choose(self.actor, open_id, system_code, host_text, sitting)

    def choose_auth_method(self, auth_method: str) -> None:
        self.service.drafts.choose_auth_method(self.actor, self.draft_id, auth_method)

    def enter(self, typed: Mapping[str, Secret | str], sitting: str = "") -> Draft:
        return self.service.drafts.enter(self.actor, self.draft_id, typed, sitting)

    def confirm(self, name: str, digest: str) -> Draft:
        return self.service.drafts.confirm(self.actor, self.draft_id, name, digest)

    def start_demo(self, system_code: str, scenario: Scenario, sitting: str = "") -> Draft:
        return self.service.drafts.start_demo(self.actor, self.draft_id, system_code, scenario, sitting)

    def set_step(self, step: Step) -> None:
        self.service.drafts.set_step(self.actor, self.draft_id, step)

    def discard(self) -> bool:
        return self.service.drafts.discard(self.actor, self.draft_id)

    def keep(self, api_url: str, sitting: str) -> Draft:
        return self.service.host_questions.keep(self.actor, self.draft_id, api_url, sitting)

    def drop(self) -> None:
        self.service.host_questions.drop(self.actor, self.draft_id)


def credentials_of(service: Service, draft: Draft) -> Credentials:
    """A draft's values, opened, ready to be checked."""
    return service.credentials.open(draft).credentials


def recorded(service: Service, draft: Draft, events: Iterable[Event]) -> Report:
    """Keep what a verification of a draft found."""
    return service.subjects.record(Actor(draft.tenant), service.credentials.open(draft), events)


def existing_connection(service: Service, draft: Draft) -> Connection | None:
    """The connection that saving a draft would update."""
    return service.connections.existing_connection(Actor(draft.tenant), draft.id)


def watch(service: Service, draft: Draft, network: str = "") -> Viewer[Event | Report]:
    """Watch a draft being verified, for its tenant at an address."""
    return watch_verification(service.verification, Actor(draft.tenant, network=network), DraftRef(draft.id))


def verified(service: Service, tenant: str) -> Report:
    """Verify the tenant's draft at the sandbox channel, as the page does."""
    draft = draft_of(service, tenant)
    opened = service.subjects.open(Actor(tenant), DraftRef(draft.id))
    system, seconds = get_system(draft.system), service.settings.check_seconds
    events = verify(system, opened.credentials, service.outbound_client, service.answer_cache, seconds)
    return service.subjects.record(Actor(tenant), opened, events)


def declared(service: Service, tenant: str, events: list[Event] | None = None) -> Report:
    """Keep a report with the tenant's draft without asking anybody."""
    draft = draft_of(service, tenant)
    return recorded(service, draft, all_passed(draft.system) if events is None else events)


def all_passed(system_code: str, account: Account = ACCOUNT) -> list[Event]:
    """What a verification says when nothing is wrong."""
    return [*(passed(check) for check in checks_of(get_system(system_code))), Identified(account)]


def key_refused() -> list[Event]:
    """What a verification says when the channel refuses the key."""
    return [failed("key", ProblemCode.KEY_REJECTED)]


def ready_to_save(service: Service, tenant: str, values: Mapping[str, str] = WORKS.values) -> Draft:
    """A draft with a passing report."""
    Tab(service, tenant).start_demo(SYSTEM.code, Scenario("ready", values))
    Tab(service, tenant).enter({})
    declared(service, tenant)
    return draft_of(service, tenant)


def save(service: Service, tenant: str, form: XtndForm = FORM, update: str | None = None) -> Connection:
    """Save what the tenant's report is about, as the page does."""
    tab = Tab(service, tenant)
    report = report_of(tab.draft) if tab.draft else None
    return service.connections.save(tab.actor, tab.draft_id, form, report.fingerprint if report else "", update)


def draft_of(service: Service, tenant: str) -> Draft:
    """The tenant's draft, which is there."""
    draft = Tab(service, tenant).draft
    assert draft is not None
    return draft


def bytes_on_disk(folder: Path) -> bytes:
    """Everything that the service wrote: database, write-ahead log, key ring."""
    return b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())
