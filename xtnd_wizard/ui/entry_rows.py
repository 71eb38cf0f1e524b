"""The rows of the form in which credential fields are entered. A row is as high with an input as without one."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from xtnd_wizard.systems.contract import API_URL, CredentialField
from xtnd_wizard.ui.assistive import focus_on, name_button
from xtnd_wizard.ui.i18n import guide, t
from xtnd_wizard.ui.remarks import draw_mixed_scripts, draw_remarks, question_words
from xtnd_wizard.ui.session import REPLACING, field_widget, seed_field
from xtnd_wizard.wizard.entry_form import FormRow, Place
from xtnd_wizard.wizard.questions import Question
from xtnd_wizard.wizard.steps import usable
from xtnd_wizard.wizard.views import DraftView


@dataclass(frozen=True)
class EntryRows:
    """Draws a draft's rows; what is pressed and typed there is the page's business."""

    draft: DraftView
    auth_method: str
    leave: Callable[[], None]
    """A field was left with something in it."""
    confirm: Callable[[Question], None]
    swap: Callable[[Question], None]

    def draw(self, row: FormRow) -> None:
        """One row, in whatever place it is."""
        match row.place:
            case Place.KEPT:
                self._draw_kept(row.field)
            case Place.DOUBTFUL if row.question and row.question.swapped_with:
                self._draw_swapped(row.question)
            case Place.DOUBTFUL if row.question:
                self._draw_question(row.field, row.question)
            case Place.SWAPPED:
                return
            case _:
                self._draw_input(row.field, self._label(row.field), may_keep=row.place is Place.REPLACED)

    def _label(self, field: CredentialField) -> str:
        """The channel's name for a field."""
        return self._words(field.name)["label"]

    def _draw_xtnd_name(self, field: CredentialField) -> None:
        """What XTND calls a field, where the channel calls it something else."""
        mine = self._words(field.name)
        if mine["label"] != mine["xtnd"]:
            st.caption(t("enter.xtnd_name", name=mine["xtnd"]))

    def _words(self, name: str) -> dict[str, str]:
        words: dict[str, str] = guide(self.draft.system, self.auth_method)["fields"][name]
        return words

    def _draw_kept(self, field: CredentialField) -> None:
        """A sealed value that is there: its last four characters, and Replace."""
        with st.container(key=f"kept_{field.name}", gap="xsmall"):
            st.markdown(self._label(field))
            with st.container(horizontal=True, vertical_alignment="center", key=f"kept_value_{field.name}"):
                last4 = self.draft.last4.get(field.name)
                st.markdown(":material/lock:", width="content")
                st.text(f"{t('enter.kept')} {last4}" if last4 else t("enter.kept_hidden"), width="content")
                st.space("stretch")
                st.button(
                    t("enter.replace"),
                    key=f"replace_{field.name}",
                    type="tertiary",
                    help=t("enter.replace_named", field=self._words(field.name)["label"]),
                    on_click=lambda: REPLACING.set(REPLACING.get() | {field.name}),
                )
                name_button(f"replace_{field.name}", t("enter.replace_named", field=self._label(field)))
            self._draw_xtnd_name(field)
            draw_remarks(self.draft, field.name)

    def _draw_question(self, field: CredentialField, question: Question) -> None:
        """A value that looks like something else: what it is taken for, a button to use it, and an input."""
        label = self._words(field.name)["label"]
        with st.container(border=True, key=f"question_{field.name}"):
            st.markdown(f":material/help: **{self._label(field)}**")
            st.markdown(question_words(self.draft, question, self.auth_method))
            st.button(
                t("enter.yes"),
                type="primary",
                key=f"yes_{field.name}",
                help=t("enter.yes_named", field=label),
                on_click=self.confirm,
                args=(question,),
            )
            self._draw_input(field, t("enter.paste_anew", field=label))

    def _draw_swapped(self, question: Question) -> None:
        """Two values that seem to have changed places: one button lets them change back."""
        one, other = (self._words(name)["label"] for name in (question.field, question.swapped_with))
        with st.container(border=True, key=f"question_{question.field}"):
            st.markdown(f":material/swap_vert: **{t('note.pasted_swapped', one=one, other=other)}**")
            st.markdown(t("enter.swap_why"))
            with st.container(horizontal=True, vertical_alignment="center"):
                st.button(
                    t("enter.swap"),
                    type="primary",
                    icon=":material/swap_vert:",
                    key="swap",
                    on_click=self.swap,
                    args=(question,),
                )
                st.button(t("enter.swap_no"), type="tertiary", key="swap_no", on_click=self.confirm, args=(question,))

    def _draw_input(self, field: CredentialField, label: str, *, may_keep: bool = False) -> None:
        """An input, with its help, what is to be said about its value, and the way back to the value before."""
        with st.container(gap="xsmall", key=f"row_{field.name}"):
            with st.container(horizontal=True, vertical_alignment="bottom", key=f"input_{field.name}"):
                st.text_input(
                    label,
                    key=seed_field(field.name, "" if field.sealed else self.draft.values.get(field.name, "")),
                    type="password" if field.sealed else "default",
                    help=self._words(field.name)["help"],
                    autocomplete="off",
                    on_change=self.leave,
                )
                if may_keep:
                    st.button(
                        t("enter.keep"),
                        key=f"keep_{field.name}",
                        type="tertiary",
                        on_click=lambda: REPLACING.set(REPLACING.get() - {field.name}),
                    )
            if may_keep:
                focus_on(field_widget(field.name).name)
            self._draw_xtnd_name(field)
        if not (field.sealed and field.name in self.draft.sealed):
            draw_remarks(self.draft, field.name)
        if field.name == API_URL and usable(self.draft, API_URL):
            with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
                st.caption(t("system.we_call"), width="content")
                st.text(self.draft.values[API_URL], width="content")
            draw_mixed_scripts(self.draft.values[API_URL])
