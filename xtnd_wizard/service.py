"""The running service, put together once: settings, database, vault, outbound client."""

import logging
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from xtnd_wizard.sandbox import sandbox_app, sandbox_hosts
from xtnd_wizard.settings import Settings, SettingsError, load_settings
from xtnd_wizard.storage.answer_cache import DatabaseAnswerCache
from xtnd_wizard.storage.engine import open_engine
from xtnd_wizard.storage.start import open_vault
from xtnd_wizard.systems import all_systems
from xtnd_wizard.vault import Vault
from xtnd_wizard.wizard.admission import Admission
from xtnd_wizard.wizard.approvals import OAuthService
from xtnd_wizard.wizard.connections import Connections
from xtnd_wizard.wizard.credentials import CredentialStore
from xtnd_wizard.wizard.demos import Demos
from xtnd_wizard.wizard.drafts import Drafts
from xtnd_wizard.wizard.handover import Handover
from xtnd_wizard.wizard.host_questions import HostQuestions
from xtnd_wizard.wizard.renewal import TokenRenewal
from xtnd_wizard.wizard.subjects import Subjects
from xtnd_wizard.wizard.tenants import Tenants
from xtnd_wizard.wizard.token_endpoint import TokenEndpoint
from xtnd_wizard.wizard.transactions import Transactions
from xtnd_wizard.wizard.verification import Verification


@dataclass(frozen=True)
class Service:
    """What every screen works with."""

    settings: Settings
    engine: Engine
    vault: Vault

    @cached_property
    def transactions(self) -> Transactions:
        return Transactions(self.engine, self.vault)

    @cached_property
    def credentials(self) -> CredentialStore:
        return CredentialStore(self.vault, self.settings.trusted_origins)

    @cached_property
    def drafts(self) -> Drafts:
        return Drafts(self.transactions, self.credentials, self.settings)

    @cached_property
    def demos(self) -> Demos:
        return Demos(self.drafts)

    @cached_property
    def host_questions(self) -> HostQuestions:
        return HostQuestions(self.drafts)

    @cached_property
    def subjects(self) -> Subjects:
        return Subjects(self.drafts)

    @cached_property
    def connections(self) -> Connections:
        return Connections(self.transactions, self.credentials, self.settings)

    @cached_property
    def handover(self) -> Handover:
        return Handover(self.transactions, self.credentials)

    @cached_property
    def tenants(self) -> Tenants:
        return Tenants(self.transactions, self.credentials)

    @cached_property
    def oauth(self) -> OAuthService:
        return OAuthService(self.drafts, self.token_endpoint, self.admission)

    @cached_property
    def token_endpoint(self) -> TokenEndpoint:
        return TokenEndpoint(self.settings, lambda: self.outbound_client)

    @cached_property
    def renewal(self) -> TokenRenewal:
        return TokenRenewal(self.drafts, self.connections, self.token_endpoint)

    @cached_property
    def verification(self) -> Verification:
        return Verification(
            self.subjects, self.renewal, self.answer_cache, lambda: self.outbound_client, self.admission
        )

    @cached_property
    def admission(self) -> Admission:
        return Admission(self.settings.checks)

    @cached_property
    def answer_cache(self) -> DatabaseAnswerCache:
        return DatabaseAnswerCache(self.engine, self.vault, sandbox_hosts())

    @cached_property
    def outbound_client(self) -> "OutboundClient":
        from xtnd_wizard.outbound.client import OutboundClient  # here, because no page needs an HTTP client to be drawn

        return OutboundClient(
            trusted_origins=self.settings.trusted_origins,
            trusted_ca_file=self.settings.trusted_ca_file,
            sandbox_hosts=sandbox_hosts(),
            sandbox=sandbox_app,
        )


if TYPE_CHECKING:
    from xtnd_wizard.outbound.client import OutboundClient

_log = logging.getLogger("xtnd_wizard")
_lock = Lock()
_running: list[Service] = []


def start(settings: Settings) -> Service:
    """Open the database and the vault. Raises SettingsError, DatabaseError or VaultError."""
    unknown = settings.clients.keys() - {found.code for found in all_systems() if found.oauth}
    if unknown:
        raise SettingsError(f"There is no system with consent named {', '.join(sorted(unknown))}; see the client ids.")
    engine = open_engine(settings.database_url)
    running = Service(settings, engine, open_vault(engine, settings))
    running.verification  # noqa: B018  # made here once, so that all who ask at the same moment get the same one
    if settings.trusted_ca_file:
        try:
            running.outbound_client.ssl_context  # noqa: B018  # made here once, so that a bad file stops the start
        except OSError:
            raise SettingsError("XTND_TRUSTED_CA_FILE holds no certificate in PEM form.") from None
    return running


def service() -> Service:
    """The service of this process, started on first use."""
    with _lock:
        if not _running:
            _running.append(start(load_settings()))
        return _running[0]


def warn_of_retirements(today: date) -> None:
    """Warn in the log, from half a year before, of what a channel will stop speaking."""
    for found in all_systems():
        ending = found.retirement
        if ending and ending.is_near(today):
            _log.warning("%s: %s ends on %s. Install a newer wizard before.", found.name, ending.what, ending.on)


def replace_service(replacement: Service) -> None:
    """Make another service this process's own; tests give each run a database of its own."""
    with _lock:
        _running[:] = [replacement]
