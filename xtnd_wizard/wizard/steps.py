"""The order of the walk: which step comes next, and which may be opened yet."""

from enum import StrEnum

from xtnd_wizard.domain.findings import Report
from xtnd_wizard.storage.models import Draft
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.contract import API_URL
from xtnd_wizard.wizard.questions import open_questions


class Step(StrEnum):
    """One screen of the walk."""

    SYSTEM = "system"
    OBTAIN = "obtain"
    ENTER = "enter"
    VERIFY = "verify"
    SAVE = "save"
    DONE = "done"


WALK = tuple(Step)


def first_unfinished(draft: Draft | None) -> Step:
    """The step that is waiting for the merchant. Reading the guide is never owed."""
    if draft is None or not draft.system or not usable(draft, API_URL):
        return Step.SYSTEM
    if draft.connection_id:
        return Step.DONE
    if missing_fields(draft):
        return Step.ENTER
    report = report_of(draft)
    return Step.SAVE if report and report.passed else Step.VERIFY


def may_open(step: Step, draft: Draft | None) -> bool:
    """Whether a step can be worked on. A saved draft has only its last screen left."""
    reached = first_unfinished(draft)
    if reached is Step.DONE:
        return step is Step.DONE
    if reached is Step.SYSTEM and draft is not None and draft.system and API_URL in draft.values:
        # The host was edited into something unusable: it is mended where it was typed.
        return step in (Step.SYSTEM, Step.ENTER)
    return WALK.index(step) <= WALK.index(reached)


def missing_fields(draft: Draft) -> tuple[str, ...]:
    """The fields that still have to be entered or mended, in the order of the form."""
    system = get_system(draft.system)
    return tuple(
        field.name
        for field in system.fields_of(system.auth_method_of(draft.values))
        if field.name in draft.refusals
        or field.name in open_questions(draft)
        or (field.required and not usable(draft, field.name))
    )


def usable(draft: Draft, name: str) -> bool:
    """Whether a field has a value that can be sent."""
    waits = name in draft.refusals or name in open_questions(draft)
    return not waits and bool(draft.values.get(name) or draft.sealed.get(name))


def report_of(draft: Draft) -> Report | None:
    """The report on what the draft holds now, if it was verified."""
    return Report.from_json(draft.report) if draft.report else None
