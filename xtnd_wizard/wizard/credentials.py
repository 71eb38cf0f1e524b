"""A draft's sealed values: the one place that seals and opens them, and makes the fingerprint of what it holds."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.storage.models import Draft
from xtnd_wizard.storage.seal_contexts import draft_seal_context
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.checks import Credentials
from xtnd_wizard.systems.contract import API_URL
from xtnd_wizard.vault import DecryptionError, SealContext, Vault


@dataclass(frozen=True)
class DraftCredentials:
    """Seals a draft's secrets and opens them again, each bound to its field, draft, tenant and host."""

    vault: Vault
    trusted_origins: Collection[str] = ()

    def context(self, draft: Draft, name: str) -> SealContext:
        """Where a draft's sealed value has to be to be sent. Another host is another place."""
        return draft_seal_context(draft, name, draft.values.get(API_URL, ""))

    def open(self, draft: Draft) -> Credentials:
        """All values, ready to be checked. Raises HostRefused, or DecryptionError where one of them does not open."""
        url = get_system(draft.system).read_host(draft.values.get(API_URL, ""), self.trusted_origins).url
        sealed = {name: self.vault.open(token, self.context(draft, name)) for name, token in draft.sealed.items()}
        values = {name: text for name, text in draft.values.items() if name != API_URL and text}
        return Credentials(url, {**values, **sealed})

    def secrets(self, draft: Draft) -> dict[str, Secret]:
        """The sealed values that open, also while the draft's present host can't be used."""
        opened = {name: self._decrypted(draft, name) for name in draft.sealed}
        return {name: secret for name, secret in opened.items() if secret is not None}

    def seal(self, draft: Draft, secrets: Mapping[str, Secret]) -> None:
        """Make these the draft's sealed values, for the last host that could be used."""
        draft.sealed = {name: self.vault.seal(secret, _kept_at(draft, name)) for name, secret in secrets.items()}
        draft.last4 = {name: secret.last4 for name, secret in secrets.items()}

    def fingerprint(self, draft: Draft) -> str:
        """What a report is bound to: the system and every value, exactly. Raises as `open` does."""
        credentials = self.open(draft)
        values = {"system": draft.system, "url": str(credentials.url), **credentials.values}
        return self.vault.fingerprint("draft", values)

    def _decrypted(self, draft: Draft, name: str) -> Secret | None:
        try:
            return self.vault.open(draft.sealed[name], _kept_at(draft, name))
        except DecryptionError:
            return None


def _kept_at(draft: Draft, name: str) -> SealContext:
    return draft_seal_context(draft, name, draft.sealed_for)
