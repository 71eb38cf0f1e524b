"""The frame around every page: product name, step line, language, a way out.

A button that leads to another page does so by `on_click=go`: that is before the old page is drawn once more.
"""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import NoReturn

import streamlit as st

from xtnd_wizard.domain.errors import DraftNotFound
from xtnd_wizard.i18n import LANGUAGES
from xtnd_wizard.service import service
from xtnd_wizard.ui import assistive, session
from xtnd_wizard.ui.brand import draw_style, draw_support, product_name
from xtnd_wizard.ui.director import Director
from xtnd_wizard.ui.front_end import FRONT_END
from xtnd_wizard.ui.i18n import language, t
from xtnd_wizard.ui.open_draft import address_of_open_draft, open_draft, open_draft_id, walk_for
from xtnd_wizard.ui.plain import plain
from xtnd_wizard.ui.visitor import actor
from xtnd_wizard.wizard.directing import is_practice, story_of
from xtnd_wizard.wizard.steps import WALK, Step
from xtnd_wizard.wizard.views import DraftView

_OF_THE_WALK = (*Step, "returned")
"""The pages that are about the draft that is open."""


def page_file(name: str) -> Path:
    """The file of a page."""
    return FRONT_END / "pages" / f"{name}.py"


def go(name: str, notice: str = "") -> NoReturn:
    """Switch to a page, with a notice to show there. Nothing after the call is run.

    In a widget's callback it ends that callback; the page opens as soon as the others of this press are over.
    """
    if notice:
        session.NOTICE.set(notice)
    st.switch_page(page_file(name), query_params=address_of_open_draft())


def draw() -> None:
    """Draw the frame and, inside it, the page that was asked for."""
    st.set_page_config(layout="centered")
    titles = _titles()
    pages = {name: _page(name, title) for name, title in titles.items()}
    opened = st.navigation(list(pages.values()), position="hidden")
    current = next(name for name, page in pages.items() if page.url_path == opened.url_path)
    draw_style()
    assistive.draw(current, titles[current])
    visitor = actor()
    draft = open_draft(service(), visitor) if visitor and current in _OF_THE_WALK else None
    _header(current, is_practice=is_practice(draft))
    if current in tuple(Step):
        _step_line(Step(current), walk_for(service(), draft))
    director = Director(service(), visitor, Step(current), go) if visitor and _is_directed(current, draft) else None
    _notice()
    if visitor is None:
        st.warning(t("error.cookies_body"), title=t("error.cookies_title"))
        return
    if current != Step.DONE:
        session.SHOWING.pop()
    try:
        opened.run()
    except DraftNotFound:  # discarded in another tab between two reads of this run
        go(Step.SYSTEM, "draft_gone")
    draw_support()
    if director:
        director.draw()


def _is_directed(current: str, draft: DraftView | None) -> bool:
    return current in tuple(Step) and story_of(draft) is not None


def _titles() -> dict[str, str]:
    steps = {step.value: t(f"step.{step}") for step in WALK}
    return {
        "welcome": product_name(),
        **steps,
        "connections": t("nav.connections"),
        "returned": t("returned.title"),
        "demo": t("demo.title"),
    }


def _page(name: str, title: str) -> st.Page:
    return st.Page(page_file(name), title=title, url_path=name, default=name == "welcome")


def _header(current: str, *, is_practice: bool) -> None:
    """One line, on a phone too: there the links stand in a menu. Practice is called so for the whole walk."""
    links = _links(current)
    with st.container(horizontal=True, vertical_alignment="center", wrap=False, key="frame_header"):
        with st.container(width="content", key="wordmark"):
            st.page_link(page_file("welcome"), label=plain(product_name()), icon="")
        if is_practice:
            st.html(f'<p class="practice-chip">{escape(t("connections.practice"))}</p>', width="content")
        st.space("stretch")
        if links:
            with st.container(horizontal=True, width="content", key="frame_links"):
                _draw_links(links)
        _language_switch(current)
        if links:
            with st.container(width="content", key="frame_menu"), st.popover(t("nav.menu"), icon=":material/menu:"):
                _draw_links(links)


def _links(current: str) -> Sequence[tuple[str, str, str]]:
    """Where the header leads from a page: the page, its words and its icon."""
    if current == "connections":
        return ()
    connections = ("connections", t("nav.connections"), ":material/list:")
    leave = ("welcome", t("nav.exit"), ":material/logout:")
    return (connections,) if current == "welcome" else (connections, leave)


def _draw_links(links: Sequence[tuple[str, str, str]]) -> None:
    for page, words, icon in links:
        st.page_link(page_file(page), label=words, icon=icon)


def _language_switch(current: str) -> None:
    page = "" if current == "welcome" else current
    here = escape(f"page={page}&draft={open_draft_id()}")
    links = "".join(
        f'<a href="/language/{code}?{here}" target="_self" lang="{code}" hreflang="{code}" title="{name}"'
        f"{' aria-current=true' if code == language() else ''}>{code.upper()}</a>"
        for code, name in LANGUAGES.items()
    )
    st.html(f'<nav class="languages" aria-label="{escape(t("nav.language"))}">{links}</nav>', width="content")


def _step_line(current: Step, walk: tuple[Step, ...]) -> None:
    if current not in walk:
        return  # the page is about to lead elsewhere
    place = walk.index(current)
    items = "".join(
        f'<li class="{"done" if number < place else "now" if number == place else "next"}"'
        f"{' aria-current=step' if number == place else ''}>"
        f"<span>{'✓' if number < place else number + 1}</span>{escape(t(f'step.{step}'))}</li>"
        for number, step in enumerate(walk)
    )
    counted = escape(t("nav.step_of", number=str(place + 1), total=str(len(walk))))
    st.html(f'<nav class="steps" aria-label="{escape(t("nav.steps"))}"><p>{counted}</p><ol>{items}</ol></nav>')


def _notice() -> None:
    code = session.NOTICE.pop()
    if code:
        st.info(t(f"notice.{code}"), icon=":material/info:")
