"""Every scenario of every sandbox: its verdict over a real socket, and what no verdict may hang on or let out."""

import logging
import re
from collections import defaultdict
from itertools import product
from string import Formatter

import pytest

from tests.systems.messages import checked_in_another_script
from tests.systems.mocked import checked
from tests.systems.over_http import Tls, checked_over_tls
from tests.systems.tables import Problems, assert_verdict, file_of, first_failure, scenarios_of
from tests.systems.verifying import Checked
from tests.walks import is_filled_in, named, scenarios
from xtnd_wizard import logs
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.i18n import LANGUAGES, catalogue
from xtnd_wizard.systems import all_systems
from xtnd_wizard.systems.contract import System
from xtnd_wizard.systems.stories import Scenario

SHORTEST_SECRET = 6
CALLS_A_VALUE_WRONG = {
    ProblemCode.KEY_REJECTED,
    ProblemCode.SECRET_REJECTED,
    "signature_rejected",
    ProblemCode.SIGN_IN_REJECTED,
    "values_rejected",
}
every_scenario = pytest.mark.parametrize("pair", scenarios(), ids=named)


@pytest.mark.parametrize("system", all_systems(), ids=lambda system: system.code)
def test_every_scenario_has_its_verdict(system: System) -> None:
    filled_in = [scenario.code for scenario in system.sandbox.scenarios if is_filled_in(system, scenario)]
    verdicts = scenarios_of(system)
    assert list(verdicts) == filled_in, f"SCENARIOS in {file_of(system)} lists the sandbox's, in its order"
    first, *others = verdicts.values()
    assert not first.problems, "the first scenario is the one in which everything is right"
    assert any(verdict.problems for verdict in others)


@pytest.mark.parametrize("system", all_systems(), ids=lambda system: system.code)
def test_demos_that_fail_fail_in_different_ways(system: System) -> None:
    alike = defaultdict(list)
    cured_elsewhere = {story.scenario for story in system.sandbox.stories if story.code == "other_marketplace"}
    for code in (code for code, verdict in scenarios_of(system).items() if verdict.problems):
        if code in cured_elsewhere:  # refused like any wrong key, and mended by another address
            continue
        scenario = next(found for found in system.sandbox.scenarios if found.code == code)
        failure = first_failure(system, checked(system, scenario))
        assert failure, code
        alike[failure.check, failure.problem_code, re.sub(r"\d+ ms", "", failure.detail)].append(code)
    assert not [codes for codes in alike.values() if len(codes) > 1], "demos that show the same failure"


@every_scenario
def test_a_scenario_ends_as_its_demo_says_and_lets_no_value_out(
    pair: tuple[System, Scenario], tls: Tls, caplog: pytest.LogCaptureFixture
) -> None:
    system, scenario = pair
    verdict = scenarios_of(system)[scenario.code]
    caplog.set_level(logging.DEBUG)
    for name in logs._QUIET:
        caplog.set_level(logging.WARNING, logger=name)
    result = checked(system, scenario) if verdict.needs_its_name else checked_over_tls(system, scenario, tls)
    assert_verdict(system, result, verdict, scenario.code)
    assert (result.account is not None) or verdict.problems, "a shop where all is right is named"
    failure = first_failure(system, result)
    problem = system.problem_of(failure) if failure else None
    field = problem.field if problem else None
    assert field == verdict.field, f"field of {scenario.code!r} in {file_of(system)}"
    assert result.requests
    for text in secrets_of(system, scenario):
        assert text not in repr(result.events)
        assert text not in caplog.text
    assert_worded(system, scenario, result)


@every_scenario
def test_no_verdict_hangs_on_a_message(pair: tuple[System, Scenario]) -> None:
    system, scenario = pair
    verdict = scenarios_of(system)[scenario.code]
    result = checked_in_another_script(system, scenario)
    expected = verdict.problems if verdict.unread is None else verdict.unread
    assert result.problems == expected, f"`unread` of {scenario.code!r} in {file_of(system)}"
    assert result.proven == verdict.proven
    assert verdict.unread != verdict.problems, f"`unread` of {scenario.code!r} says nothing new; leave it out"
    assert calls_a_value_wrong(expected) == calls_a_value_wrong(verdict.problems)
    assert_worded(system, scenario, result)


def assert_worded(system: System, scenario: Scenario, result: Checked) -> None:
    """Every failure brings the facts that its words have places for, in each language."""
    for failure in (found for found in result.findings.values() if found.problem_code):
        facts = {"host": scenario.values["api_url"], "channel": "it", **failure.facts}
        known = {name for name, fact in facts.items() if fact}
        for language, part in product(LANGUAGES, ("title", "why", "do")):
            own = system.guide(language)["problems"].get(failure.problem_code, {})
            words = own.get(part) or catalogue(language)[f"problem.{failure.problem_code}.{part}"]
            lacking = {name for _, name, _, _ in Formatter().parse(words) if name} - known
            assert not lacking, f"{failure.problem_code} in {scenario.code!r} brings no {lacking} for {part!r}"


def calls_a_value_wrong(problems: Problems) -> bool:
    return not CALLS_A_VALUE_WRONG.isdisjoint(problems.values())


def secrets_of(system: System, scenario: Scenario) -> list[str]:
    """The sealed values of a scenario that are long enough to be told from other text."""
    sealed = system.sealed_fields_of(system.auth_method_of(scenario.values))
    texts = [text for name, text in scenario.values.items() if name in sealed]
    return [text for text in texts if len(text) >= SHORTEST_SECRET]
