"""A service in a folder of its own, and the steps of a walk through it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.checking import verify
from xtnd_wizard import service
from xtnd_wizard.domain.findings import Account, Report, failed, passed
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.service import Service
from xtnd_wizard.settings import Settings
from xtnd_wizard.storage.engine import open_engine
from xtnd_wizard.storage.models import Connection, Draft
from xtnd_wizard.storage.schema import migrate
from xtnd_wizard.systems import all_systems, get_system
from xtnd_wizard.systems.contract import Scenario, System
from xtnd_wizard.wizard.check_runner import Event, Identified, checks_of
from xtnd_wizard.wizard.connections import XtndForm
from xtnd_wizard.wizard.steps import report_of

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
    chosen = {
        "database_url": f"sqlite:///{folder / 'wizard.db'}",
        "key_ring_file": folder / "wizard.keys",
        "check_seconds": 1,
        **choices,
    }
    started = service.start(Settings(**chosen))
    try:
        yield started
    finally:
        started.engine.dispose()


def scenarios() -> list[tuple[System, Scenario]]:
    """Every way a demo of any system can go that brings all the values it takes to be verified."""
    return [
        (chosen, scenario)
        for chosen in all_systems()
        for scenario in chosen.sandbox.scenarios
        if is_filled_in(chosen, scenario)
    ]


def is_filled_in(chosen: System, scenario: Scenario) -> bool:
    """Whether a scenario leaves nothing for the visitor to enter, or to approve at the sandbox channel."""
    fields = chosen.fields_of(chosen.auth_method_of(scenario.values))
    return all(scenario.values.get(field.name) for field in fields if field.required)


def named(pair: tuple[System, Scenario]) -> str:
    """How a scenario is called in the list of tests."""
    return f"{pair[0].code}-{pair[1].code}"


def verified(service: Service, tenant: str) -> Report:
    """Verify the tenant's draft at the sandbox channel, as the page does."""
    draft = draft_of(service, tenant)
    credentials = service.drafts.credentials(draft)
    chosen = get_system(draft.system)
    events = verify(chosen, credentials, service.outbound_client, service.answer_cache, service.settings.check_seconds)
    return service.drafts.record(draft, events)


def declared(service: Service, tenant: str, events: list[Event] | None = None) -> Report:
    """Keep a report with the tenant's draft without asking anybody."""
    draft = draft_of(service, tenant)
    return service.drafts.record(draft, all_passed(draft.system) if events is None else events)


def all_passed(system_code: str, account: Account = ACCOUNT) -> list[Event]:
    """What a verification says when nothing is wrong."""
    return [*(passed(check) for check in checks_of(get_system(system_code))), Identified(account)]


def key_refused() -> list[Event]:
    """What a verification says when the channel refuses the key."""
    return [failed("key", ProblemCode.KEY_REJECTED)]


def ready_to_save(service: Service, tenant: str, values: Mapping[str, str] = WORKS.values) -> Draft:
    """A draft with a passing report."""
    service.drafts.start_demo(tenant, SYSTEM.code, Scenario("ready", values))
    service.drafts.enter(tenant, {})
    declared(service, tenant)
    return draft_of(service, tenant)


def save(service: Service, tenant: str, form: XtndForm = FORM, update: str | None = None) -> Connection:
    """Save what the tenant's report is about, as the page does."""
    draft = service.drafts.current(tenant)
    report = report_of(draft) if draft else None
    return service.connections.save(tenant, form, report.fingerprint if report else "", update)


def draft_of(service: Service, tenant: str) -> Draft:
    """The tenant's draft, which is there."""
    draft = service.drafts.current(tenant)
    assert draft is not None
    return draft


def bytes_on_disk(folder: Path) -> bytes:
    """Everything that the service wrote: database, write-ahead log, key ring."""
    return b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())
