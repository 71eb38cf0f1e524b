"""Where the channel refuses a group of values and not one, all of them are ready to be entered anew."""

from tests.pages.visitor import TENANT, Visitor
from tests.walks import SYSTEM, WORKS, Tab, declared
from xtnd_wizard.domain.findings import failed
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.service import Service


def refused(service: Service) -> Visitor:
    Tab(service, TENANT).start_demo(SYSTEM.code, WORKS)
    declared(service, TENANT, [failed("key", ProblemCode.VALUES_REJECTED)])
    return Visitor(service).open("verify")


def test_the_first_button_leads_to_the_values_and_not_to_another_try(service: Service) -> None:
    visitor = refused(service)
    edit, again = visitor.says("verify.edit"), visitor.says("verify.again")
    assert visitor.buttons.index(edit) < visitor.buttons.index(again)
    (found,) = (button for button in visitor.tab.button if button.label == edit)
    assert found.proto.type == "primary"


def test_all_of_the_values_can_be_entered_anew_and_those_left_empty_are_kept(service: Service) -> None:
    visitor = refused(service).press("verify.edit")
    sealed = SYSTEM.sealed_fields_of("")
    assert {f"enter_{name}" for name in sealed} <= set(visitor.inputs)
    visitor.press("enter.submit")
    draft = Tab(service, TENANT).draft
    assert draft is not None
    assert draft.sealed.keys() == sealed
