"""Approval at the channel: the way there, and the way back.

The transactions are short and run in threads; between them nothing is locked. What keeps an approval from being used
twice stands in the database: a state is a row that is used once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe

from sqlmodel import Session

from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.errors import (
    Conflict,
    DraftChanged,
    DraftNotFound,
    NotFound,
    NotReady,
    OAuthClientMissing,
    OAuthRefused,
    StorageFailed,
    TryLater,
)
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound import RequestFailed
from xtnd_wizard.settings import OAuthClient
from xtnd_wizard.storage import queries
from xtnd_wizard.storage.models import ApprovalState, Draft, now
from xtnd_wizard.storage.threads import in_thread, uninterrupted
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.contract import API_URL
from xtnd_wizard.systems.oauth import OAuthFlow
from xtnd_wizard.wizard.admission import Admission
from xtnd_wizard.wizard.draft_contents import DraftContents
from xtnd_wizard.wizard.drafts import Drafts
from xtnd_wizard.wizard.token_endpoint import TokenEndpoint

RETURN_PATH = "/consent"
APPROVED = ""
_STATE_FOR = timedelta(minutes=30)
_AWAITED = 3
"""How many ways to the channel may be open at once: a second tab, or a second press, voids no other."""
_REMEMBERED = 5
"""How many states that were used are still told from foreign ones."""
_REFUSALS = {
    "server_error": "unreachable",
    "temporarily_unavailable": "unreachable",
    "invalid_client": "our_app",
    "invalid_request": "our_app",
    "invalid_scope": "our_app",
    "unauthorized_client": "our_app",
    "unsupported_response_type": "our_app",
}
"""What the errors of RFC 6749, section 4.1.2.1, mean for a merchant; every other one is a refusal."""


@dataclass(frozen=True)
class OAuthService:
    """Every approval, bound to the draft it is for."""

    drafts: Drafts
    endpoint: TokenEndpoint
    admission: Admission

    def client(self, draft: DraftContents) -> OAuthClient | None:
        """What the draft's channel knows this wizard by; None where the operator has no registration."""
        return self.endpoint.client(draft.system, draft.values.get(API_URL, ""))

    async def begin(self, actor: Actor, system_code: str, draft_id: str) -> str:
        """The address of the consent page for a draft, with a state that is good once.

        Raises DraftNotFound, DraftChanged, NotReady, OAuthClientMissing or StorageFailed.
        """
        draft = await in_thread(self.drafts.current, actor, draft_id)
        if draft.system != system_code:
            raise DraftNotFound("no draft for this system")
        flow, client = self._flow_and_client(draft)
        address, state = self.endpoint.api_url(draft), token_urlsafe(32)
        await in_thread(self._await_state, draft, state)
        return flow.address(address, client.id, self._redirect_uri(draft), state)

    async def finish(self, actor: Actor, system_code: str, answer: Mapping[str, str]) -> str:
        """Take what the merchant came back with; `APPROVED`, or the outcome that stands in its way."""
        try:
            return await self._finished(actor, system_code, answer)
        except StorageFailed:
            return "unreachable"

    async def draft_id_of(self, actor: Actor, state: str) -> str:
        """The id of the actor's draft that a state was made for; empty where there is none, or none can be found."""
        try:
            draft = await in_thread(self._draft_of, actor, state)
        except StorageFailed:
            return ""
        return draft.id if draft else ""

    async def _finished(self, actor: Actor, system_code: str, answer: Mapping[str, str]) -> str:
        state, error, code = (answer.get(name, "") for name in ("state", "error", "code"))
        outcome = _REFUSALS.get(error, "refused") if error else "no_code"
        if not state:
            return outcome
        draft = await in_thread(self._draft_of, actor, state)
        if draft is None or draft.system != system_code:
            return "foreign_state"
        if unusable := await in_thread(self._use_state, draft, state):
            return unusable
        return await self._exchange(draft, actor, Secret(code)) if code and not error else outcome

    async def _exchange(self, draft: Draft, actor: Actor, code: Secret) -> str:
        try:
            await self._exchanged(draft, actor, code)
        except OAuthRefused as refused:
            return refused.outcome
        except OAuthClientMissing:
            return "our_app"
        except TryLater:
            return "later"
        except RequestFailed:
            return "unreachable"
        except (NotFound, Conflict, NotReady):
            return "foreign_state"
        return APPROVED

    def _flow_and_client(self, draft: Draft) -> tuple[OAuthFlow, OAuthClient]:
        if draft.connection_id:
            raise DraftChanged("saved by now")
        return self.endpoint.flow_and_client(draft)

    def _redirect_uri(self, draft: Draft) -> str:
        return f"{'' if _is_sandbox(draft) else self.drafts.settings.public_url}{RETURN_PATH}/{draft.system}"

    async def _exchanged(self, draft: Draft, actor: Actor, code: Secret) -> None:
        """Keep what the channel gives for a code. Anybody can make one up, so the call counts like a check."""
        flow, client = self._flow_and_client(draft)
        address = self._redirect_uri(draft)

        async def kept() -> None:
            grant = await self.endpoint.fetch(
                flow, draft, actor, lambda transport: flow.exchange(transport, client, code, address)
            )
            await in_thread(self.drafts.store_tokens, actor, draft.id, draft.values[API_URL], grant)

        counted_host = "" if _is_sandbox(draft) else flow.token_url(self.endpoint.api_url(draft)).host
        async with self.admission.admitted(actor, counted_host):
            # The code is spent as soon as the channel answers, so what it gives is kept whoever has left.
            await uninterrupted(kept())

    def _draft_of(self, actor: Actor, state: str) -> Draft | None:
        """The actor's draft that a state was made for."""
        with self.drafts.transactions.reading() as session:
            row = session.get(ApprovalState, _digest(state))
            return queries.draft(session, actor.tenant, row.draft_id, now()) if row else None

    def _await_state(self, draft: Draft, state: str) -> None:
        """Let a state come back once; of those that did not come back so far, the oldest give way."""
        with self.drafts.transactions.writing() as session:
            current = _current(session, draft)
            if current is None or current.connection_id:
                raise DraftChanged("gone or saved meanwhile")
            for oldest in queries.awaited_states(session, draft.id, now())[: -(_AWAITED - 1)]:
                session.delete(oldest)
            session.add(
                ApprovalState(
                    id=_digest(state),
                    draft_id=draft.id,
                    tenant=draft.tenant,
                    api_url=current.values[API_URL],
                    created_at=now(),
                    expires_at=now() + _STATE_FOR,
                )
            )

    def _use_state(self, draft: Draft, state: str) -> str:
        """Take a state out of circulation; empty where it was one that is awaited."""
        with self.drafts.transactions.writing() as session:
            current = _current(session, draft)
            row = session.get(ApprovalState, _digest(state))
            if current is None or row is None or row.draft_id != current.id:
                return "foreign_state"
            if row.used_at:
                return "used_state"
            if current.connection_id or row.expires_at <= now() or row.api_url != current.values.get(API_URL):
                return "foreign_state"
            for oldest in queries.used_states(session, draft.id)[: -(_REMEMBERED - 1)]:
                session.delete(oldest)
            row.used_at = now()
            return APPROVED


def _current(session: Session, draft: Draft) -> Draft | None:
    """The same draft as it is by now, if it is still there."""
    return queries.draft(session, draft.tenant, draft.id, now(), for_update=True)


def _is_sandbox(draft: Draft) -> bool:
    return get_system(draft.system).is_sandbox(draft.values[API_URL])


def _digest(state: str) -> str:
    return sha256(state.encode()).hexdigest()
