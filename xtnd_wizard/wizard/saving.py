"""The form of the last step: what stands in it, what it lacks, and what comes after it was sent."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from xtnd_wizard.domain.errors import (
    AlreadyConnected,
    NotFound,
    NotVerified,
    StorageFailed,
    TooManyConnections,
    WizardError,
)
from xtnd_wizard.domain.findings import Report
from xtnd_wizard.wizard.connections import XtndForm, proposed_name
from xtnd_wizard.wizard.steps import Step
from xtnd_wizard.wizard.views import ConnectionView, DraftView


def proposed_form(draft: DraftView, report: Report, existing: ConnectionView | None, today: date) -> XtndForm:
    """What stands in the form at first: what is saved already where a connection is updated."""
    if existing:
        return XtndForm(existing.name, existing.order_start, existing.warehouse, existing.company_group)
    return XtndForm(proposed_name(draft, report), today, "", "")


class FormMistake(StrEnum):
    """What the form lacks. The words are in the catalogue under `save.<mistake>`."""

    NAME = "name_needed"
    DATE = "date_needed"


def read_form(name: str, order_start: date | None, warehouse: str, company_group: str) -> XtndForm | FormMistake:
    """The form as it was sent, or what it lacks. What a browser checks is checked again here."""
    if not name.strip():
        return FormMistake.NAME
    if not order_start:
        return FormMistake.DATE
    return XtndForm(name, order_start, warehouse, company_group)


class Obstacle(StrEnum):
    """Why nothing was saved, where the merchant stays on the page."""

    NOT_STORED = "not_stored"
    TOO_MANY = "too_many"
    ALREADY_CONNECTED = "already_connected"
    """The page is drawn anew, and says which connection would be updated."""


@dataclass(frozen=True)
class Setback:
    """Why nothing was saved, where the walk goes back."""

    leads_to: Step
    notice: str
    voids_report: bool = False


def after_refusal(error: WizardError) -> Obstacle | Setback:
    """What comes after saving was refused. An error that saving never raises is raised again."""
    match error:
        case StorageFailed():
            return Obstacle.NOT_STORED
        case TooManyConnections():
            return Obstacle.TOO_MANY
        case AlreadyConnected():
            return Obstacle.ALREADY_CONNECTED
        case NotVerified():
            return Setback(Step.VERIFY, "changed", voids_report=True)
        case NotFound():
            return Setback(Step.SYSTEM, "draft_gone")
    raise error
