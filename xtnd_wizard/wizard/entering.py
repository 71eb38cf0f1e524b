"""Taking typed values into a draft: cleaned by the rules of their fields, kept or refused, and sealed."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy.exc import SQLAlchemyError

from xtnd_wizard.domain.api_url import HostRefused
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.storage.models import Draft
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.cleaning import Cleaned, Remarks, Value
from xtnd_wizard.systems.contract import AUTH_METHOD, CredentialField
from xtnd_wizard.systems.recognition import Recognition
from xtnd_wizard.vault import DecryptionError
from xtnd_wizard.wizard.credentials import DraftCredentials
from xtnd_wizard.wizard.host_change import HostChange
from xtnd_wizard.wizard.questions import ask
from xtnd_wizard.wizard.steps import missing_fields

EMPTY = "field_empty"
_log = logging.getLogger("xtnd_wizard")


class NotStored(Exception):
    """The database did not take what was entered. The draft is as it was before."""


@contextmanager
def or_not_stored() -> Iterator[None]:
    """Say in our own terms that the database did not answer, so that the form can say what became of its texts."""
    try:
        yield
    except SQLAlchemyError as error:
        _log.warning("what was entered was not stored: %s", type(error).__name__)
        raise NotStored(type(error).__name__) from None


@dataclass(frozen=True)
class Entering:
    """Puts typed values into a draft. Nothing is written to the database here."""

    credentials: DraftCredentials

    def put(self, draft: Draft, typed: Mapping[str, Secret | str], sitting: str = "") -> None:
        """Take what was typed in a sitting. A sealed field that was left empty keeps its value.

        A sealed field's text is a secret from here on, also where a caller had it as text.
        """
        system, secrets = get_system(draft.system), self.credentials.secrets(draft)
        typed_secrets: dict[str, Secret] = {}
        recognised: dict[str, Recognition | None] = {}
        for field in system.fields_of(system.auth_method_of(draft.values)):
            if field.name not in typed:
                continue
            pasted = typed[field.name]
            if not field.sealed:
                remarks = self._put_text(draft, field, pasted)
            else:
                secret = pasted if isinstance(pasted, Secret) else Secret(pasted)
                if secret.is_blank and field.name in secrets:
                    continue
                secrets.pop(field.name, None)
                cleaned = self._cleaned(draft, field, secret)
                remarks = cleaned.remarks
                if cleaned.value:
                    typed_secrets[field.name] = cleaned.value
            _put_remarks(draft, field, remarks)
            recognised[field.name] = remarks.question
        HostChange(self.credentials).follow(draft, {**secrets, **typed_secrets}, typed_secrets.keys(), sitting)
        if system.auth_methods:
            draft.values = {**draft.values, AUTH_METHOD: system.auth_method_of(draft.values)}
        self.ask(draft, recognised)
        self._void_old_report(draft)

    def ask(self, draft: Draft, recognised: Mapping[str, Recognition | None] = MappingProxyType({})) -> None:
        """Ask about what was recognised in the values just typed, and about what two fields have in common."""
        ask(draft, self.credentials.vault, self.credentials.secrets(draft), recognised)

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

    def _void_old_report(self, draft: Draft) -> None:
        """Any edit voids the report; entering the same values again does not."""
        if draft.report and (missing_fields(draft) or not self._fits(draft, draft.report["fingerprint"])):
            draft.report = None

    def _fits(self, draft: Draft, fingerprint: str) -> bool:
        try:
            return self.credentials.fingerprint(draft) == fingerprint
        except (HostRefused, DecryptionError):
            return False


def _put_remarks(draft: Draft, field: CredentialField, remarks: Remarks) -> None:
    draft.notes = {**draft.notes, field.name: list(remarks.notes)}
    refusals = {name: code for name, code in draft.refusals.items() if name != field.name}
    draft.refusals = {**refusals, field.name: remarks.refusal} if remarks.refusal else refusals
