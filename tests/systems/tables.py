"""The form of each system's table of answers and verdicts, `tests/systems/<system>/answers.py`.

`SCENARIOS` says what each scenario of the sandbox comes to. `ROWS` says what single answers of the channel come to,
where everything else is as in the sandbox. Both are read by the tests beside this module. A whole small table:

    WHO = M(path="/who")  # of respx.patterns; Reply, page and route are in tests/systems/mocked.py
    SCENARIOS = {
        "works": Verdict(proven={"key", "account"}, calls=1),
        "wrong": Verdict({"key": "key_rejected"}, calls=1, field="access_token"),
    }
    ROWS = (
        row("no name", route(WHO, Reply(200, {})), {"key": "not_an_api"}, set(), calls=1),
        row("a page for people", route(WHO, page()), {"key": "not_an_api"}, set(), calls=1),
        row("down, then up", route(WHO, Reply(503), Reply(200, {"name": "Pumpan"})), {}, {"key", "account"}, calls=2),
    )
"""

import importlib
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import cast

from tests.systems.mocked import Reply, Route
from tests.systems.verifying import COMMON_CHECKS, Checked, checks_of
from xtnd_wizard.domain.findings import Finding, Outcome
from xtnd_wizard.systems.contract import System

Problems = Mapping[str, str]


@dataclass(frozen=True)
class Verdict:
    """What a verification comes to."""

    problems: Problems = field(default_factory=dict)
    """The code of every failed check."""
    proven: Set[str] = frozenset()
    """The checks that pass beside those that every system has: no less than the answers prove, and no more."""
    calls: int | None = None
    """How many requests it takes; None where that is not the point."""
    field: str | None = None
    """The field that the first failure sends the merchant to."""
    not_applicable: Set[str] = frozenset()
    """The checks whose question does not arise here."""
    needs_its_name: bool = False
    """Whether the answers are about the channel's own host name, which no server on the loopback has."""
    unread: Problems | None = None
    """The weaker verdict where no message can be read; None where messages decide nothing."""


@dataclass(frozen=True)
class Row:
    """Answers of a channel that knows the values of a scenario, and their verdict."""

    name: str
    routes: Sequence[Route]
    verdict: Verdict
    scenario: str = "works"


def row(
    name: str,
    routes: Route | Sequence[Route],
    problems: Problems,
    proven: Set[str],
    *,
    scenario: str = "works",
    calls: int | None = None,
) -> Row:
    """A row with one route or several. The field is not told again: it is the problem's own, or the scenario's."""
    listed = (routes,) if isinstance(routes, Route) else routes
    return Row(name, listed, Verdict(problems, proven, calls), scenario)


def name_of(reply: Reply) -> str:
    """How a reply is called in the list of tests."""
    what = "empty" if not reply.body else reply.kind.partition("/")[2]
    return f"{reply.status}-{what}"


def scenarios_of(system: System) -> Mapping[str, Verdict]:
    """The verdict of each scenario that brings all the values it takes."""
    return cast(Mapping[str, Verdict], _table(system, "SCENARIOS"))


def rows_of(system: System) -> Sequence[Row]:
    """The rows of a system's table."""
    return cast(Sequence[Row], _table(system, "ROWS"))


def file_of(system: System) -> str:
    """Where a system's table is."""
    return f"tests/systems/{system.code}/answers.py"


def first_failure(system: System, result: Checked) -> Finding | None:
    """The failure that the page shows first."""
    order = checks_of(system)
    failures = [found for found in result.findings.values() if found.outcome is Outcome.FAILED]
    return min(failures, key=lambda found: order.index(found.check), default=None)


def assert_verdict(system: System, result: Checked, verdict: Verdict, row: str) -> None:
    """Raises AssertionError that names the row where a verification came to something else."""
    where = f"row {row!r} of {file_of(system)} says otherwise; change the check, or the row if the new verdict is right"
    assert result.problems == verdict.problems, where
    assert result.proven == verdict.proven, f"proven: {where}"
    skipped = {check for check, found in result.findings.items() if found.outcome is Outcome.NOT_APPLICABLE}
    assert skipped - {*COMMON_CHECKS} == verdict.not_applicable, f"not applicable: {where}"
    if verdict.calls is not None:
        assert len(result.requests) == verdict.calls, f"calls: {where}"


def _table(system: System, name: str) -> object:
    try:
        return getattr(importlib.import_module(f"tests.systems.{system.code}.answers"), name)
    except ModuleNotFoundError:
        raise AssertionError(f"{file_of(system)} is missing; copy its form from another system's") from None
