"""The response to a visitor for whom there is no room: why, and what to do."""

from functools import cache
from html import escape
from textwrap import fill

from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Scope

from xtnd_wizard.i18n import text
from xtnd_wizard.settings import load_settings
from xtnd_wizard.web.face import product_name
from xtnd_wizard.web.language import language_of
from xtnd_wizard.web.open_sockets import RETRY_SECONDS, Refusal
from xtnd_wizard.web.requests import asks_for_a_page

_HEADERS = {"retry-after": str(RETRY_SECONDS), "cache-control": "no-store"}

_LINE = 38
"""Characters that fit beside each other on a phone."""


def refusal_response(scope: Scope, refusal: Refusal) -> Response:
    """The answer in the visitor's language: a page, or a sentence where the front end of an open page asks.

    The front end shows JSON in a dialog, and breaks no lines by itself.
    """
    language = language_of(HTTPConnection(scope))
    if asks_for_a_page(scope):
        return HTMLResponse(_page(language, refusal), refusal.status, _HEADERS)
    _, why, do = _texts(language, refusal)
    return JSONResponse(fill(f"{why} {do}", _LINE), refusal.status, _HEADERS)


def _texts(language: str, refusal: Refusal) -> tuple[str, str, str]:
    product = product_name(language)
    title, why, do = (text(language, f"full.{refusal}_{part}", product=product) for part in ("title", "why", "do"))
    return title, why, do


def _support(language: str) -> str:
    """Where people get help, if the operator named a place."""
    brand = load_settings().brand
    if not brand.support:
        return ""
    link = f'<a class="plain" href="{escape(brand.support_link)}">{escape(brand.support)}</a>'
    return f'<p class="small">{escape(text(language, "product.help"))} {link}</p>'


@cache
def _page(language: str, refusal: Refusal) -> str:
    title, why, do = map(escape, _texts(language, refusal))
    keys = ("full.again", "full.by_itself")
    again, by_itself = (escape(text(language, key, seconds=str(RETRY_SECONDS))) for key in keys)
    name = escape(product_name(language))
    return f"""<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="{RETRY_SECONDS}">
<title>{title} · {name}</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<p class="name">{name}</p>
<h1>{title}</h1>
<p>{why}</p>
<p>{do}</p>
<p><a href="">{again}</a></p>
<p class="small">{by_itself}</p>
{_support(language)}
</main>
</body>
</html>
"""


_STYLE = """
@font-face { font-family: Figtree; font-weight: 300 900; src: url(/fonts/figtree-latin.woff2) format("woff2"); }
:root { --back: #fcfaf5; --text: #17231f; --soft: #55635c; --line: #ddd8ca; --accent: #0a6656; --on-accent: #ffffff; }
@media (prefers-color-scheme: dark) {
    :root { --back: #111a18; --text: #eaf0ea; --soft: #a9b8b0; --line: #34443e; --accent: #0f7d69; }
}
body { margin: 0; background: var(--back); color: var(--text); font: 1rem/1.6 Figtree, system-ui, sans-serif; }
main { max-width: 34rem; margin: 12vh auto 2rem; padding: 0 1.25rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; }
.name { font-weight: 600; padding-bottom: .75rem; margin: 0 0 2rem; border-bottom: 1px solid var(--line); }
.small { color: var(--soft); font-size: .9rem; }
.plain { color: inherit; }
a:not(.plain) {
    display: inline-block; margin: .5rem 0; padding: .55rem 1.1rem; border-radius: .6rem;
    background: var(--accent); color: var(--on-accent); text-decoration: none; font-weight: 600;
}
a:focus-visible { outline: 3px solid var(--text); outline-offset: 2px; }
"""
