"""A merchant who goes to the sandbox channel's consent page and comes back."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx

from tests.walks import Tab, draft_of
from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.limits.networks import network_of
from xtnd_wizard.sandbox import sandbox_app
from xtnd_wizard.service import Service
from xtnd_wizard.storage import queries
from xtnd_wizard.storage.models import Draft, now
from xtnd_wizard.storage.seal_contexts import draft_seal_context
from xtnd_wizard.systems import all_systems
from xtnd_wizard.systems.contract import API_URL
from xtnd_wizard.wizard.approvals import APPROVED, RETURN_PATH

TENANT = "a" * 64
SYSTEM = next(found for found in all_systems() if found.oauth)
"""The first system whose merchants approve."""
WORKS = SYSTEM.sandbox.scenarios[0]
HOST = WORKS.values[API_URL]
SEALED = sorted(field.name for field in SYSTEM.fields if field.sealed and not field.typed)
RETURN = f"{RETURN_PATH}/{SYSTEM.code}"
EMPTY_HANDED = next(found for found in SYSTEM.sandbox.scenarios if set(found.values) == {API_URL})
"""The scenario in which the visitor approves."""


class Links(HTMLParser):
    """The addresses that a page leads to, by the ids of its links."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.by_id: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        results = dict(attrs)
        if tag == "a":
            self.by_id[results.get("id") or ""] = results.get("href") or ""


class Messages:
    """The sandbox, with every call for tokens noted."""

    def __init__(self, service: Service) -> None:
        self.calls: list[dict[str, str]] = []
        vars(service)["outbound_client"] = replace(service.outbound_client, sandbox=self)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["method"] != "POST":
            await sandbox_app(scope, receive, send)
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        fields = parse_qs(body.decode())
        self.calls.append({name: values[0] for name, values in fields.items()})

        async def again() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        await sandbox_app(scope, again, send)

    @property
    def grants(self) -> list[str]:
        return [call["grant_type"] for call in self.calls]


def fetch(address: str) -> httpx.Response:
    """A page of the sandbox host."""

    async def asked() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=sandbox_app), trust_env=False) as client:
            return await client.get(address)

    return asyncio.run(asked())


def start(service: Service, tenant: str) -> str:
    """A draft at the sandbox channel, and the address of its consent page."""
    Tab(service, tenant).start_demo(SYSTEM.code, EMPTY_HANDED)
    return begin(service, tenant)


def begin(service: Service, tenant: str, system_code: str = SYSTEM.code, draft_id: str = "") -> str:
    """The address of the consent page for this draft, or the one that was touched last."""
    named = draft_id or Tab(service, tenant).draft_id
    return asyncio.run(service.oauth.begin(Actor(tenant), system_code, named))


def choose(address: str, choice: str = "approve") -> dict[str, str]:
    """What comes back from the consent page when a merchant presses one of its buttons."""
    page = fetch(address)
    assert page.status_code == 200
    back = urlsplit(Links(page.text).by_id[choice])
    assert (back.scheme, back.netloc, back.path) == ("", "", RETURN)
    return dict(parse_qsl(back.query))


def come_back(
    service: Service, tenant: str, answer: Mapping[str, str], system_code: str = SYSTEM.code, address: str = ""
) -> str:
    """The outcome of what the merchant came back with."""
    return asyncio.run(service.oauth.finish(Actor(tenant, network=network_of(address)), system_code, answer))


def approved(service: Service, tenant: str = TENANT) -> Draft:
    assert come_back(service, tenant, choose(start(service, tenant))) == APPROVED
    return draft_of(service, tenant)


def changed(service: Service, **columns: datetime | str) -> Draft:
    """The draft, with what it knows of its approval changed."""
    with service.transactions.writing() as session:
        draft = queries.newest_draft(session, TENANT, now())
        assert draft is not None
        for name, value in columns.items():
            setattr(draft, name, value)
        return draft


def ended(service: Service, **columns: datetime | str) -> Draft:
    """The draft, with tokens that are about to end."""
    return changed(service, tokens_expire_at=now() + timedelta(seconds=30), **columns)


def refreshed(service: Service, draft: Draft) -> Draft:
    """The draft with tokens that are still good."""
    renewed = asyncio.run(service.renewal.renewed(Actor(draft.tenant), draft))
    assert isinstance(renewed, Draft)
    return renewed


def opened(service: Service, draft: Draft) -> dict[str, str]:
    return {
        name: service.vault.open(token, draft_seal_context(draft, name, draft.sealed_for)).reveal()
        for name, token in draft.sealed.items()
    }
