"""A report that another version of the wizard stored, with a problem that this one does not know."""

import pytest

from tests.pages.visitor import TENANT, Visitor
from tests.walks import SYSTEM, WORKS, Tab, declared
from xtnd_wizard.domain.findings import failed
from xtnd_wizard.i18n import LANGUAGES
from xtnd_wizard.service import Service


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_problem_of_another_version_is_told_in_general_words(service: Service, language: str) -> None:
    Tab(service, TENANT).start_demo(SYSTEM.code, WORKS)
    declared(service, TENANT, [failed("key", "from_the_future", "HTTP 418")])
    visitor = Visitor(service, language).open("verify")
    for part in ("title", "why", "do"):
        assert visitor.says(f"problem.unknown.{part}") in visitor.texts
    assert visitor.says("verify.again") in visitor.buttons
    assert any("from_the_future" in code.value for code in visitor.tab.code)
