"""Approval at the channel: the way there, the way back, and tokens that are used once."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import TYPE_CHECKING

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
from xtnd_wizard.storage.models import Draft, now
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.contract import API_URL
from xtnd_wizard.systems.oauth import OAuthFlow, TokenGrant, TokenTransport
from xtnd_wizard.wizard.admission import Admission
from xtnd_wizard.wizard.draft_contents import DraftContents
from xtnd_wizard.wizard.drafts import Drafts

if TYPE_CHECKING:
    from xtnd_wizard.outbound.client import OutboundClient

RETURN_PATH = "/consent"
APPROVED = ""
_STATE_FOR = timedelta(minutes=30)
_AFTER_THE_DEADLINE = timedelta(seconds=10)
_BEFORE_THE_END = timedelta(seconds=60)
_AWAITED = 3
"""How many ways to the channel may be open at once: a second tab, or a second press, voids no other."""
_REMEMBERED = 5
_PAUSE = 0.2
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
    client_factory: Callable[[], "OutboundClient"]
    admission: Admission

    def client(self, draft: DraftContents) -> OAuthClient | None:
        """What the draft's channel knows this wizard by; None where the operator has no registration."""
        system = get_system(draft.system)
        if system.oauth and system.is_sandbox(draft.values.get(API_URL, "")):
            return system.oauth.sandbox_client
        return self.drafts.settings.clients.get(draft.system)

    def begin(self, actor: Actor, system_code: str) -> str:
        """The address of the consent page for the tenant's draft, with a state that is good once.

        Raises DraftNotFound, DraftChanged, NotReady or OAuthClientMissing.
        """
        draft = self.drafts.newest(actor)
        if draft is None or draft.system != system_code:
            raise DraftNotFound("no draft for this system")
        flow, client = self._flow_and_client(draft)
        address, state = self._url(draft), token_urlsafe(32)
        with self.drafts.transactions.writing() as session:
            current = queries.draft(session, draft.tenant, draft.id, now(), for_update=True)
            if current is None or current.connection_id:
                raise DraftChanged("gone or saved meanwhile")
            awaited = [*_awaited(current), f"{_digest(state)}@{(now() + _STATE_FOR).isoformat()}"]
            current.consent = {**current.consent, "awaited": " ".join(awaited[-_AWAITED:])}
        return flow.address(address, client.id, self._redirect_uri(draft), state)

    def finish(self, actor: Actor, system_code: str, answer: Mapping[str, str]) -> str:
        """Take what the merchant came back with; `APPROVED`, or the outcome that stands in its way."""
        state, error, code = (answer.get(name, "") for name in ("state", "error", "code"))
        draft = self.drafts.newest(actor)
        if draft is None or draft.system != system_code:
            return "foreign_state" if state else "no_code"
        unusable = self._use_state(draft, state)
        if error and unusable in (APPROVED, "no_code"):
            return _REFUSALS.get(error, "refused")
        if unusable:
            return unusable
        return self._exchange(draft, actor, Secret(code)) if code else "no_code"

    def renewed(self, draft: Draft, actor: Actor) -> Draft:
        """The draft with tokens that are still good, renewed at the channel where that is needed.

        For an actor who was admitted: a renewal is part of a check, and takes no place of its own.
        One at a time: a renewal voids the tokens it used. Raises DraftChanged, NotReady, OAuthClientMissing,
        RequestFailed, or OAuthRefused where only a new approval helps.
        """
        if get_system(draft.system).oauth is None or not _ends_soon(draft):
            return draft
        flow, client = self._flow_and_client(draft)
        current, claim = self._claim(draft)
        if not claim:
            return current
        try:
            credentials = self.drafts.credentials.open(current).credentials
            renewing = self._fetched(flow, current, actor, lambda transport: flow.renew(transport, client, credentials))
            return self._store(actor, current, asyncio.run(renewing), claim)
        except Exception:
            self._release(current, claim)
            raise

    def _exchange(self, draft: Draft, actor: Actor, code: Secret) -> str:
        try:
            self._store(actor, draft, asyncio.run(self._exchanged(draft, actor, code)))
        except OAuthRefused as refused:
            return refused.outcome
        except OAuthClientMissing:
            return "our_app"
        except TryLater:
            return "later"
        except (RequestFailed, StorageFailed):
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

    async def _exchanged(self, draft: Draft, actor: Actor, code: Secret) -> TokenGrant:
        """What the channel gives for a code. Anybody can make one up, so the call counts like a check."""
        flow, client = self._flow_and_client(draft)
        address = self._redirect_uri(draft)
        counted_host = "" if _is_sandbox(draft) else flow.token_url(self._url(draft)).host
        async with self.admission.admitted(actor, counted_host):
            return await self._fetched(
                flow, draft, actor, lambda transport: flow.exchange(transport, client, code, address)
            )

    async def _fetched(
        self, flow: OAuthFlow, draft: Draft, actor: Actor, fetch: Callable[[TokenTransport], Awaitable[TokenGrant]]
    ) -> TokenGrant:
        url = flow.token_url(self._url(draft))
        outbound_client = replace(self.client_factory(), caller=actor.counted_as)
        try:
            async with outbound_client.open_session(url, self.drafts.settings.check_seconds) as host_session:
                return await fetch(host_session)
        except RequestFailed as failure:
            failure.facts.setdefault("host", url.host)
            raise

    def _use_state(self, draft: Draft, state: str) -> str:
        """Take a state out of circulation; empty where it was one that is awaited."""
        if not state:
            return "no_code"
        digest = _digest(state)
        with self.drafts.transactions.writing() as session:
            current = queries.draft(session, draft.tenant, draft.id, now(), for_update=True)
            if current is None:
                return "foreign_state"
            used, awaited = current.consent.get("used", "").split(), _awaited(current)
            if digest in used:
                return "used_state"
            left = [one for one in awaited if not one.startswith(f"{digest}@")]
            if current.connection_id or left == awaited:
                return "foreign_state"
            spent = " ".join([*used, digest][-_REMEMBERED:])
            current.consent = {**current.consent, "awaited": " ".join(left), "used": spent}
            return APPROVED

    def _claim(self, draft: Draft) -> tuple[Draft, str]:
        """Wait until nobody else renews this draft's tokens, and say that we do; no claim where they are good by now.

        A claim whose process died ends by itself, a little after the deadline that its call had.
        """
        while True:
            with self.drafts.transactions.writing() as session:
                current = queries.draft(session, draft.tenant, draft.id, now(), for_update=True)
                if current is None or current.connection_id:
                    raise DraftChanged("gone or saved meanwhile")
                if not _ends_soon(current):
                    return current, ""
                claimed = current.consent.get("renewing", "")
                if not claimed or _past(claimed):
                    lasts = timedelta(seconds=self.drafts.settings.check_seconds) + _AFTER_THE_DEADLINE
                    claim = (now() + lasts).isoformat()
                    current.consent = {**current.consent, "renewing": claim}
                    return current, claim
            time.sleep(_PAUSE)

    def _release(self, draft: Draft, claim: str) -> None:
        """Let the next one try at once. A claim that we can't take back ends by itself."""
        with contextlib.suppress(StorageFailed), self.drafts.transactions.writing() as session:
            current = queries.draft(session, draft.tenant, draft.id, now(), for_update=True)
            if current and current.consent.get("renewing") == claim:
                current.consent = {**current.consent, "renewing": ""}

    def _store(self, actor: Actor, draft: Draft, held: TokenGrant, claim: str = "") -> Draft:
        expires = (now() + timedelta(seconds=held.expires_in)).isoformat()
        return self.drafts.store_tokens(
            actor, draft.id, draft.values[API_URL], held.values, {"expires": expires, "renewing": ""}, claim
        )


def _is_sandbox(draft: Draft) -> bool:
    return get_system(draft.system).is_sandbox(draft.values[API_URL])


def _digest(state: str) -> str:
    return sha256(state.encode()).hexdigest()


def _awaited(draft: Draft) -> list[str]:
    """The states that may still come back, as `<digest>@<until>`."""
    return [one for one in draft.consent.get("awaited", "").split() if not _past(one.partition("@")[2])]


def _past(moment: str) -> bool:
    return not moment or datetime.fromisoformat(moment) <= now()


def _ends_soon(draft: Draft) -> bool:
    expires = draft.consent.get("expires", "")
    return bool(expires) and datetime.fromisoformat(expires) - _BEFORE_THE_END <= now()
