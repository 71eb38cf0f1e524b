"""The verifications that pages watch: one of each row at a time, joined by every tab that asks for the same."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.errors import Stopped
from xtnd_wizard.domain.findings import Finding, Report
from xtnd_wizard.domain.subjects import SubjectRef
from xtnd_wizard.ui.runs import Run, Runs, Viewer
from xtnd_wizard.wizard.check_runner import Event
from xtnd_wizard.wizard.verdict import pause_before_findings
from xtnd_wizard.wizard.verification import Renewed, Verification

_GRACE_SECONDS = 1.0
"""A page that is drawn anew leaves and joins again: a second press in the same tab must find its verification."""

_runs: Runs[Event | Report] = Runs(_GRACE_SECONDS)


def watch_verification(verification: Verification, actor: Actor, ref: SubjectRef) -> Viewer[Event | Report]:
    """Watch a draft or a connection being verified. The last event is the report.

    A verification of the same values that runs already is joined; one of other values of the same row is ended.
    The viewer's events raise as `Verification.verify` does, and Superseded where another tab verifies other values
    by now. Raises as `Subjects.open` does.
    """
    opened = verification.subjects.open(actor, ref)
    subject = (verification, actor.tenant, ref)
    pause = pause_before_findings(opened.row, verification.subjects.drafts.settings)

    async def stream(run: Run[Event | Report]) -> AsyncGenerator[Event | Report, None]:
        async with aclosing(verification.verify_opened(actor, opened)) as progress:
            async for event in progress:
                if isinstance(event, Renewed):
                    _runs.now_about(subject, run, event.fingerprint)
                    continue
                if pause and isinstance(event, Finding):
                    await asyncio.sleep(pause)
                yield event

    return _runs.watch(subject, opened.fingerprint, stream)


def stop_verification(verification: Verification, actor: Actor, ref: SubjectRef) -> bool:
    """End the verification of a draft or a connection; whether one was under way. Whoever watches it meets Stopped."""
    return _runs.end((verification, actor.tenant, ref), Stopped())
