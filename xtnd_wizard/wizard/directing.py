"""What the director of a demo says and does next, decided by the draft alone."""

from enum import StrEnum

from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.contract import API_URL
from xtnd_wizard.systems.stories import Story
from xtnd_wizard.wizard.draft_contents import DraftContents
from xtnd_wizard.wizard.questions import open_questions
from xtnd_wizard.wizard.steps import Step, missing_fields, report_of
from xtnd_wizard.wizard.views import DraftView

STORY = "story"
"""The name under which a draft's notes keep the story that it tells, and the scenario that this one began as."""


def story_of(draft: DraftContents | None) -> Story | None:
    """The story that a draft tells; None where it is no demo, or was led away from the sandbox."""
    if draft is None or STORY not in draft.notes or not is_practice(draft):
        return None
    told, began_as = draft.notes[STORY]
    sandbox = get_system(draft.system).sandbox
    by_themselves = (Story("", scenario.code) for scenario in sandbox.scenarios if scenario.code == began_as)
    return next((story for story in sandbox.stories if story.code == told), next(by_themselves, None))


def is_practice(draft: DraftContents | None) -> bool:
    """Whether a draft is about a sandbox, so that nothing of it is real."""
    return draft is not None and get_system(draft.system).is_sandbox(draft.values.get(API_URL, ""))


class Click(StrEnum):
    """The button to press next, by the id of its words in the catalogue."""

    TO_GUIDE = "system.next"
    TO_FORM = "obtain.next"
    FIX = "director.fix"
    SWAP = "enter.swap"
    ENTERED = "enter.submit"
    VERIFY = "verify.now"
    CONFIRM = "verify.shop_yes"
    SAVE = "save.save"
    UPDATE = "save.update"
    RESET = "director.reset"


def next_click(step: Step, draft: DraftView, *, updates: bool = False) -> Click:
    """What to press next on a step's screen. `updates` says whether saving replaces a connection that is there."""
    match step:
        case Step.SYSTEM:
            return Click.TO_GUIDE
        case Step.OBTAIN:
            return Click.TO_FORM
        case Step.ENTER:
            return _after_entering(draft)
        case Step.VERIFY:
            return Click.FIX if needs_fixing(draft) else Click.CONFIRM if draft.report else Click.VERIFY
        case Step.SAVE:
            return Click.UPDATE if updates else Click.SAVE
        case Step.DONE:
            return Click.RESET


def _after_entering(draft: DraftView) -> Click:
    if any(asked.swapped_with for asked in open_questions(draft).values()):
        return Click.SWAP
    return Click.FIX if missing_fields(draft) else Click.ENTERED


def needs_fixing(draft: DraftView) -> bool:
    """Whether something is wrong that "Fix it for me" mends."""
    if draft.connection_id:
        return False
    report = report_of(draft)
    return bool(missing_fields(draft)) or bool(report and not report.passed)


class Deed(StrEnum):
    """What is done in a demo before a step can be shown."""

    RESTART = "restart"
    FIX = "fix"
    VERIFY = "verify"
    SAVE = "save"


def deeds_before(step: Step, draft: DraftView) -> tuple[Deed, ...]:
    """What is to be done before a step can be shown, in this order; as little as it takes.

    A demo that is saved is told again first, and what that takes is for the new draft to say.
    """
    if draft.connection_id:
        return () if step is Step.DONE else (Deed.RESTART,)
    if step is Step.VERIFY:
        return (Deed.FIX,) if missing_fields(draft) else ()
    if step not in (Step.SAVE, Step.DONE):
        return ()
    report = report_of(draft)
    proven = () if report and report.passed else (Deed.FIX, Deed.VERIFY)
    return (*proven, Deed.SAVE) if step is Step.DONE else proven
