"""A real server and a real browser; each test gets visitors whom the server has never seen."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser import browsing
from tests.browser.server import Server, serving
from tests.browser.visitor import Visitor
from xtnd_wizard.i18n import LANGUAGES

NewVisitor = Callable[..., Visitor]


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("wizard")) as running:
        yield running


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Gone before the next folder's tests, because Playwright occupies the thread's event loop while it runs."""
    with browsing.browser() as running:
        yield running


@pytest.fixture(scope="package")
def profiles(browser: Browser) -> dict[str, list[BrowserContext]]:
    """The usual profiles that nobody uses right now, by language: a used one has compiled the front end already."""
    return {language: [] for language in LANGUAGES}


@pytest.fixture
def new_visitor(browser: Browser, profiles: dict[str, list[BrowserContext]], server: Server) -> Iterator[NewVisitor]:
    """Makes people with a browser profile of their own. None of them may see an error in the console."""
    visitors: list[Visitor] = []
    with ExitStack() as until_the_end:

        def arrive(language: str = "en", **context: Any) -> Visitor:
            if context:
                opened = browser.new_context(**{**usual(language), **context})
                until_the_end.callback(opened.close)
            else:
                free = profiles[language]
                opened = free.pop() if free else browser.new_context(**usual(language))
                until_the_end.callback(lambda: free.append(as_new(opened, server)))
            visitors.append(Visitor(opened, server, language))
            return visitors[-1]

        yield arrive
    server.assert_alive()
    assert [trouble for visitor in visitors for trouble in visitor.troubles] == [], server.log


def as_new(context: BrowserContext, server: Server) -> BrowserContext:
    """A profile without its tabs, its cookies and what pages keep in it."""
    blank, *others = context.new_page(), *context.pages[:-1]
    for page in others:
        page.close()
    kept = {"origin": server.url, "storageTypes": "cookies,local_storage,indexeddb,cache_storage,service_workers"}
    context.new_cdp_session(blank).send("Storage.clearDataForOrigin", kept)
    context.clear_cookies()
    blank.close()
    return context


@pytest.fixture
def visitor(new_visitor: NewVisitor) -> Visitor:
    return new_visitor()


def usual(language: str = "en") -> dict[str, Any]:
    """The usual visitor's browser: a laptop, light, in no mood for animations."""
    return {
        "locale": {"en": "en-GB", "sv": "sv-SE"}[language],
        "timezone_id": "Europe/Stockholm",
        "viewport": {"width": 1100, "height": 900},
        "color_scheme": "light",
        "reduced_motion": "reduce",
    }
