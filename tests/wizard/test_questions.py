"""A value that looks like something else is kept sealed and used by nobody until the merchant said that it is right."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.pasted import MESSAGE, base64_key, hex_key
from tests.walks import (
    OTHER_HOST,
    SYSTEM,
    WORKS,
    Tab,
    bytes_on_disk,
    credentials_of,
    declared,
    draft_of,
    named,
    ready_to_save,
    running,
    scenarios,
    watch,
)
from xtnd_wizard.domain.errors import DraftChanged, NotReady, StorageFailed
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.service import Service
from xtnd_wizard.storage import engine as engine_module
from xtnd_wizard.storage.models import Draft
from xtnd_wizard.systems.contract import API_URL, System
from xtnd_wizard.systems.recognition import Paste
from xtnd_wizard.systems.stories import Scenario
from xtnd_wizard.wizard.questions import Question, open_questions
from xtnd_wizard.wizard.steps import Step, first_unfinished, missing_fields, report_of, usable

SITTING = "this sitting"
TENANT, ANOTHER = "a" * 64, "b" * 64
HOST, KEY, PASSWORD = (WORKS.values[name] for name in (API_URL, "access_token", "secret"))


def entered(service: Service, tenant: str = TENANT, **values: str) -> Draft:
    """The draft after a form with these values, over those that work."""
    Tab(service, tenant).choose(SYSTEM.code, HOST)
    return Tab(service, tenant).enter({**WORKS.values, **values})


def the_question(draft: Draft) -> Question:
    (question,) = open_questions(draft).values()
    return question


def test_a_message_in_the_passwords_field_is_asked_about_and_not_used(service: Service) -> None:
    draft = entered(service, secret=MESSAGE)
    question = the_question(draft)
    assert (question.field, question.code, question.facts) == ("secret", Paste.LINES, {"lines": "6"})
    assert (draft.refusals, missing_fields(draft)) == ({}, ("secret",))
    assert not usable(draft, "secret")
    assert draft.step == first_unfinished(draft) == Step.ENTER
    with pytest.raises(NotReady):
        watch(service, draft)


def test_nothing_of_the_text_is_in_its_question_nor_in_clear_on_the_disk(service: Service, tmp_path: Path) -> None:
    draft = entered(service, secret=MESSAGE)
    assert "ullboden" not in repr(draft)
    assert b"ullboden" not in bytes_on_disk(tmp_path)


def test_one_answer_and_the_value_is_used_as_it_is(service: Service) -> None:
    question = the_question(entered(service, secret=MESSAGE))
    draft = Tab(service, TENANT).confirm(question.field, question.digest)
    assert (missing_fields(draft), draft.step) == ((), Step.VERIFY)
    assert credentials_of(service, draft).secret("secret") == Secret(MESSAGE)


def test_an_answer_is_about_the_value_that_was_asked_about_and_no_other(service: Service) -> None:
    old = the_question(entered(service, secret=MESSAGE))
    new = the_question(entered(service, secret=f"{MESSAGE}!"))
    assert new.digest != old.digest
    with pytest.raises(DraftChanged):
        Tab(service, TENANT).confirm(old.field, old.digest)
    with pytest.raises(DraftChanged):
        Tab(service, TENANT).confirm("access_token", new.digest)
    assert the_question(draft_of(service, TENANT)) == new


def test_an_answer_of_somebody_else_is_no_answer(service: Service) -> None:
    mine = the_question(entered(service, secret=MESSAGE))
    theirs = the_question(entered(service, ANOTHER, secret=MESSAGE))
    assert mine.digest != theirs.digest
    with pytest.raises(DraftChanged):
        Tab(service, ANOTHER).confirm(mine.field, mine.digest)
    assert open_questions(draft_of(service, TENANT))


def test_another_value_takes_the_question_away(service: Service) -> None:
    entered(service, secret=MESSAGE)
    draft = Tab(service, TENANT).enter({"secret": PASSWORD})
    assert (open_questions(draft), missing_fields(draft)) == ({}, ())


def test_a_question_stays_while_other_fields_are_edited(service: Service) -> None:
    question = the_question(entered(service, secret=MESSAGE))
    draft = Tab(service, TENANT).enter({"access_token": hex_key(1), "secret": "", API_URL: HOST})
    assert the_question(draft) == question


def test_an_answer_holds_for_as_long_as_the_value_stays_and_keeps_the_report(service: Service) -> None:
    values = {**WORKS.values, "secret": MESSAGE}
    Tab(service, TENANT).start_demo(SYSTEM.code, Scenario("odd", values))
    question = the_question(draft_of(service, TENANT))
    Tab(service, TENANT).confirm(question.field, question.digest)
    declared(service, TENANT)
    again = Tab(service, TENANT).enter({**values, API_URL: f"https://{HOST}/"})
    assert open_questions(again) == {}
    assert report_of(again) is not None
    changed = Tab(service, TENANT).enter({"secret": f"{MESSAGE}!"})
    assert the_question(changed).field == "secret"
    assert changed.report is None


def test_a_verified_value_gives_way_to_one_that_is_asked_about(service: Service) -> None:
    ready_to_save(service, TENANT)
    draft = Tab(service, TENANT).enter({"secret": "https://shop.example.se/"})
    assert the_question(draft).code == Paste.ADDRESS
    assert draft.report is None
    assert first_unfinished(draft) is Step.ENTER


def test_the_same_text_in_two_fields_is_asked_about_where_any_text_may_be_right(service: Service) -> None:
    draft = entered(service, secret=KEY)
    question = the_question(draft)
    assert (question.field, question.code, question.facts) == ("secret", Paste.SAME, {"field": "access_token"})


def test_the_host_in_the_passwords_field_is_recognised(service: Service) -> None:
    assert the_question(entered(service, secret=HOST)).facts == {"field": API_URL}


@pytest.mark.parametrize("text", [f"{KEY} {PASSWORD}", f"x{KEY}", f"{KEY}\t"])
def test_a_text_that_holds_another_fields_value_is_asked_about(service: Service, text: str) -> None:
    question = the_question(entered(service, secret=text))
    assert (question.code, question.facts) == (Paste.HOLDS, {"field": "access_token"})


def test_a_question_goes_along_with_its_value_to_another_host(service: Service) -> None:
    Tab(service, TENANT).choose(SYSTEM.code, HOST, SITTING)
    question = the_question(Tab(service, TENANT).enter({**WORKS.values, "secret": MESSAGE}, SITTING))
    assert open_questions(Tab(service, TENANT).choose(SYSTEM.code, OTHER_HOST, SITTING)) == {}
    kept = Tab(service, TENANT).keep(OTHER_HOST, SITTING)
    assert the_question(kept) == question
    assert missing_fields(kept) == ("secret",)


def test_a_short_value_inside_a_longer_one_is_chance(service: Service) -> None:
    draft = entered(service, secret="word-2041", shop_id="2041")
    assert open_questions(draft) == {}


def test_mending_the_other_field_settles_what_two_fields_shared(service: Service) -> None:
    entered(service, access_token=PASSWORD)
    draft = Tab(service, TENANT).enter({"access_token": KEY})
    assert (open_questions(draft), missing_fields(draft)) == ({}, ())


def test_a_value_that_is_gone_is_not_asked_about(service: Service) -> None:
    entered(service, secret=MESSAGE)
    draft = Tab(service, TENANT).choose(SYSTEM.code, "shop.nowhere.se")
    assert draft.sealed == {}
    assert open_questions(draft) == {}


def test_a_refused_value_is_not_asked_about_and_not_kept(service: Service) -> None:
    draft = entered(service, access_token="<your-api-key>", secret="••••••••")
    assert draft.refusals == {"access_token": Paste.PLACEHOLDER, "secret": Paste.MASKED}
    assert (draft.sealed, open_questions(draft)) == ({}, {})


@pytest.mark.parametrize("password", ["changeme", "YourSecretPassword", "Exempel-lösenord", "xxxx"])
def test_a_password_that_reads_like_an_example_is_used_after_one_answer(service: Service, password: str) -> None:
    question = the_question(entered(service, secret=password))
    assert question.code == Paste.EXAMPLE
    draft = Tab(service, TENANT).confirm(question.field, question.digest)
    assert credentials_of(service, draft).secret("secret") == Secret(password)


@pytest.mark.parametrize("pair", scenarios(), ids=named)
def test_no_demo_asks_anything(service: Service, pair: tuple[System, Scenario]) -> None:
    system, scenario = pair
    draft = Tab(service, TENANT).start_demo(system.code, scenario)
    assert (open_questions(draft), draft.refusals) == ({}, {})


@pytest.mark.parametrize("key", [hex_key(11), f"{hex_key(12)}.example.se", f"https://{hex_key(13)}/", base64_key(14)])
def test_a_key_in_the_hosts_field_is_neither_kept_nor_logged(
    service: Service, tmp_path: Path, caplog: pytest.LogCaptureFixture, key: str
) -> None:
    draft = Tab(service, TENANT).choose(SYSTEM.code, key)
    assert (draft.values[API_URL], draft.refusals[API_URL]) == ("", "host_looks_like_a_key")
    secret = key.removeprefix("https://").rstrip("/").partition(".")[0]
    assert secret.encode() not in bytes_on_disk(tmp_path)
    assert secret not in caplog.text


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Another connection holds the database for itself."""
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


def test_what_a_locked_database_did_not_take_is_said_to_be_not_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "_BUSY_MILLISECONDS", 10)
    with running(tmp_path) as service:
        question = the_question(entered(service, secret=MESSAGE))
        with locked(tmp_path / "wizard.db"):
            with pytest.raises(StorageFailed) as failure:
                Tab(service, TENANT).enter({"secret": PASSWORD})
            with pytest.raises(StorageFailed):
                Tab(service, TENANT).confirm(question.field, question.digest)
            assert PASSWORD not in repr(failure.value)
            assert failure.value.__suppress_context__
        assert the_question(draft_of(service, TENANT)) == question
        mended = Tab(service, TENANT).enter({"secret": PASSWORD})
        assert missing_fields(mended) == ()
