"""A sealed value belongs to one host. What becomes of it when the draft's host changes.

Another host is another receiver: what was sealed for the old one, and was not typed in the same submit, is
dropped. A merchant who entered a value in this very sitting is asked first; for as long as the question
stands the value is set aside, still sealed for the old host, and only the answer seals it for the new one.
A folder below the host is no other receiver: one server, one certificate and one owner answer for all of
them, so a merchant who adds the shop's folder keeps what was entered. An address that can't be used changes
nothing: what counts is the last host that could be.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from hmac import compare_digest

from xtnd_wizard.domain.api_url import HostRefused
from xtnd_wizard.domain.errors import CredentialsLost, NotAsked
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.storage.models import Draft, now
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.contract import API_URL
from xtnd_wizard.wizard.credentials import CredentialStore

FOR_ANOTHER_HOST = "field_for_another_host"
_QUESTION_STANDS = timedelta(minutes=30)


@dataclass(frozen=True)
class HostQuestion:
    """Whether values that were entered for one host may go to another."""

    fields: tuple[str, ...]
    old: str
    new: str


@dataclass(frozen=True)
class HostChange:
    """Decides on a draft's sealed values when its host changes. Nothing is written to the database here."""

    credentials: CredentialStore

    def follow(self, draft: Draft, typed: Mapping[str, Secret], sitting: str) -> None:
        """Seal what the draft holds from now on: what was typed just now, and what was sealed for this host.

        A value that can't be used is an empty secret by now, and takes the old one away all the same. `sitting` stands
        for the visitor's present session; without one, nobody is asked.
        """
        entered = {name: secret for name, secret in typed.items() if secret}
        fresh = self._take_to_host(draft, typed, entered, sitting)
        self.credentials.seal(draft, fresh)
        before = {n: digest for n, digest in draft.entered_by.items() if n in draft.sealed and n not in entered}
        draft.entered_by = {**before, **self._digests(draft, entered, sitting)}
        _take_from_question(draft, entered)

    def _take_to_host(
        self, draft: Draft, typed: Mapping[str, Secret], entered: Mapping[str, Secret], sitting: str
    ) -> Mapping[str, Secret]:
        """Leave in the draft what stays sealed as it is; what has to be sealed for the host that it has now."""
        if self._is_another_host(draft):
            taken_back = {name: secret for name, secret in self._taken_back(draft).items() if name not in typed}
            _drop_refusals(draft, taken_back)
            self._leave(draft, [name for name in draft.sealed if name not in typed], sitting)
            self.credentials.drop(draft, tuple(draft.sealed))
            draft.sealed_for = draft.values[API_URL]
            return {**taken_back, **entered}
        if _has_usable_host(draft):
            self.credentials.follow_host(draft)
        unchanged = {name for name, secret in entered.items() if self.credentials.holds(draft, name, secret)}
        self.credentials.drop(draft, typed.keys() - unchanged)
        return {name: secret for name, secret in entered.items() if name not in unchanged}

    def entered_in(self, draft: Draft, sitting: str) -> frozenset[str]:
        """The names of the sealed values that were entered in this sitting and not replaced since."""
        return self._of_sitting(draft, draft.entered_by, sitting)

    def question(self, draft: Draft, sitting: str) -> HostQuestion | None:
        """What this sitting is asked, if anything."""
        until, aside = draft.set_aside_until, draft.set_aside
        if until is None or until <= now() or not _has_usable_host(draft):
            return None
        if self._of_sitting(draft, aside["entered_by"], sitting) != aside["sealed"].keys():
            return None
        return HostQuestion(tuple(aside["sealed"]), aside["for"], draft.values[API_URL])

    def keep(self, draft: Draft, api_url: str, sitting: str) -> Mapping[str, Secret]:
        """Seal what was set aside for the draft's host, which the merchant named; what that was.

        Raises NotAsked where this sitting was not asked about this host.
        """
        asked = self.question(draft, sitting)
        if asked is None or asked.new != api_url:
            raise NotAsked("another sitting, another host, or too late")
        try:
            kept = self.credentials.open_set_aside(draft)
        except CredentialsLost:
            raise NotAsked("a value does not open") from None
        self.credentials.seal(draft, kept)
        draft.entered_by = {**draft.entered_by, **draft.set_aside["entered_by"]}
        _drop_refusals(draft, kept)
        forget_question(draft)
        return kept

    def _taken_back(self, draft: Draft) -> dict[str, Secret]:
        """What was set aside for the very host that the draft comes back to: that host is no new receiver.

        What was set aside for any other is dropped, and said so.
        """
        until, aside = draft.set_aside_until, draft.set_aside
        stands = until is not None and until > now()
        if not stands or self._origin(draft, aside["for"]) != self._origin(draft, draft.values[API_URL]):
            answer_no(draft)
            return {}
        try:
            taken_back = self.credentials.open_set_aside(draft)
        except CredentialsLost:
            answer_no(draft)
            return {}
        draft.entered_by = {**draft.entered_by, **aside["entered_by"]}
        forget_question(draft)
        return taken_back

    def _is_another_host(self, draft: Draft) -> bool:
        if not _has_usable_host(draft) or not (draft.sealed_for or draft.sealed):
            return False
        return self._origin(draft, draft.sealed_for) != self._origin(draft, draft.values[API_URL])

    def _origin(self, draft: Draft, api_url: str) -> str:
        try:
            return get_system(draft.system).read_host(api_url, self.credentials.trusted_origins).url.origin
        except HostRefused:
            return ""

    def _leave(self, draft: Draft, stale: Collection[str], sitting: str) -> None:
        """Take away what is for the old host, and set aside what its merchant is to be asked about."""
        system = get_system(draft.system)
        approved = {field.name for field in system.fields if not field.typed and field.name != API_URL}
        if system.oauth:  # an approval was given at the old host, and a new one is a click away
            draft.values = {name: text for name, text in draft.values.items() if name not in approved}
            draft.tokens_expire_at, draft.lease_id, draft.lease_until = None, "", None
        mine = self.entered_in(draft, sitting)
        crossing = system.is_sandbox(draft.sealed_for) != system.is_sandbox(draft.values[API_URL])
        asked = [] if crossing or not draft.sealed_for else [n for n in stale if n in mine and n not in approved]
        notes = {name: [FOR_ANOTHER_HOST] for name in stale if name not in approved and name not in asked}
        draft.notes = {**draft.notes, **notes}
        _drop_refusals(draft, notes)
        if asked:
            draft.set_aside = {
                "for": draft.sealed_for,
                "sealed": {name: draft.sealed[name] for name in asked},
                "entered_by": {name: draft.entered_by[name] for name in asked},
            }
            draft.set_aside_until = now() + _QUESTION_STANDS

    def _of_sitting(self, draft: Draft, entered_by: Mapping[str, str], sitting: str) -> frozenset[str]:
        mine = self._digests(draft, entered_by, sitting)
        return frozenset(name for name, digest in mine.items() if compare_digest(digest, entered_by[name]))

    def _digests(self, draft: Draft, names: Collection[str], sitting: str) -> dict[str, str]:
        """What says of each of these fields that it was entered in this sitting, and tells nothing else."""
        if not sitting:
            return {}
        about = {"draft": draft.id, "owner": draft.tenant, "sitting": sitting}
        return {name: self.credentials.vault.fingerprint("sitting", {**about, "field": name}) for name in names}


