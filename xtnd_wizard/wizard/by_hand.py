"""A connection that is made inside XTND, because only XTND may ask for the approval: what has to be in place first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xtnd_wizard.wizard.views import DraftView

IN_PLACE = "in_place"
"""The name under which a draft's notes keep what the merchant ticked off."""


@dataclass(frozen=True)
class Need:
    """One thing that has to be in place, in words."""

    code: str
    label: str
    cure: str
    """How to get there, or whom to ask."""


@dataclass(frozen=True)
class Preparation:
    """How far a merchant has come."""

    in_place: tuple[Need, ...]
    left: tuple[Need, ...]


def preparation(needs: Sequence[Mapping[str, str]], draft: DraftView) -> Preparation:
    """What the merchant ticked off of a guide's list, and what is left of it, each in the list's order."""
    ticked = draft.notes.get(IN_PLACE, ())
    listed = [Need(need["id"], need["label"], need["cure"]) for need in needs]
    return Preparation(
        tuple(need for need in listed if need.code in ticked),
        tuple(need for need in listed if need.code not in ticked),
    )
