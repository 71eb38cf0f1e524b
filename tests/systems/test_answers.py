"""Every row of every system's table of answers, through the real outbound client."""

import pytest

from tests.systems.mocked import checked
from tests.systems.tables import Row, assert_verdict, file_of, rows_of
from xtnd_wizard.systems import all_systems
from xtnd_wizard.systems.contract import System

ROWS = [(system, row) for system in all_systems() for row in rows_of(system)]


@pytest.mark.parametrize(("system", "row"), ROWS, ids=[f"{system.code}-{row.name}" for system, row in ROWS])
def test_an_answer_has_its_verdict(system: System, row: Row) -> None:
    scenario = next(found for found in system.sandbox.scenarios if found.code == row.scenario)
    result = checked(system, scenario, None, row.routes)
    assert_verdict(system, result, row.verdict, row.name)
    assert "marker" not in repr(result.events), f"a body of row {row.name!r} is repeated in an event"


@pytest.mark.parametrize("system", all_systems(), ids=lambda system: system.code)
def test_every_row_has_a_name_of_its_own(system: System) -> None:
    names = [row.name for row in rows_of(system)]
    assert sorted({name for name in names if names.count(name) > 1}) == [], f"rename them in {file_of(system)}"
