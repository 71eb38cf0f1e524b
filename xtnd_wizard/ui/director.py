"""The director's strip below a demo: what to press next, "Fix it for me", every step, and the beginning again.

It is for who shows the product: it can be folded away, and is only there in a tab whose draft tells a story.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.errors import Conflict, NotFound, NotVerified, Rejected, TryLater
from xtnd_wizard.domain.subjects import DraftRef
from xtnd_wizard.service import Service
from xtnd_wizard.systems import get_system
from xtnd_wizard.ui.entered import sitting
from xtnd_wizard.ui.i18n import guide, t, today
from xtnd_wizard.ui.open_draft import open_draft, set_open_draft
from xtnd_wizard.ui.plain import plain
from xtnd_wizard.ui.session import DIRECTOR_FOLDED, VERIFY_AT_ONCE, Key, forget_form
from xtnd_wizard.ui.verifications import watch_verification
from xtnd_wizard.wizard.directing import Click, Deed, deeds_before, needs_fixing, next_click, story_of
from xtnd_wizard.wizard.saving import proposed_form
from xtnd_wizard.wizard.steps import WALK, Step, report_of
from xtnd_wizard.wizard.views import ConnectionView, DraftView

GoTo = Callable[[str, str], NoReturn]
"""Opens a page, with a notice to show there."""


class Director:
    """The strip of one run. It has its place before the page is drawn, and is filled in after it."""

    def __init__(self, running: Service, visitor: Actor, step: Step, go: GoTo) -> None:
        self.service, self.actor, self.step, self.go = running, visitor, step, go
        key = "director_folded" if DIRECTOR_FOLDED.get() else "director"
        self._bar = st.container(horizontal=True, vertical_alignment="center", gap="small", key=key)
        self._said = self._bar.empty()
        if step is Step.VERIFY and not DIRECTOR_FOLDED.get():
            self._said.markdown(t("director.watch"))

    def draw(self) -> None:
        """Say what is next, now that the page has done what it does."""
        draft = open_draft(self.service, self.actor)
        if draft is None or story_of(draft) is None:
            self._said.empty()
            return
        with self._bar:
            if DIRECTOR_FOLDED.get():
                self._said.empty()
                self._fold(t("director.unfold"), ":material/movie:", folded=False)
                return
            self._draw_next(draft, self._said)
            with st.popover(t("director.more"), icon=":material/movie:"):
                self._draw_more(draft)
            self._fold(t("director.fold"), ":material/keyboard_arrow_down:", folded=True)

    def _draw_next(self, draft: DraftView, said: DeltaGenerator) -> None:
        click = next_click(self.step, draft, updates=self.step is Step.SAVE and self._existing(draft) is not None)
        is_here = click in (Click.FIX, Click.RESET)
        said.markdown(t("director.next_here") if is_here else t("director.next", button=plain(t(click))))
        if needs_fixing(draft):
            st.button(
                t("director.fix"),
                icon=":material/healing:",
                key=f"director_fix_{draft.id}",
                on_click=self._fix,
                args=(draft,),
            )
        elif self.step is Step.VERIFY and click is Click.CONFIRM:
            st.button(
                t("director.save"),
                icon=":material/fast_forward:",
                key=f"director_save_{draft.id}",
                on_click=self._jump,
                args=(Step.DONE, draft),
            )
        elif click is Click.RESET:
            self._draw_reset(draft)

    def _draw_more(self, draft: DraftView) -> None:
        story = story_of(draft)
        if story:
            words = guide(draft.system)["scenarios"]
            title = t(f"stories.{story.code}.title") if story.code else words[story.scenario]["title"]
            st.markdown(f"**{get_system(draft.system).name}: {title}**")
        jump = f"director_jump_{draft.id}_{self.step}"
        st.pills(
            t("director.jump"),
            WALK,
            format_func=lambda step: t(f"step.{step}"),
            key=jump,
            on_change=lambda: self._jump(Key[Step | None](jump, None).get() or self.step, draft),
        )
        if self.step is not Step.DONE:
            self._draw_reset(draft)
        st.button(
            t("director.other"),
            key="director_other",
            type="tertiary",
            icon=":material/theaters:",
            on_click=self.go,
            args=("demo", ""),
        )

    def _draw_reset(self, draft: DraftView) -> None:
        st.button(
            t("director.reset"),
            key=f"director_reset_{draft.id}",
            icon=":material/restart_alt:",
            on_click=self._reset,
            args=(draft,),
        )

    def _fold(self, words: str, icon: str, *, folded: bool) -> None:
        st.button(words, key="director_fold", type="tertiary", icon=icon, on_click=DIRECTOR_FOLDED.set, args=(folded,))

    # What the buttons do.

    def _fix(self, draft: DraftView) -> None:
        """Mend what is wrong, and verify again."""
        with self._another_tab_may_interfere():
            self._do(draft, Deed.FIX)
        VERIFY_AT_ONCE.set(True)
        self.go(Step.VERIFY, "")

    def _reset(self, draft: DraftView) -> None:
        """Tell the story from its beginning."""
        with self._another_tab_may_interfere():
            self._do(draft, Deed.RESTART)
        self.go(Step.ENTER, "")

    def _jump(self, step: Step, draft: DraftView) -> None:
        """Do what a step takes, and open it."""
        with self._another_tab_may_interfere():
            deeds = deeds_before(step, draft)
            if deeds == (Deed.RESTART,):
                draft = self._do(draft, *deeds)
                deeds = deeds_before(step, draft)
            draft = self._do(draft, *deeds)
        VERIFY_AT_ONCE.set(step is Step.VERIFY and draft.report is None)
        self.go(step, "")

    @contextmanager
    def _another_tab_may_interfere(self) -> Iterator[None]:
        """Open the page that says what became of a draft which is not as it was shown."""
        try:
            yield
        except TryLater:
            self.go(Step.VERIFY, "")
        except (NotFound, Conflict, Rejected):
            self.go(Step.SYSTEM, "draft_gone")

    def _do(self, draft: DraftView, *deeds: Deed) -> DraftView:
        """Do these, one after another; the draft after them."""
        forget_form(field.name for field in get_system(draft.system).fields)
        for deed in deeds:
            match deed:
                case Deed.RESTART:
                    draft = DraftView.of(self.service.demos.restart(self.actor, draft.id, sitting()))
                    set_open_draft(draft.id)
                case Deed.FIX:
                    draft = DraftView.of(self.service.demos.fix(self.actor, draft.id, sitting()))
                case Deed.VERIFY:
                    draft = self._verified(draft)
                case Deed.SAVE:
                    self._save(draft)
        return draft

    def _verified(self, draft: DraftView) -> DraftView:
        with watch_verification(self.service.verification, self.actor, DraftRef(draft.id)) as viewer:
            for _ in viewer.events():
                pass
        return DraftView.of(self.service.drafts.current(self.actor, draft.id))

    def _save(self, draft: DraftView) -> None:
        report = report_of(draft)
        if report is None:
            raise NotVerified("a demo is saved after its verification")
        existing = self._existing(draft)
        form = proposed_form(draft, report, existing, today())
        update = existing.id if existing else None
        self.service.connections.save(self.actor, draft.id, form, report.fingerprint, update)

    def _existing(self, draft: DraftView) -> ConnectionView | None:
        row = self.service.connections.existing_connection(self.actor, draft.id)
        return ConnectionView.of(row) if row else None
