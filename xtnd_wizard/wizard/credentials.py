"""Sealed values of drafts and connections: the one place that opens them, and makes a row's fingerprint.

Whoever needs values opens the row once and hands on what came of it. Nothing else in the wizard calls the vault to
open anything.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType

from xtnd_wizard.domain.api_url import HostRefused
from xtnd_wizard.domain.errors import CredentialsLost, NotReady
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.storage.models import Connection, Draft, now
from xtnd_wizard.storage.seal_contexts import connection_seal_context, draft_seal_context
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.checks import Credentials
from xtnd_wizard.systems.contract import API_URL
from xtnd_wizard.systems.oauth import TokenGrant
from xtnd_wizard.vault import DecryptionError, SealContext, Vault
from xtnd_wizard.wizard.questions import open_questions

Subject = Draft | Connection
"""What can be verified."""
_NONE: Mapping[str, Secret] = MappingProxyType({})


@dataclass(frozen=True)
class Opened:
    """A row with its values, opened once."""

    row: Subject
    credentials: Credentials = field(repr=False)
    fingerprint: str
    """What a report is bound to: the system and every value, exactly."""

    @property
    def secrets(self) -> dict[str, Secret]:
        """The values that are sealed in the row, by field."""
        return {name: value for name, value in self.credentials.values.items() if isinstance(value, Secret)}


def held_by(row: Subject) -> tuple[str, str, Mapping[str, str], Mapping[str, str]]:
    """What a row is about, without opening it: equal for equal values, because an unchanged value keeps its token."""
    values = {name: text for name, text in row.values.items() if name != API_URL and text}
    return row.system, api_url_of(row), values, dict(row.sealed)


def api_url_of(row: Subject) -> str:
    """The API URL that a row's values are for, as it is shown; empty where there is none yet."""
    return row.values.get(API_URL, "") if isinstance(row, Draft) else row.api_url


def is_of_sandbox(row: Subject) -> bool:
    """Whether it is a channel of the sandbox that a row's values are for."""
    return get_system(row.system).is_sandbox(api_url_of(row))


