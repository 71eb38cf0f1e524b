"""Verifying a draft: one verification per tenant at a time, watched by every tab that asks for it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from xtnd_wizard.domain.findings import Finding, Report, failed
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.outbound import RequestFailed
from xtnd_wizard.storage.models import Draft
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.contract import API_URL, System
from xtnd_wizard.systems.oauth import OAuthRefused
from xtnd_wizard.wizard.admission import Admission, Caller
from xtnd_wizard.wizard.approvals import NoClient, OAuthService
from xtnd_wizard.wizard.check_runner import COMMON_CHECKS, AnswerCache, Event, run_checks
from xtnd_wizard.wizard.drafts import Drafts
from xtnd_wizard.wizard.runs import Run, Runs, Viewer

if TYPE_CHECKING:
    from xtnd_wizard.outbound.client import OutboundClient

_GRACE_SECONDS = 1.0
"""A page that is drawn anew leaves and joins again: a second press in the same tab must find its verification."""


@dataclass(frozen=True)
class Verifications:
    """Every verification under way in this process."""

    drafts: Drafts
    oauth: OAuthService
    answer_cache: AnswerCache
    client_factory: Callable[[], "OutboundClient"]
    admission: Admission
    _runs: Runs[Event, Report] = field(default_factory=lambda: Runs(_GRACE_SECONDS), repr=False)

    def watch(self, draft: Draft, address: str | None) -> Viewer[Event, Report]:
        """Watch the draft being verified, for a client at this address; its report is kept with the draft.

        A verification of the same values that runs already is joined; one of other values is ended.
        The viewer's events raise NotNow where this has to wait, DraftGone where the draft changed meanwhile, and
        Superseded where another tab verifies other values by now. Raises DraftGone.
        """
        self.drafts.credentials(draft)
        caller = Caller.at(address, draft.tenant)
        return self._runs.watch(
            draft.tenant, self.drafts.fingerprint(draft), lambda run: self._verified(draft, caller, run)
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
                outbound_client = replace(self.client_factory(), caller=caller.name)
                seconds = self.drafts.settings.check_seconds
                await run_checks(
                    get_system(draft.system), credentials, outbound_client, self.answer_cache, seconds, tell
                )
            return self.drafts.record(current or draft, events)

    async def _renewed(
        self, draft: Draft, caller: Caller, run: Run[Event, Report], tell: Callable[[Event], None]
    ) -> Draft | None:
        """The draft with what it takes to be checked now; None where there is no getting it, which was told."""
        system = get_system(draft.system)
        if system.oauth is None:
            return draft
        try:
            current = await asyncio.to_thread(self.oauth.renewed, draft, caller)
        except OAuthRefused as refused:
            ours = refused.outcome == "our_app"
            code = ProblemCode.OUR_APP_REFUSED if ours else ProblemCode.CONSENT_LOST
            tell(_before_the_checks(system, code, f"renewal: {refused.outcome}"))
        except NoClient:
            tell(_before_the_checks(system, ProblemCode.OUR_APP_REFUSED, "renewal: no client id"))
        except RequestFailed as failure:
            tell(_before_the_checks(system, failure.code, f"renewal: {failure.detail}", **failure.facts))
        else:
            self._runs.now_about(draft.tenant, run, self.drafts.fingerprint(current))
            return current
        return None


def _before_the_checks(system: System, code: str, detail: str, **facts: str) -> Finding:
    """A problem that came before anything was asked, at the check where a merchant would look for it."""
    stage = system.problem(code).stage.value
    known = (*COMMON_CHECKS, *system.checks.sign_in.codes)
    return failed(stage if stage in known else system.checks.sign_in.codes[0], code, detail, **facts)


def _counted_host(draft: Draft) -> str:
    """The host whose quota counts; none for a sandbox channel, which all demos share and nobody is behind."""
    shown = draft.values[API_URL]
    return "" if get_system(draft.system).is_sandbox(shown) else shown.partition("/")[0]
