"""Sandbox channels: every system's sandbox in one app, for demos and tests."""

from functools import cache
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse
from starlette.types import Receive, Scope, Send

from xtnd_wizard.sandbox.office import FOLDER, Guest, respond
from xtnd_wizard.systems import all_systems
from xtnd_wizard.systems.back_office import BackOffice
from xtnd_wizard.systems.contract import VISITOR, System

PREFIX = "/sandbox"
_SCRIPT = "copying.js"
GUEST = "xtnd_guest"
"""Under which name a request's scope says who opened the page."""


def sandbox_hosts() -> frozenset[str]:
    """Every sandbox host. They never reach the network."""
    return frozenset(host for system in all_systems() for host in system.sandbox.hosts)


@cache
def _apps() -> dict[str, Any]:
    return {host: app for system in all_systems() for app in [system.sandbox.app()] for host in system.sandbox.hosts}


async def sandbox_app(scope: Scope, receive: Receive, send: Send) -> None:
    """Hand a call to the system that the host belongs to. This is what the outbound client calls, in process."""
    hosts = [value.decode("latin-1").split(":")[0] for name, value in scope["headers"] if name == b"host"]
    app = _apps().get(hosts[0]) if hosts else None
    await (app or PlainTextResponse("No such sandbox host.", 404))(scope, receive, send)


async def sandbox_site(scope: Scope, receive: Receive, send: Send) -> None:
    """The same sandbox sites for a browser, as `/sandbox/<host>/...`, because `.test` names don't resolve.

    A back office is for browsers only: the outbound client, which is sent where a visitor says, never gets there.
    """
    full = scope["path"].removeprefix(scope.get("root_path", "")).lstrip("/")
    host, _, path = full.partition("/")
    guest: Guest = scope.get(GUEST, Guest())
    if full == _SCRIPT:
        await FileResponse(Path(__file__).parent / _SCRIPT, media_type="text/javascript")(scope, receive, send)
        return
    office = _office(host)
    if office and path.startswith(FOLDER) and scope.get("method") in ("GET", "HEAD", "POST"):
        answer = await respond(office, host, f"{PREFIX}/{host}/{FOLDER}", Request(scope, receive), guest)
        await answer(scope, receive, send)
        return
    pages = tuple(page for found in all_systems() if host in found.sandbox.hosts for page in found.sandbox.pages)
    if host not in sandbox_hosts() or (path and not path.startswith(pages)):
        # For the outbound client only: nobody out there may park a call in a slow scenario.
        await PlainTextResponse("Not found", 404)(scope, receive, send)
        return
    headers = [(name, value) for name, value in scope["headers"] if name not in (b"host", b"cookie")]
    inner = {
        **scope,
        "path": f"/{path}",
        "raw_path": None,
        "root_path": "",
        "headers": [*headers, (b"host", host.encode("latin-1", "replace"))],
        VISITOR: guest.visitor,
    }
    await sandbox_app(inner, receive, send)


def browser_address(url: str) -> str:
    """Where a browser finds a page of a sandbox host; any other address stays as it is."""
    host, _, path = url.removeprefix("https://").partition("/")
    return f"{PREFIX}/{host}/{path}" if host in sandbox_hosts() else url


def office_address(system: System, api_url: str) -> str:
    """Where a browser finds the back office for an API URL, as it is shown; empty where there is none."""
    host = api_url.partition("/")[0]
    office = system.sandbox.office
    return f"{PREFIX}/{host}/{FOLDER}" if office and host in office.shops else ""


def _office(host: str) -> BackOffice | None:
    offices = (system.sandbox.office for system in all_systems())
    return next((office for office in offices if office and host in office.shops), None)
