"""The list of problems is closed: what all systems share, and what each one adds to it."""

import ast
import json
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

import xtnd_wizard
from xtnd_wizard.domain.findings import Report, failed, not_applicable, passed
from xtnd_wizard.domain.problems import PROBLEMS, Problem, ProblemCode, ResponsibleParty, Stage
from xtnd_wizard.i18n import LANGUAGES, messages
from xtnd_wizard.systems import all_systems
from xtnd_wizard.systems.contract import System

PACKAGE = Path(xtnd_wizard.__file__).parent
SYSTEM = all_systems()[0]
OWN = [(system, problem) for system in all_systems() for problem in system.problems]
every_own = pytest.mark.parametrize(("system", "problem"), OWN, ids=[f"{s.code}-{p.code}" for s, p in OWN])
every_language = pytest.mark.parametrize("language", LANGUAGES)
every_system = pytest.mark.parametrize("system", all_systems(), ids=lambda system: system.code)


def names_used(files: list[Path]) -> set[str]:
    """Every name and attribute that code reads; what it only assigns or imports is not among them."""
    return {name for file in files for name in names_in(file)}


@cache
def names_in(file: Path) -> frozenset[str]:
    nodes = list(ast.walk(ast.parse(file.read_text("utf-8"))))
    names = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    return frozenset(names | {node.attr for node in nodes if isinstance(node, ast.Attribute)})


def code_of(folder: Path) -> list[Path]:
    """What may raise a problem, less the lists of them."""
    return [file for file in sorted(folder.rglob("*.py")) if file.name != "problems.py"]


def test_no_two_problems_have_the_same_code() -> None:
    codes = Counter([*PROBLEMS, *(problem.code for _, problem in OWN)])
    assert {code for code, times in codes.items() if times > 1} == set()


@every_own
def test_a_problem_of_one_system_is_like_any_other(system: System, problem: Problem) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", problem.code)
    assert problem.stage in Stage
    assert problem.stage not in (Stage.ADDRESS, Stage.SECURE)
    assert problem.field in (None, *(field.name for field in system.fields))
    assert problem.responsible_party is not ResponsibleParty.WAIT or problem.retryable


@every_language
@every_own
def test_a_problem_of_one_system_has_words_in_its_folder(system: System, problem: Problem, language: str) -> None:
    words = messages(system.folder / "words", language)
    assert all(words[f"problems.{problem.code}.{part}"] for part in ("title", "why", "do"))


@every_own
def test_a_problem_of_one_system_is_raised_by_it(system: System, problem: Problem) -> None:
    assert problem.code.upper() in names_used(code_of(system.folder))


def test_a_shared_problem_is_raised_outside_the_systems_or_by_two_of_them() -> None:
    folders = {system.folder for system in all_systems()}
    by_system = [names_used(code_of(folder)) for folder in folders]
    others = [file for file in (*code_of(PACKAGE), *code_of(PACKAGE.parent / "pages")) if file.parent not in folders]
    names, source = names_used(others), "".join(file.read_text("utf-8") for file in others)
    elsewhere = {code for code in ProblemCode if code.name in names or f"problem.{code}." in source}
    lonely = {code for code in ProblemCode if sum(code.name in raised for raised in by_system) < 2} - elsewhere
    assert not lonely, f"problems that at most one system raises; move them to its problems.py: {sorted(lonely)}"


def test_a_finding_knows_its_problem() -> None:
    assert SYSTEM.problem_of(failed("key", ProblemCode.KEY_REJECTED)) == PROBLEMS[ProblemCode.KEY_REJECTED]
    assert SYSTEM.problem_of(passed("key")) is None
    assert SYSTEM.problem_of(not_applicable("key")) is None


@every_own
def test_a_finding_knows_a_problem_of_its_system(system: System, problem: Problem) -> None:
    assert system.problem_of(failed("key", problem.code)) == problem


def test_a_finding_may_name_another_field_than_its_problem_does() -> None:
    plain, named = (failed("key", ProblemCode.KEY_REJECTED, "401", **facts) for facts in ({}, {"field": "shop_id"}))
    assert SYSTEM.problem_of(plain) == PROBLEMS[ProblemCode.KEY_REJECTED]
    assert SYSTEM.problem_of(named) == replace(PROBLEMS[ProblemCode.KEY_REJECTED], field="shop_id")


def test_a_stored_report_with_a_problem_of_another_version_still_loads() -> None:
    found = failed("key", "from_the_future", "HTTP 418")
    report = Report(SYSTEM.code, "f", datetime(2026, 3, 1, tzinfo=UTC), ("key",), (found,))
    assert Report.from_json(json.loads(json.dumps(report.to_json()))) == report
    assert SYSTEM.problem_of(found) == replace(PROBLEMS[ProblemCode.UNKNOWN], code="from_the_future")
