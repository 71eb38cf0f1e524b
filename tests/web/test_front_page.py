"""The front page: in the visitor's language from its first byte, with the script that assists; all else untouched."""

import gzip
from pathlib import Path
from typing import Any

import pytest
import streamlit
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.types import ASGIApp

from tests.web.asking import ask
from xtnd_wizard.web.front_page import FrontPageError, FrontPageMiddleware

INDEX = Path(streamlit.__file__).parent / "static" / "index.html"
PLAIN = INDEX.read_text("utf-8")


def serving(response: Response) -> ASGIApp:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await response(scope, receive, send)

    return FrontPageMiddleware(app, PLAIN)


@pytest.mark.parametrize(("asked", "language"), [("sv-SE,en;q=0.5", "sv"), ("en-GB", "en"), ("de", "en")])
def test_the_front_page_is_in_the_visitors_language_from_its_first_byte(asked: str, language: str) -> None:
    answer = ask(serving(FileResponse(INDEX)), accept="text/html", accept_language=asked)
    assert f'<html lang="{language}">' in answer.text
    assert "<title>XTND onboarding</title>" in answer.text
    for script in ("assistive.js", "entry_keys.js"):
        assert answer.text.count(f'src="./{script}?') == 1
    assert "etag" not in answer.headers
    assert answer.headers["vary"] == "Cookie, Accept-Language"


def test_another_page_passes_as_it_is_even_one_of_the_same_length() -> None:
    other = PLAIN.replace("Streamlit", "Streamlot")
    for page in (other, "<html lang='en'></html>"):
        answer = ask(serving(HTMLResponse(page)), accept="text/html", accept_language="sv")
        assert answer.text == page


def test_what_is_no_page_is_asked_for_as_it_was() -> None:
    packed = Response(gzip.compress(b"x"), headers={"content-encoding": "gzip"})
    assert ask(serving(packed), accept="*/*", accept_encoding="gzip").text == "x"
    assert "lang" not in ask(serving(Response("{}")), accept="application/json").text


def test_a_front_page_that_changed_beyond_knowing_is_an_error_at_the_start() -> None:
    with pytest.raises(FrontPageError, match="no single </head>"):
        FrontPageMiddleware(serving(Response()), PLAIN.replace("</head>", ""))
