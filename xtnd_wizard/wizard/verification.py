"""Verifying what somebody entered: admitted, renewed where needed, checked live, recorded."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.findings import Finding, Report, failed
from xtnd_wizard.domain.problems import PROBLEMS, ProblemCode
from xtnd_wizard.outbound import RequestFailed
from xtnd_wizard.storage.models import Draft
from xtnd_wizard.storage.threads import in_thread
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.contract import API_URL, System
from xtnd_wizard.systems.oauth import OAuthRefused
from xtnd_wizard.wizard.admission import Admission
from xtnd_wizard.wizard.approvals import NoClient, OAuthService
from xtnd_wizard.wizard.check_runner import COMMON_CHECKS, AnswerCache, Event, run_checks
from xtnd_wizard.wizard.drafts import Drafts

if TYPE_CHECKING:
    from xtnd_wizard.outbound.client import OutboundClient


@dataclass(frozen=True)
class Renewed:
    """The channel gave new tokens before the checks: from here on it is other values that are verified."""

    fingerprint: str


Progress = Event | Renewed | Report


@dataclass(frozen=True, eq=False)
class Verification:
    """Verifies, under any event loop and for any actor. Nothing here knows of a screen."""

    drafts: Drafts
    oauth: OAuthService
    answer_cache: AnswerCache
    client_factory: Callable[[], "OutboundClient"]
    admission: Admission

    async def verify(self, draft: Draft, actor: Actor) -> AsyncGenerator[Progress, None]:
        """Yield what is found as it arrives, and in the end the report, which is kept with the draft by then.

        Raises NotNow where this has to wait, and DraftGone where the draft can't be checked or changed meanwhile.
        Closing the generator (`contextlib.aclosing`) ends every call that is under way.
        """
        events: list[Event] = []
        async with self.admission.admitted(actor, _counted_host(draft)):
            renewed = await self._renewed(draft, actor)
            if isinstance(renewed, Finding):
                events.append(renewed)
                yield renewed
            else:
                if renewed is not draft:
                    yield Renewed(self.drafts.fingerprint(renewed))
                draft = renewed
                credentials = await in_thread(self.drafts.credentials, draft)
                async with aclosing(
                    run_checks(
                        get_system(draft.system),
                        credentials,
                        replace(self.client_factory(), caller=actor.counted_as),
                        self.answer_cache,
                        self.drafts.settings.check_seconds,
                    )
                ) as found:
                    async for event in found:
                        events.append(event)
                        yield event
            yield await in_thread(self.drafts.record, draft, events)

    async def _renewed(self, draft: Draft, actor: Actor) -> Draft | Finding:
        """The draft with what it takes to be checked now, or why there is no getting it."""
        system = get_system(draft.system)
        try:
            return await self.oauth.renewed(draft, actor)
        except OAuthRefused as refused:
            ours = refused.outcome == "our_app"
            code = ProblemCode.OUR_APP_REFUSED if ours else ProblemCode.CONSENT_LOST
            return _before_the_checks(system, code, f"renewal: {refused.outcome}")
        except NoClient:
            return _before_the_checks(system, ProblemCode.OUR_APP_REFUSED, "renewal: no client id")
        except RequestFailed as failure:
            return _before_the_checks(system, failure.code, f"renewal: {failure.detail}", **failure.facts)


def _before_the_checks(system: System, code: ProblemCode, detail: str, **facts: str) -> Finding:
    """A problem that came before anything was asked, at the check where a merchant would look for it."""
    stage = PROBLEMS[code].stage.value
    known = (*COMMON_CHECKS, *system.checks.sign_in_codes)
    return failed(stage if stage in known else system.checks.sign_in_codes[0], code, detail, **facts)


def _counted_host(draft: Draft) -> str:
    """The host whose quota counts; none for a sandbox channel, which all demos share and nobody is behind."""
    shown = draft.values[API_URL]
    return "" if get_system(draft.system).is_sandbox(shown) else shown.partition("/")[0]
