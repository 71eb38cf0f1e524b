"""A demo: a story of a sandbox, told in a draft of its own, mended on request and led to any of its steps."""

from collections.abc import Mapping
from dataclasses import dataclass

from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.errors import DraftChanged
from xtnd_wizard.storage.models import Draft
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.contract import API_URL, System
from xtnd_wizard.systems.stories import Scenario, Story
from xtnd_wizard.wizard.directing import story_of
from xtnd_wizard.wizard.drafts import Drafts
from xtnd_wizard.wizard.entering import Entering
from xtnd_wizard.wizard.steps import report_of


@dataclass(frozen=True)
class Demos:
    """Starts demos and mends them. Each method raises as those of `Drafts` do."""

    drafts: Drafts

    def start(self, actor: Actor, draft_id: str | None, system_code: str, story: Story, sitting: str = "") -> Draft:
        """Tell a story from its beginning. A demo that is open makes way, any other draft stays."""
        system = get_system(system_code)
        scenario = _scenario(system, story.scenario)
        values = {**scenario.values, **_played(system, actor, scenario)} if story.code else scenario.values
        begun = Scenario(scenario.code, story.values(values))
        return self.drafts.start_demo(actor, draft_id, system_code, begun, sitting, story.code)

    def restart(self, actor: Actor, draft_id: str, sitting: str = "") -> Draft:
        """Tell the story of a demo once more. Raises DraftChanged where the draft is no demo."""
        draft = self.drafts.current(actor, draft_id)
        return self.start(actor, draft_id, draft.system, _story(draft), sitting)

    def fix(self, actor: Actor, draft_id: str, sitting: str = "") -> Draft:
        """Mend what is wrong: in the back office where the story is told there, and then in the draft."""
        draft = self.drafts.current(actor, draft_id)
        return self._enter(actor, draft, self._cure(actor, draft), sitting)

    def _cure(self, actor: Actor, draft: Draft) -> Mapping[str, str]:
        """The values that are right from here on."""
        system, story = get_system(draft.system), _story(draft)
        report = report_of(draft)
        failure = report.primary_failure if report else None
        office, host = system.sandbox.office, draft.values[API_URL].partition("/")[0]
        if office and failure and failure.problem_code and not story.cure:
            mended = office.remedy(actor.tenant, host, failure.problem_code)
            if mended:
                return mended
        cure = _scenario(system, story.cure or _working_like(system, story))
        return {**cure.values, **({} if story.cure or not story.code else _played(system, actor, cure))}

    def _enter(self, actor: Actor, draft: Draft, values: Mapping[str, str], sitting: str) -> Draft:
        with self.drafts.editing(actor, draft.id) as edited:
            Entering(self.drafts.credentials).put(edited, values, sitting)
            edited.report = None  # also where the values stay: what was mended is at the channel
            self.drafts.go_on(edited)
            return edited


def _story(draft: Draft) -> Story:
    story = story_of(draft)
    if story is None:
        raise DraftChanged("no demo")
    return story


def _scenario(system: System, code: str) -> Scenario:
    return next(scenario for scenario in system.sandbox.scenarios if scenario.code == code)


def _played(system: System, actor: Actor, scenario: Scenario) -> Mapping[str, str]:
    """What to enter so that the back office plays a scenario; nothing where it can't."""
    office, host = system.sandbox.office, scenario.values[API_URL].partition("/")[0]
    return (office.begin(actor.tenant, scenario.code, host) if office else None) or {}


def _working_like(system: System, story: Story) -> str:
    """The first scenario with the same authentication method as the story's: in those all is right."""
    method = system.auth_method_of(_scenario(system, story.scenario).values)
    return next(
        scenario.code for scenario in system.sandbox.scenarios if system.auth_method_of(scenario.values) == method
    )
