"""Asking whether values may go to another host, and taking the answer; see `host_change` for the rule."""

from dataclasses import dataclass

from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.storage.models import Draft
from xtnd_wizard.wizard.drafts import Drafts
from xtnd_wizard.wizard.entering import Entering
from xtnd_wizard.wizard.host_change import HostChange, HostQuestion, answer_no


@dataclass(frozen=True)
class HostQuestions:
    """The questions about drafts whose host changed. `sitting` stands for the visitor's present session."""

    drafts: Drafts

    def pending(self, draft: Draft, sitting: str) -> HostQuestion | None:
        """What this sitting is asked about the draft's new host, if anything."""
        return self._host_change.question(draft, sitting)

    def entered_in(self, draft: Draft, sitting: str) -> frozenset[str]:
        """The names of the sealed values that were entered in this sitting and not replaced since."""
        return self._host_change.entered_in(draft, sitting)

    def keep(self, actor: Actor, draft_id: str, api_url: str, sitting: str) -> Draft:
        """Use what was set aside for the new host, which the merchant named.

        Raises DraftNotFound, DraftChanged, StorageFailed, or NotAsked where this sitting was not asked about this host.
        """
        with self.drafts.editing(actor, draft_id) as draft:
            kept = self._host_change.keep(draft, api_url, sitting)
            Entering(self.drafts.credentials).ask(draft, secrets=kept)
            draft.report = None
            self.drafts.go_on(draft)
            return draft

    def drop(self, actor: Actor, draft_id: str) -> None:
        """Drop what was set aside. Raises DraftNotFound, DraftChanged or StorageFailed."""
        with self.drafts.editing(actor, draft_id) as draft:
            answer_no(draft)

    @property
    def _host_change(self) -> HostChange:
        return HostChange(self.drafts.credentials)