@dataclass(frozen=True)
class CredentialStore:
    """Seals values into rows and opens them again, each bound to its field, row, tenant and host."""

    vault: Vault
    trusted_origins: Collection[str] = ()

    def open(self, row: Subject) -> Opened:
        """All of a row's values, ready to be checked.

        Raises NotReady where there is no usable host or a question about a value is open, and CredentialsLost where
        a sealed value can't be opened any more.
        """
        if isinstance(row, Draft) and open_questions(row):
            raise NotReady("a value waits for an answer")
        system, shown, values, _ = held_by(row)
        try:
            url = get_system(system).read_host(shown, self.trusted_origins).url
        except HostRefused:
            raise NotReady("no usable host") from None
        credentials = Credentials(url, {**values, **self._opened(row, shown)})
        held = {"system": system, "url": str(url), **credentials.values}
        return Opened(row, credentials, self.vault.fingerprint("draft", held))

    def opens(self, connection: Connection) -> bool:
        """Whether all of a connection's sealed values can be opened."""
        try:
            self._opened(connection, connection.api_url)
        except CredentialsLost:
            return False
        return True

    def open_to_show(self, connection: Connection) -> Mapping[str, str]:
        """A connection's sealed values in clear, for the merchant who has just entered them. Raises CredentialsLost."""
        try:
            return {
                name: self.vault.open_to_show(token, connection_seal_context(connection, name))
                for name, token in connection.sealed.items()
            }
        except DecryptionError:
            raise CredentialsLost(connection.sealed) from None

    def seal(self, row: Subject, secrets: Mapping[str, Secret]) -> None:
        """Seal values into a row beside those that are there: into a draft for the last host that could be used."""
        sealed = {
            name: self.vault.seal(secret, _context(row, name, _sealed_for(row))) for name, secret in secrets.items()
        }
        row.sealed = {**row.sealed, **sealed}
        row.last4 = {**row.last4, **{name: secret.last4 for name, secret in secrets.items()}}

    def drop(self, row: Subject, names: Collection[str]) -> None:
        """Take sealed values out of a row."""
        row.sealed = {name: token for name, token in row.sealed.items() if name not in names}
        row.last4 = {name: last4 for name, last4 in row.last4.items() if name not in names}

    def put_tokens(self, row: Subject, grant: TokenGrant) -> None:
        """Take what a channel gave into a row, instead of what was there. A renewal that was under way is over.

        An empty secret takes the old one away.
        """
        secrets = {name: value for name, value in grant.values.items() if isinstance(value, Secret)}
        row.values = {**row.values, **{name: text for name, text in grant.values.items() if isinstance(text, str)}}
        self.drop(row, secrets.keys())
        self.seal(row, {name: secret for name, secret in secrets.items() if secret})
        row.tokens_expire_at = now() + timedelta(seconds=grant.expires_in)
        row.lease_id, row.lease_until = "", None

    def holds(self, draft: Draft, name: str, secret: Secret) -> bool:
        """Whether this very value is sealed in a draft's field."""
        return name in draft.sealed and self._opened_or_none(draft, name) == secret

    def secrets(self, draft: Draft, known: Mapping[str, Secret] = _NONE) -> dict[str, Secret]:
        """The sealed values of a draft that open, also while its host can't be used. Known ones are not opened."""
        found = {name: known.get(name) or self._opened_or_none(draft, name) for name in draft.sealed}
        return {name: secret for name, secret in found.items() if secret is not None}

    def open_set_aside(self, draft: Draft) -> dict[str, Secret]:
        """What a draft has set aside, opened where it is sealed for: the host before. Raises CredentialsLost."""
        aside = draft.set_aside
        return self._opened_tokens(draft, aside.get("sealed", {}), aside.get("for", ""))

    def follow_host(self, draft: Draft) -> None:
        """Seal a draft's values for its API URL, which is the same host by another address. What does not open goes."""
        api_url = draft.values[API_URL]
        if draft.sealed and draft.sealed_for != api_url:
            secrets = self.secrets(draft)
            self.drop(draft, tuple(draft.sealed))
            draft.sealed_for = api_url
            self.seal(draft, secrets)
        draft.sealed_for = api_url

    def move(self, row: Subject, tenant: str) -> None:
        """Make a row another tenant's: what is sealed in it is opened for the one and sealed for the other.

        Raises CredentialsLost where one of the values does not open; the row is left as it is then.
        """
        secrets = self._opened(row, _sealed_for(row))
        aside = self.open_set_aside(row) if isinstance(row, Draft) else {}
        row.tenant = tenant
        self.seal(row, secrets)
        if isinstance(row, Draft) and aside:
            old_host = row.set_aside["for"]
            tokens = {name: self.vault.seal(secret, _context(row, name, old_host)) for name, secret in aside.items()}
            row.set_aside = {**row.set_aside, "sealed": tokens}

    def _opened(self, row: Subject, host: str) -> dict[str, Secret]:
        return self._opened_tokens(row, row.sealed, host)

    def _opened_tokens(self, row: Subject, tokens: Mapping[str, str], host: str) -> dict[str, Secret]:
        opened: dict[str, Secret] = {}
        for name, token in tokens.items():
            try:
                opened[name] = self.vault.open(token, _context(row, name, host))
            except DecryptionError:
                continue
        if lost := tokens.keys() - opened.keys():
            raise CredentialsLost(lost)
        return opened

    def _opened_or_none(self, draft: Draft, name: str) -> Secret | None:
        try:
            return self.vault.open(draft.sealed[name], _context(draft, name, draft.sealed_for))
        except DecryptionError:
            return None


def _context(row: Subject, name: str, host: str) -> SealContext:
    if isinstance(row, Draft):
        return draft_seal_context(row, name, host)
    return connection_seal_context(row, name)


def _sealed_for(row: Subject) -> str:
    return row.sealed_for if isinstance(row, Draft) else row.api_url
