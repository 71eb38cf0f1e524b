"""Drafts by id: what a merchant has entered so far, kept sealed in the database."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session

from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.errors import DraftChanged, DraftNotFound, SystemNotFound
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.settings import Settings
from xtnd_wizard.storage import queries
from xtnd_wizard.storage.answer_cache import KEPT_FOR
from xtnd_wizard.storage.models import Draft, now
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.contract import API_URL, AUTH_METHOD
from xtnd_wizard.systems.messages import ReadingReport
from xtnd_wizard.systems.oauth import TokenGrant
from xtnd_wizard.systems.stories import Scenario
from xtnd_wizard.wizard.by_hand import IN_PLACE
from xtnd_wizard.wizard.credentials import CredentialStore
from xtnd_wizard.wizard.directing import STORY, story_of
from xtnd_wizard.wizard.entering import Entering
from xtnd_wizard.wizard.host_change import answer_no, forget_question
from xtnd_wizard.wizard.questions import answer, open_questions
from xtnd_wizard.wizard.reading import read_message, without_messages
from xtnd_wizard.wizard.steps import Step, missing_fields
from xtnd_wizard.wizard.transactions import Transactions

NEEDED_AGAIN = "field_needed_again"
MOST_DRAFTS = 20
"""For one tenant: more than anybody sets up side by side, and what a script makes fills no disk."""


@dataclass(frozen=True)
class Drafts:
    """Every change to a draft, each in one short transaction.

    Each raises DraftNotFound where the actor's tenant has no such draft, DraftChanged where it was saved by now, and
    StorageFailed. `sitting` stands for the visitor's present session; see `host_change`.
    """

    transactions: Transactions
    credentials: CredentialStore
    settings: Settings

    def current(self, actor: Actor, draft_id: str) -> Draft:
        """The draft as it is now, saved or not. Raises DraftNotFound."""
        with self.transactions.reading() as session:
            return found_draft(queries.draft(session, actor.tenant, draft_id, now()))

    def newest(self, actor: Actor) -> Draft | None:
        """The draft that was touched last: what a browser that comes back goes on with."""
        with self.transactions.reading() as session:
            return queries.newest_draft(session, actor.tenant, now())

    def all(self, actor: Actor) -> Sequence[Draft]:
        """All of the tenant's drafts, the one that was touched last first."""
        with self.transactions.reading() as session:
            return queries.drafts(session, actor.tenant, now())

    def create(self, actor: Actor, system_code: str, host_text: str, sitting: str = "") -> Draft:
        """Begin another draft for a system and a host. An unusable host is kept as typed, with its reason.

        Raises SystemNotFound.
        """
        with self.transactions.writing() as session:
            return self._choose(self._new(session, actor, system_code), host_text, sitting)

    def choose(self, actor: Actor, draft_id: str | None, system_code: str, host_text: str, sitting: str = "") -> Draft:
        """Choose the system and the host in the draft that is open; where none is, begin one.

        A draft that is saved makes way for a new one; one for another system is left as it is. Raises SystemNotFound.
        """
        if draft_id is None:
            return self.create(actor, system_code, host_text, sitting)
        with self.transactions.writing() as session:
            draft = found_draft(queries.draft(session, actor.tenant, draft_id, now(), for_update=True))
            if draft.connection_id:
                session.delete(draft)
            if draft.connection_id or draft.system != system_code:
                draft = self._new(session, actor, system_code)
            return self._choose(draft, host_text, sitting)

    def choose_auth_method(self, actor: Actor, draft_id: str, auth_method: str) -> None:
        """Choose another authentication method. What was entered for the old one is of no use to it."""
        with self.editing(actor, draft_id) as draft:
            system = get_system(draft.system)
            if auth_method not in system.auth_methods or auth_method == system.auth_method_of(draft.values):
                return
            draft.values = {API_URL: draft.values.get(API_URL, ""), AUTH_METHOD: auth_method}
            draft.sealed, draft.last4, draft.entered_by, draft.questions = {}, {}, {}, {}
            forget_question(draft)
            draft.notes = {name: codes for name, codes in draft.notes.items() if name in (API_URL, STORY)}
            draft.refusals = {name: code for name, code in draft.refusals.items() if name == API_URL}
            draft.report = None

    def enter(self, actor: Actor, draft_id: str, typed: Mapping[str, Secret | str], sitting: str = "") -> Draft:
        """Take what was typed into the form, whole messages too. A sealed field that was left empty keeps its value."""
        with self.editing(actor, draft_id) as draft:
            values = without_messages(draft, typed, self.credentials.trusted_origins)
            Entering(self.credentials).put(draft, values, sitting)
            self.go_on(draft)
            return draft

    def confirm(self, actor: Actor, draft_id: str, name: str, digest: str) -> Draft:
        """Use the very value that was asked about. Raises DraftChanged where it is another one by now."""
        with self.editing(actor, draft_id) as draft:
            if not answer(draft, name, digest):
                raise DraftChanged("asked about another value by now")
            self.go_on(draft)
            return draft

    def read_message(
        self, actor: Actor, draft_id: str, message: Secret, sitting: str = ""
    ) -> tuple[Draft, ReadingReport]:
        """Enter all values that a pasted message holds, and say which those were. It is kept nowhere itself."""
        with self.editing(actor, draft_id) as draft:
            reading = read_message(draft, message, self.credentials.trusted_origins)
            Entering(self.credentials).put(draft, reading.values, sitting)
            self.go_on(draft)
            return draft, reading.report

    def swap(self, actor: Actor, draft_id: str, name: str, digest: str, sitting: str = "") -> Draft:
        """Let two values change places that seem to have done so. Raises DraftChanged where they are others by now."""
        with self.editing(actor, draft_id) as draft:
            asked, secrets = open_questions(draft).get(name), self.credentials.secrets(draft)
            other = asked.swapped_with if asked and asked.digest == digest else ""
            if not {name, other} <= secrets.keys():
                raise DraftChanged("other values by now")
            Entering(self.credentials).put(draft, {name: secrets[other], other: secrets[name]}, sitting)
            self.go_on(draft)
            return draft

    def tick_off(self, actor: Actor, draft_id: str, codes: Sequence[str]) -> None:
        """Keep what the merchant says is in place, where the connection is made inside XTND."""
        with self.editing(actor, draft_id) as draft:
            draft.notes = {**draft.notes, IN_PLACE: list(codes)}

    def store_tokens(
        self,
        actor: Actor,
        draft_id: str,
        api_url: str,
        grant: TokenGrant,
        lease_id: str = "",
    ) -> Draft:
        """Keep what an approval at the channel gave for an API URL; an empty secret takes the old one away.

        Raises DraftChanged where the draft is about another host by now, and where a renewal comes back without its
        lease: a newer approval stands.
        """
        with self.editing(actor, draft_id) as draft:
            if draft.values.get(API_URL) != api_url:
                raise DraftChanged("another host by now")
            if lease_id and draft.lease_id != lease_id:
                raise DraftChanged("renewed or approved meanwhile")
            self.credentials.put_tokens(draft, grant)
            draft.refusals = {name: code for name, code in draft.refusals.items() if name not in grant.values}
            draft.entered_by = {name: digest for name, digest in draft.entered_by.items() if name not in grant.values}
            draft.report = None
            draft.step = Step.VERIFY
            return draft

    def start_demo(
        self,
        actor: Actor,
        draft_id: str | None,
        system_code: str,
        scenario: Scenario,
        sitting: str = "",
        story_code: str = "",
    ) -> Draft:
        """Begin another draft with a scenario of the sandbox filled in, and remember the story that it tells.

        A demo that is open makes way; any other draft stays as it is. Raises SystemNotFound.
        """
        with self.transactions.writing() as session:
            open_draft = queries.draft(session, actor.tenant, draft_id, now()) if draft_id else None
            if open_draft and story_of(open_draft):
                session.delete(open_draft)
            draft = self._new(session, actor, system_code)
            draft.notes = {STORY: [story_code, scenario.code]}
            draft.values = {AUTH_METHOD: scenario.values[AUTH_METHOD]} if AUTH_METHOD in scenario.values else {}
            Entering(self.credentials).put(draft, scenario.values, sitting)
            draft.step = Step.ENTER
            return draft

    def set_step(self, actor: Actor, draft_id: str, step: Step) -> None:
        """Remember the screen, so that a closed tab resumes there."""
        with self.transactions.writing() as session:
            draft = found_draft(queries.draft(session, actor.tenant, draft_id, now(), for_update=True))
            draft.step = step
            self._touch(draft)

    def ask_again(self, actor: Actor, draft_id: str, lost: frozenset[str]) -> None:
        """Ask for sealed values again that could not be opened; what was entered anew since then is left alone."""
        with self.editing(actor, draft_id) as draft:
            if still_lost := lost & draft.sealed.keys() - self.credentials.secrets(draft).keys():
                self.credentials.drop(draft, still_lost)
                draft.refusals = {**draft.refusals, **dict.fromkeys(still_lost, NEEDED_AGAIN)}
                draft.report = None

    def void_report(self, actor: Actor, draft_id: str) -> None:
        """Forget a report that no longer fits, so that the draft is verified again."""
        with self.editing(actor, draft_id) as draft:
            draft.report = None

    def discard(self, actor: Actor, draft_id: str) -> bool:
        """Forget a draft and its sealed values; whether there was one."""
        with self.transactions.writing() as session:
            return queries.drop_draft(session, actor.tenant, draft_id)

    def purge(self) -> None:
        """Delete what expired: drafts, sandbox connections, values set aside, and answers kept too long."""
        with self.transactions.writing() as session:
            queries.purge_drafts(session, now())
            queries.purge_approval_states(session, now())
            queries.purge_connections(session, now())
            for draft in queries.overdue_questions(session, now()):
                answer_no(draft)
            queries.purge_cached_answers(session, now() - KEPT_FOR)

    @contextmanager
    def editing(self, actor: Actor, draft_id: str) -> Iterator[Draft]:
        """One short transaction on a draft that is not saved yet."""
        with self.transactions.writing() as session:
            draft = found_draft(queries.draft(session, actor.tenant, draft_id, now(), for_update=True))
            if draft.connection_id:
                raise DraftChanged("saved by now")
            yield draft
            self._touch(draft)

    def go_on(self, draft: Draft) -> None:
        """Set the step that comes after an edit."""
        draft.step = Step.ENTER if missing_fields(draft) else Step.VERIFY

    def _choose(self, draft: Draft, host_text: str, sitting: str) -> Draft:
        typed = {API_URL: get_system(draft.system).hosts.fixed or host_text}
        Entering(self.credentials).put(draft, typed, sitting)
        draft.step = Step.OBTAIN
        self._touch(draft)
        return draft

    def _new(self, session: Session, actor: Actor, system_code: str) -> Draft:
        try:
            get_system(system_code)
        except KeyError:
            raise SystemNotFound("no such system") from None
        make_room_for_drafts(session, actor.tenant, coming=1)
        draft = Draft(tenant=actor.tenant, system=system_code, expires_at=now())
        session.add(draft)
        self._touch(draft)
        return draft

    def _touch(self, draft: Draft) -> None:
        draft.updated_at = now()
        draft.expires_at = draft.updated_at + timedelta(days=self.settings.draft_days)


def found_draft(draft: Draft | None) -> Draft:
    """The draft that was looked for. Raises DraftNotFound where there is none."""
    if draft is None:
        raise DraftNotFound("no such draft")
    return draft


def make_room_for_drafts(session: Session, tenant: str, *, coming: int = 0) -> None:
    """Keep a tenant's drafts within bounds.

    Those that are saved make way first, then demos, then those touched longest ago.
    """
    drafts = sorted(
        queries.drafts(session, tenant, now()),
        key=lambda draft: (not draft.connection_id, story_of(draft) is None, draft.updated_at),
    )
    for oldest in drafts[: max(0, len(drafts) + coming - MOST_DRAFTS)]:
        session.delete(oldest)
