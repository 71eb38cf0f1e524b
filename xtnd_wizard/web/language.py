"""The language of a request, and the switch to another."""

import re

from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response

from xtnd_wizard.i18n import LANGUAGE_COOKIE, LANGUAGES, best_language
from xtnd_wizard.web.identity import COOKIE_SECONDS


def language_of(connection: HTTPConnection) -> str:
    """The language that was switched to, or else the browser's first."""
    language = connection.cookies.get(LANGUAGE_COOKIE, "")
    if language in LANGUAGES:
        return language
    return best_language(re.split("[,;]", connection.headers.get("accept-language", ""))[0].strip())


async def switch_language(request: Request) -> Response:
    """Remember a language in a cookie, and go back to the page that it was switched on."""
    page, draft = (request.query_params.get(name, "") for name in ("page", "draft"))
    place = f"/{page}" if re.fullmatch(r"[a-z]{0,20}", page) else "/"
    query = f"?draft={draft}" if re.fullmatch(r"[0-9a-f]{1,64}", draft) else ""
    response = RedirectResponse(f"{place}{query}", 303)
    language = request.path_params["language"]
    if re.fullmatch(r"[a-z]{2}", language):
        response.set_cookie(LANGUAGE_COOKIE, language, max_age=COOKIE_SECONDS, httponly=True, samesite="lax")
    return response
