"""The sandbox shops, as a browser sees them."""

import pytest

from tests.systems.practising import fetched


@pytest.mark.parametrize("path", ["wp-json/", "wp-json/wc/v3/orders", "wp-login.php", "wp-admin/admin.php"])
def test_a_browser_reaches_the_front_page_and_the_back_office_only(path: str) -> None:
    assert fetched("GET", f"/sandbox/lingonboden.test/{path}", {}).status_code == 404
    assert fetched("GET", "/sandbox/lingonboden.test/", {}).status_code == 200
    assert fetched("GET", "/sandbox/lingonboden.test/office/", {}).status_code == 403
