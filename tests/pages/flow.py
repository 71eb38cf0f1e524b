"""The one flow that every system goes through: fail, correct, succeed, save."""

from tests.pages.visitor import OWNER, Visitor
from tests.walks import named, verified
from xtnd_wizard.service import Service
from xtnd_wizard.storage.models import Connection
from xtnd_wizard.systems.contract import API_URL, WAY, CredentialField, Scenario, System


def curable(service: Service, chosen: System) -> tuple[Scenario, str]:
    """The first scenario that fails at a field which the working scenario's value cures, and that field."""
    works = chosen.sandbox.scenarios[0]
    for scenario in chosen.sandbox.scenarios[1:]:
        if not same_way(works, scenario):
            continue
        service.drafts.rehearse(OWNER, chosen.code, scenario)
        guilty = verified(service, OWNER).guilty
        field = guilty.problem.field if guilty and guilty.problem else None
        if field and cures(works, scenario, field):
            return scenario, field
    raise AssertionError(f"no scenario of {named((chosen, works))} is cured by one field")


def same_way(one: Scenario, other: Scenario) -> bool:
    return one.values.get(WAY) == other.values.get(WAY)


def cures(works: Scenario, scenario: Scenario, field: str) -> bool:
    return {**scenario.values, field: works.values.get(field, "")} == dict(works.values)


def typed_fields(chosen: System, scenario: Scenario) -> tuple[CredentialField, ...]:
    """The fields that a merchant fills in for a scenario."""
    way = chosen.way_of(scenario.values)
    return tuple(field for field in chosen.fields_of(way) if field.typed and scenario.values.get(field.name))


def choose(visitor: Visitor, chosen: System, address: str) -> None:
    """From the start page to the guide."""
    visitor.open().press("welcome.start")
    visitor.tab.button_group(key="system").set_value(chosen.code).run()
    visitor.intact()
    if chosen.marketplaces():
        visitor.tab.toggle(key=f"not_listed_{chosen.code}").set_value(True).run()
    visitor.tab.text_input(key=f"address_{chosen.code}").set_value(address).run()
    visitor.intact().press("system.next")


def choose_way(visitor: Visitor, chosen: System, scenario: Scenario) -> None:
    """On the guide's page, the way of connecting that a scenario is about."""
    if chosen.ways:
        visitor.tab.radio(key="way").set_value(chosen.way_of(scenario.values)).run()
        visitor.intact()


def fill_in(visitor: Visitor, chosen: System, scenario: Scenario) -> None:
    """Type a scenario's values into the form and submit it, twice where it was read back."""
    for field in typed_fields(chosen, scenario):
        visitor.type(f"enter_{field.name}", scenario.values[field.name])
    submit(visitor)


def submit(visitor: Visitor) -> None:
    """Press the button below the form; once more where something was read back first."""
    visitor.press("enter.submit")
    if visitor.says("enter.read_back") in visitor.notices:
        visitor.press("enter.submit")


def fail_correct_succeed_and_save(visitor: Visitor, service: Service, chosen: System) -> Connection:
    """The whole walk, with one wrong value first; the connection it ends with."""
    wrong, guilty = curable(service, chosen)
    works = chosen.sandbox.scenarios[0]
    service.drafts.discard(OWNER)
    choose(visitor, chosen, wrong.values[API_URL])
    assert visitor.title == visitor.guide(chosen.code)["obtain"]["title"]
    choose_way(visitor, chosen, wrong)
    visitor.press("obtain.next")
    fill_in(visitor, chosen, wrong)
    assert visitor.title == visitor.says("verify.title")
    assert visitor.says("verify.shop_yes") not in visitor.buttons
    words = chosen.guide(visitor.language, chosen.way_of(wrong.values))
    visitor.press("verify.fix", field=words["fields"][guilty]["label"])
    visitor.type(f"enter_{guilty}", works.values[guilty])
    submit(visitor)
    visitor.press("verify.shop_yes").press("save.save")
    assert visitor.title == visitor.says("done.title")
    (saved,) = service.connections.all(OWNER)
    return saved
