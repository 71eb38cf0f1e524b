"""The form in which credential fields are entered: what it asks for, and what comes after it was sent."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from xtnd_wizard.domain.api_url import is_in_mixed_scripts
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.contract import API_URL, CredentialField
from xtnd_wizard.wizard.questions import Question, open_questions
from xtnd_wizard.wizard.steps import missing_fields
from xtnd_wizard.wizard.views import DraftView


class Place(StrEnum):
    """How a field stands in the form."""

    INPUT = "input"
    KEPT = "kept"
    """A sealed value that is there: its last four characters are shown, and Replace."""
    REPLACED = "replaced"
    """An input, though a sealed value is there that may be kept."""
    DOUBTFUL = "doubtful"
    """A value that looks like something else, with the question about it."""
    SWAPPED = "swapped"
    """The other one of two values that seem to have changed places: the first one's question is about both."""


@dataclass(frozen=True)
class FormRow:
    """One field in its place."""

    field: CredentialField
    place: Place
    question: Question | None = None

    @property
    def has_input(self) -> bool:
        """Whether something can be typed here, for the first time or anew."""
        is_asked_about = self.question is not None and not self.question.swapped_with
        return self.place in (Place.INPUT, Place.REPLACED) or is_asked_about


@dataclass(frozen=True)
class FormLayout:
    """The fields that a merchant types, in the order of the form, whatever becomes of them."""

    rows: tuple[FormRow, ...]
    can_be_sent: bool
    """Whether there is anything to send; a system whose merchants approve may have no field to type."""

    @property
    def required(self) -> tuple[FormRow, ...]:
        """What is always in sight."""
        return tuple(row for row in self.rows if row.field.required)

    @property
    def optional(self) -> tuple[FormRow, ...]:
        """What is folded away."""
        return tuple(row for row in self.rows if not row.field.required)

    @property
    def asked(self) -> tuple[str, ...]:
        """The names of the fields with an input."""
        return tuple(row.field.name for row in self.rows if row.has_input)

    @property
    def is_doubtful(self) -> bool:
        """Whether a question waits for an answer."""
        return any(row.question for row in self.rows)

    @property
    def is_swapped(self) -> bool:
        """Whether two values seem to have changed places; nothing else is worth pressing then."""
        return any(row.place is Place.SWAPPED for row in self.rows)


def form_layout(draft: DraftView, replacing: Collection[str]) -> FormLayout:
    """The form for a draft, whose merchant wants to replace these sealed values."""
    system, questions = get_system(draft.system), open_questions(draft)
    swapped = {question.swapped_with for question in questions.values()}
    fields = [field for field in system.fields_of(system.auth_method_of(draft.values)) if field.typed]

    def place(field: CredentialField) -> Place:
        if field.name in questions:
            return Place.DOUBTFUL
        if field.name in swapped:
            return Place.SWAPPED
        if not field.sealed or field.name not in draft.sealed:
            return Place.INPUT
        return Place.REPLACED if field.name in replacing else Place.KEPT

    return FormLayout(
        rows=tuple(FormRow(field, place(field), questions.get(field.name)) for field in fields),
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
    return NextStep.READ_BACK if to_read_back(before, entered, typed) else NextStep.VERIFY


def to_read_back(before: DraftView, entered: DraftView, typed: Mapping[str, object]) -> frozenset[str]:
    """The fields whose typed values were changed by their cleaning, or may pass for what they are not."""
    confirmations = get_system(entered.system).confirmations
    filled = {name for name, value in typed.items() if value}
    changed = {name for name in filled if set(entered.notes.get(name, ())) - confirmations}
    return frozenset(changed | {API_URL}) if _is_unlike(before, entered) else frozenset(changed)


def newly_typed(before: DraftView, typed: Mapping[str, Secret | str]) -> dict[str, Secret | str]:
    """What was typed since the draft took the fields' values: a field that was left is taken at once, and sent again.

    An empty field is new only where nothing is there, and nothing was said about what was.
    """
    there = {*before.sealed, *before.refusals}
    return {
        name: value
        for name, value in typed.items()
        if (value or name not in there if isinstance(value, Secret) else value != before.values.get(name, ""))
    }


def filled_besides(before: DraftView, entered: DraftView, typed: Mapping[str, object]) -> tuple[str, ...]:
    """The fields that a submit filled though nothing was typed there: a whole message was pasted into another one."""
    there, were = ({*draft.sealed, *filter(draft.values.get, draft.values)} for draft in (entered, before))
    names = [each.name for each in get_system(entered.system).fields if each.typed]
    return tuple(name for name in names if name in there - were and not typed.get(name))


def _is_unlike(before: DraftView, entered: DraftView) -> bool:
    """Whether the host is another one by now, and may pass for one that it is not."""
    host = entered.values.get(API_URL, "")
    return host != before.values.get(API_URL) and is_in_mixed_scripts(host)
