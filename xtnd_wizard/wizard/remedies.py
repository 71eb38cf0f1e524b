"""What helps against a problem: the buttons below it, in order, and when the first try may follow."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from xtnd_wizard.domain.findings import Finding
from xtnd_wizard.domain.problems import Cure, Problem, ResponsibleParty
from xtnd_wizard.systems.contract import API_URL, System
from xtnd_wizard.wizard.steps import Step


class Action(StrEnum):
    """What a remedy does."""

    CHANGE_METHOD = "change_method"
    """Choose another authentication method."""
    VERIFY_AGAIN = "verify_again"
    """Verify the same values once more."""
    FIX_FIELD = "fix_field"
    """Replace the one value at fault."""
    APPROVE_AGAIN = "approve_again"
    """Approve at the channel once more."""
    EDIT = "edit"
    """Look at the whole form, folded fields too, where no single field is at fault."""


class Emphasis(StrEnum):
    """How much a button stands out."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    TERTIARY = "tertiary"


@dataclass(frozen=True)
class Remedy:
    """One way out of a problem."""

    action: Action
    leads_to: Step
    emphasis: Emphasis = Emphasis.PRIMARY
    field: str = ""
    """The field at fault, where there is one."""
    replacing: frozenset[str] | None = None
    """The sealed values that the form asks for anew; None leaves that as it is."""


def remedies_for(problem: Problem, system: System, auth_method: str) -> tuple[Remedy, ...]:
    """What a merchant can do, most promising first.

    Trying again comes before mending where the same values may pass, or nobody but the channel can help.
    """
    another = (Remedy(Action.CHANGE_METHOD, Step.OBTAIN),) if _is_helped_by_another_method(problem, system) else ()
    mend, again = _mending(problem, system, auth_method), Remedy(Action.VERIFY_AGAIN, Step.VERIFY)
    if _is_again_first(problem, system, mend):
        return _emphasized(*another, again, *mend)
    return _emphasized(*another, *mend, again)


def again_at(finding: Finding, not_before: datetime | None = None) -> datetime | None:
    """When the next try may follow: our own limits come before the time that the channel asked us to wait for."""
    retry_at = finding.facts.get("retry_at")
    return not_before or (datetime.fromisoformat(retry_at) if retry_at else None)


def _is_helped_by_another_method(problem: Problem, system: System) -> bool:
    return problem.cure is Cure.ANOTHER_METHOD and bool(system.auth_methods)


def _is_again_first(problem: Problem, system: System, mend: tuple[Remedy, ...]) -> bool:
    mended_there = problem.cure is Cure.AT_THE_CHANNEL and system.oauth is None
    is_edited_here = problem.cure is Cure.ALL_VALUES or any(remedy.action is not Action.EDIT for remedy in mend)
    return (
        problem.retryable
        or mended_there
        or problem.responsible_party is not ResponsibleParty.MERCHANT
        or not is_edited_here
    )


def _mending(problem: Problem, system: System, auth_method: str) -> tuple[Remedy, ...]:
    """The way to what is at fault; none where a merchant who approves has nothing to edit."""
    sealed = system.sealed_fields_of(auth_method)
    if problem.field:
        untyped = {field.name for field in system.fields if not field.typed}
        action = Action.APPROVE_AGAIN if problem.field in untyped else Action.FIX_FIELD
        if action is Action.FIX_FIELD or (system.oauth and problem.field != API_URL):
            return (Remedy(action, Step.ENTER, field=problem.field, replacing=sealed & {problem.field}),)
    if system.oauth:
        return ()
    return (Remedy(Action.EDIT, Step.ENTER, replacing=sealed if problem.cure is Cure.ALL_VALUES else None),)


def _emphasized(first: Remedy, *others: Remedy) -> tuple[Remedy, ...]:
    """The first stands out; trying again after a value was mended is second, and all else is a text to press."""
    mended_first = first.action not in (Action.CHANGE_METHOD, Action.VERIFY_AGAIN)
    rest = Emphasis.SECONDARY if mended_first else Emphasis.TERTIARY
    return (first, *(replace(remedy, emphasis=rest) for remedy in others))
