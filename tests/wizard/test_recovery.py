"""Every demo that fails is corrected in the same flow, succeeds, and ends at saved."""

from functools import partial

import pytest

from tests.walks import Tab, draft_of, is_filled_in, named, save, scenarios, verified
from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.errors import NotVerified
from xtnd_wizard.domain.findings import Outcome
from xtnd_wizard.service import Service
from xtnd_wizard.systems import all_systems
from xtnd_wizard.systems.contract import Scenario, System
from xtnd_wizard.wizard.steps import Step, first_unfinished, may_open

TENANT = "a" * 64


@pytest.mark.parametrize("pair", scenarios(), ids=named)
def test_every_scenario_ends_at_saved_once_what_failed_is_corrected(
    service: Service, pair: tuple[System, Scenario]
) -> None:
    system, scenario = pair
    Tab(service, TENANT).start_demo(system.code, scenario)
    first = verified(service, TENANT)
    if not first.passed:
        assert first.primary_failure is not None
        assert first_unfinished(draft_of(service, TENANT)) is Step.VERIFY
        assert not may_open(Step.SAVE, draft_of(service, TENANT))
        with pytest.raises(NotVerified):
            save(service, TENANT)
        auth_method = system.auth_method_of(scenario.values)
        works = next(other for other in system.sandbox.scenarios if system.auth_method_of(other.values) == auth_method)
        corrected = {field.name: works.values.get(field.name, "") for field in system.fields}
        assert Tab(service, TENANT).enter(corrected).report is None
        second = verified(service, TENANT)
        assert second.passed, [finding for finding in second.findings if finding.outcome is Outcome.FAILED]
    assert first_unfinished(draft_of(service, TENANT)) is Step.SAVE
    saved = save(service, TENANT)
    assert [connection.id for connection in service.connections.all(Actor(TENANT))] == [saved.id]
    assert first_unfinished(draft_of(service, TENANT)) is Step.DONE


@pytest.mark.parametrize("system", all_systems(), ids=lambda found: found.code)
def test_the_first_scenario_is_the_one_that_works(service: Service, system: System) -> None:
    Tab(service, TENANT).start_demo(system.code, system.sandbox.scenarios[0])
    assert verified(service, TENANT).passed


@pytest.mark.parametrize("system", all_systems(), ids=lambda found: found.code)
def test_the_demos_show_success_and_failure(service: Service, system: System) -> None:
    outcomes = set()
    for scenario in filter(partial(is_filled_in, system), system.sandbox.scenarios):
        Tab(service, TENANT).start_demo(system.code, scenario)
        outcomes.add(verified(service, TENANT).passed)
    assert outcomes == {True, False}
