"""Taking typed values into a draft: cleaned by the rules of their fields, kept or refused, and sealed."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.storage.models import Draft
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.cleaning import Cleaned, Remarks, Value
from xtnd_wizard.systems.contract import AUTH_METHOD, CredentialField
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

    def put(self, draft: Draft, typed: Mapping[str, Secret | str], sitting: str = "") -> None:
        """Take what was typed in a sitting. A sealed field that was left empty keeps its value.

        A sealed field's text is a secret from here on, also where a caller had it as text. Any edit voids the report;
        entering the same values again does not, and opens nothing that was not replaced.
        """
        system, before = get_system(draft.system), held_by(draft)
        secrets: dict[str, Secret] = {}
        recognised: dict[str, Recognition | None] = {}
        for field in system.fields_of(system.auth_method_of(draft.values)):
            if field.name not in typed:
                continue
            pasted = typed[field.name]
            if not field.sealed:
                remarks = self._put_text(draft, field, pasted)
            else:
                secret = pasted if isinstance(pasted, Secret) else Secret(pasted)
                if secret.is_blank and field.name in draft.sealed:
                    continue
                cleaned = self._cleaned(draft, field, secret)
                remarks = cleaned.remarks
                if not secret.is_blank:
                    secrets[field.name] = cleaned.value
            _put_remarks(draft, field, remarks)
            recognised[field.name] = remarks.question
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

    def _put_text(self, draft: Draft, field: CredentialField, pasted: Secret | str) -> Remarks:
        """Take the text of a field that is not sealed. Raises TypeError for a secret, which would be kept in clear."""
        if isinstance(pasted, Secret):
            raise TypeError(f"{field.name} is not sealed and takes no secret")
        cleaned = self._cleaned(draft, field, pasted)
        draft.values = {**draft.values, field.name: cleaned.value}
        return cleaned.remarks

    def _cleaned(self, draft: Draft, field: CredentialField, pasted: Value) -> Cleaned[Value]:
        if field.required and (pasted.is_blank if isinstance(pasted, Secret) else not pasted.strip()):
            nothing = Secret("") if isinstance(pasted, Secret) else pasted
            return Cleaned(nothing, Remarks(refusal=EMPTY))
        system = get_system(draft.system)
        return system.clean(field.name, pasted, self.credentials.trusted_origins, system.auth_method_of(draft.values))


def _put_remarks(draft: Draft, field: CredentialField, remarks: Remarks) -> None:
    draft.notes = {**draft.notes, field.name: list(remarks.notes)}
    refusals = {name: code for name, code in draft.refusals.items() if name != field.name}
    draft.refusals = {**refusals, field.name: remarks.refusal} if remarks.refusal else refusals
