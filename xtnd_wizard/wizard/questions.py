"""A value that looks like something else is kept sealed, and used only once the merchant said that it is right.

A question is bound by a keyed digest to exactly the value that it is about. Neither it nor its
answer holds anything of that value.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.storage.models import Draft
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.contract import CredentialField
from xtnd_wizard.systems.recognition import Paste, Recognition
from xtnd_wizard.vault import Vault
from xtnd_wizard.wizard.draft_contents import DraftContents

_BETWEEN_FIELDS = (Paste.SWAPPED, Paste.SAME, Paste.HOLDS)


@dataclass(frozen=True)
class Question:
    """What is asked about a field's value: the code of what it looks like, and the figures to say so."""

    field: str
    code: str
    facts: Mapping[str, str]
    digest: str

    @property
    def swapped_with(self) -> str:
        """The field that this one seems to have changed places with; empty where something else is asked."""
        return self.facts["field"] if self.code == Paste.SWAPPED else ""


def open_questions(draft: DraftContents) -> dict[str, Question]:
    """The questions that wait for an answer, by field. Until then nothing is called."""
    return {
        name: Question(name, kept["code"], kept["facts"], kept["digest"])
        for name, kept in draft.questions.items()
        if not kept["answered"] and (name in draft.sealed or draft.values.get(name))
    }


def answer(draft: Draft, name: str, digest: str) -> bool:
    """Take it that the value asked about is right; False where the question is about another value by now."""
    asked = open_questions(draft).get(name)
    if asked is None or asked.digest != digest:
        return False
    draft.questions = {**draft.questions, name: {**draft.questions[name], "answered": True}}
    return True


def ask(
    draft: Draft, vault: Vault, secrets: Mapping[str, Secret], recognised: Mapping[str, Recognition | None]
) -> None:
    """Ask about what was recognised in the values just typed, and about values that two fields share.

    `secrets` are all of the draft's sealed values. An answered question stays answered for as long as
    it is the same about the same value.
    """
    system = get_system(draft.system)
    fields = [field for field in system.fields_of(system.auth_method_of(draft.values)) if field.typed]
    values = {name: Secret(text) for name, text in draft.values.items() if text} | dict(secrets)
    asked = {name: draft.questions[name] for name in _set_aside(draft) if name in draft.questions}
    swapped = _swapped(fields, secrets)
    for field in fields:
        if field.name in swapped.values():
            continue
        found = _kept(draft, field.name) if field.name not in recognised else recognised[field.name]
        found = _swapped_with(swapped.get(field.name)) or found or _shared(field, fields, values)
        if found and field.name in values and field.name not in draft.refusals:
            about = {"draft": draft.id, "field": field.name, "code": found.paste.value, **found.facts}
            digest = vault.fingerprint("question", {**about, "value": values[field.name]})
            before = draft.questions.get(field.name, {})
            answered = before.get("digest") == digest and before["answered"]
            asked[field.name] = {
                "code": found.paste.value,
                "facts": dict(found.facts),
                "digest": digest,
                "answered": answered,
            }
    draft.questions = asked


def _swapped(fields: Sequence[CredentialField], secrets: Mapping[str, Secret]) -> dict[str, str]:
    """The pairs of fields of which each holds what belongs in the other, by the shapes that tell them apart."""
    held = [field for field in fields if field.sealed and field.name in secrets]
    return {
        one.name: other.name
        for one, other in combinations(held, 2)
        if _changed_places(one, other, secrets) or _changed_places(other, one, secrets)
    }


def _changed_places(shaped: CredentialField, other: CredentialField, secrets: Mapping[str, Secret]) -> bool:
    """Whether the other field holds a value of this one's shape, and this one a value that the other may have."""
    mine, theirs = secrets[shaped.name], secrets[other.name]
    if shaped.shape is None or mine.fits(shaped.shape) or not theirs.fits(shaped.shape):
        return False
    return mine.fits(other.shape) if other.shape else other.any_text


def _swapped_with(other: str | None) -> Recognition | None:
    return Recognition(Paste.SWAPPED, {"field": other}) if other else None


def _set_aside(draft: Draft) -> Collection[str]:
    """The fields whose values wait for an answer about their host: what was asked about them goes along with them."""
    return tuple(draft.set_aside.get("sealed", ()))


def _kept(draft: Draft, name: str) -> Recognition | None:
    """What a value that was not typed anew was recognised as by itself."""
    kept = draft.questions.get(name)
    found = Recognition(Paste(kept["code"]), kept["facts"]) if kept else None
    return None if found and found.paste in _BETWEEN_FIELDS else found


def _shared(
    field: CredentialField, fields: Sequence[CredentialField], values: Mapping[str, Secret]
) -> Recognition | None:
    """What a sealed value has in common with the value of another field."""
    mine = values.get(field.name)
    if mine is None or not field.sealed:
        return None
    for other in fields:
        theirs = values.get(other.name)
        if theirs is None or other is field:
            continue
        if mine == theirs and _is_the_doubtful_one(field, other, fields):
            return Recognition(Paste.SAME, {"field": other.name})
        if field.any_text and mine.holds(theirs):
            return Recognition(Paste.HOLDS, {"field": other.name})
    return None


def _is_the_doubtful_one(field: CredentialField, other: CredentialField, fields: Sequence[CredentialField]) -> bool:
    """Of two fields with the same value: the sealed one, the one that takes any text, or else the later one."""
    if not other.sealed or field.any_text != other.any_text:
        return not other.sealed or field.any_text
    return fields.index(field) > fields.index(other)
