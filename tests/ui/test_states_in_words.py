"""What a row of a report says by itself, and what an account's state, currency and country are called."""

import pytest

from tests.walks import SYSTEM
from xtnd_wizard.domain.findings import failed, passed
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.i18n import LANGUAGES
from xtnd_wizard.systems import all_systems
from xtnd_wizard.ui import i18n, timeline
from xtnd_wizard.wizard.check_runner import checks_of

NOT_FOUND = {"en": "The address was not found", "sv": "Adressen hittades inte"}
TROUBLE = {"en": "The address could not be looked up", "sv": "Adressen gick inte att slå upp"}


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(i18n, "language", lambda: request.param)
    monkeypatch.setattr(timeline, "language", lambda: request.param)
    return str(request.param)


def test_an_address_that_was_not_found_says_so_and_one_with_other_trouble_does_not(language: str) -> None:
    not_found = timeline.finding_label(SYSTEM.code, failed("address", ProblemCode.HOST_NOT_FOUND))
    trouble = timeline.finding_label(SYSTEM.code, failed("address", ProblemCode.DNS_TROUBLE))
    assert not_found == NOT_FOUND[language]
    assert trouble == TROUBLE[language]


@pytest.mark.usefixtures("language")
def test_no_check_is_called_the_same_whether_it_passed_failed_or_runs() -> None:
    for system in all_systems():
        for check in checks_of(system):
            states = (
                timeline.finding_label(system.code, passed(check)),
                timeline.finding_label(system.code, failed(check, "x")),
            )
            assert len({*states, i18n.check_words(system.code, check)["doing"]}) == len(states) + 1


def test_a_state_has_words_and_one_that_nobody_knows_stays_as_it_came(language: str) -> None:
    assert i18n.account_state(SYSTEM.code, "OPEN") == {"en": "Open", "sv": "Öppen"}[language]
    assert i18n.account_state(SYSTEM.code, "ON_HOLIDAY") == "ON_HOLIDAY"


def test_a_currency_comes_with_its_name_and_a_country_by_it(language: str) -> None:
    assert i18n.currency("SEK") == {"en": "Swedish Krona (SEK)", "sv": "svensk krona (SEK)"}[language]
    assert i18n.currency("XQQ") == "XQQ"
    assert i18n.country("SE") == {"en": "Sweden", "sv": "Sverige"}[language]
    assert (i18n.country("Sverige"), i18n.country("")) == ("Sverige", "")
