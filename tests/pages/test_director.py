"""The director of a demo: only in a tab that tells a story, one press to mend, to jump and to begin again."""

import pytest

from tests.pages.visitor import TENANT, Visitor
from tests.walks import SYSTEM, WORKS, Tab, draft_of
from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.service import Service
from xtnd_wizard.systems.stories import CODES
from xtnd_wizard.wizard.steps import WALK, Step

ACTOR = Actor(TENANT)


def telling(service: Service, code: str, language: str = "en") -> Visitor:
    return Visitor(service, language).open("demo").press_key(f"story_{SYSTEM.code}_{code}")


def says_next(visitor: Visitor, click: str) -> bool:
    shown = [str(found.value).replace("\\", "") for found in visitor.tab.markdown]
    if click.startswith("director."):
        return visitor.says("director.next_here") in shown and visitor.says(click) in visitor.buttons
    return visitor.says("director.next", button=visitor.says(click)) in shown


def jump(visitor: Visitor, step: Step) -> None:
    (pills,) = (found for found in visitor.tab.button_group if str(found.key).startswith("director_jump"))
    pills.set_value(step).run()
    visitor.intact()


@pytest.mark.parametrize("language", ["en", "sv"])
def test_the_director_leads_to_saved_by_the_buttons_it_names(service: Service, language: str) -> None:
    visitor = telling(service, "smooth", language)
    for click in ("enter.submit", "verify.shop_yes", "save.save"):
        assert says_next(visitor, click)
        assert visitor.says("connections.practice") in visitor.sent, "practice is called so on every step"
        visitor.press(click)
    assert visitor.title == visitor.says("done.title")
    assert says_next(visitor, "director.reset")
    visitor.press("director.reset")
    assert visitor.title == visitor.says("enter.title")
    assert says_next(visitor, "enter.submit")


def test_a_wrong_key_is_mended_by_one_press_and_verified_again(service: Service) -> None:
    visitor = telling(service, "wrong_key").press("enter.submit")
    assert visitor.says("verify.shop_yes") not in visitor.buttons
    assert says_next(visitor, "director.fix")
    visitor.press("director.fix")
    assert visitor.says("verify.shop_yes") in visitor.buttons
    assert visitor.says("director.fix") not in visitor.buttons


def test_swapped_values_are_put_right_by_the_products_own_button(service: Service) -> None:
    visitor = telling(service, "swapped")
    assert says_next(visitor, "enter.swap")
    visitor.press("enter.swap")
    assert visitor.says("verify.shop_yes") in visitor.buttons


@pytest.mark.parametrize("step", WALK)
def test_every_step_is_one_press_away_and_so_is_the_way_back(service: Service, step: Step) -> None:
    visitor = telling(service, "role")
    jump(visitor, step)
    if step is Step.SYSTEM:  # a draft is never left there: it has its host
        assert visitor.title == visitor.says("system.title")
    else:
        assert draft_of(service, TENANT).step == step
    jump(visitor, Step.VERIFY)
    assert draft_of(service, TENANT).step == Step.VERIFY
    is_mended = step is Step.SAVE
    assert (visitor.says("director.fix") in visitor.buttons) != is_mended, "a story that was saved starts over"


def test_the_director_folds_away_and_comes_back(service: Service) -> None:
    visitor = telling(service, "role").press("enter.submit").press("director.fold")
    assert visitor.says("director.fix") not in visitor.buttons
    assert visitor.press("director.unfold").says("director.fix") in visitor.buttons


def test_a_draft_of_ones_own_has_no_director_and_is_not_touched_by_a_demo(service: Service) -> None:
    mine = Tab(service, TENANT).choose(SYSTEM.code, "shop.example")
    visitor = Visitor(service).open("welcome").press("welcome.demo")
    assert any(visitor.says("demo.keeps") in found for found in visitor.captions)
    visitor.press_key(f"story_{SYSTEM.code}_smooth")
    jump(visitor, Step.DONE)
    kept = service.drafts.current(ACTOR, mine.id)
    assert (kept.values, kept.step) == (mine.values, mine.step)
    (connection,) = service.connections.all(ACTOR)
    assert connection.expires_at is not None, "a demo ends by itself and is never handed over"
    Tab(service, TENANT).choose(SYSTEM.code, WORKS.values["api_url"])
    practising = Visitor(service).open("obtain")
    assert practising.says("director.more") not in practising.sent


@pytest.mark.parametrize("language", ["en", "sv"])
def test_every_story_of_the_system_stands_on_the_page_with_what_the_audience_sees(
    service: Service, language: str
) -> None:
    visitor = Visitor(service, language).open("demo")
    told = [story.code for story in SYSTEM.sandbox.stories]
    assert set(told) < set(CODES)
    shown = [str(found.value) for found in visitor.tab.markdown]
    for code in told:
        assert f"**{visitor.says(f'stories.{code}.title')}**" in shown
        assert visitor.says(f"stories.{code}.text") in shown
