"""What is to be said about a pasted value, beside its field: notes, refusals, questions, and a warning of a host."""

import streamlit as st

from xtnd_wizard.domain.api_url import is_in_mixed_scripts
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.recognition import NEVER_A_VALUE, Paste
from xtnd_wizard.ui.assistive import mark_invalid
from xtnd_wizard.ui.i18n import field_label, note, t
from xtnd_wizard.ui.session import field_widget
from xtnd_wizard.wizard.questions import Question
from xtnd_wizard.wizard.views import DraftView


def draw_remarks(draft: DraftView, name: str) -> None:
    """What the cleaning said about a field's value."""
    refusal = draft.refusals.get(name)
    if refusal:
        label = field_label(draft.system, name, get_system(draft.system).auth_method_of(draft.values))
        draw_field_error(field_widget(name).name, label, _refusal_words(draft.system, refusal))
    for code in draft.notes.get(name, []):
        st.caption(f":material/info: {note(draft.system, code)}")


def draw_field_error(widget: str, label: str, words: str) -> None:
    """What is wrong with a field, by its name, and tied to it for those who don't see that it stands beside."""
    with st.container(key=f"error_of_{widget}"):
        st.error(words, title=label, icon=":material/edit:")
    mark_invalid(widget, f"error_of_{widget}")


def draw_mixed_scripts(shown: str) -> None:
    """A warning where the host of an address that is called may pass for another one."""
    if is_in_mixed_scripts(shown):
        st.warning(t("note.host_mixed_scripts"), icon=":material/visibility:")


def question_words(draft: DraftView, question: Question, auth_method: str) -> str:
    """What a value was recognised as, and whether it is right all the same. Nothing of the value itself."""
    figures = dict(question.facts)
    if "field" in figures:
        figures["field"] = field_label(draft.system, figures["field"], auth_method)
    label = field_label(draft.system, question.field, auth_method)
    return f"{note(draft.system, question.code, **figures)} {t('enter.is_it_really', field=label)}"


def _refusal_words(system_code: str, code: str) -> str:
    words = note(system_code, code)
    may_be_elsewhere = code in set(Paste) - NEVER_A_VALUE
    return f"{words} {t('enter.only_the_value')}" if may_be_elsewhere else words
