"""The files of the wizard's face: fonts of its own, the tab's icon, and an operator's logo in their place."""

import re
import tomllib
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from tests.web.asking import ask
from xtnd_wizard.domain.brand import Brand
from xtnd_wizard.web.face import face_routes

ROOT = Path(__file__).parents[2]
FONTS = ROOT / "xtnd_wizard" / "ui" / "fonts"
THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]
MOST_BYTES = 150_000
WOFF2 = b"wOF2"


def answer(path: str, brand: Brand | None = None) -> httpx.Response:
    return ask(Starlette(routes=face_routes(brand or Brand())), path)


@pytest.mark.parametrize("face", THEME["fontFaces"], ids=lambda face: str(face["url"]))
def test_each_font_of_the_theme_is_served_from_here_and_kept_by_the_browser(face: dict[str, str]) -> None:
    served = answer(face["url"])
    assert served.status_code == 200
    assert served.content.startswith(WOFF2)
    assert served.headers["content-type"] == "font/woff2"
    assert "max-age" in served.headers["cache-control"]


def test_the_theme_uses_every_font_and_no_other() -> None:
    assert {face["url"] for face in THEME["fontFaces"]} == {f"/fonts/{file.name}" for file in FONTS.glob("*.woff2")}
    families = {face["family"] for face in THEME["fontFaces"]}
    assert {THEME[use].split(",")[0] for use in ("font", "headingFont")} == families


@pytest.mark.parametrize("letter", "åäöéłßÅÄÖÉŁ€–”")
def test_each_family_says_that_it_has_the_letters_of_our_merchants(letter: str) -> None:
    for family in {face["family"] for face in THEME["fontFaces"]}:
        ranges = ",".join(face["unicodeRange"] for face in THEME["fontFaces"] if face["family"] == family)
        spans = [re.fullmatch(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", part.strip()) for part in ranges.split(",")]
        assert all(spans)
        assert any(span and int(span[1], 16) <= ord(letter) <= int(span[2] or span[1], 16) for span in spans)


def test_the_fonts_are_light_and_come_with_their_licence() -> None:
    assert sum(file.stat().st_size for file in FONTS.glob("*.woff2")) < MOST_BYTES
    for file in FONTS.glob("*.woff2"):
        licence = FONTS / (re.sub(r"-latin(-ext)?$", "", file.stem) + "-OFL.txt")
        assert "SIL OPEN FONT LICENSE Version 1.1" in licence.read_text("utf-8")


@pytest.mark.parametrize(
    "path", ["/fonts/nothing.woff2", "/fonts/figtree-OFL.txt", "/fonts/..%2Fstyle.css", "/brand/logo"]
)
def test_nothing_else_is_served(path: str) -> None:
    assert answer(path).status_code == 404


def test_a_logo_takes_the_place_of_our_icon(tmp_path: Path) -> None:
    assert "svg" in answer("/favicon.png").headers["content-type"]
    logo = tmp_path / "Logo.PNG"
    logo.write_bytes(b"\x89PNG\r\n\x1a\n")
    for path in ("/favicon.png", "/brand/logo"):
        served = answer(path, Brand(logo_file=logo))
        assert served.content == logo.read_bytes()
        assert served.headers["content-type"] == "image/png"
