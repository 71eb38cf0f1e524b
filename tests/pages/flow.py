"""The one flow that every system goes through: fail, correct, succeed, save."""

from tests.pages.visitor import TENANT, Visitor
from tests.walks import Tab, named, verified
from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.service import Service
from xtnd_wizard.storage.models import Connection
from xtnd_wizard.systems.contract import API_URL, AUTH_METHOD, CredentialField, System
from xtnd_wizard.systems.stories import Scenario


def curable(service: Service, system: System) -> tuple[Scenario, str]:
    """The first scenario that fails at a field which the working scenario's value cures, and that field."""
    works = system.sandbox.scenarios[0]
    for scenario in system.sandbox.scenarios[1:]:
        if not same_way(works, scenario):
            continue
        Tab(service, TENANT).start_demo(system.code, scenario)
        primary_failure = verified(service, TENANT).primary_failure
        problem = system.problem_of(primary_failure) if primary_failure else None
        field = problem.field if problem else None
        if field and cures(works, scenario, field):
            return scenario, field
    raise AssertionError(f"no scenario of {named((system, works))} is cured by one field")


def same_way(one: Scenario, other: Scenario) -> bool:
    return one.values.get(AUTH_METHOD) == other.values.get(AUTH_METHOD)


def cures(works: Scenario, scenario: Scenario, field: str) -> bool:
    return {**scenario.values, field: works.values.get(field, "")} == dict(works.values)


def typed_fields(system: System, scenario: Scenario) -> tuple[CredentialField, ...]:
    """The fields that a merchant fills in for a scenario."""
    auth_method = system.auth_method_of(scenario.values)
    return tuple(field for field in system.fields_of(auth_method) if field.typed and scenario.values.get(field.name))


def choose(visitor: Visitor, system: System, address: str) -> None:
    """From the start page to the guide."""
    visitor.open().press("welcome.start")
    visitor.tab.radio(key="system").set_value(system.code).run()
    visitor.intact()
    if system.marketplaces():
        visitor.tab.toggle(key=f"not_listed_{system.code}").set_value(True).run()
    visitor.tab.text_input(key=f"address_{system.code}").set_value(address).run()
    visitor.intact().press("system.next")


def choose_way(visitor: Visitor, system: System, scenario: Scenario) -> None:
    """On the guide's page, the authentication method that a scenario is about."""
    if system.auth_methods:
        visitor.tab.radio(key="auth_method").set_value(system.auth_method_of(scenario.values)).run()
        visitor.intact()


def fill_in(visitor: Visitor, system: System, scenario: Scenario) -> None:
    """Type a scenario's values into the form and submit it, twice where it was read back."""
    for field in typed_fields(system, scenario):
        visitor.type(f"enter_{field.name}", scenario.values[field.name])
    submit(visitor)


def submit(visitor: Visitor) -> None:
    """Press the button below the form; once more where something was read back first."""
    visitor.press("enter.submit")
    if visitor.says("enter.looks_right") in visitor.buttons:
        visitor.press("enter.looks_right")


def fail_correct_succeed_and_save(visitor: Visitor, service: Service, system: System) -> Connection:
    """The whole walk, with one wrong value first; the connection it ends with."""
    wrong, primary_failure = curable(service, system)
    works = system.sandbox.scenarios[0]
    Tab(service, TENANT).discard()
    choose(visitor, system, wrong.values[API_URL])
    assert visitor.title == visitor.guide(system.code)["obtain"]["title"]
    choose_way(visitor, system, wrong)
    visitor.press("obtain.next")
    fill_in(visitor, system, wrong)
    assert visitor.is_at_verify
    assert visitor.says("verify.shop_yes") not in visitor.buttons
    words = system.guide(visitor.language, system.auth_method_of(wrong.values))
    visitor.press("verify.fix", field=words["fields"][primary_failure]["label"])
    visitor.type(f"enter_{primary_failure}", works.values[primary_failure])
    submit(visitor)
    visitor.press("verify.shop_yes").press("save.save")
    assert visitor.title == visitor.says("done.title")
    (saved,) = service.connections.all(Actor(TENANT))
    return saved
