"""The limits at the edge, as a person with a browser meets them: not at all, or in words."""

import time
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import usual
from tests.browser.server import Server, serving
from tests.browser.test_happy_path import KEY
from tests.browser.visitor import PASSWORD, Visitor, sandbox_host
from xtnd_wizard.i18n import DEFAULT_LANGUAGE
from xtnd_wizard.web.pacing import PER_CLIENT, PER_SOCKET, Pace, TokenBucket

IDLE_SECONDS = 5
TABS = 2
A_WHILE_MILLISECONDS = 60_000


class Sent:
    """What the tabs of one browser sent, and when, by the browser's own clock."""

    def __init__(self, *tabs: Visitor) -> None:
        self.openings: list[float] = []
        self.messages: dict[str, list[float]] = defaultdict(list)
        for tab in tabs:
            devtools = tab.context.new_cdp_session(tab.page)
            devtools.on(
                "Network.webSocketWillSendHandshakeRequest", lambda event: self.openings.append(event["timestamp"])
            )
            devtools.on(
                "Network.webSocketFrameSent", lambda event: self.messages[event["requestId"]].append(event["timestamp"])
            )
            devtools.send("Network.enable")

    @property
    def seconds_waited(self) -> float:
        """How long all this had to wait for its turns at the default limits."""
        together = sorted([*self.openings, *chain.from_iterable(self.messages.values())])
        return waited(PER_CLIENT, together) + sum(waited(PER_SOCKET, moments) for moments in self.messages.values())


def waited(pace: Pace, moments: list[float]) -> float:
    """How long events at these moments wait for their turns, in seconds."""
    clock = iter([moments[0], *moments])
    bucket = TokenBucket(pace, lambda: next(clock))
    return sum(bucket.reserve() for _ in moments)


def test_an_impatient_person_walks_to_a_saved_connection_and_never_waits_for_a_turn(visitor: Visitor) -> None:
    sent = Sent(visitor)
    host = sandbox_host("Norrsken")
    visitor.open()
    visitor.button(visitor.says("welcome.start")).dblclick()
    visitor.sees_page("system")
    visitor.find_marketplace("Norrsken").filter(has_text=host).click()
    visitor.sees(host)
    visitor.button(visitor.says("system.next")).click(click_count=3)
    visitor.sees_page("obtain")
    visitor.button(visitor.says("obtain.next")).dblclick()
    visitor.sees_page("enter")
    for field, value in {"access_token": KEY, "secret": PASSWORD}.items():
        visitor.field(field).press_sequentially(value)
        visitor.field(field).press("Tab")
    visitor.button(visitor.says("enter.submit")).click(click_count=3)
    visitor.sees_page("verify")
    visitor.sees(visitor.says("verify.passed_title"))
    visitor.button(visitor.says("verify.shop_yes")).dblclick()
    visitor.sees_page("save")
    visitor.button(visitor.says("save.save")).click(click_count=3)
    visitor.sees_page("done")
    assert sum(map(len, sent.messages.values())) > 8
    assert sent.seconds_waited == 0


def test_three_tabs_that_stay_open_are_all_served_and_none_of_them_waits(visitor: Visitor) -> None:
    visitor.walk_to("enter")
    tabs = [visitor, visitor.another_tab(), visitor.another_tab()]
    sent = Sent(*tabs)
    for page in ("enter", "connections", "enter"):
        for tab in tabs:
            tab.open(page)
    for tab in tabs:
        tab.page.get_by_role("link", name=tab.says("nav.connections")).click()
        tab.sees_page("connections")
    assert len(sent.openings) >= 9
    assert sent.seconds_waited == 0


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that soon disconnects who is idle, and lets a browser have few tabs."""
    choices = {"XTND_IDLE_SECONDS": str(IDLE_SECONDS), "XTND_SESSIONS_PER_VISITOR": str(TABS)}
    with serving(tmp_path_factory.mktemp("strict"), **choices) as running:
        yield running


@pytest.fixture
def guest(browser: Browser, strict: Server) -> Iterator[Visitor]:
    """Somebody at the strict server."""
    context = browser.new_context(**usual(DEFAULT_LANGUAGE))
    yield Visitor(context, strict, DEFAULT_LANGUAGE)
    context.close()


def test_who_comes_back_to_an_idle_tab_finds_everything_as_it_was(guest: Visitor) -> None:
    guest.walk_to("enter")
    guest.replace("secret", "typed and not sent")
    with guest.page.expect_event("websocket", timeout=A_WHILE_MILLISECONDS):
        pass  # the idle one was closed, and the page opens another by itself
    guest.settle()
    expect(guest.page.get_by_role("dialog")).to_have_count(0)
    expect(guest.field("secret")).to_have_value("typed and not sent")
    guest.field("secret").fill(PASSWORD)
    guest.verify_well()
    assert guest.troubles == []


def test_one_tab_too_many_says_why_and_what_to_do_and_opens_when_another_is_closed(guest: Visitor) -> None:
    tabs = [guest, guest.another_tab()]
    for tab in tabs:
        tab.open()
    last = guest.another_tab()
    last.page.goto(guest.server.url)
    for part in ("title", "why", "do"):
        last.sees(guest.says(f"full.visitor_{part}", product=guest.says("product.name")))
    tabs[1].page.close()
    await_room(last)
    last.page.get_by_role("link", name=guest.says("full.again")).click()
    last.sees_page("welcome")


def await_room(visitor: Visitor) -> None:
    """Ask until the server has noticed that a tab was closed, as the page says to do."""
    until = time.monotonic() + A_WHILE_MILLISECONDS / 1000
    while visitor.page.request.get(visitor.server.url, headers={"accept": "text/html"}).status != 200:
        assert time.monotonic() < until, "no room was made"
