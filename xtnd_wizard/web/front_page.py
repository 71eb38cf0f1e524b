"""Streamlit's front page as a visitor gets it: in the language of the pages, with the scripts that assist them."""

import hashlib
from collections.abc import Sequence
from html import escape
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import FileResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import xtnd_wizard
from xtnd_wizard.i18n import LANGUAGES
from xtnd_wizard.web.face import product_name
from xtnd_wizard.web.language import language_of
from xtnd_wizard.web.requests import asks_for_a_page

SCRIPTS = {
    file.name: file
    for file in (Path(xtnd_wizard.__file__).parent / "ui" / name for name in ("assistive.js", "entry_keys.js"))
}
"""What the front page loads, by the name in its address."""
_KEPT = {"cache-control": "public, max-age=31536000, immutable"}
_UNWANTED = {b"accept-encoding", b"if-none-match", b"if-modified-since", b"range"}
"""With these the page would come packed, in part, or not at all."""


class FrontPageError(Exception):
    """The front page is not the one that this module knows to change."""


async def front_page_script(request: Request) -> FileResponse:
    """A script that the front page loads. Its address changes with it, so a browser may keep it."""
    return FileResponse(SCRIPTS[request.url.path.rpartition("/")[2]], media_type="text/javascript", headers=_KEPT)


class FrontPageMiddleware:
    """Answers with the visitor's front page wherever the app answers with Streamlit's; all else passes as it is."""

    def __init__(self, app: ASGIApp, page: str) -> None:
        self._app = app
        addresses = [f"./{name}?{hashlib.sha256(file.read_bytes()).hexdigest()[:12]}" for name, file in SCRIPTS.items()]
        self._plain = page.encode()
        self._pages = {language: _in_language(page, language, addresses) for language in LANGUAGES}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not asks_for_a_page(scope):
            await self._app(scope, receive, send)
            return
        asked = {**scope, "headers": [header for header in scope["headers"] if header[0] not in _UNWANTED]}
        answer = _Answer(send, self._plain, self._pages[language_of(HTTPConnection(scope))])
        await self._app(asked, receive, answer.send)


class _Answer:
    """One answer on its way out. It is held back for as long as it may be the front page."""

    def __init__(self, send: Send, plain: bytes, page: bytes) -> None:
        self._send, self._plain, self._page = send, plain, page
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and self._may_be_it(message):
            self._start = message
            return
        if self._start is None:
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        start, self._start = self._start, None
        if self._body == self._plain:
            self._body = self._page
            headers = MutableHeaders(raw=list(start["headers"]))
            headers["content-length"] = str(len(self._body))
            headers["cache-control"] = "no-cache"
            headers.add_vary_header("Cookie, Accept-Language")
            for name in ("etag", "last-modified", "accept-ranges"):
                del headers[name]
            start = {**start, "headers": headers.raw}
        await self._send(start)
        await self._send({"type": "http.response.body", "body": self._body})

    def _may_be_it(self, start: Message) -> bool:
        return Headers(raw=start["headers"]).get("content-length") == str(len(self._plain))


def _in_language(page: str, language: str, scripts: Sequence[str]) -> bytes:
    loaded = "".join(f'<script type="module" src="{script}"></script>' for script in scripts)
    changes = {
        '<html lang="en">': f'<html lang="{language}">',
        "<title>Streamlit</title>": f"<title>{escape(product_name(language))}</title>",
        "</head>": f"{loaded}</head>",
    }
    for old, new in changes.items():
        if page.count(old) != 1:
            raise FrontPageError(f"Streamlit's front page has no single {old}")
        page = page.replace(old, new)
    return page.encode()
