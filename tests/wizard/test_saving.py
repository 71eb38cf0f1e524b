"""What stands in the form of the last step, what it lacks, and where an error leads."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.walks import ACCOUNT, FORM, SYSTEM, WORKS
from xtnd_wizard.domain.errors import (
    AlreadyConnected,
    ConnectionNotFound,
    DraftNotFound,
    NotVerified,
    StorageFailed,
    TooManyConnections,
    WizardError,
)
from xtnd_wizard.domain.findings import Report
from xtnd_wizard.storage.models import Connection, Draft, now
from xtnd_wizard.wizard.connections import XtndForm
from xtnd_wizard.wizard.saving import (
    FormMistake,
    Obstacle,
    Setback,
    after_refusal,
    proposed_form,
    read_form,
)
from xtnd_wizard.wizard.steps import Step
from xtnd_wizard.wizard.views import ConnectionView, DraftView

TODAY = date(2026, 2, 3)
DRAFT = DraftView.of(
    Draft(tenant="somebody", system=SYSTEM.code, values=dict(WORKS.values), sealed={}, expires_at=now())
)
REPORT = Report(SYSTEM.code, "print", datetime(2026, 1, 1, tzinfo=UTC), (), (), ACCOUNT)


def test_a_new_connection_is_named_after_the_verified_shop_and_starts_today() -> None:
    form = proposed_form(DRAFT, REPORT, None, TODAY)
    assert form == XtndForm(form.name, TODAY, "", "")
    assert ACCOUNT.name in form.name


def test_an_update_begins_with_what_is_saved() -> None:
    saved = XtndForm("Our shop", date(2025, 1, 1), "MAIN", "Group")
    row = Connection(
        tenant="somebody",
        system=SYSTEM.code,
        api_url=WORKS.values["api_url"],
        account_id=ACCOUNT.id,
        account_name=ACCOUNT.name,
        verified_at=now(),
        report=REPORT.to_json(),
        name=saved.name,
        order_start=saved.order_start,
        warehouse=saved.warehouse,
        company_group=saved.company_group,
    )
    assert proposed_form(DRAFT, REPORT, ConnectionView.of(row), TODAY) == saved


@pytest.mark.parametrize(
    ("name", "order_start", "expected"),
    [
        ("", TODAY, FormMistake.NAME),
        ("  ", TODAY, FormMistake.NAME),
        ("", None, FormMistake.NAME),
        ("Our shop", None, FormMistake.DATE),
        ("Our shop", FORM.order_start, replace(FORM, name="Our shop", warehouse="W", company_group="G")),
    ],
)
def test_a_form_needs_a_name_and_a_date(name: str, order_start: date | None, expected: XtndForm | FormMistake) -> None:
    assert read_form(name, order_start, "W", "G") == expected


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (StorageFailed(), Obstacle.NOT_STORED),
        (TooManyConnections(), Obstacle.TOO_MANY),
        (AlreadyConnected(), Obstacle.ALREADY_CONNECTED),
        (NotVerified(), Setback(Step.VERIFY, "changed", voids_report=True)),
        (DraftNotFound(), Setback(Step.SYSTEM, "draft_gone")),
        (ConnectionNotFound(), Setback(Step.SYSTEM, "draft_gone")),
    ],
    ids=lambda given: type(given).__name__,
)
def test_each_refusal_leads_somewhere(error: WizardError, expected: Obstacle | Setback) -> None:
    assert after_refusal(error) == expected
