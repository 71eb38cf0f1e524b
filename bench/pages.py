"""A page change in the browser, against two bare pages: from the click until the new page is there."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

from bench import Comparison, Result, rounds
from bench.servers import Server, bare_app, open_session, our_app, running
from xtnd_wizard.i18n import text
from xtnd_wizard.systems import all_systems

AIM = 1.3
ROUNDS = 12
TWO_PAGES = """\
import streamlit as st


def first():
    st.title("First page")
    if st.button("To the second"):
        st.switch_page(pages[1])


def second():
    st.title("Second page")
    if st.button("To the first"):
        st.switch_page(pages[0])


pages = [st.Page(first, default=True), st.Page(second)]
st.navigation(pages, position="hidden").run()
"""
_LONGEST_SECONDS = 38
_QUIET_MILLISECONDS = 250
_LONGEST_MILLISECONDS = 20_000
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_CLICK_AND_WAIT = """
([pressed, heading, longest]) => new Promise((resolve, reject) => {
    const app = document.querySelector('[data-testid="stApp"]');
    const button = [...document.querySelectorAll('button')].find((found) => found.innerText.includes(pressed));
    if (!button) throw new Error(`no button ${pressed}`);
    const watch = new MutationObserver(() => {
        const shown = document.querySelector('h1');
        if (app.dataset.testScriptState !== 'notRunning' || !shown?.innerText.includes(heading)) return;
        if (!shown.checkVisibility()) return;
        watch.disconnect();
        resolve(performance.now() - began);
    });
    watch.observe(document.body, {subtree: true, childList: true, characterData: true, attributes: true});
    setTimeout(() => reject(new Error(`no page ${heading}`)), longest);
    const began = performance.now();
    button.click();
})
"""


@dataclass(frozen=True)
class Change:
    """A button on the page that is open, and the heading of the page that it leads to."""

    name: str
    button: str
    heading: str


def measure() -> Iterator[Result]:
    """Change pages in turn: the way in without a draft, and two full pages of the walk with one."""
    times = Comparison()
    by_change: dict[str, list[float]] = {}
    there_and_back = (Change("", "To the second", "Second page"), Change("", "To the first", "First page"))
    with (
        our_app() as ours,
        bare_app(TWO_PAGES) as bare,
        running(ours) as our_server,
        running(bare) as bare_server,
        _chromium() as browser,
    ):
        plain = _first_page(browser, bare_server)
        entrance = _first_page(browser, our_server)
        walk = _page_with_a_draft(browser, our_server)
        for number in rounds(ROUNDS + 1, _LONGEST_SECONDS):
            for page, changes in ((entrance, _ENTRANCE), (walk, _WALK)):
                for change, bare_change in zip(changes, there_and_back, strict=True):
                    our_time, bare_time = _milliseconds(page, change), _milliseconds(plain, bare_change)
                    if number:  # the first time round, browser and server only warm up
                        times.ours.append(our_time)
                        times.bare.append(bare_time)
                        by_change.setdefault(change.name, []).append(our_time)
            _back_to_the_start(entrance)
    each = ", ".join(f"{name} {median(found):.0f} ms" for name, found in by_change.items())
    yield Result(
        "page change in the browser",
        times.ratio,
        AIM,
        (times.described("ms", 0), each),
    )


def _text(key: str) -> str:
    return text("en", key)


_GUIDE = all_systems()[0].guide("en")
_ENTRANCE = (
    Change("welcome to connections", _text("nav.connections"), _text("connections.title")),
    Change("connections to system", _text("connections.add"), _text("system.title")),
)
_WALK = (
    Change("enter to obtain", _text("enter.guide_again"), _GUIDE["obtain"]["title"]),
    Change("obtain to enter", _text("obtain.next"), _text("enter.title")),
)


@contextmanager
def _chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(_ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def _first_page(browser: Browser, server: Server) -> Page:
    with open_session(server):
        pass
    page = browser.new_context(locale="en-US", viewport={"width": 1100, "height": 1000}).new_page()
    page.goto(server.address)
    _settle(page)
    return page


def _page_with_a_draft(browser: Browser, server: Server) -> Page:
    """The form, filled in by a scenario of the demo."""
    page = _first_page(browser, server)
    _milliseconds(page, Change("", _text("welcome.demo"), _text("demo.title")))
    _milliseconds(page, Change("", _text("demo.go"), _text("enter.title")))
    return page


def _milliseconds(page: Page, change: Change) -> float:
    taken = page.evaluate(_CLICK_AND_WAIT, [change.button, change.heading, _LONGEST_MILLISECONDS])
    _settle(page)
    return float(taken)


def _back_to_the_start(page: Page) -> None:
    page.goto(page.url.rsplit("/", 1)[0])
    _settle(page)


def _settle(page: Page) -> None:
    page.locator("h1").first.wait_for()
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    page.wait_for_timeout(_QUIET_MILLISECONDS)
