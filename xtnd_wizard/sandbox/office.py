"""Draws the back office of a sandbox for a browser, and takes what its forms send."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import assert_never
from urllib.parse import parse_qsl, quote

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from xtnd_wizard.i18n import DEFAULT_LANGUAGE, text
from xtnd_wizard.systems.back_office import HOME, HOME_PAGE, SIGN_IN, SIGNED_IN, Account, BackOffice
from xtnd_wizard.systems.office_pages import Choice, Fact, Form, Go, Listing, Note, Page, Part, Tick, Value

FOLDER = "office/"
"""Where on its host an office is. The channel itself has nothing there."""
LONGEST_FORM = 4096
"""Bytes. The longest one that is meant is a list of scopes."""
_OUR_OWN = {SIGN_IN: "sign_in_title", HOME_PAGE.title: "home_title"}
"""Labels that no guide quotes, by the id of their words."""
_NOT_STORED = {"cache-control": "no-store"}


@dataclass(frozen=True)
class Guest:
    """Who opened a page of the sandbox in a browser."""

    visitor: str = ""
    """The tenant of their cookie; empty for whom the wizard does not know."""
    network: str = ""
    language: str = DEFAULT_LANGUAGE
    asked_language: str = ""
    """The language that the address asked for, to be carried along."""


@dataclass(frozen=True)
class OfficePage:
    """One page of one visitor's office, about to be drawn."""

    office: BackOffice
    account: Account
    guest: Guest
    base: str

    def said(self, words: str) -> str:
        """A sentence of ours, as HTML."""
        return escape(text(self.guest.language, f"office.{words}"))

    def plain(self, words: str) -> str:
        """A title or label without markup. The channel's own stand as they are."""
        return self.said(_OUR_OWN[words]) if words in _OUR_OWN else escape(words)

    def label(self, words: str) -> str:
        """The same with its language, for where markup may stand."""
        spoken = self.office.speaks
        foreign = words not in _OUR_OWN and spoken != self.guest.language
        return f'<span lang="{spoken}">{self.plain(words)}</span>' if foreign else self.plain(words)

    def address(self, screen: str) -> str:
        """Where a screen is, as HTML."""
        return escape(_address(self.base, screen, self.guest))


def _address(base: str, screen: str, guest: Guest) -> str:
    return f"{base}{quote(screen)}" + (f"?lang={guest.asked_language}" if guest.asked_language else "")


async def respond(office: BackOffice, host: str, base: str, request: Request, guest: Guest) -> Response:
    """The page that a visitor asks for, or the next one after a form."""
    screen = request.url.path.rpartition("/")[2] or HOME
    if not guest.visitor:
        return _page_for_strangers(guest)
    account = office.account(guest.visitor, host)
    if request.method == "POST":
        sent = await _form(request)
        if sent is None:
            return PlainTextResponse("Too long", 413, headers=_NOT_STORED)
        following = office.submit(guest.visitor, account, screen, sent, guest.network)
        return RedirectResponse(_address(base, following, guest), 303, headers=_NOT_STORED)
    account = office.left(guest.visitor, account, screen)
    page = OfficePage(office, account, guest, base)
    return HTMLResponse(drawn(page, screen, office.page(account, screen)), headers=_NOT_STORED)


async def _form(request: Request) -> Mapping[str, str] | None:
    """What a form sent, or None where that is too much, or nobody waits for an answer any more."""
    body = b""
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > LONGEST_FORM:
                return None
    except ClientDisconnect:
        return None
    return dict(parse_qsl(body.decode("ascii", "replace"), keep_blank_values=True))


def _page_for_strangers(guest: Guest) -> Response:
    """What somebody gets whose browser the wizard does not know."""
    title, why, link = (escape(text(guest.language, f"office.stranger_{part}")) for part in ("title", "text", "link"))
    main = f'<h1>{title}</h1><p>{why}</p><p><a class="go" href="/">{link}</a></p>'
    return HTMLResponse(_template().substitute(_frame(guest, title), top="", menu="", main=main), 403, _NOT_STORED)