def forget_question(draft: Draft) -> None:
    """Forget what was set aside."""
    draft.set_aside, draft.set_aside_until = {}, None


def answer_no(draft: Draft) -> None:
    """Drop what was set aside, and say so at its fields."""
    notes = {name: [FOR_ANOTHER_HOST] for name in draft.set_aside.get("sealed", {})}
    draft.notes = {**draft.notes, **notes}
    forget_question(draft)


def left_for_another_host(draft: Draft) -> tuple[str, ...]:
    """The fields whose values did not come along to the present host, as long as nothing was entered there since."""
    notes = (name for name, codes in draft.notes.items() if FOR_ANOTHER_HOST in codes)
    return (*notes, *draft.set_aside.get("sealed", {}))


def _take_from_question(draft: Draft, typed: Collection[str]) -> None:
    """What was typed anew is not asked about any more."""
    left = [name for name in draft.set_aside.get("sealed", {}) if name not in typed]
    if not left:
        forget_question(draft)
        return
    parts = {part: {name: draft.set_aside[part][name] for name in left} for part in ("sealed", "entered_by")}
    draft.set_aside = {**draft.set_aside, **parts}


def _drop_refusals(draft: Draft, names: Collection[str]) -> None:
    draft.refusals = {name: code for name, code in draft.refusals.items() if name not in names}


def _has_usable_host(draft: Draft) -> bool:
    return bool(draft.values.get(API_URL)) and API_URL not in draft.refusals
