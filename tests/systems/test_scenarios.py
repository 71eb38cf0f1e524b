"""Every scenario of every sandbox: its verdict over a real socket, and what no verdict may hang on or let out."""

import logging

import pytest

from tests.systems.messages import checked_in_another_script
from tests.systems.mocked import checked
from tests.systems.over_http import Tls, checked_over_tls
from tests.systems.tables import Problems, assert_verdict, file_of, first_failure, scenarios_of
from tests.walks import is_filled_in, named, scenarios
from xtnd_wizard import logs
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.systems import all_systems
from xtnd_wizard.systems.contract import Scenario, System

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
    assert list(scenarios_of(system)) == filled_in, f"SCENARIOS in {file_of(system)} lists the sandbox's, in its order"


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


def calls_a_value_wrong(problems: Problems) -> bool:
    return not CALLS_A_VALUE_WRONG.isdisjoint(problems.values())


def secrets_of(system: System, scenario: Scenario) -> list[str]:
    """The sealed values of a scenario that are long enough to be told from other text."""
    sealed = system.sealed_fields_of(system.auth_method_of(scenario.values))
    texts = [text for name, text in scenario.values.items() if name in sealed]
    return [text for text in texts if len(text) >= SHORTEST_SECRET]
