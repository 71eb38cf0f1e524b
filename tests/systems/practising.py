"""Somebody who practises in a sandbox's back office over HTTP, as a browser does: opens, reads, presses.

office = Practice(SYSTEM, "norrskenstorget.test")
office.press("Sign in").follow("API key").press("Generate a new key")
assert office.verified(access_token=office.value("API key")).problems == {}
"""

import asyncio
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import httpx
from starlette.applications import Starlette
from starlette.routing import Mount

from tests.systems.verifying import Checked, check, credentials_of
from xtnd_wizard.outbound.client import OutboundClient
from xtnd_wizard.sandbox import PREFIX, office_address, sandbox_app, sandbox_hosts
from xtnd_wizard.systems.contract import API_URL, System
from xtnd_wizard.systems.stories import Scenario
from xtnd_wizard.web.sandbox import serve
from xtnd_wizard.wizard.visitors import tenant_of

_visitors = itertools.count()
WIZARD = "http://wizard.example"
_SITE = Starlette(routes=[Mount(PREFIX, app=serve)])


@dataclass
class _Form:
    """A form as a browser would send it."""

    action: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    boxes: set[str] = field(default_factory=set)
    buttons: dict[str, str] = field(default_factory=dict)


class Shown(HTMLParser):
    """What stands on a page: its text, links, values to copy, and forms."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html, self.text = html, ""
        self.links: dict[str, str] = {}
        self.values: dict[str, str] = {}
        self.forms: list[_Form] = []
        self._open: list[tuple[str, dict[str, str], str]] = []
        self._select = self._last_name = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(_Form(given["action"]))
        elif tag == "input":
            self.forms[-1].boxes.add(given["name"])
            if "checked" in given:
                self.forms[-1].fields[given["name"]] = given["value"]
        elif tag == "select":
            self._select = given["name"]
        elif tag == "option" and "selected" in given:
            self.forms[-1].fields[self._select] = given["value"]
        elif tag == "textarea":
            self.forms[-1].fields[given["name"]] = ""
        self._open.append((tag, given, ""))

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            opened, given, inner = self._open.pop()
            if self._open:
                above, theirs, said = self._open[-1]
                self._open[-1] = (above, theirs, said + inner)
            words = " ".join(inner.split())
            if opened == "a":
                self.links[words] = given["href"]
            elif opened == "button":
                self.forms[-1].buttons[words] = given["value"]
            elif opened == "span" and given.get("class") == "name":
                self._last_name = words
            elif opened == "code" and "tabindex" in given:
                self.values[self._last_name] = words
            if opened == tag:
                return

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._open:
            tag, given, inner = self._open[-1]
            self._open[-1] = (tag, given, inner + data)


class Practice:
    """One visitor, new to the wizard, at the back office of one host."""

    def __init__(self, system: System, address: str) -> None:
        self.system, self.address = system, address
        token = f"{next(_visitors):x>43}"
        self.cookie, self.visitor = f"xtnd_visitor={token}", str(tenant_of(token))
        self.page = Shown("")
        self.open(office_address(system, address))

    def open(self, path: str) -> "Practice":
        """Open an address of the wizard's."""
        self.page = Shown(self._fetched("GET", path).text)
        return self

    def follow(self, *labels: str) -> "Practice":
        """Follow links, one after another."""
        for label in labels:
            self.open(self.page.links[label])
        return self

    def press(self, button: str, *, untick: tuple[str, ...] = (), **filled: str) -> "Practice":
        """Press a button, after ticking, choosing and filling in what is named."""
        form = next(form for form in self.page.forms if button in form.buttons)
        assert filled.keys() <= form.boxes | form.fields.keys(), f"no such inputs: {filled}"
        sent = {**form.fields, **filled, "do": form.buttons[button]}
        answer = self._fetched("POST", form.action, {name: sent[name] for name in sent if name not in untick})
        assert answer.status_code == 303, answer.text
        return self.open(answer.headers["location"])

    def value(self, label: str) -> str:
        """A value to copy."""
        return self.page.values[label]

    def verified(self, **values: str) -> Checked:
        """Verify values at this host with the outbound client, as the wizard does."""
        scenario = Scenario("practice", {API_URL: self.address, **values})
        credentials = credentials_of(self.system, scenario, f"https://{self.address.partition('/')[0]}")
        client = OutboundClient(sandbox_hosts=sandbox_hosts(), sandbox=sandbox_app, look_up=_no_network)
        return Checked(check(self.system, credentials, client))

    def _fetched(self, method: str, path: str, sent: Mapping[str, str] | None = None) -> httpx.Response:
        headers = {"cookie": self.cookie, "sec-fetch-site": "same-origin"}
        return fetched(method, path, headers, urlencode(sent) if sent is not None else "")


def fetched(method: str, path: str, headers: Mapping[str, str], body: str = "", app: Any = _SITE) -> httpx.Response:
    """What the wizard's server answers below /sandbox."""

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, trust_env=False, base_url=WIZARD) as client:
            return await client.request(method, path, headers=dict(headers), content=body)

    return asyncio.run(asked())


def _no_network(host: str) -> list[str]:
    raise AssertionError(f"looked up {host}")