def drawn(page: OfficePage, screen: str, shown: Page) -> str:
    """A page as HTML. Whatever stands on it is text."""
    tabs = "".join(_link(page, tab, screen) for tab in shown.tabs)
    bar = f'<nav class="tabs" aria-label="{page.plain(shown.title)}">{tabs}</nav>' if tabs else ""
    parts = "".join(_part(page, screen, part) for part in shown.parts)
    signed_in = page.account.has(SIGNED_IN)
    return _template().substitute(
        _frame(page.guest, page.plain(shown.title)),
        top=_top(page, screen, signed_in),
        menu=_menu(page, screen) if signed_in else "",
        main=f"<h1>{page.label(shown.title)}</h1>{bar}{parts}",
    )


def _frame(guest: Guest, title: str) -> Mapping[str, str]:
    parts = ("ribbon", "forgets", "name", "copy_button", "copied")
    words = {part: escape(text(guest.language, f"office.{part}")) for part in parts}
    return {"language": guest.language, "title": title, **words}


def _top(page: OfficePage, screen: str, signed_in: bool) -> str:
    host = page.account.host
    shop = f'<p class="shop"><strong>{escape(page.office.shops[host])}</strong> <code>{escape(host)}</code></p>'
    if not signed_in:
        return shop
    user = escape(page.office.user)
    if not page.office.user_menu:
        return f'{shop}<p class="user">{user}</p>'
    links = "".join(_link(page, go, screen) for go in page.office.user_menu)
    return f'{shop}<details class="user"><summary>{user}</summary><nav aria-label="{user}">{links}</nav></details>'


def _menu(page: OfficePage, screen: str) -> str:
    """The menu: what stands before the last level is the heading of a group."""
    groups: dict[str, list[str]] = {}
    for go in page.office.menu:
        heading, _, label = go.label.rpartition(" > ")
        groups.setdefault(heading, []).append(_link(page, Go(label, go.screen), screen))
    listed = "".join(
        (f'<p class="group">{page.label(" › ".join(heading.split(" > ")))}</p>' if heading else "") + "".join(links)
        for heading, links in groups.items()
    )
    return f'<nav class="menu" aria-label="{page.said("menu")}">{listed}</nav>'


def _link(page: OfficePage, go: Go, screen: str) -> str:
    here = ' aria-current="page"' if go.screen == screen else ""
    return f'<a href="{page.address(go.screen)}"{here}>{page.label(go.label)}</a>'


def _part(page: OfficePage, screen: str, part: Part) -> str:
    match part:
        case Note():
            return f"<p>{page.said(part.words)}</p>"
        case Fact():
            return f'<p class="fact"><span class="name">{page.label(part.label)}</span> {escape(part.value)}</p>'
        case Value():
            value = f'<code tabindex="0">{escape(part.value)}</code>'
            return f'<p class="value"><span class="name">{page.label(part.label)}</span> {value}</p>'
        case Go():
            return f'<p><a class="go" href="{page.address(part.screen)}">{page.label(part.label)}</a></p>'
        case Form():
            return _form_html(page, screen, part)
        case _:
            assert_never(part)


def _form_html(page: OfficePage, screen: str, form: Form) -> str:
    inputs = "".join(_input(page, asked) for asked in form.inputs)
    kind = ' class="quiet"' if form.quiet else ""
    button = f'<button{kind} name="do" value="{escape(form.button)}">{page.label(form.button)}</button>'
    return f'<form method="post" action="{page.address(screen)}">{inputs}{button}</form>'


def _input(page: OfficePage, asked: Tick | Choice | Listing) -> str:
    name = escape(asked.flag if isinstance(asked, Tick) else asked.name)
    label = page.label(asked.label)
    match asked:
        case Tick():
            ticked = " checked" if asked.ticked else ""
            return f'<label class="tick"><input type="checkbox" name="{name}" value="on"{ticked}> {label}</label>'
        case Choice():
            options = "".join(
                f'<option value="{escape(flag)}"{" selected" if flag == asked.chosen else ""}>{escape(called)}</option>'
                for flag, called in asked.options
            )
            return f'<label class="asked">{label}<select name="{name}">{options}</select></label>'
        case Listing():
            listed = escape(",".join(asked.listed))
            return f'<label class="asked">{label}<textarea name="{name}" rows="5">{listed}</textarea></label>'
        case _:
            assert_never(asked)


@cache
def _template() -> Template:
    return Template((Path(__file__).parent / "back_office.html").read_text("utf-8"))
