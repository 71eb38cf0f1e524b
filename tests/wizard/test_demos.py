"""Stories: each goes wrong as it promises, is mended by one press and saved; nothing real is lost."""

from dataclasses import replace

import pytest

from tests.walks import SYSTEM, WORKS, Tab, draft_of, save, verified
from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.errors import DraftChanged
from xtnd_wizard.service import Service
from xtnd_wizard.storage.models import Draft
from xtnd_wizard.systems import all_systems
from xtnd_wizard.systems.contract import System
from xtnd_wizard.systems.stories import CODES, SMOOTH, Story
from xtnd_wizard.wizard.directing import Click, needs_fixing, next_click, story_of
from xtnd_wizard.wizard.drafts import MOST_DRAFTS
from xtnd_wizard.wizard.steps import Step, missing_fields
from xtnd_wizard.wizard.views import DraftView

TENANT = "the demo's"
ACTOR = Actor(TENANT)
PROBLEMS = {
    "wrong_key": {"key_rejected", "secret_rejected", "sign_in_rejected", "consent_lost"},
    "other_marketplace": {"key_rejected"},
    "suspended": {"account_suspended"},
    "role": {"key_lacks_permission", "permission_missing", "licence_missing"},
    "slow": {"slow"},
    "proxy": {"https_hidden"},
}
STORIES = [(system, story) for system in all_systems() for story in system.sandbox.stories]
each_story = pytest.mark.parametrize(
    ("system", "story"), STORIES, ids=[f"{system.code}-{story.code}" for system, story in STORIES]
)


def started(service: Service, system: System, story: Story, open_id: str | None = None) -> Draft:
    return service.demos.start(ACTOR, open_id, system.code, story)


@each_story
def test_a_story_goes_as_it_promises_and_one_fix_mends_it(service: Service, system: System, story: Story) -> None:
    draft = started(service, system, story)
    assert story_of(DraftView.of(draft)) == story
    assert (next_click(Step.ENTER, DraftView.of(draft)) is Click.SWAP) == (story.code == "swapped")
    if not missing_fields(draft):
        report = verified(service, TENANT)
        problem = report.primary_failure.problem_code if report.primary_failure else None
        assert problem in PROBLEMS.get(story.code, {None})
    assert needs_fixing(DraftView.of(draft_of(service, TENANT))) == (story is not SMOOTH)
    if story is not SMOOTH:
        service.demos.fix(ACTOR, draft.id)
        assert not needs_fixing(DraftView.of(draft_of(service, TENANT)))
        assert verified(service, TENANT).passed
    assert save(service, TENANT).expires_at is not None


@pytest.mark.parametrize("system", all_systems(), ids=lambda system: system.code)
def test_a_system_tells_a_smooth_story_and_one_of_a_wrong_key_and_of_a_right_in_the_usual_order(system: System) -> None:
    codes = [story.code for story in system.sandbox.stories]
    assert codes == [code for code in CODES if code in codes]
    assert {"smooth", "wrong_key", "role"} <= set(codes)


def test_a_scenario_that_was_picked_by_itself_is_mended_too(service: Service) -> None:
    for scenario in ("no_role", "another_site"):
        draft = started(service, SYSTEM, Story("", scenario))
        assert not verified(service, TENANT).passed
        service.demos.fix(ACTOR, draft.id)
        assert verified(service, TENANT).passed, scenario


def test_a_story_starts_over_after_it_was_saved(service: Service) -> None:
    wrong = next(story for story in SYSTEM.sandbox.stories if story.code == "wrong_key")
    draft = started(service, SYSTEM, wrong)
    service.demos.fix(ACTOR, draft.id)
    assert verified(service, TENANT).passed
    save(service, TENANT)
    again = service.demos.restart(ACTOR, draft.id)
    assert again.id != draft.id
    assert not verified(service, TENANT).passed
    assert [found.id for found in service.drafts.all(ACTOR)] == [again.id]


def test_a_demo_takes_the_place_of_a_demo_and_of_nothing_else(service: Service) -> None:
    mine = service.drafts.create(ACTOR, SYSTEM.code, "shop.example")
    practised = service.drafts.create(ACTOR, SYSTEM.code, WORKS.values["api_url"])
    first = started(service, SYSTEM, SMOOTH, mine.id)
    second = started(service, SYSTEM, SMOOTH, first.id)
    third = started(service, SYSTEM, SMOOTH, practised.id)
    assert {draft.id for draft in service.drafts.all(ACTOR)} == {mine.id, practised.id, second.id, third.id}


def test_many_demos_push_out_demos_and_no_real_draft(service: Service) -> None:
    mine = service.drafts.create(ACTOR, SYSTEM.code, "shop.example")
    for _ in range(MOST_DRAFTS + 1):
        started(service, SYSTEM, SMOOTH)
    kept = [draft.id for draft in service.drafts.all(ACTOR)]
    assert len(kept) == MOST_DRAFTS
    assert mine.id in kept


def test_a_draft_that_left_the_sandbox_tells_no_story_and_is_not_filled_in(service: Service) -> None:
    draft = started(service, SYSTEM, SMOOTH)
    Tab(service, TENANT).enter({"api_url": "shop.example"})
    left = DraftView.of(draft_of(service, TENANT))
    assert story_of(left) is None
    assert story_of(replace(left, values=WORKS.values)) == SMOOTH
    with pytest.raises(DraftChanged):
        service.demos.fix(ACTOR, draft.id)
    with pytest.raises(DraftChanged):
        service.demos.restart(ACTOR, draft.id)
    started(service, SYSTEM, SMOOTH, draft.id)
    assert draft.id in {kept.id for kept in service.drafts.all(ACTOR)}, "it is about a real shop by now"


def test_another_visitors_key_does_not_mend_or_break_mine(service: Service) -> None:
    role = next(story for story in SYSTEM.sandbox.stories if story.code == "role")
    started(service, SYSTEM, role)
    other = service.demos.start(Actor("somebody else's"), None, SYSTEM.code, role)
    assert not verified(service, "somebody else's").passed
    service.demos.fix(Actor("somebody else's"), other.id)
    assert verified(service, "somebody else's").passed
    assert not verified(service, TENANT).passed
