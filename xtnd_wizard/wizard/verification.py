"""Verifying a draft or a connection: one verification of it at a time, watched by every tab that asks for it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.errors import OAuthClientMissing, OAuthRefused
from xtnd_wizard.domain.findings import Finding, Report, failed
from xtnd_wizard.domain.problems import PROBLEMS, ProblemCode
from xtnd_wizard.domain.subjects import DraftRef, SubjectRef
from xtnd_wizard.outbound import RequestFailed
from xtnd_wizard.storage.models import Draft
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.contract import System
from xtnd_wizard.wizard.admission import Admission
from xtnd_wizard.wizard.approvals import OAuthService
from xtnd_wizard.wizard.check_runner import COMMON_CHECKS, AnswerCache, Event, run_checks
from xtnd_wizard.wizard.credentials import Opened, Subject, api_url_of
from xtnd_wizard.wizard.runs import Run, Runs, Viewer
from xtnd_wizard.wizard.subjects import Subjects

if TYPE_CHECKING:
    from xtnd_wizard.outbound.client import OutboundClient

_GRACE_SECONDS = 1.0
"""A page that is drawn anew leaves and joins again: a second press in the same tab must find its verification."""


@dataclass(frozen=True)
class Verifications:
    """Every verification under way in this process."""

    subjects: Subjects
    oauth: OAuthService
    answer_cache: AnswerCache
    client_factory: Callable[[], "OutboundClient"]
    admission: Admission
    _runs: Runs[Event, Report] = field(default_factory=lambda: Runs(_GRACE_SECONDS), repr=False)

    def watch(self, actor: Actor, ref: SubjectRef) -> Viewer[Event, Report]:
        """Watch a draft or a connection being verified; `Subjects.record` says what becomes of the report.

        A verification of the same values that runs already is joined; one of other values of the same row is ended.
        The viewer's events raise TryLater where this has to wait, DraftChanged where the draft changed meanwhile, and
        Superseded where another tab verifies other values by now. Raises as `Subjects.open` does.
        """
        opened = self.subjects.open(actor, ref)
        return self._runs.watch(ref.id, opened.fingerprint, lambda run: self._verified(actor, opened, run))

    async def _verified(self, actor: Actor, opened: Opened, run: Run[Event, Report]) -> Report:
        events: list[Event] = []

        def tell(event: Event) -> None:
            events.append(event)
            run.tell(event)

        async with self.admission.admitted(actor, _counted_host(opened.row)):
            current = await self._renewed(actor, opened, run, tell)
            if current is not None:
                outbound_client = replace(self.client_factory(), caller=actor.counted_as)
                await run_checks(
                    get_system(current.row.system),
                    current.credentials,
                    outbound_client,
                    self.answer_cache,
                    self.oauth.drafts.settings.check_seconds,
                    tell,
                )
            return self.subjects.record(actor, current or opened, events)

    async def _renewed(
        self, actor: Actor, opened: Opened, run: Run[Event, Report], tell: Callable[[Event], None]
    ) -> Opened | None:
        """What it takes to be checked now; None where there is no getting it, which was told."""
        row = opened.row
        system = get_system(row.system)
        if system.oauth is None or not isinstance(row, Draft):
            return opened
        try:
            current = await asyncio.to_thread(self.oauth.renewed, row, actor)
        except OAuthRefused as refused:
            ours = refused.outcome == "our_app"
            code = ProblemCode.OUR_APP_REFUSED if ours else ProblemCode.CONSENT_LOST
            tell(_before_the_checks(system, code, f"renewal: {refused.outcome}"))
        except OAuthClientMissing:
            tell(_before_the_checks(system, ProblemCode.OUR_APP_REFUSED, "renewal: no client id"))
        except RequestFailed as failure:
            tell(_before_the_checks(system, failure.code, f"renewal: {failure.detail}", **failure.facts))
        else:
            if current is row:
                return opened
            renewed = self.subjects.open(actor, DraftRef(current.id))
            self._runs.now_about(current.id, run, renewed.fingerprint)
            return renewed
        return None


def _before_the_checks(system: System, code: ProblemCode, detail: str, **facts: str) -> Finding:
    """A problem that came before anything was asked, at the check where a merchant would look for it."""
    stage = PROBLEMS[code].stage.value
    known = (*COMMON_CHECKS, *system.checks.sign_in_codes)
    return failed(stage if stage in known else system.checks.sign_in_codes[0], code, detail, **facts)


def _counted_host(row: Subject) -> str:
    """The host whose quota counts; none for a sandbox channel, which all demos share and nobody is behind."""
    shown = api_url_of(row)
    return "" if get_system(row.system).is_sandbox(shown) else shown.partition("/")[0]
