"""What gives the pages their face: the product's name, the fonts, the browser tab's icon, and an operator's logo."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

import xtnd_wizard
from xtnd_wizard.domain.brand import Brand
from xtnd_wizard.i18n import text
from xtnd_wizard.settings import LOGO_TYPES, load_settings

_UI = Path(xtnd_wizard.__file__).parent / "ui"
_FONTS = {file.name: file for file in (_UI / "fonts").glob("*.woff2")}
_A_MONTH = {"cache-control": "public, max-age=2592000"}


def product_name(language: str) -> str:
    """What the product is called."""
    return load_settings().brand.name or text(language, "product.name")


async def font(request: Request) -> Response:
    """One of the fonts that ship with the product."""
    file = _FONTS.get(request.path_params["name"])
    return (
        FileResponse(file, media_type="font/woff2", headers=_A_MONTH) if file else PlainTextResponse("Not found", 404)
    )


def face_routes(brand: Brand) -> list[Route]:
    """The addresses of these files. Streamlit's own way to set an icon loads an image library at start."""
    logo = brand.logo_file
    picture = logo or _UI / "icon.svg"
    media_type = LOGO_TYPES[picture.suffix.lower()]

    async def icon(request: Request) -> Response:
        return FileResponse(picture, media_type=media_type)

    routes = [Route("/fonts/{name}", font), Route("/favicon.png", icon)]
    return [*routes, Route("/brand/logo", icon)] if logo else routes
