"""Sandbox channels: every system's sandbox in one app, for demos and tests."""

from functools import cache
from typing import Any

from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from xtnd_wizard.systems import all_systems

PREFIX = "/sandbox"


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
    """The same sandbox sites for a browser, as `/sandbox/<host>/...`, because `.test` names don't resolve."""
    full = scope["path"].removeprefix(scope.get("root_path", "")).lstrip("/")
    host, _, path = full.partition("/")
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
    }
    await sandbox_app(inner, receive, send)


def browser_address(url: str) -> str:
    """Where a browser finds a page of a sandbox host; any other address stays as it is."""
    host, _, path = url.removeprefix("https://").partition("/")
    return f"{PREFIX}/{host}/{path}" if host in sandbox_hosts() else url
