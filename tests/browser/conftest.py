"""A real server and a real browser; each test gets visitors whom the server has never seen."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser import browsing
from tests.browser.server import Server, serving
from tests.browser.visitor import Visitor

NewVisitor = Callable[..., Visitor]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("wizard")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One per module, because Playwright occupies the thread's event loop for as long as it runs."""
    with browsing.browser() as running:
        yield running


@pytest.fixture
def new_visitor(browser: Browser, server: Server) -> Iterator[NewVisitor]:
    """Makes people with a browser profile of their own. None of them may see an error in the console."""
    visitors: list[Visitor] = []
    with ExitStack() as until_the_end:

        def arrive(language: str = "en", **context: Any) -> Visitor:
            opened = browser.new_context(**{**usual(language), **context})
            until_the_end.callback(opened.close)
            visitors.append(Visitor(opened, server, language))
            return visitors[-1]

        yield arrive
    server.assert_alive()
    assert [trouble for visitor in visitors for trouble in visitor.troubles] == [], server.log


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
