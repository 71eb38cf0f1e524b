"""The order of the walk: which step comes next, which may be opened yet, and where a button leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from xtnd_wizard.domain.findings import Report
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.contract import API_URL, System
from xtnd_wizard.systems.oauth import APPROVAL_OUTCOMES
from xtnd_wizard.wizard.draft_contents import DraftContents
from xtnd_wizard.wizard.questions import open_questions
from xtnd_wizard.wizard.views import DraftView


class Step(StrEnum):
    """One screen of the walk."""

    SYSTEM = "system"
    OBTAIN = "obtain"
    ENTER = "enter"
    VERIFY = "verify"
    SAVE = "save"
    DONE = "done"


WALK = tuple(Step)
BY_HAND = (Step.SYSTEM, Step.OBTAIN, Step.DONE)
"""The walk where XTND itself has to ask for the approval: nothing is entered, verified or saved here."""


def walk_of(system: System, *, registered: bool) -> tuple[Step, ...]:
    """The steps that lead to a connection, given whether the operator is registered with the channel."""
    return BY_HAND if system.oauth and not registered else WALK


def first_unfinished(draft: DraftContents | None, walk: Sequence[Step] = WALK) -> Step:
    """The step that is waiting for the merchant. Reading the guide is never owed, unless it is all there is."""
    if draft is None or not draft.system or not usable(draft, API_URL):
        return Step.SYSTEM
    if draft.connection_id:
        return Step.DONE
    if Step.ENTER not in walk:
        return Step.OBTAIN
    if missing_fields(draft):
        return Step.ENTER
    report = report_of(draft)
    return Step.SAVE if report and report.passed else Step.VERIFY


def may_open(step: Step, draft: DraftContents | None, walk: Sequence[Step] = WALK) -> bool:
    """Whether a step can be worked on. A saved draft has only its last screen left."""
    reached = first_unfinished(draft, walk)
    if reached is Step.DONE:
        return step is Step.DONE
    if reached is Step.SYSTEM and draft is not None and draft.system and API_URL in draft.values:
        # The host was edited into something unusable: it is mended where it was typed.
        return step in (Step.SYSTEM, Step.ENTER)
    if reached is Step.OBTAIN:
        return step in walk
    return WALK.index(step) <= WALK.index(reached)


@dataclass(frozen=True)
class Redirect:
    """Another step to show instead of the one that was asked for, and the code of what to say there."""

    step: Step
    notice: str
    """Empty where there is nothing to say: the step does not exist in this walk."""


def redirect_from(
    step: Step, draft: DraftContents | None, walk: Sequence[Step] = WALK, *, is_gone: bool = False
) -> Redirect | None:
    """Where to go instead, where a step is asked for out of turn, or in a tab whose draft is gone."""
    if may_open(step, draft, walk):
        return None
    waiting = first_unfinished(draft, walk)
    if is_gone:
        return Redirect(waiting, "draft_gone")
    if step not in walk:
        return Redirect(waiting, "")
    return Redirect(waiting, "already_saved" if waiting is Step.DONE else "out_of_turn")


def resumed(draft: DraftView) -> Step:
    """The step at which a draft was left; a step that is no longer there is the first one."""
    return Step(draft.step) if draft.step in tuple(Step) else Step.SYSTEM


def unsaved(draft: DraftView | None) -> DraftView | None:
    """The draft, as long as it did not become a connection."""
    return draft if draft and not draft.connection_id else None


def preselected(draft: DraftView | None, system_codes: Sequence[str]) -> str:
    """The system that a choice of one begins with."""
    return draft.system if draft and draft.system in system_codes else system_codes[0]


def typed_host(draft: DraftView | None, system_code: str) -> str:
    """The host that was typed for a system before."""
    return draft.values.get(API_URL, "") if draft and draft.system == system_code else ""


def after_choosing(*, is_asked: bool) -> Step:
    """The step after the host: the guide, or the form where something is asked about the new host."""
    return Step.ENTER if is_asked else Step.OBTAIN


@dataclass(frozen=True)
class Return:
    """How a merchant came back from the channel's consent page."""

    outcome: str
    """One of `APPROVAL_OUTCOMES`; the words are in the catalogue under `consent.<outcome>`."""
    is_approved: bool
    """Whether an approval is there all the same: a second look at an address that did its work."""
    is_for_us: bool
    """Whether it is the operator's turn, so that nothing a merchant presses helps."""
    leads_to: Step


def after_return(outcome: str, draft: DraftView | None) -> Return:
    """What to say to who came back, and where to go on. An outcome that is none of ours counts as a foreign state."""
    known = outcome if outcome in APPROVAL_OUTCOMES else "foreign_state"
    return Return(
        outcome=known,
        is_approved=known == "used_state" and draft is not None and not missing_fields(draft),
        is_for_us=known == "our_app",
        leads_to=Step.ENTER if draft else Step.SYSTEM,
    )


def missing_fields(draft: DraftContents) -> tuple[str, ...]:
    """The fields that still have to be entered or mended, in the order of the form."""
    system = get_system(draft.system)
    return tuple(
        field.name
        for field in system.fields_of(system.auth_method_of(draft.values))
        if field.name in draft.refusals
        or field.name in open_questions(draft)
        or (field.required and not usable(draft, field.name))
    )


def usable(draft: DraftContents, name: str) -> bool:
    """Whether a field has a value that can be sent."""
    waits = name in draft.refusals or name in open_questions(draft)
    return not waits and bool(draft.values.get(name) or name in draft.sealed)


def report_of(draft: DraftContents) -> Report | None:
    """The report on what the draft holds now, if it was verified."""
    return Report.from_json(draft.report) if draft.report else None
