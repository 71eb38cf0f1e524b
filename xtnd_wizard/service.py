"""The running service, put together once: settings, database, vault, door."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from xtnd_wizard.findings import Finding, failed
from xtnd_wizard.onboarding.consent import Consents, NoClient
from xtnd_wizard.onboarding.drafts import Drafts
from xtnd_wizard.onboarding.saving import Connections
from xtnd_wizard.outbound import CallFailed
from xtnd_wizard.problems import PROBLEMS, ProblemCode
from xtnd_wizard.sandbox import sandbox_app, sandbox_hosts
from xtnd_wizard.settings import Settings, SettingsError, settings
from xtnd_wizard.storage.engine import open_engine
from xtnd_wizard.storage.kept_answers import KeptAnswers
from xtnd_wizard.storage.models import Draft
from xtnd_wizard.storage.start import open_vault
from xtnd_wizard.systems import all_systems, system
from xtnd_wizard.systems.consenting import ConsentRefused
from xtnd_wizard.systems.contract import System
from xtnd_wizard.vault import Vault
from xtnd_wizard.verification import COMMON_CHECKS, Event, verify


@dataclass(frozen=True)
class Service:
    """What every screen works with."""

    settings: Settings
    engine: Engine
    vault: Vault

    @cached_property
    def drafts(self) -> Drafts:
        return Drafts(self.engine, self.vault, self.settings)

    @cached_property
    def connections(self) -> Connections:
        return Connections(self.drafts)

    @cached_property
    def consents(self) -> Consents:
        return Consents(self.drafts, lambda: self.door)

    def check(self, draft: Draft) -> tuple[Draft, Iterator[Event]]:
        """The draft with what it takes to be checked now, and its checks, which run as they are read.

        Raises DraftGone.
        """
        chosen = system(draft.system)
        try:
            draft = self.consents.renewed(draft)
        except ConsentRefused as refused:
            ours = refused.outcome == "our_app"
            code = ProblemCode.OUR_APP_REFUSED if ours else ProblemCode.CONSENT_LOST
            return draft, iter([_before_the_checks(chosen, code, f"renewal: {refused.outcome}")])
        except NoClient:
            return draft, iter([_before_the_checks(chosen, ProblemCode.OUR_APP_REFUSED, "renewal: no client id")])
        except CallFailed as failure:
            detail = f"renewal: {failure.detail}"
            return draft, iter([_before_the_checks(chosen, failure.code, detail, **failure.facts)])
        credentials = self.drafts.credentials(draft)
        return draft, verify(chosen, credentials, self.door, self.memory, self.settings.check_seconds)

    @cached_property
    def memory(self) -> KeptAnswers:
        return KeptAnswers(self.engine, self.vault)

    @cached_property
    def door(self) -> "Door":
        from xtnd_wizard.outbound.door import Door  # here, because no page needs an HTTP client to be drawn

        return Door(
            trusted_origins=self.settings.trusted_origins,
            trusted_ca_file=self.settings.trusted_ca_file,
            sandbox_hosts=sandbox_hosts(),
            sandbox=sandbox_app,
        )


def _before_the_checks(chosen: System, code: ProblemCode, detail: str, **facts: str) -> Finding:
    """A problem that came before anything was asked, at the check where a merchant would look for it."""
    stage = PROBLEMS[code].stage.value
    known = (*COMMON_CHECKS, *chosen.checks.opening_codes)
    return failed(stage if stage in known else chosen.checks.opening_codes[0], code, detail, **facts)


if TYPE_CHECKING:
    from xtnd_wizard.outbound.door import Door

_log = logging.getLogger("xtnd_wizard")
_lock = Lock()
_running: list[Service] = []


def start(chosen: Settings) -> Service:
    """Open the database and the vault. Raises SettingsError, DatabaseError or VaultError."""
    unknown = chosen.clients.keys() - {found.code for found in all_systems() if found.consent}
    if unknown:
        raise SettingsError(f"There is no system with consent named {', '.join(sorted(unknown))}; see the client ids.")
    engine = open_engine(chosen.database_url)
    running = Service(chosen, engine, open_vault(engine, chosen))
    if chosen.trusted_ca_file:
        try:
            running.door.ssl_context  # noqa: B018  # made here once, so that a bad file stops the start
        except OSError:
            raise SettingsError("XTND_TRUSTED_CA_FILE holds no certificate in PEM form.") from None
    return running


def service() -> Service:
    """This process's service, started on first use."""
    with _lock:
        if not _running:
            _running.append(start(settings()))
        return _running[0]


def tell_of_retirements(today: date) -> None:
    """Warn in the log, from half a year before, of what a channel will stop speaking."""
    for found in all_systems():
        ending = found.retirement
        if ending and ending.is_near(today):
            _log.warning("%s: %s ends on %s. Install a newer wizard before.", found.name, ending.what, ending.on)


def replace_service(chosen: Service) -> None:
    """Make another service this process's own; tests give each run a database of its own."""
    with _lock:
        _running[:] = [chosen]
