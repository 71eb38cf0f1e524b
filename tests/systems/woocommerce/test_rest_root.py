"""Which place a Link header may name, and which it may not."""

import pytest

from xtnd_wizard.domain.api_url import ApiUrl
from xtnd_wizard.systems.woocommerce.rest_root import IN_QUERY, WP_JSON, RestRoot, linked_root

SHOP = ApiUrl("https://skafferiet.example")
IN_A_FOLDER = ApiUrl("https://skafferiet.example", "/butik")


def named(target: str, url: ApiUrl = SHOP) -> RestRoot | None:
    return linked_root(url, f'<{target}>; rel="https://api.w.org/"')


@pytest.mark.parametrize(
    ("target", "root"),
    [
        ("https://skafferiet.example/wp-json/", WP_JSON),
        ("https://Skafferiet.example/api/", RestRoot("/api")),
        ("https://skafferiet.example/index.php/wp-json/", RestRoot("/index.php/wp-json")),
        ("https://skafferiet.example/index.php?rest_route=/", IN_QUERY),
        ("https://skafferiet.example/?rest_route=%2F", IN_QUERY),
        ("/api/", RestRoot("/api")),
        ("/.well-known/api/", RestRoot("/.well-known/api")),
    ],
)
def test_a_place_below_the_shop_is_taken(target: str, root: RestRoot) -> None:
    assert named(target) == root


@pytest.mark.parametrize(
    "target",
    [
        "http://skafferiet.example/api/",
        "https://skafferiet.example:8443/api/",
        "https://user@skafferiet.example/api/",
        "https://other.example/api/",
        "https://skafferiet.example.other.example/api/",
        "//other.example/api/",
        r"\\other.example/api/",
        "api/",
        "/",
        "",
        "/api//wc/",
        "/api/../admin/",
        "/api/./x/",
        "/api/%2e%2e/",
        "/api/?next=/",
        "/x/?rest_route=/",
        "/?rest_route=/wc/v3",
        "/api/#x",
        "/a b/",
        "/åäö/",
        "https://[",
        "/" + "a" * 65,
        "/a" * 9,
        "javascript:alert(1)",
    ],
)
def test_any_other_place_is_not(target: str) -> None:
    assert named(target) is None


def test_in_a_folder_only_what_is_below_it_is_the_shops() -> None:
    assert named("https://skafferiet.example/butik/api/", IN_A_FOLDER) == RestRoot("/api")
    assert named("https://skafferiet.example/butik/?rest_route=/", IN_A_FOLDER) == IN_QUERY
    assert named("https://skafferiet.example/api/", IN_A_FOLDER) is None
    assert named("https://skafferiet.example/butiken/api/", IN_A_FOLDER) is None


def test_the_right_link_is_found_among_others() -> None:
    links = '<https://a.example/?p=1>; rel=shortlink, <https://skafferiet.example/api/>; rel="https://api.w.org/"'
    assert linked_root(SHOP, links) == RestRoot("/api")
    assert linked_root(SHOP, '<https://skafferiet.example/api/>; rel="alternate"') is None
    assert linked_root(SHOP, "") is None


def test_a_long_header_is_read_at_once() -> None:
    assert linked_root(SHOP, "<" * 60_000) is None
    assert linked_root(SHOP, "<>" * 60_000 + ";" * 60_000) is None


@pytest.mark.parametrize(
    ("root", "address", "shown"),
    [
        (WP_JSON, ("/wp-json/wc/v3/orders", {"a": "1"}), "orders"),
        (RestRoot("/api"), ("/api/wc/v3/orders", {"a": "1"}), "/api/wc/v3/orders"),
        (IN_QUERY, ("/", {"rest_route": "/wc/v3/orders", "a": "1"}), "/?rest_route=/wc/v3/orders"),
    ],
)
def test_a_route_has_its_address_and_its_name_for_support(
    root: RestRoot, address: tuple[str, dict[str, str]], shown: str
) -> None:
    assert root.address("wc/v3/orders", {"a": "1"}) == address
    assert root.named("wc/v3/orders") == shown
