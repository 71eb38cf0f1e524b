"""Taking typed values into a draft: cleaned by the rules of their fields, kept or refused, and sealed."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.storage.models import Draft
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.contract import AUTH_METHOD, Cleaned, CredentialField
from xtnd_wizard.systems.recognition import Recognition
from xtnd_wizard.wizard.credentials import CredentialStore, held_by
from xtnd_wizard.wizard.host_change import HostChange
from xtnd_wizard.wizard.questions import ask
from xtnd_wizard.wizard.steps import missing_fields

EMPTY = "field_empty"
_NO_SECRETS: Mapping[str, Secret] = MappingProxyType({})
_NOTHING_RECOGNISED: Mapping[str, Recognition | None] = MappingProxyType({})


@dataclass(frozen=True)
class Entering:
    """Puts typed values into a draft. Nothing is written to the database here."""

    credentials: CredentialStore

    def put(self, draft: Draft, typed: Mapping[str, str], sitting: str = "") -> None:
        """Take what was typed in a sitting. A sealed field that was left empty keeps its value.

        Any edit voids the report; entering the same values again does not, and opens nothing that was not replaced.
        """
        system, before = get_system(draft.system), held_by(draft)
        secrets: dict[str, Secret] = {}
        recognised: dict[str, Recognition | None] = {}
        for field in system.fields_of(system.auth_method_of(draft.values)):
            left_empty = field.sealed and field.name in draft.sealed and not typed.get(field.name, "").strip()
            if field.name in typed and not left_empty:
                cleaned = self._put_field(draft, field, typed[field.name])
                recognised[field.name] = cleaned.question
                if field.sealed:
                    secrets[field.name] = Secret(cleaned.value)
        HostChange(self.credentials).follow(draft, secrets, sitting)
        if system.auth_methods:
            draft.values = {**draft.values, AUTH_METHOD: system.auth_method_of(draft.values)}
        changed = held_by(draft) != before
        if changed or any(recognised.values()):
            self.ask(draft, recognised, secrets)
        if changed or missing_fields(draft):
            draft.report = None

    def ask(
        self,
        draft: Draft,
        recognised: Mapping[str, Recognition | None] = _NOTHING_RECOGNISED,
        secrets: Mapping[str, Secret] = _NO_SECRETS,
    ) -> None:
        """Ask about what was recognised in the values just typed, and about what two fields have in common.

        `secrets` are sealed values that are known already, so that they need not be opened.
        """
        ask(draft, self.credentials.vault, self.credentials.secrets(draft, secrets), recognised)

    def _put_field(self, draft: Draft, field: CredentialField, text: str) -> Cleaned:
        """Take one field's text, and hand it on as it was cleaned; what is sealed is not kept here."""
        cleaned = self._cleaned(draft, field, text)
        draft.notes = {**draft.notes, field.name: list(cleaned.notes)}
        refusals = {name: code for name, code in draft.refusals.items() if name != field.name}
        draft.refusals = {**refusals, field.name: cleaned.refusal} if cleaned.refusal else refusals
        if not field.sealed:
            draft.values = {**draft.values, field.name: cleaned.value}
        return cleaned

    def _cleaned(self, draft: Draft, field: CredentialField, text: str) -> Cleaned:
        if field.required and not text.strip():
            return Cleaned("" if field.sealed else text, refusal=EMPTY)
        system = get_system(draft.system)
        return system.clean(field.name, text, self.credentials.trusted_origins, system.auth_method_of(draft.values))
