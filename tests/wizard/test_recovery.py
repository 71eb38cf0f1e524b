"""Every demo is answered in process; one that fails is corrected in the same flow, succeeds, and ends at saved."""

from dataclasses import replace

import pytest

from tests.systems.tables import scenarios_of
from tests.walks import Tab, draft_of, named, save, scenarios, verified
from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.errors import NotVerified
from xtnd_wizard.domain.findings import Outcome
from xtnd_wizard.service import Service
from xtnd_wizard.systems.contract import System
from xtnd_wizard.systems.stories import Scenario
from xtnd_wizard.wizard.steps import Step, first_unfinished, may_open

TENANT = "a" * 64


def no_network(host: str) -> list[str]:
    raise AssertionError(f"looked up {host}")


@pytest.mark.parametrize("pair", scenarios(), ids=named)
def test_every_scenario_ends_at_saved_once_what_failed_is_corrected(
    service: Service, pair: tuple[System, Scenario]
) -> None:
    system, scenario = pair
    vars(service)["outbound_client"] = replace(service.outbound_client, look_up=no_network)
    Tab(service, TENANT).start_demo(system.code, scenario)
    first = verified(service, TENANT)
    problems = {found.check: found.problem_code for found in first.findings if found.problem_code}
    assert problems == scenarios_of(system)[scenario.code].problems, "in process it goes another way than over HTTP"
    assert system.is_sandbox(scenario.values["api_url"])
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
