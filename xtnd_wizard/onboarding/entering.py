"""Taking typed values into a draft: cleaned by the rules of their fields, kept or refused, and sealed."""

from collections.abc import Mapping
from dataclasses import dataclass

from xtnd_wizard.hosts import HostRefused
from xtnd_wizard.onboarding.credentials import DraftCredentials
from xtnd_wizard.onboarding.host_change import HostChange
from xtnd_wizard.onboarding.steps import missing_fields
from xtnd_wizard.secret import Secret
from xtnd_wizard.storage.models import Draft
from xtnd_wizard.systems import system
from xtnd_wizard.systems.contract import WAY, Cleaned, CredentialField
from xtnd_wizard.vault import Unsealable

EMPTY = "field_empty"


@dataclass(frozen=True)
class Entering:
    """Puts typed values into a draft. Nothing is written to the database here."""

    credentials: DraftCredentials

    def put(self, draft: Draft, typed: Mapping[str, str], sitting: str = "") -> None:
        """Take what was typed in a sitting. A sealed field that was left empty keeps its value."""
        chosen, secrets = system(draft.system), self.credentials.secrets(draft)
        typed_secrets = {}
        for field in chosen.fields_of(chosen.way_of(draft.values)):
            left_empty = field.sealed and field.name in secrets and not typed.get(field.name, "").strip()
            if field.name in typed and not left_empty:
                secrets.pop(field.name, None)
                typed_secrets.update(self._put_field(draft, field, typed[field.name]))
        HostChange(self.credentials).follow(draft, {**secrets, **typed_secrets}, typed_secrets.keys(), sitting)
        if chosen.ways:
            draft.values = {**draft.values, WAY: chosen.way_of(draft.values)}
        self._void_old_report(draft)

    def _put_field(self, draft: Draft, field: CredentialField, text: str) -> dict[str, Secret]:
        """Take one field's text; what is to be sealed of it."""
        cleaned = self._cleaned(draft, field, text)
        draft.notes = {**draft.notes, field.name: list(cleaned.notes)}
        refusals = {name: code for name, code in draft.refusals.items() if name != field.name}
        draft.refusals = {**refusals, field.name: cleaned.refusal} if cleaned.refusal else refusals
        if field.sealed:
            return {field.name: Secret(cleaned.value)} if cleaned.value else {}
        draft.values = {**draft.values, field.name: cleaned.value}
        return {}

    def _cleaned(self, draft: Draft, field: CredentialField, text: str) -> Cleaned:
        if field.required and not text.strip():
            return Cleaned("" if field.sealed else text, refusal=EMPTY)
        chosen = system(draft.system)
        return chosen.clean(field.name, text, self.credentials.trusted_origins, chosen.way_of(draft.values))

    def _void_old_report(self, draft: Draft) -> None:
        """Any edit voids the report; entering the same values again does not."""
        if draft.report and (missing_fields(draft) or not self._fits(draft, draft.report["fingerprint"])):
            draft.report = None

    def _fits(self, draft: Draft, fingerprint: str) -> bool:
        try:
            return self.credentials.fingerprint(draft) == fingerprint
        except (HostRefused, Unsealable):
            return False
