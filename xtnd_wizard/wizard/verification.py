"""Verifying a draft or a saved connection: admitted, renewed where needed, checked live, recorded."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.errors import OAuthClientMissing, OAuthRefused
from xtnd_wizard.domain.findings import Finding, Report, failed
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.domain.subjects import SubjectRef
from xtnd_wizard.outbound import RequestFailed
from xtnd_wizard.storage.threads import in_thread
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.contract import System
from xtnd_wizard.wizard.admission import Admission
from xtnd_wizard.wizard.check_runner import COMMON_CHECKS, AnswerCache, Event, run_checks
from xtnd_wizard.wizard.clients import ClientFactory, client_for
from xtnd_wizard.wizard.credentials import Opened, Subject, api_url_of, is_of_sandbox
from xtnd_wizard.wizard.renewal import TokenRenewal
from xtnd_wizard.wizard.subjects import Subjects, ref_of


@dataclass(frozen=True)
class Renewed:
    """The channel gave new tokens before the checks: from here on it is other values that are verified."""

    fingerprint: str


Progress = Event | Renewed | Report


@dataclass(frozen=True, eq=False)
class Verification:
    """Verifies, under any event loop and for any actor. Nothing here knows of a screen."""

    subjects: Subjects
    renewal: TokenRenewal
    answer_cache: AnswerCache
    client_factory: ClientFactory
    admission: Admission

    async def verify(self, actor: Actor, ref: SubjectRef) -> AsyncGenerator[Progress, None]:
        """Yield what is found as it arrives, and in the end the report; `Subjects.record` says what becomes of it.

        Raises TryLater where this has to wait, and as `Subjects.open` and `Subjects.record` do. Closing the generator
        (`contextlib.aclosing`) ends every call that is under way.
        """
        opened = await in_thread(self.subjects.open, actor, ref)
        async with aclosing(self.verify_opened(actor, opened)) as progress:
            async for event in progress:
                yield event

    async def verify_opened(self, actor: Actor, opened: Opened) -> AsyncGenerator[Progress, None]:
        """The same for a row that the caller has opened already."""
        events: list[Event] = []
        async with self.admission.admitted(actor, _counted_host(opened.row)):
            renewed = await self._renewed(actor, opened)
            if isinstance(renewed, Finding):
                events.append(renewed)
                yield renewed
            else:
                if renewed is not opened:
                    yield Renewed(renewed.fingerprint)
                opened = renewed
                async with aclosing(await self._checks(actor, opened)) as found:
                    async for event in found:
                        events.append(event)
                        yield event
            yield await in_thread(self.subjects.record, actor, opened, events)

    async def _checks(self, actor: Actor, opened: Opened) -> AsyncGenerator[Event, None]:
        return run_checks(
            get_system(opened.row.system),
            opened.credentials,
            await client_for(actor, self.client_factory),
            self.answer_cache,
            self.subjects.drafts.settings.check_seconds,
        )

    async def _renewed(self, actor: Actor, opened: Opened) -> Opened | Finding:
        """What it takes to be checked now, or why there is no getting it."""
        row = opened.row
        system = get_system(row.system)
        try:
            current = await self.renewal.renewed(actor, row)
        except OAuthRefused as refused:
            ours = refused.outcome == "our_app"
            code = ProblemCode.OUR_APP_REFUSED if ours else ProblemCode.CONSENT_LOST
            return _before_the_checks(system, code, f"renewal: {refused.outcome}")
        except OAuthClientMissing:
            return _before_the_checks(system, ProblemCode.OUR_APP_REFUSED, "renewal: no client id")
        except RequestFailed as failure:
            return _before_the_checks(system, failure.code, f"renewal: {failure.detail}", **failure.facts)
        return opened if current is row else await in_thread(self.subjects.open, actor, ref_of(current))


def _before_the_checks(system: System, code: str, detail: str, **facts: str) -> Finding:
    """A problem that came before anything was asked, at the check where a merchant would look for it."""
    stage = system.problem(code).stage.value
    known = (*COMMON_CHECKS, *system.checks.sign_in.codes)
    return failed(stage if stage in known else system.checks.sign_in.codes[0], code, detail, **facts)


def _counted_host(row: Subject) -> str:
    """The host whose quota counts; none for a sandbox channel, which all demos share and nobody is behind."""
    return "" if is_of_sandbox(row) else api_url_of(row).partition("/")[0]
