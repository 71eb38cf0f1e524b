"""How many websockets are let in, whose they are, and what who finds no room is told."""

import asyncio
import re
from contextlib import AsyncExitStack
from html import unescape
from typing import Any

import httpx
import pytest

from tests.web.asking import TOKEN, Listener, Wire, ask, connected, inside, nothing_to_read, nothing_to_send
from xtnd_wizard.i18n import LANGUAGE_COOKIE, LANGUAGES, text
from xtnd_wizard.web import inbox as inbox_module
from xtnd_wizard.web.capacity import CapacityMiddleware
from xtnd_wizard.web.open_sockets import Caps, Client, OpenSockets, Refusal
from xtnd_wizard.web.sockets import PacedSocketsMiddleware
from xtnd_wizard.wizard.visitors import COOKIE

ROOMY = 100
SOMEBODY = "93.184.215.14"


def person(number: int = 0) -> dict[str, str]:
    """The cookie of one of many people."""
    return {"cookie": f"{COOKIE}={TOKEN[:-3]}{number:03}"}


class House:
    """A server with caps, and clients that come and stay."""

    def __init__(self, altogether: int = ROOMY, per_address: int = ROOMY, per_visitor: int = ROOMY) -> None:
        self.open_sockets = OpenSockets(Caps(altogether, per_address, per_visitor))
        self.app = Listener()
        self.outbound_client = PacedSocketsMiddleware(self.app, self.open_sockets, idle_seconds=3600)
        self.visits = AsyncExitStack()

    async def __aenter__(self) -> "House":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.visits.aclose()

    async def comes(self, *frames: bytes, address: str | None = None, **headers: str) -> Wire:
        """A client comes, sends frames, and stays. Whether it was let in is on its wire."""
        wire = Wire(client=(address, 1) if address else None, **headers)
        before = self.app.opened
        task = await self.visits.enter_async_context(connected(self.outbound_client, wire))
        await self.app.until(lambda: self.app.opened > before or task.done() or self._told(task))
        wire.sends(*frames)
        messages = len(self.app.messages)
        await self.app.until(lambda: len(self.app.messages) >= messages + len(frames) or wire.closed_with)
        return wire

    def _told(self, task: "asyncio.Task[None]") -> bool:
        task.add_done_callback(lambda _: self.app.changed.set())
        return False


def test_no_more_sockets_than_allowed_are_open_at_once() -> None:
    async def visits() -> list[int | None]:
        async with House(altogether=2) as house:
            return [(await house.comes(b"x", **person(number))).closed_with for number in range(3)]

    assert asyncio.run(visits()) == [None, None, 1013]


@pytest.mark.parametrize("still_open", [True, False], ids=["beside another tab", "after it was cut off"])
def test_a_tab_that_connects_again_may_be_silent_and_a_newcomer_may_not(
    still_open: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_module, "FIRST_MESSAGE_SECONDS", 0.01)

    async def visits() -> tuple[list[int | None], int | None]:
        async with House() as house:
            first = await house.comes(b"x", **person(1))
            if not still_open:
                ended = len(house.app.ends)
                first.leaves()
                await house.app.until(lambda: len(house.app.ends) > ended)
            back = await house.comes(**person(1))
            newcomer = await house.comes(**person(2))
            await house.app.until(lambda: newcomer.closed_with)
            return [back.closed_with], newcomer.closed_with

    assert asyncio.run(visits()) == ([None], 1001)


def test_one_browser_has_a_cap_of_its_own() -> None:
    async def visits() -> list[int | None]:
        async with House(per_visitor=2) as house:
            people = [person(1), person(1), person(1), person(2)]
            return [(await house.comes(b"x", **headers)).closed_with for headers in people]

    assert asyncio.run(visits()) == [None, None, 1013, None]


def test_one_address_has_a_cap_of_its_own_whatever_its_cookies() -> None:
    async def visits() -> list[int | None]:
        async with House(per_address=2) as house:
            coming = [("8.8.4.4", 1), ("8.8.4.4", 2), ("8.8.4.4", 3), (SOMEBODY, 4), ("2001:db8::1", 5)]
            coming += [("2001:db8::2", 6), ("2001:db8::3", 7), ("2001:db8:0:1::1", 8)]
            return [(await house.comes(b"x", address=place, **person(who))).closed_with for place, who in coming]

    assert asyncio.run(visits()) == [None, None, 1013, None, None, None, 1013, None]


def test_nobody_is_locked_out_because_others_come_through_the_same_silent_proxy() -> None:
    async def visits() -> list[int | None]:
        async with House(per_address=2) as house:
            return [(await house.comes(b"x", **person(number))).closed_with for number in range(9)]

    assert asyncio.run(visits()) == [None] * 9


