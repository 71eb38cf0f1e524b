"""The sandbox shops' page with the keys, as a browser sees it."""

import asyncio

import httpx
import pytest

from xtnd_wizard.domain.api_url import ApiUrl
from xtnd_wizard.sandbox import browser_address, sandbox_site
from xtnd_wizard.systems.woocommerce import SYSTEM, key_page

WORKS = SYSTEM.sandbox.scenarios[0].values


def opened(address: str, **query: str) -> httpx.Response:
    """A page of the sandbox, in a browser's way."""

    async def asked() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=sandbox_site, root_path="/sandbox")) as client:
            return await client.get(f"http://wizard.example{address}", params=query or None)

    return asyncio.run(asked())


@pytest.mark.parametrize("url", [ApiUrl("https://lingonboden.test"), ApiUrl("https://surdegsbageriet.test", "/butik")])
def test_the_key_page_shows_a_pair_that_works_once_it_was_made(url: ApiUrl) -> None:
    address = browser_address(key_page(url))
    before, after = opened(address), opened(address.partition("?")[0], **{"create-key": "1"})
    assert (before.status_code, after.status_code) == (200, 200)
    for name in ("access_token", "secret"):
        assert WORKS[name] not in before.text
        assert WORKS[name] in after.text


def test_the_key_page_has_no_script_and_repeats_nothing_that_was_sent() -> None:
    evil = '"><script>alert(1)</script>'
    page = opened(browser_address("https://lingonboden.test/wp-admin/admin.php"), **{"create-key": evil, "page": evil})
    assert "<script" not in page.text.lower()
    assert "alert(1)" not in page.text


@pytest.mark.parametrize("path", ["wp-json/", "wp-json/wc/v3/orders", "wp-login.php"])
def test_a_browser_reaches_the_front_page_and_the_key_page_only(path: str) -> None:
    assert opened(f"/sandbox/lingonboden.test/{path}").status_code == 404
    assert opened("/sandbox/lingonboden.test/").status_code == 200
