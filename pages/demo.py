"""Demo: the stories that a system can tell, one click each, against its sandbox; and every other way it can go."""

from html import escape
from typing import Literal

import streamlit as st

from xtnd_wizard.i18n import LANGUAGES
from xtnd_wizard.systems import all_systems
from xtnd_wizard.systems.stories import Story
from xtnd_wizard.ui.assistive import name_button
from xtnd_wizard.ui.cards import choose_system
from xtnd_wizard.ui.entered import sitting
from xtnd_wizard.ui.frame import go
from xtnd_wizard.ui.i18n import guide, language, t
from xtnd_wizard.ui.open_draft import open_draft_id, set_open_draft
from xtnd_wizard.ui.page_context import page_context
from xtnd_wizard.wizard.directing import is_practice
from xtnd_wizard.wizard.steps import Step, preselected, unsaved

page = page_context()


def start(story: Story) -> None:
    """Open a draft that tells a story."""
    opened = page.service.demos.start(page.actor, page.draft_id, system.code, story, sitting())
    set_open_draft(opened.id)
    go(Step.ENTER)


def draw_card(
    story: Story, key: str, title: str, text: str, kind: Literal["primary", "secondary"] = "secondary"
) -> None:
    """What the audience will see, and the button that begins it."""
    with st.container(border=True, height="stretch", key=key):
        st.markdown(f"**{title}**")
        st.markdown(text)
        st.space("stretch")
        shown = f"{key}_{page.draft_id or 'new'}"  # a press is for what was shown
        name_button(shown, f"{t('demo.go')}: {title}")
        if st.button(t("demo.go"), key=shown, type=kind, width="stretch"):
            start(story)


st.title(t("demo.title"))
st.markdown(t("demo.lead"))
languages = "".join(
    f'<a href="/language/{code}?page=demo&amp;draft={open_draft_id()}" target="_self" lang="{code}" hreflang="{code}"'
    f"{' aria-current=true' if code == language() else ''}>{escape(name)}</a>"
    for code, name in LANGUAGES.items()
)
audience = escape(t("demo.audience"))
st.html(f'<nav class="languages audience" aria-label="{audience}"><span>{audience}</span>{languages}</nav>')
if unsaved(page.draft) and not is_practice(page.draft):
    st.caption(f":material/info: {t('demo.keeps')}")

system = choose_system("demo_system", preselected(page.draft, [found.code for found in all_systems()]))
if system.sandbox.stories:
    with st.grid(2, min_column_width=260):
        for number, story in enumerate(system.sandbox.stories):
            draw_card(
                story,
                f"story_{system.code}_{story.code}",
                t(f"stories.{story.code}.title"),
                t(f"stories.{story.code}.text"),
                "secondary" if number else "primary",
            )
words = guide(system.code)["scenarios"]
with st.expander(t("demo.every_way"), expanded=not system.sandbox.stories), st.grid(3, min_column_width=200):
    for scenario in system.sandbox.scenarios:
        draw_card(
            Story("", scenario.code),
            f"demo_{system.code}_{scenario.code}",
            words[scenario.code]["title"],
            words[scenario.code]["text"],
        )