def test_who_shows_neither_an_address_nor_a_cookie_shares_one_cap() -> None:
    async def visits() -> list[int | None]:
        async with House(altogether=6, per_address=2) as house:
            strangers = [(await house.comes()).closed_with for _ in range(5)]
            return [*strangers, (await house.comes(b"x", **person())).closed_with]

    assert asyncio.run(visits()) == [None, None, 1013, 1013, 1013, None]


def test_in_a_full_house_who_never_said_a_word_makes_room() -> None:
    async def visits() -> None:
        async with House(altogether=3) as house:
            silent = [await house.comes(**person(number)) for number in range(2)]
            talking = await house.comes(b"x", **person(7))
            assert (await house.comes(b"x", **person(8))).closed_with is None
            assert [wire.closed_with for wire in (*silent, talking)] == [1013, None, None]
            assert (await house.comes(b"x", **person(9))).closed_with is None
            assert [wire.closed_with for wire in (*silent, talking)] == [1013, 1013, None]
            assert (await house.comes(b"x", **person(10))).closed_with == 1013

    asyncio.run(visits())


def test_a_socket_that_closes_or_breaks_makes_room() -> None:
    async def visits() -> None:
        async def breaks(scope: Any, receive: Any, send: Any) -> None:
            await send({"type": "websocket.accept"})
            raise RuntimeError("gone")

        house = House(altogether=1, per_visitor=1)
        broken = PacedSocketsMiddleware(breaks, house.open_sockets, idle_seconds=3600)
        for _ in range(3):
            async with connected(broken, Wire(**person())) as task:
                await asyncio.wait([task])
            async with house:
                assert (await house.comes(b"x", **person())).closed_with is None
        assert house.open_sockets._open == house.open_sockets._visitors == house.open_sockets._addresses == {}

    asyncio.run(visits())


def test_the_start_of_the_server_passes_through() -> None:
    seen = []

    async def server(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["type"])

    open_sockets = OpenSockets(Caps(1, 1, 1))
    app = CapacityMiddleware(PacedSocketsMiddleware(server, open_sockets, 1), open_sockets)
    asyncio.run(app({"type": "lifespan"}, nothing_to_read, nothing_to_send))
    assert seen == ["lifespan"]


class Full(OpenSockets):
    """A house where one cap is reached, for everybody."""

    def __init__(self, reached: Refusal) -> None:
        super().__init__(Caps(1, 1, 1))
        self._reached = reached

    def refusal(self, client: Client) -> Refusal:
        return self._reached


def refused(reached: Refusal, path: str = "/enter", **headers: str) -> httpx.Response:
    return ask(CapacityMiddleware(inside, Full(reached)), path, **headers)


@pytest.mark.parametrize("reached", Refusal)
@pytest.mark.parametrize("language", LANGUAGES)
def test_who_opens_a_page_reads_why_there_is_no_room_and_what_to_do(reached: Refusal, language: str) -> None:
    answer = refused(reached, accept="text/html,*/*", accept_language=language)
    assert answer.status_code == (503 if reached is Refusal.SERVER else 429)
    assert int(answer.headers["retry-after"]) > 0
    assert answer.headers["cache-control"] == "no-store"
    assert f'<html lang="{language}">' in answer.text
    page = unescape(answer.text)
    for part in ("title", "why", "do"):
        assert words(language, reached, part) in page
    assert "<script" not in answer.text
    assert not re.search(r"https?://", answer.text)


@pytest.mark.parametrize("reached", Refusal)
def test_a_page_that_is_open_gets_the_same_words_when_it_connects_again(reached: Refusal) -> None:
    answer = refused(reached, "/_stcore/host-config", cookie=f"{LANGUAGE_COOKIE}=sv")
    assert answer.status_code == reached.status
    assert " ".join(answer.json().split()) == f"{words('sv', reached, 'why')} {words('sv', reached, 'do')}"


def words(language: str, reached: Refusal, part: str) -> str:
    """A part of what is said where there is no room."""
    return text(language, f"full.{reached}_{part}", product=text(language, "product.name"))


@pytest.mark.parametrize("path", ["/_stcore/health", "/static/index.js"])
def test_health_and_files_answer_in_a_full_house(path: str) -> None:
    assert refused(Refusal.SERVER, path).text.startswith("reached")


@pytest.mark.parametrize("path", ["/consent/somewhere?code=x&state=y", "/language/sv", "/sandbox/shop.test/"])
def test_the_way_back_from_a_channel_is_open_in_a_full_house(path: str) -> None:
    assert refused(Refusal.SERVER, path, accept="text/html").text.startswith("reached")


def test_where_there_is_room_nobody_hears_of_it() -> None:
    app = CapacityMiddleware(inside, OpenSockets(Caps(1, 1, 1)))
    assert ask(app, "/enter", accept="text/html").text.startswith("reached")
    assert ask(app, "/_stcore/host-config").text.startswith("reached")
