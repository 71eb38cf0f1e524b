"""Taking typed values into a draft: cleaned by the rules of their fields, kept or refused, and sealed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from xtnd_wizard.hosts import HostRefused
from xtnd_wizard.onboarding.credentials import DraftCredentials
from xtnd_wizard.onboarding.questions import ask
from xtnd_wizard.onboarding.steps import missing_fields
from xtnd_wizard.secret import Secret
from xtnd_wizard.storage.models import Draft
from xtnd_wizard.systems import system
from xtnd_wizard.systems.contract import API_URL, WAY, Cleaned, CredentialField
from xtnd_wizard.systems.recognition import Recognition
from xtnd_wizard.vault import Unsealable

EMPTY = "field_empty"


@dataclass(frozen=True)
class Entering:
    """Puts typed values into a draft. Nothing is written to the database here."""

    credentials: DraftCredentials

    def put(self, draft: Draft, typed: Mapping[str, str]) -> None:
        """Take what was typed. A sealed field that was left empty keeps its value."""
        chosen, host_before = system(draft.system), draft.values.get(API_URL)
        secrets = self.credentials.secrets(draft)
        recognised = {}
        for field in chosen.fields_of(chosen.way_of(draft.values)):
            left_empty = field.sealed and field.name in secrets and not typed.get(field.name, "").strip()
            if field.name in typed and not left_empty:
                recognised[field.name] = self._put_field(draft, field, typed[field.name], secrets)
        if _left_practice(draft, host_before):
            secrets = {name: secret for name, secret in secrets.items() if name in typed}
        if chosen.consent and host_before not in (None, draft.values.get(API_URL)):
            secrets = _without_approval(draft, secrets, typed)
        self.credentials.seal(draft, secrets)
        if chosen.ways:
            draft.values = {**draft.values, WAY: chosen.way_of(draft.values)}
        ask(draft, self.credentials.vault, self.credentials.secrets(draft), recognised)
        self._void_old_report(draft)

    def _put_field(
        self, draft: Draft, field: CredentialField, text: str, secrets: dict[str, Secret]
    ) -> Recognition | None:
        """Take one field's text; what it was recognised as, where that is to be asked about."""
        cleaned = self._cleaned(draft, field, text)
        if field.sealed and cleaned.value:
            secrets[field.name] = Secret(cleaned.value)
        elif field.sealed:
            secrets.pop(field.name, None)
        else:
            draft.values = {**draft.values, field.name: cleaned.value}
        draft.notes = {**draft.notes, field.name: list(cleaned.notes)}
        refusals = {name: code for name, code in draft.refusals.items() if name != field.name}
        draft.refusals = {**refusals, field.name: cleaned.refusal} if cleaned.refusal else refusals
        return cleaned.question

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


def _left_practice(draft: Draft, host_before: str | None) -> bool:
    """Whether the draft was about a practice channel until now. Practice values are of no use to a real one."""
    chosen = system(draft.system)
    was = bool(host_before) and chosen.is_practice(host_before or "")
    return was and API_URL not in draft.refusals and not chosen.is_practice(draft.values.get(API_URL, ""))


def _without_approval(draft: Draft, secrets: Mapping[str, Secret], typed: Collection[str]) -> dict[str, Secret]:
    """The secrets less those that were approved at another host: they are for that one only."""
    fields = system(draft.system).fields
    gone = {field.name for field in fields if not field.typed and field.name not in (API_URL, *typed)}
    draft.values = {name: text for name, text in draft.values.items() if name not in gone}
    draft.consent = {}
    return {name: secret for name, secret in secrets.items() if name not in gone}
