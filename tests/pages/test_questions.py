"""Enter: a value that looks like something else is asked about beside its field, and used after one click."""

import pytest

from tests.pages.visitor import TENANT, Visitor
from tests.pasted import MESSAGE
from tests.walks import SYSTEM, WORKS, Tab, credentials_of, draft_of
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.i18n import LANGUAGES
from xtnd_wizard.service import Service
from xtnd_wizard.systems.contract import API_URL
from xtnd_wizard.wizard.questions import open_questions

HOST, KEY, PASSWORD = (WORKS.values[name] for name in (API_URL, "access_token", "secret"))
FLAT = MESSAGE.replace("\n", " ")
"""A browser makes one line of what is pasted into a field of one line."""


def at_the_form(service: Service, language: str = "en", host: str = HOST) -> Visitor:
    Tab(service, TENANT).choose(SYSTEM.code, host)
    return Visitor(service, language).open("enter")


def enter(visitor: Visitor, **values: str) -> Visitor:
    for name, text in {"access_token": KEY, "secret": PASSWORD, API_URL: HOST, **values}.items():
        visitor.type(f"enter_{name}", text)
    return visitor.press("enter.submit")


def markdown_of(visitor: Visitor) -> str:
    return "\n".join(str(found.value) for found in visitor.tab.markdown)


def label(visitor: Visitor, field: str) -> str:
    return str(visitor.guide(SYSTEM.code)["fields"][field]["label"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_is_named_with_its_words_and_nothing_is_called(service: Service, language: str) -> None:
    visitor = enter(at_the_form(service, language), secret=FLAT)
    assert visitor.title == visitor.says("enter.title")
    assert visitor.notices == [visitor.says("enter.asked")]
    named = visitor.says("note.pasted_words", words="25")
    assert f"{named} {visitor.says('enter.is_it_really', field=label(visitor, 'secret'))}" in markdown_of(visitor)
    assert "ullboden" not in visitor.sent
    assert "ullboden" not in visitor.remembered
    assert draft_of(service, TENANT).report is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_password_that_reads_like_an_example_is_named_and_used_after_one_click(
    service: Service, language: str
) -> None:
    visitor = enter(at_the_form(service, language), secret="changeme")
    assert visitor.says("note.pasted_example") in markdown_of(visitor)
    assert visitor.press("enter.yes").is_at_verify


def test_one_click_uses_the_value_and_verifies(service: Service) -> None:
    visitor = enter(at_the_form(service), secret=FLAT).press("enter.yes")
    assert visitor.is_at_verify
    draft = draft_of(service, TENANT)
    assert draft.report is not None
    assert credentials_of(service, draft).secret("secret") == Secret(FLAT)


def test_the_value_may_be_pasted_anew_in_the_same_place(service: Service) -> None:
    visitor = enter(at_the_form(service), secret=FLAT)
    visitor.type("enter_secret", PASSWORD).press("enter.submit")
    assert visitor.is_at_verify
    draft = draft_of(service, TENANT)
    assert credentials_of(service, draft).secret("secret") == Secret(PASSWORD)
    assert PASSWORD not in visitor.remembered


def test_pasting_something_odd_anew_asks_anew(service: Service) -> None:
    visitor = enter(at_the_form(service), secret=FLAT)
    visitor.type("enter_secret", "https://shop.example.se/").press("enter.submit")
    assert visitor.says("note.pasted_address") in markdown_of(visitor)
    assert visitor.title == visitor.says("enter.title")


def test_the_form_does_not_go_past_an_open_question(service: Service) -> None:
    visitor = enter(at_the_form(service), secret=FLAT).press("enter.submit")
    assert visitor.title == visitor.says("enter.title")
    assert visitor.notices == [visitor.says("enter.asked")]
    visitor.open("verify")
    assert visitor.title == visitor.says("enter.title")


def test_the_same_text_in_two_fields_is_named_by_the_other_field(service: Service) -> None:
    visitor = enter(at_the_form(service), secret=KEY)
    assert visitor.says("note.pasted_same", field=label(visitor, "access_token")) in markdown_of(visitor)
    assert KEY not in visitor.sent


def test_two_questions_are_answered_one_after_the_other(service: Service) -> None:
    visitor = enter(at_the_form(service), access_token="https://shop.example.se/", secret=FLAT)
    visitor.press_key("yes_secret")
    assert visitor.title == visitor.says("enter.title")
    assert open_questions(draft_of(service, TENANT)).keys() == {"access_token"}
    visitor.press_key("yes_access_token")
    assert visitor.is_at_verify


def test_an_answer_to_a_question_that_another_tab_replaced_is_told_so(service: Service) -> None:
    visitor = enter(at_the_form(service), secret=FLAT)
    Tab(service, TENANT).enter({"secret": f"{FLAT} and more"})
    visitor.press("enter.yes")
    assert visitor.says("notice.draft_gone") in visitor.notices
    assert open_questions(draft_of(service, TENANT)).keys() == {"secret"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_can_be_no_value_is_refused_in_words_beside_an_empty_field(service: Service, language: str) -> None:
    visitor = enter(at_the_form(service, language), access_token="<your-api-key>", secret="••••••••")
    assert visitor.errors == [visitor.says("note.pasted_placeholder"), visitor.says("note.pasted_masked")]
    assert [visitor.field(f"enter_{name}").value for name in ("access_token", "secret")] == ["", ""]
    assert visitor.notices == [visitor.says("enter.mend")]


def test_a_message_that_can_not_be_sent_is_refused_with_what_to_do(service: Service) -> None:
    visitor = enter(at_the_form(service), access_token=f"å {FLAT}")
    assert visitor.errors == [f"{visitor.says('note.pasted_message')} {visitor.says('enter.only_the_value')}"]


MIXED, CALLED = "norrskenst\u043erget.se", "xn--norrskenstrget-4zl.se"


def test_a_host_in_mixed_scripts_is_shown_as_it_is_called_with_a_warning(service: Service) -> None:
    visitor = Visitor(service).open("system")
    visitor.tab.toggle(key=f"not_listed_{SYSTEM.code}").set_value(True).run()
    visitor.tab.text_input(key=f"address_{SYSTEM.code}").set_value(f"https://{MIXED}/").run()
    warned = visitor.says("note.host_mixed_scripts")
    assert CALLED in visitor.texts
    assert warned in [found.value for found in visitor.tab.warning]
    visitor.press("system.next").press("obtain.next")
    assert CALLED in visitor.texts
    assert warned in [found.value for found in visitor.tab.warning]
    enter(visitor, api_url=CALLED)
    assert visitor.is_at_verify
    assert warned in [found.value for found in visitor.tab.warning]


def test_a_host_in_mixed_scripts_that_is_new_is_read_back_before_it_is_called(service: Service) -> None:
    visitor = enter(at_the_form(service), api_url=CALLED)
    assert visitor.says("enter.looks_right") in visitor.buttons
    assert draft_of(service, TENANT).report is None
    assert visitor.press("enter.looks_right").is_at_verify


def test_an_international_name_of_one_language_is_shown_without_a_warning(service: Service) -> None:
    visitor = at_the_form(service, host="åhléns.se")
    assert "xn--hlns-poa0a.se" in visitor.texts
    assert visitor.says("note.host_mixed_scripts") not in [found.value for found in visitor.tab.warning]
