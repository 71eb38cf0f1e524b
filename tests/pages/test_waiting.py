"""A check that has to wait is a friendly sentence with the time to come back, and never an error."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.pages.visitor import TENANT, Visitor
from tests.walks import SYSTEM, WORKS, Tab, draft_of, running, verified
from xtnd_wizard import service as service_module
from xtnd_wizard.domain.errors import TryLater, WaitReason
from xtnd_wizard.i18n import LANGUAGES
from xtnd_wizard.service import Service
from xtnd_wizard.settings import CheckLimits
from xtnd_wizard.storage.models import Draft
from xtnd_wizard.wizard.admission import Admission

ONCE = CheckLimits(per_tenant=1)


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setattr(service_module, "_running", [])
    with running(tmp_path, checks=ONCE) as started:
        service_module.replace_service(started)
        yield started


def says_to_wait(visitor: Visitor, reason: WaitReason) -> bool:
    """Whether the only notice is this reason's, whatever the time in it."""
    channel = visitor.guide(SYSTEM.code)["channel"]
    before, _, after = visitor.says(f"verify.later.{reason}", channel=channel, time="|").partition("|")
    (notice,) = visitor.notices
    return notice.startswith(before) and notice.endswith(after)


def waiting(visitor: Visitor) -> list[str]:
    return [button.label for button in visitor.tab.button if button.disabled]


def rehearsed(service: Service, code: str = WORKS.code) -> Draft:
    scenario = next(one for one in SYSTEM.sandbox.scenarios if one.code == code)
    Tab(service, TENANT).start_demo(SYSTEM.code, scenario)
    return Tab(service, TENANT).enter({})


def refuse(monkeypatch: pytest.MonkeyPatch, reason: WaitReason, wait: timedelta) -> None:
    def not_now(*arguments: object) -> None:
        raise TryLater(reason, datetime.now(UTC) + wait)

    monkeypatch.setattr(Admission, "admitted", not_now)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", WaitReason)
def test_each_reason_to_wait_is_said_kindly_and_the_time_stands_on_the_button(
    service: Service, monkeypatch: pytest.MonkeyPatch, reason: WaitReason, language: str
) -> None:
    rehearsed(service)
    refuse(monkeypatch, reason, timedelta(minutes=5))
    visitor = Visitor(service, language).open("verify").press("verify.now")
    assert says_to_wait(visitor, reason)
    assert visitor.errors == []
    (label,) = waiting(visitor)
    assert label.startswith(visitor.says("verify.again_at", time=""))
    assert visitor.page_buttons == [label]


def test_a_short_wait_is_counted_down_in_seconds(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    rehearsed(service)
    refuse(monkeypatch, WaitReason.BUSY, timedelta(seconds=9.5))
    visitor = Visitor(service).open("verify").press("verify.now")
    (label,) = waiting(visitor)
    assert label in [visitor.says("verify.again_in", seconds=str(left)) for left in range(1, 11)]


def test_when_the_wait_is_over_the_button_can_be_pressed_again(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    rehearsed(service)
    with monkeypatch.context() as patched:
        refuse(patched, WaitReason.BUSY, timedelta(seconds=-1))
        visitor = Visitor(service).open("verify").press("verify.now")
    assert waiting(visitor) == []
    visitor.press("verify.now")
    assert visitor.says("verify.shop_yes") in visitor.buttons


def test_a_failed_report_stays_on_the_screen_while_its_next_check_waits(service: Service) -> None:
    rehearsed(service, "wrong_key")
    visitor = Visitor(service).open("verify").press("verify.now")
    primary_failure = verified(service, TENANT).primary_failure
    assert primary_failure
    visitor.press("verify.again")
    assert says_to_wait(visitor, WaitReason.OWNER)
    assert any(str(primary_failure.problem_code) in str(found.value) for found in visitor.tab.code)
    assert len(waiting(visitor)) == 1
    label = visitor.guide(SYSTEM.code)["fields"]["access_token"]["label"]
    assert visitor.says("verify.fix", field=label) in visitor.buttons


def test_a_good_report_is_not_taken_away_by_a_check_that_has_to_wait(service: Service) -> None:
    rehearsed(service)
    visitor = Visitor(service).open("verify").press("verify.now")
    visitor.open("enter").press("enter.submit")
    assert says_to_wait(visitor, WaitReason.OWNER)
    visitor.press("verify.shop_yes")
    assert visitor.title == visitor.says("save.title")


def test_nothing_looks_as_if_it_still_ran(service: Service) -> None:
    rehearsed(service)
    visitor = Visitor(service).open("verify").press("verify.now")
    Tab(service, TENANT).enter({"secret": "another password"})
    visitor = Visitor(service).open("verify").press("verify.now")
    assert says_to_wait(visitor, WaitReason.OWNER)
    assert not [label for label in (found.label for found in visitor.tab.expander) if label.endswith("…")]
    assert draft_of(service, TENANT).report is None
