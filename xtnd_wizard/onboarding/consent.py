"""Approval at the channel: the way there, the way back, and tokens that are used once."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import TYPE_CHECKING

from xtnd_wizard.onboarding.drafts import DraftGone, Drafts
from xtnd_wizard.outbound import CallFailed
from xtnd_wizard.settings import Client
from xtnd_wizard.storage import queries
from xtnd_wizard.storage.engine import writing
from xtnd_wizard.storage.models import Draft, now
from xtnd_wizard.systems import system
from xtnd_wizard.systems.consenting import Asker, Consent, ConsentRefused, Held
from xtnd_wizard.systems.contract import API_URL

if TYPE_CHECKING:
    from xtnd_wizard.outbound.door import Door

RETURN_PATH = "/consent"
APPROVED = ""
_STATE_FOR = timedelta(minutes=30)
_CLAIM_FOR = timedelta(seconds=60)
_BEFORE_THE_END = timedelta(seconds=60)
_REMEMBERED = 5
_PAUSE = 0.2


class NoClient(Exception):
    """The operator has no registration at this channel, so nobody can be sent there."""


@dataclass(frozen=True)
class Consents:
    """Every approval, bound to the draft it is for."""

    drafts: Drafts
    open_door: Callable[[], "Door"]

    def client(self, draft: Draft) -> Client | None:
        """What the draft's channel knows this wizard by; None where the operator has no registration."""
        chosen = system(draft.system)
        if chosen.consent and chosen.is_practice(draft.values.get(API_URL, "")):
            return chosen.consent.practice_client
        return self.drafts.settings.clients.get(draft.system)

    def begin(self, owner: str) -> str:
        """The address of the consent page for the owner's draft, with a state that is good once.

        Raises DraftGone or NoClient.
        """
        draft = self.drafts.live(owner)
        consent, client = self._means(draft)
        assert draft is not None
        state = token_urlsafe(32)
        pending = {"state": _digest(state), "until": (now() + _STATE_FOR).isoformat()}
        self._remember(owner, draft.id, pending)
        url = system(draft.system).read_host(draft.values[API_URL], self.drafts.settings.trusted_origins).url
        return consent.address(url, client.id, self._redirect_uri(draft), state)

    def finish(self, owner: str, system_code: str, answer: Mapping[str, str]) -> str:
        """Take what the merchant came back with; `APPROVED`, or the outcome that stands in its way."""
        draft = self.drafts.live(owner)
        if draft is None or draft.system != system_code:
            return "foreign_state" if answer.get("state") else "no_code"
        known = self._use_state(owner, draft.id, answer.get("state", ""))
        if answer.get("error") and known in (APPROVED, "foreign_state"):
            return "refused" if known is APPROVED else known
        if known:
            return known
        if not answer.get("code"):
            return "no_code"
        return self._exchange(owner, draft, answer["code"])

    def renewed(self, draft: Draft) -> Draft:
        """The draft with tokens that are still good, renewed at the channel where that is needed.

        One at a time: a renewal voids the tokens it used. Raises DraftGone, CallFailed, or ConsentRefused
        where only a new approval helps.
        """
        chosen = system(draft.system)
        if chosen.consent is None or not _ends_soon(draft):
            return draft
        consent, client = self._means(draft)
        current = self._claim(draft)
        if not _ends_soon(current):
            return current
        credentials = self.drafts.credentials(current)
        try:
            held = self._at_the_channel(consent, current, lambda asker: consent.renew(asker, client, credentials))
        except (CallFailed, ConsentRefused):
            self._remember(draft.owner, draft.id, {"renewing": ""})
            raise
        return self._hold(draft.owner, draft.id, held)

    def _exchange(self, owner: str, draft: Draft, code: str) -> str:
        consent, client = self._means(draft)
        redirect_uri = self._redirect_uri(draft)
        try:
            held = self._at_the_channel(
                consent, draft, lambda asker: consent.exchange(asker, client, code, redirect_uri)
            )
            self._hold(owner, draft.id, held)
        except ConsentRefused as refused:
            return refused.outcome
        except CallFailed:
            return "unreachable"
        except DraftGone:
            return "foreign_state"
        return APPROVED

    def _means(self, draft: Draft | None) -> tuple[Consent, Client]:
        if draft is None or draft.connection_id:
            raise DraftGone("no draft")
        consent, client = system(draft.system).consent, self.client(draft)
        if consent is None or client is None:
            raise NoClient(draft.system)
        return consent, client

    def _redirect_uri(self, draft: Draft) -> str:
        practice = system(draft.system).is_practice(draft.values[API_URL])
        return f"{'' if practice else self.drafts.settings.public_url}{RETURN_PATH}/{draft.system}"

    def _at_the_channel(self, consent: Consent, draft: Draft, fetch: Callable[[Asker], Awaitable[Held]]) -> Held:
        settings = self.drafts.settings
        url = system(draft.system).read_host(draft.values[API_URL], settings.trusted_origins).url

        async def fetched() -> Held:
            async with self.open_door().visit(consent.token_url(url), settings.check_seconds) as visit:
                return await fetch(visit)

        return asyncio.run(fetched())

    def _use_state(self, owner: str, draft_id: str, state: str) -> str:
        """Take a state out of circulation; empty where it was the one that is awaited."""
        with writing(self.drafts.engine) as session:
            draft = queries.live_draft(session, owner, now(), for_update=True)
            if draft is None or draft.id != draft_id:
                return "foreign_state"
            if not state:
                return "no_code"
            digest, used = _digest(state), draft.consent.get("used", "").split()
            if digest in used:
                return "used_state"
            if digest != draft.consent.get("state") or _past(draft.consent.get("until", "")):
                return "foreign_state"
            spent = " ".join([*used, digest][-_REMEMBERED:])
            draft.consent = {**draft.consent, "state": "", "used": spent}
            return APPROVED

    def _claim(self, draft: Draft) -> Draft:
        """Wait until nobody else renews this draft's tokens, and say that we do. A dead claim ends by itself."""
        while True:
            with writing(self.drafts.engine) as session:
                current = queries.live_draft(session, draft.owner, now(), for_update=True)
                if current is None or current.id != draft.id:
                    raise DraftGone("gone meanwhile")
                claimed = current.consent.get("renewing", "")
                if not _ends_soon(current):
                    return current
                if not claimed or _past(claimed):
                    current.consent = {**current.consent, "renewing": (now() + _CLAIM_FOR).isoformat()}
                    return current
            time.sleep(_PAUSE)

    def _hold(self, owner: str, draft_id: str, held: Held) -> Draft:
        expires = (now() + timedelta(seconds=held.expires_in)).isoformat()
        return self.drafts.hold(owner, draft_id, held.values, {"expires": expires, "renewing": ""})

    def _remember(self, owner: str, draft_id: str, facts: Mapping[str, str]) -> None:
        with writing(self.drafts.engine) as session:
            draft = queries.live_draft(session, owner, now(), for_update=True)
            if draft is None or draft.id != draft_id:
                raise DraftGone("gone meanwhile")
            draft.consent = {**draft.consent, **facts}


def _digest(state: str) -> str:
    return sha256(state.encode()).hexdigest()


def _past(moment: str) -> bool:
    return not moment or datetime.fromisoformat(moment) <= now()


def _ends_soon(draft: Draft) -> bool:
    expires = draft.consent.get("expires", "")
    return bool(expires) and datetime.fromisoformat(expires) - _BEFORE_THE_END <= now()
