"""Approval at the channel: the way there, the way back, and tokens that are used once.

The transactions are short and run in threads; between them nothing is locked. What bars the door to a second
attempt stands in the database: a state is a row that is used once, a renewal a lease that ends by itself.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe

from sqlmodel import Session

from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.api_url import ApiUrl, HostRefused
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
from xtnd_wizard.storage.models import ApprovalState, Draft, new_id, now
from xtnd_wizard.storage.threads import in_thread, uninterrupted
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.contract import API_URL
from xtnd_wizard.systems.oauth import OAuthFlow, TokenGrant, TokenTransport
from xtnd_wizard.wizard.admission import Admission
from xtnd_wizard.wizard.clients import ClientFactory, client_for
from xtnd_wizard.wizard.draft_contents import DraftContents
from xtnd_wizard.wizard.drafts import Drafts

RETURN_PATH = "/consent"
APPROVED = ""
_STATE_FOR = timedelta(minutes=30)
_AFTER_THE_DEADLINE = timedelta(seconds=10)
_BEFORE_THE_END = timedelta(seconds=60)
_AWAITED = 3
"""How many ways to the channel may be open at once: a second tab, or a second press, voids no other."""
_REMEMBERED = 5
"""How many states that were used are still told from foreign ones."""
_LOOK_AGAIN_SECONDS = 0.2
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
    client_factory: ClientFactory
    admission: Admission

    def client(self, draft: DraftContents) -> OAuthClient | None:
        """What the draft's channel knows this wizard by; None where the operator has no registration."""
        system = get_system(draft.system)
        if system.oauth and system.is_sandbox(draft.values.get(API_URL, "")):
            return system.oauth.sandbox_client
        return self.drafts.settings.clients.get(draft.system)

    async def begin(self, actor: Actor, system_code: str, draft_id: str) -> str:
        """The address of the consent page for a draft, with a state that is good once.

        Raises DraftNotFound, DraftChanged, NotReady, OAuthClientMissing or StorageFailed.
        """
        draft = await in_thread(self.drafts.current, actor, draft_id)
        if draft.system != system_code:
            raise DraftNotFound("no draft for this system")
        flow, client = self._flow_and_client(draft)
        address, state = self._url(draft), token_urlsafe(32)
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

    async def renewed(self, draft: Draft, actor: Actor) -> Draft:
        """The draft with tokens that are still good, renewed at the channel where that is needed.

        For an actor who was admitted: a renewal is part of a check, and takes no place of its own.
        One at a time: a renewal voids the tokens it used. Raises DraftChanged, NotReady, OAuthClientMissing,
        RequestFailed, or OAuthRefused where only a new approval helps. Cancelling it takes up to `check_seconds`
        where the channel was asked already.
        """
        if get_system(draft.system).oauth is None or not _ends_soon(draft):
            return draft
        flow, client = self._flow_and_client(draft)
        lease_id = new_id()
        try:
            # Whoever has the lease may be another process, which can't tell us.
            while not (current := await in_thread(self._lease, draft, lease_id)):  # noqa: ASYNC110
                await asyncio.sleep(_LOOK_AGAIN_SECONDS)
            if current.lease_id != lease_id:
                return current
            # The old tokens are void as soon as the channel answers, so what it gives is kept whoever has left.
            return await uninterrupted(self._renew(flow, client, current, actor))
        except BaseException:  # cancelled as well: the next one need not wait for the lease to end
            await in_thread(self._release, draft, lease_id)
            raise

    async def _renew(self, flow: OAuthFlow, client: OAuthClient, leased: Draft, actor: Actor) -> Draft:
        credentials = self.drafts.credentials.open(leased).credentials
        grant = await self._fetched(flow, leased, actor, lambda transport: flow.renew(transport, client, credentials))
        return await in_thread(self._store, actor, leased, grant, leased.lease_id)

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
        flow, client = get_system(draft.system).oauth, self.client(draft)
        if flow is None or client is None:
            raise OAuthClientMissing(draft.system)
        return flow, client

    def _url(self, draft: Draft) -> ApiUrl:
        try:
            return get_system(draft.system).read_host(draft.values[API_URL], self.drafts.settings.trusted_origins).url
        except HostRefused:
            raise NotReady("no usable host") from None

    def _redirect_uri(self, draft: Draft) -> str:
        return f"{'' if _is_sandbox(draft) else self.drafts.settings.public_url}{RETURN_PATH}/{draft.system}"

    async def _exchanged(self, draft: Draft, actor: Actor, code: Secret) -> None:
        """Keep what the channel gives for a code. Anybody can make one up, so the call counts like a check."""
        flow, client = self._flow_and_client(draft)
        address = self._redirect_uri(draft)

        async def kept() -> None:
            grant = await self._fetched(
                flow, draft, actor, lambda transport: flow.exchange(transport, client, code, address)
            )
            await in_thread(self._store, actor, draft, grant)

        counted_host = "" if _is_sandbox(draft) else flow.token_url(self._url(draft)).host
        async with self.admission.admitted(actor, counted_host):
            # The code is spent as soon as the channel answers, so what it gives is kept whoever has left.
            await uninterrupted(kept())

    async def _fetched(
        self, flow: OAuthFlow, draft: Draft, actor: Actor, fetch: Callable[[TokenTransport], Awaitable[TokenGrant]]
    ) -> TokenGrant:
        url = flow.token_url(self._url(draft))
        outbound_client = await client_for(actor, self.client_factory)
        try:
            async with outbound_client.open_session(url, self.drafts.settings.check_seconds) as host_session:
                return await fetch(host_session)
        except RequestFailed as failure:
            failure.facts.setdefault("host", url.host)
            raise

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

    def _lease(self, draft: Draft, lease_id: str) -> Draft | None:
        """The draft with this lease on the renewal of its tokens, or without where they are good by now.

        None while somebody else has the lease. One whose process died ends by itself, a little after the deadline
        that its call had.
        """
        with self.drafts.transactions.writing() as session:
            current = _current(session, draft)
            if current is None or current.connection_id:
                raise DraftChanged("gone or saved meanwhile")
            if not _ends_soon(current):
                return current
            if current.lease_until and current.lease_until > now():
                return None
            current.lease_id = lease_id
            current.lease_until = now() + timedelta(seconds=self.drafts.settings.check_seconds) + _AFTER_THE_DEADLINE
            return current

    def _release(self, draft: Draft, lease_id: str) -> None:
        """Let the next one try at once. A lease that we can't give back ends by itself."""
        with contextlib.suppress(StorageFailed), self.drafts.transactions.writing() as session:
            current = _current(session, draft)
            if current and current.lease_id == lease_id:
                current.lease_id, current.lease_until = "", None

    def _store(self, actor: Actor, draft: Draft, grant: TokenGrant, lease_id: str = "") -> Draft:
        expire_at = now() + timedelta(seconds=grant.expires_in)
        return self.drafts.store_tokens(actor, draft.id, draft.values[API_URL], grant.values, expire_at, lease_id)


def _current(session: Session, draft: Draft) -> Draft | None:
    """The same draft as it is by now, if it is still there."""
    return queries.draft(session, draft.tenant, draft.id, now(), for_update=True)


def _is_sandbox(draft: Draft) -> bool:
    return get_system(draft.system).is_sandbox(draft.values[API_URL])


def _digest(state: str) -> str:
    return sha256(state.encode()).hexdigest()


def _ends_soon(draft: Draft) -> bool:
    return draft.tokens_expire_at is not None and draft.tokens_expire_at - _BEFORE_THE_END <= now()
