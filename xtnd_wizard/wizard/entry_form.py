"""The form in which credential fields are entered: what it asks for, and what comes after it was sent."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from xtnd_wizard.domain.api_url import is_in_mixed_scripts
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.contract import API_URL, CredentialField
from xtnd_wizard.wizard.questions import Question, open_questions
from xtnd_wizard.wizard.steps import missing_fields
from xtnd_wizard.wizard.views import DraftView


@dataclass(frozen=True)
class FormLayout:
    """The fields that a merchant types, each in one of four places, in the order of the form."""

    fields: tuple[CredentialField, ...]
    """All of them."""
    doubtful: tuple[tuple[CredentialField, Question], ...]
    """Values that look like something else, with the question about each."""
    kept: tuple[CredentialField, ...]
    """Sealed values that are there: their last four characters are shown, and Replace."""
    required: tuple[CredentialField, ...]
    """Inputs."""
    optional: tuple[CredentialField, ...]
    """Inputs that are folded away."""
    can_be_sent: bool
    """Whether there is anything to send; a system whose merchants approve may have no field to type."""

    @property
    def asked(self) -> tuple[str, ...]:
        """The names of the fields with an input, which one submit takes."""
        return tuple(field.name for field in (*self.required, *self.optional))


def form_layout(draft: DraftView, replacing: Collection[str]) -> FormLayout:
    """The form for a draft, whose merchant wants to replace these sealed values."""
    system, questions = get_system(draft.system), open_questions(draft)
    fields = tuple(field for field in system.fields_of(system.auth_method_of(draft.values)) if field.typed)
    settled = [field for field in fields if field.name not in questions]
    kept = [field for field in settled if field.sealed and field.name in draft.sealed and field.name not in replacing]
    asked = [field for field in settled if field not in kept]
    return FormLayout(
        fields=fields,
        doubtful=tuple((field, questions[field.name]) for field in fields if field.name in questions),
        kept=tuple(kept),
        required=tuple(field for field in asked if field.required),
        optional=tuple(field for field in asked if not field.required),
        can_be_sent=bool(fields) or not missing_fields(draft),
    )


class NextStep(StrEnum):
    """What comes after the form was sent. The words of all but the first two are under `enter.<next step>`."""

    VERIFY = "verify"
    """Verify at once."""
    HOST_CHANGED = "host_changed"
    """Stay: what is said and asked about the new host stands above the form."""
    MEND = "mend"
    """Stay: a value is missing, or can't be used."""
    ASKED = "asked"
    """Stay: all that waits is an answer about a value."""
    READ_BACK = "read_back"
    """Stay: what was typed was changed by its cleaning, and the merchant looks at it before anything is called."""


def after_entering(before: DraftView, entered: DraftView, typed: Mapping[str, object]) -> NextStep:
    """What comes after a submit: `before` is the draft as the form was drawn, `typed` what was sent, by field.

    A field that was left empty is not read back.
    """
    missing, questions = set(missing_fields(entered)), set(open_questions(entered))
    if set(entered.left_for_another_host) - set(before.left_for_another_host):
        return NextStep.HOST_CHANGED
    if missing:
        return NextStep.MEND if missing - questions else NextStep.ASKED
    filled = [name for name, value in typed.items() if value]
    confirmations = get_system(entered.system).confirmations
    if _is_unlike(before, entered) or any(set(entered.notes.get(name, ())) - confirmations for name in filled):
        return NextStep.READ_BACK
    return NextStep.VERIFY


def _is_unlike(before: DraftView, entered: DraftView) -> bool:
    """Whether the host is another one by now, and may pass for one that it is not."""
    host = entered.values.get(API_URL, "")
    return host != before.values.get(API_URL) and is_in_mixed_scripts(host)
