"""A message for somebody else: what is needed and where, in either language, and never a secret."""

from urllib.parse import unquote

import pytest

from tests.walks import SYSTEM, Tab, draft_of, named, scenarios, verified
from xtnd_wizard.domain.problems import PROBLEMS, ProblemCode
from xtnd_wizard.i18n import LANGUAGES, text
from xtnd_wizard.service import Service
from xtnd_wizard.systems import all_systems
from xtnd_wizard.systems.contract import API_URL, System
from xtnd_wizard.systems.stories import Scenario
from xtnd_wizard.wizard.colleague import message_for_colleague

P = ProblemCode
HOST = "shop.example.com"
every_language = pytest.mark.parametrize("language", LANGUAGES)


@every_language
def test_a_missing_role_is_asked_for_by_its_name_with_the_clicks_and_the_address(language: str) -> None:
    message = message_for_colleague(SYSTEM, SYSTEM.problem(P.KEY_LACKS_PERMISSION), HOST, {}, language)
    assert message
    for part in ("Shop Administration", "Settings > Users", f"https://{HOST}", SYSTEM.name, "XTND"):
        assert part in message.body
    assert message.subject == text(language, "colleague.subject", system=SYSTEM.name)
    assert "{" not in message.body


def test_both_languages_say_it_in_their_own_words() -> None:
    bodies = {
        found.body
        for language in LANGUAGES
        if (found := message_for_colleague(SYSTEM, PROBLEMS[P.BLOCKED_BY_WAF], HOST, {}, language))
    }
    assert len(bodies) == len(LANGUAGES)


@every_language
@pytest.mark.parametrize("code", [P.UNREACHABLE, P.ACCOUNT_LOCKED, P.ANSWER_UNREADABLE])
def test_a_problem_without_words_of_its_own_quotes_what_the_check_says(code: ProblemCode, language: str) -> None:
    message = message_for_colleague(SYSTEM, SYSTEM.problem(code), HOST, {}, language)
    assert message
    assert text(language, f"problem.{code}.title", host=HOST) in message.body


@pytest.mark.parametrize("code", [P.KEY_REJECTED, P.HOST_NOT_FOUND, P.SLOW, P.RATE_LIMITED, P.OUR_APP_REFUSED])
def test_nobody_is_asked_for_what_the_merchant_or_time_can_mend(code: ProblemCode) -> None:
    assert message_for_colleague(SYSTEM, PROBLEMS[code], HOST, {}, "en") is None


def test_a_system_whose_address_everybody_shares_names_none() -> None:
    fixed = [found for found in all_systems() if found.hosts.fixed]
    assert fixed
    for system in fixed:
        message = message_for_colleague(system, system.problem(P.LICENCE_MISSING), system.hosts.fixed, {}, "en")
        assert message
        assert system.hosts.fixed not in message.body


def test_the_link_holds_the_whole_message_and_nothing_that_ends_it_early() -> None:
    message = message_for_colleague(SYSTEM, SYSTEM.problem("account_suspended"), HOST, {"shop": "A&B?#\r\n"}, "en")
    assert message
    head, _, body = message.mailto.partition("&body=")
    assert unquote(body) == message.body
    assert unquote(head.removeprefix("mailto:?subject=")) == message.subject
    assert not set("&?# \r\n") & set(body)


@pytest.mark.parametrize("pair", scenarios(), ids=named)
def test_no_secret_and_no_end_of_one_is_in_the_message_of_any_failing_demo(
    service: Service, pair: tuple[System, Scenario]
) -> None:
    system, scenario = pair
    Tab(service, "somebody").start_demo(system.code, scenario)
    report = verified(service, "somebody")
    draft = draft_of(service, "somebody")
    sealed = {scenario.values[name] for name in draft.sealed} | {last4 for last4 in draft.last4.values() if last4}
    for finding in report.findings:
        problem = system.problem_of(finding)
        if problem is None:
            continue
        for language in LANGUAGES:
            message = message_for_colleague(system, problem, scenario.values[API_URL], finding.facts, language)
            shown = f"{message.subject}\n{message.body}" if message else ""
            assert not [secret for secret in sealed if secret in shown]
            assert "{" not in shown
