"""Streamlit's own addresses that the wizard has no use for: uploads, metrics, the agent API, and what comes next."""

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from xtnd_wizard.web.requests import HOST_CONFIG

_INTERNAL = "/_stcore"
_OPEN = frozenset({f"{_INTERNAL}/health", HOST_CONFIG})


class ClosedPathsMiddleware:
    """Answers "not found" for every internal address but the two that the front end asks."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(_INTERNAL) and scope["path"] not in _OPEN:
            await PlainTextResponse("Not found", 404)(scope, receive, send)
        else:
            await self._app(scope, receive, send)
