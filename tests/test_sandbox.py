"""The sandbox channels, in process for the outbound client and under `/sandbox` for a browser."""

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.walks import WORKS
from xtnd_wizard import sandbox
from xtnd_wizard.domain.api_url import SPECIAL_USE, ApiUrl
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound import RequestFailed
from xtnd_wizard.outbound.client import OutboundClient
from xtnd_wizard.sandbox import PREFIX, browser_address, sandbox_app, sandbox_hosts, sandbox_site
from xtnd_wizard.systems import all_systems

SITE = Starlette(routes=[Mount(PREFIX, app=sandbox_site)])
HOST = WORKS.values["api_url"]


def ask(app: ASGIApp, url: str, **headers: str) -> httpx.Response:
    async def asked() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), trust_env=False) as client:
            return await client.get(url, headers=headers)

    return asyncio.run(asked())


def no_network(host: str) -> list[str]:
    raise AssertionError(f"looked up {host}")


def test_every_sandbox_host_is_a_reserved_name() -> None:
    assert sandbox_hosts()
    assert all(host.rsplit(".", 1)[-1] in SPECIAL_USE for host in sandbox_hosts())


def test_no_two_systems_share_a_sandbox_host() -> None:
    systems = all_systems()
    owners = {host: [owner.code for owner in systems if host in owner.sandbox.hosts] for host in sandbox_hosts()}
    shared = {host: codes for host, codes in owners.items() if len(codes) != 1}
    assert not shared, f"hosts of more than one sandbox; give one of the systems another name: {shared}"


@pytest.mark.parametrize("host", ["shop.example.com", "localhost", "other.test", "norrskenstorget.test.evil.example"])
def test_any_other_host_is_not_found(host: str) -> None:
    assert ask(sandbox_app, f"https://{host}/api/account").status_code == 404
    assert ask(SITE, f"http://wizard.example{PREFIX}/{host}/api/account").status_code == 404


@pytest.mark.parametrize("path", ["/", "//", "/%00", "/%C3%A5%C3%A4.test/", f"/{HOST}.evil.example/"])
def test_an_odd_address_below_the_sandbox_is_not_found(path: str) -> None:
    assert ask(SITE, f"http://wizard.example{PREFIX}{path}").status_code == 404


@pytest.mark.parametrize("path", ["", "/"])
def test_a_sandbox_hosts_front_page_is_there(path: str) -> None:
    assert ask(SITE, f"http://wizard.example{PREFIX}/{HOST}{path}").status_code == 200


def test_a_browsers_cookies_do_not_reach_the_sandbox_app(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bytes] = []

    async def listening(scope: Scope, receive: Receive, send: Send) -> None:
        seen.extend(name for name, _ in scope["headers"])
        await sandbox_app(scope, receive, send)

    monkeypatch.setattr(sandbox, "sandbox_app", listening)
    assert ask(SITE, f"http://wizard.example{PREFIX}/{HOST}/", cookie="xtnd_visitor=x").status_code == 200
    assert seen
    assert b"cookie" not in seen


def test_an_address_outside_the_sandbox_is_left_as_it_is() -> None:
    for address in ("https://shop.example.com/mmp/shop", f"https://x.{HOST}/a", "https://shop.example.com"):
        assert browser_address(address) == address
    assert browser_address(f"https://{HOST}/a/b") == f"{PREFIX}/{HOST}/a/b"


def test_a_door_without_a_sandbox_refuses_sandbox_hosts() -> None:
    async def host_session() -> None:
        async with OutboundClient(look_up=no_network).open_session(ApiUrl(f"https://{HOST}"), 2) as host_session:
            await host_session.get("/api/account", secret_headers={"authorization": Secret("key")})

    with pytest.raises(RequestFailed) as results:
        asyncio.run(host_session())
    assert not results.value.key_sent


@pytest.mark.parametrize("path", ["/somewhere.test/", "/somewhere.test:x@evil.example/", f"/{HOST}:x@evil.example/"])
def test_a_host_that_is_no_sandbox_host_is_not_found_whatever_stands_beside_it(path: str) -> None:
    assert ask(SITE, f"http://wizard.example{PREFIX}{path}").status_code == 404
