"""The draft: what a merchant has entered so far, kept sealed in the database."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Engine
from sqlmodel import Session

from xtnd_wizard.domain.api_url import HostRefused
from xtnd_wizard.domain.findings import Finding, Report
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.settings import Settings
from xtnd_wizard.storage import queries
from xtnd_wizard.storage.answer_cache import KEPT_FOR
from xtnd_wizard.storage.integrity import guarded_reading, guarded_writing
from xtnd_wizard.storage.models import Draft, now
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.checks import Credentials
from xtnd_wizard.systems.contract import API_URL, AUTH_METHOD, Scenario
from xtnd_wizard.vault import DecryptionError, SealContext, Vault
from xtnd_wizard.wizard.check_runner import Event, Identified, checks_of
from xtnd_wizard.wizard.credentials import DraftCredentials
from xtnd_wizard.wizard.entering import Entering, or_not_stored
from xtnd_wizard.wizard.host_change import HostChange, HostQuestion, answer_no, forget_question
from xtnd_wizard.wizard.questions import answer, open_questions
from xtnd_wizard.wizard.steps import Step, missing_fields

NEEDED_AGAIN = "field_needed_again"


class DraftGone(Exception):
    """The draft expired, was discarded, or was changed in another tab meanwhile."""


@dataclass(frozen=True)
class Drafts:
    """Every change to a draft, each in one short transaction."""

    engine: Engine
    vault: Vault
    settings: Settings

    def writing(self) -> AbstractContextManager[Session]:
        """One short transaction that writes drafts or connections: judged as they are read, sealed as they are written.

        Where the database is locked for longer than it waits, full, or gone, SQLAlchemyError is raised, and
        nothing of the transaction is kept.
        """
        return guarded_writing(self.engine, self.vault)

    def reading(self) -> AbstractContextManager[Session]:
        """One short transaction that only reads. Raises SQLAlchemyError as `writing` does."""
        return guarded_reading(self.engine, self.vault)

    def current(self, tenant: str) -> Draft | None:
        """The tenant's draft, or None where there is none or it expired."""
        with self.reading() as session:
            return queries.live_draft(session, tenant, now())

    def choose(self, tenant: str, system_code: str, host_text: str, sitting: str = "") -> Draft:
        """Choose the system and the host. An unusable host is kept as typed, with its reason.

        `sitting` stands for the visitor's present session, here and below; see `host_change`.
        """
        with self.writing() as session:
            draft = self._open(session, tenant, system_code)
            self._put(draft, {API_URL: get_system(system_code).hosts.fixed or host_text}, sitting)
            draft.step = Step.OBTAIN
            return draft

    def choose_auth_method(self, tenant: str, auth_method: str) -> None:
        """Choose another authentication method. What was entered for the old one is of no use to it.

        Raises DraftGone where there is no draft to choose for.
        """
        with self.writing() as session:
            draft = self._current(session, tenant)
            system = get_system(draft.system)
            if auth_method not in system.auth_methods or auth_method == system.auth_method_of(draft.values):
                return
            draft.values = {API_URL: draft.values.get(API_URL, ""), AUTH_METHOD: auth_method}
            draft.sealed, draft.last4, draft.entered_by, draft.questions = {}, {}, {}, {}
            forget_question(draft)
            draft.notes = {name: codes for name, codes in draft.notes.items() if name == API_URL}
            draft.refusals = {name: code for name, code in draft.refusals.items() if name == API_URL}
            draft.report = None
            self._touch(draft)

    def store_tokens(
        self, draft_then: Draft, values: Mapping[str, Secret | str], consent: Mapping[str, str], claim: str = ""
    ) -> Draft:
        """Keep what an approval at the channel gave; an empty secret takes the old one away.

        Raises DraftGone where the draft it was for is gone, or is about another host by now, and where a
        renewal comes back after its `claim` was given up: a newer approval stands.
        """
        with self.writing() as session:
            draft = self._current(session, draft_then.tenant)
            if draft.id != draft_then.id or draft.values.get(API_URL) != draft_then.values.get(API_URL):
                raise DraftGone("another draft by now")
            if claim and draft.consent.get("renewing") != claim:
                raise DraftGone("renewed or approved meanwhile")
            secrets = {name: value for name, value in values.items() if isinstance(value, Secret)}
            draft.values = {**draft.values, **{name: text for name, text in values.items() if isinstance(text, str)}}
            held = {**self._sealed.secrets(draft), **secrets}
            self._sealed.seal(draft, {name: secret for name, secret in held.items() if secret})
            draft.refusals = {name: code for name, code in draft.refusals.items() if name not in values}
            draft.entered_by = {name: digest for name, digest in draft.entered_by.items() if name not in secrets}
            draft.consent = {**draft.consent, **consent}
            draft.report = None
            draft.step = Step.VERIFY
            self._touch(draft)
            return draft

    @or_not_stored()
    def enter(self, tenant: str, typed: Mapping[str, Secret | str], sitting: str = "") -> Draft:
        """Take what was typed into the form. A sealed field that was left empty keeps its value.

        Raises DraftGone where there is no draft to take it, or NotStored.
        """
        with self.writing() as session:
            draft = self._current(session, tenant)
            self._put(draft, typed, sitting)
            return self._next_step(draft)

    @or_not_stored()
    def confirm(self, tenant: str, name: str, digest: str) -> Draft:
        """Use the very value that was asked about. Raises DraftGone where it is another one by now, or NotStored."""
        with self.writing() as session:
            draft = self._current(session, tenant)
            if not answer(draft, name, digest):
                raise DraftGone("asked about another value by now")
            return self._next_step(draft)

    def host_question(self, draft: Draft, sitting: str) -> HostQuestion | None:
        """What this sitting is asked about the draft's new host, if anything."""
        return self._host_change.question(draft, sitting)

    def keep_for_host(self, tenant: str, api_url: str, sitting: str) -> Draft:
        """Use what was set aside for the new host, which the merchant named.

        Raises DraftGone, or NotAsked where this sitting was not asked about this host.
        """
        with self.writing() as session:
            draft = self._current(session, tenant)
            self._host_change.keep(draft, api_url, sitting)
            Entering(self._sealed).ask(draft)
            draft.report = None
            return self._next_step(draft)

    def drop_set_aside(self, tenant: str) -> None:
        """Drop what was set aside. Raises DraftGone."""
        with self.writing() as session:
            answer_no(self._current(session, tenant))

    def entered_in(self, draft: Draft, sitting: str) -> frozenset[str]:
        """The names of the sealed values that were entered in this sitting and not replaced since."""
        return self._host_change.entered_in(draft, sitting)

    def start_demo(self, tenant: str, system_code: str, scenario: Scenario, sitting: str = "") -> Draft:
        """Start anew with a scenario of the sandbox filled in."""
        with self.writing() as session:
            queries.drop_drafts(session, tenant)
            draft = self._open(session, tenant, system_code)
            draft.values = {AUTH_METHOD: scenario.values[AUTH_METHOD]} if AUTH_METHOD in scenario.values else {}
            self._put(draft, scenario.values, sitting)
            draft.step = Step.ENTER
            return draft

    def set_step(self, tenant: str, step: Step) -> None:
        """Remember the screen, so that a closed tab resumes there."""
        with self.writing() as session:
            draft = queries.live_draft(session, tenant, now())
            if draft:
                draft.step = step
                self._touch(draft)

    def discard(self, tenant: str) -> None:
        """Forget the draft and its sealed values."""
        with self.writing() as session:
            queries.drop_drafts(session, tenant)

    def purge(self) -> None:
        """Delete what expired: drafts, sandbox connections, values set aside, and answers kept too long."""
        with self.writing() as session:
            queries.purge_drafts(session, now())
            queries.purge_connections(session, now())
            for draft in queries.overdue_questions(session, now()):
                answer_no(draft)
            queries.purge_cached_answers(session, now() - KEPT_FOR)

    def credentials(self, draft: Draft) -> Credentials:
        """The draft's values, opened, ready to be checked.

        Raises DraftGone where there is no usable host, where a question about a value is open, and where a
        sealed value can't be opened any more; the draft then asks for it again.
        """
        if open_questions(draft):
            raise DraftGone("a value waits for an answer")
        try:
            return self._sealed.open(draft)
        except HostRefused:
            raise DraftGone("no usable host") from None
        except DecryptionError:
            self._ask_again(draft.tenant)
            raise DraftGone("a sealed value can't be opened") from None

    def record(self, draft: Draft, events: Iterable[Event]) -> Report:
        """Make the report of a verification and keep it with the draft that was verified.

        Raises DraftGone where the draft changed meanwhile: the report is of no use to it.
        """
        events = list(events)
        report = Report(
            system=draft.system,
            fingerprint=self.fingerprint(draft),
            verified_at=now(),
            expected=checks_of(get_system(draft.system)),
            findings=tuple(event for event in events if isinstance(event, Finding)),
            account=next((event.account for event in events if isinstance(event, Identified)), None),
        )
        with self.writing() as session:
            current = self._current(session, draft.tenant)
            if self.fingerprint(current) != report.fingerprint:
                raise DraftGone("changed in another tab")
            current.report = report.to_json()
            self._touch(current)
        return report

    def void_report(self, tenant: str) -> None:
        """Forget a report that no longer fits, so that the draft is verified again."""
        with self.writing() as session:
            self._current(session, tenant).report = None

    def fingerprint(self, draft: Draft) -> str:
        """What a report is bound to: the system and every value, exactly.

        Raises DraftGone where there is no usable host, or DecryptionError.
        """
        try:
            return self._sealed.fingerprint(draft)
        except HostRefused:
            raise DraftGone("no usable host") from None

    def context(self, draft: Draft, name: str) -> SealContext:
        """Where a draft's sealed value is stored. Another host is another place."""
        return self._sealed.context(draft, name)

    @property
    def _sealed(self) -> DraftCredentials:
        return DraftCredentials(self.vault, self.settings.trusted_origins)

    @property
    def _host_change(self) -> HostChange:
        return HostChange(self._sealed)

    def _put(self, draft: Draft, typed: Mapping[str, Secret | str], sitting: str) -> None:
        Entering(self._sealed).put(draft, typed, sitting)
        self._touch(draft)

    def _current(self, session: Session, tenant: str) -> Draft:
        draft = queries.live_draft(session, tenant, now(), for_update=True)
        if draft is None or draft.connection_id:
            raise DraftGone("no draft")
        return draft

    def _open(self, session: Session, tenant: str, system_code: str) -> Draft:
        """The tenant's draft for this system; a saved one, or one for another system, makes way."""
        draft = queries.live_draft(session, tenant, now(), for_update=True)
        if draft and (draft.connection_id or draft.system != system_code):
            queries.drop_drafts(session, tenant)
            draft = None
        if draft is None:
            draft = Draft(tenant=tenant, system=system_code, expires_at=now())
            session.add(draft)
        self._touch(draft)
        return draft

    def _next_step(self, draft: Draft) -> Draft:
        draft.step = Step.ENTER if missing_fields(draft) else Step.VERIFY
        self._touch(draft)
        return draft

    def _touch(self, draft: Draft) -> None:
        draft.updated_at = now()
        draft.expires_at = draft.updated_at + timedelta(days=self.settings.draft_days)

    def _ask_again(self, tenant: str) -> None:
        with self.writing() as session:
            draft = self._current(session, tenant)
            lost = draft.sealed.keys() - self._sealed.secrets(draft).keys()
            draft.sealed = {name: token for name, token in draft.sealed.items() if name not in lost}
            draft.refusals = {**draft.refusals, **dict.fromkeys(lost, NEEDED_AGAIN)}
            draft.report = None
