"""The headers that every answer carries."""

import re

import pytest

from tests.web.asking import PAGE, ask, inside
from xtnd_wizard.web.closed_paths import ClosedPathsMiddleware
from xtnd_wizard.web.security_headers import SecurityHeadersMiddleware, inline_scripts, policy

APP = SecurityHeadersMiddleware(ClosedPathsMiddleware(inside), scripts=inline_scripts(PAGE))


@pytest.mark.parametrize("path", ["/", "/anything", "/_stcore/metrics", "/media/a.svg", "/fails"])
def test_every_answer_has_the_security_headers_and_ours_win(path: str) -> None:
    headers = ask(APP, path).headers
    assert headers.get_list("x-frame-options") == ["DENY"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert "default-src 'self'" in headers["content-security-policy"]


def test_an_error_that_nobody_foresaw_is_told_without_its_words() -> None:
    answer = ask(APP, "/fails")
    assert (answer.status_code, answer.text) == (500, "Internal Server Error")


def test_what_pages_make_for_one_visitor_is_not_stored() -> None:
    assert ask(APP, "/media/a.svg").headers["cache-control"] == "no-store"
    assert "cache-control" not in ask(APP, "/static/a.js").headers


def test_https_is_promised_where_it_is_there() -> None:
    assert ask(APP, site="https://wizard.example").headers["strict-transport-security"] == "max-age=31536000"
    assert "strict-transport-security" not in ask(APP).headers


def test_the_policy_lets_a_page_load_from_here_only() -> None:
    policy = ask(APP).headers["content-security-policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'self'"
    assert rules["img-src"] == "'self' data:"
    assert rules["connect-src"] == "'self'"
    assert rules["frame-ancestors"] == rules["object-src"] == "'none'"
    assert "'unsafe-inline'" not in rules["script-src"]
    assert not re.search(r"https?:|\*", policy)


def test_the_pages_own_inline_scripts_are_named_by_their_hashes() -> None:
    hashes = inline_scripts(PAGE)
    assert len(hashes) == 2
    assert all(re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", found) for found in hashes)
    assert all(found in policy(hashes) for found in hashes)
