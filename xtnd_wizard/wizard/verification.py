"""Verifying a draft: one verification per owner at a time, watched by every tab that asks for it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from xtnd_wizard.wizard.admission import Admission, Caller
from xtnd_wizard.domain.findings import Finding, Report, failed
from xtnd_wizard.wizard.approvals import Consents, NoClient
from xtnd_wizard.wizard.drafts import Drafts
from xtnd_wizard.outbound import CallFailed
from xtnd_wizard.domain.problems import PROBLEMS, ProblemCode
from xtnd_wizard.wizard.runs import Run, Runs, Viewer
from xtnd_wizard.storage.models import Draft
from xtnd_wizard.systems import system
from xtnd_wizard.systems.oauth import ConsentRefused
from xtnd_wizard.systems.contract import API_URL, System
from xtnd_wizard.wizard.check_runner import COMMON_CHECKS, Event, Memory, run_checks

if TYPE_CHECKING:
    from xtnd_wizard.outbound.client import Door

_GRACE_SECONDS = 1.0
"""A page that is drawn anew leaves and joins again: a second press in the same tab must find its verification."""


@dataclass(frozen=True)
class Verifications:
    """Every verification under way in this process."""

    drafts: Drafts
    consents: Consents
    memory: Memory
    open_door: Callable[[], "Door"]
    admission: Admission
    _runs: Runs[Event, Report] = field(default_factory=lambda: Runs(_GRACE_SECONDS), repr=False)

    def watch(self, draft: Draft, address: str | None) -> Viewer[Event, Report]:
        """Watch the draft being verified, for a client at this address; its report is kept with the draft.

        A verification of the same values that runs already is joined; one of other values is ended.
        The viewer's events raise NotNow where this has to wait, DraftGone where the draft changed meanwhile, and
        Superseded where another tab verifies other values by now. Raises DraftGone.
        """
        self.drafts.credentials(draft)
        caller = Caller.at(address, draft.owner)
        return self._runs.watch(
            draft.owner, self.drafts.fingerprint(draft), lambda run: self._verified(draft, caller, run)
        )

    async def _verified(self, draft: Draft, caller: Caller, run: Run[Event, Report]) -> Report:
        events: list[Event] = []

        def tell(event: Event) -> None:
            events.append(event)
            run.tell(event)

        async with self.admission.admitted(caller, _counted_host(draft)):
            current = await self._renewed(draft, caller, run, tell)
            if current is not None:
                credentials = self.drafts.credentials(current)
                door = replace(self.open_door(), caller=caller.name)
                seconds = self.drafts.settings.check_seconds
                await run_checks(system(draft.system), credentials, door, self.memory, seconds, tell)
            return self.drafts.record(current or draft, events)

    async def _renewed(
        self, draft: Draft, caller: Caller, run: Run[Event, Report], tell: Callable[[Event], None]
    ) -> Draft | None:
        """The draft with what it takes to be checked now; None where there is no getting it, which was told."""
        chosen = system(draft.system)
        if chosen.consent is None:
            return draft
        try:
            current = await asyncio.to_thread(self.consents.renewed, draft, caller)
        except ConsentRefused as refused:
            ours = refused.outcome == "our_app"
            code = ProblemCode.OUR_APP_REFUSED if ours else ProblemCode.CONSENT_LOST
            tell(_before_the_checks(chosen, code, f"renewal: {refused.outcome}"))
        except NoClient:
            tell(_before_the_checks(chosen, ProblemCode.OUR_APP_REFUSED, "renewal: no client id"))
        except CallFailed as failure:
            tell(_before_the_checks(chosen, failure.code, f"renewal: {failure.detail}", **failure.facts))
        else:
            self._runs.now_about(draft.owner, run, self.drafts.fingerprint(current))
            return current
        return None


def _before_the_checks(chosen: System, code: ProblemCode, detail: str, **facts: str) -> Finding:
    """A problem that came before anything was asked, at the check where a merchant would look for it."""
    stage = PROBLEMS[code].stage.value
    known = (*COMMON_CHECKS, *chosen.checks.opening_codes)
    return failed(stage if stage in known else chosen.checks.opening_codes[0], code, detail, **facts)


def _counted_host(draft: Draft) -> str:
    """The host whose quota counts; none for a practice channel, which all demos share and nobody is behind."""
    shown = draft.values[API_URL]
    return "" if system(draft.system).is_practice(shown) else shown.partition("/")[0]
