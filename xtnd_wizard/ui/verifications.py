"""The verifications that pages watch: one per tenant at a time, joined by every tab that asks for the same."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.findings import Report
from xtnd_wizard.storage.models import Draft
from xtnd_wizard.ui.runs import Run, Runs, Viewer
from xtnd_wizard.wizard.check_runner import Event
from xtnd_wizard.wizard.verification import Renewed, Verification

_GRACE_SECONDS = 1.0
"""A page that is drawn anew leaves and joins again: a second press in the same tab must find its verification."""

_runs: Runs[Event | Report] = Runs(_GRACE_SECONDS)


def watch_verification(verification: Verification, draft: Draft, actor: Actor) -> Viewer[Event | Report]:
    """Watch the draft being verified. The last event is the report.

    A verification of the same values that runs already is joined; one of other values is ended.
    The viewer's events raise NotNow where this has to wait, DraftGone where the draft changed meanwhile, and
    Superseded where another tab verifies other values by now. Raises DraftGone.
    """
    verification.drafts.credentials(draft)
    whose = (verification, draft.tenant)

    async def stream(run: Run[Event | Report]) -> AsyncGenerator[Event | Report, None]:
        async with aclosing(verification.verify(draft, actor)) as progress:
            async for event in progress:
                if isinstance(event, Renewed):
                    _runs.now_about(whose, run, event.fingerprint)
                else:
                    yield event

    return _runs.watch(whose, verification.drafts.fingerprint(draft), stream)
