"""The ASGI app and the frame around every page; `streamlit run app.py` serves both."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NoReturn

import streamlit as st

if __name__ == "__main__":
    from xtnd_wizard.ui import frame

    frame.draw()
else:
    import asyncio
    import gc
    import logging
    import os
    from datetime import UTC, datetime
    from pathlib import Path
    from urllib.parse import urlsplit

    # Streamlit collects garbage after every run of a page. What is imported at start is never garbage, so
    # it is built without the collector and frozen out of its sight: a page change takes a third of the time.
    gc.disable()

    from starlette.middleware import Middleware
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Mount, Route
    from starlette.types import Receive, Scope, Send
    from streamlit import config
    from streamlit.runtime.pages_manager import PagesManager

    from xtnd_wizard import logs
    from xtnd_wizard.settings import Settings, SettingsError, load_settings
    from xtnd_wizard.ui.brand import theme_options
    from xtnd_wizard.ui.errors import show_error
    from xtnd_wizard.ui.unused import skip_unused
    from xtnd_wizard.web.capacity import CapacityMiddleware
    from xtnd_wizard.web.closed_paths import ClosedPathsMiddleware
    from xtnd_wizard.web.face import face_routes
    from xtnd_wizard.web.forwarded import ForwardedMiddleware
    from xtnd_wizard.web.frames import bound_frames
    from xtnd_wizard.web.front_page import SCRIPTS, FrontPageMiddleware, front_page_script
    from xtnd_wizard.web.identity import VisitorCookieMiddleware
    from xtnd_wizard.web.language import switch_language
    from xtnd_wizard.web.open_files import allow_all_open_files
    from xtnd_wizard.web.open_sockets import Caps, OpenSockets
    from xtnd_wizard.web.origin import OriginMiddleware
    from xtnd_wizard.web.security_headers import SecurityHeadersMiddleware, inline_scripts
    from xtnd_wizard.web.sockets import PacedSocketsMiddleware

    # A folder named `pages/` would otherwise be served past this file, frame and gate included.
    PagesManager.uses_pages_directory = False
    bound_frames()
    allow_all_open_files()
    skip_unused()

    def refuse_to_start(reason: Exception) -> NoReturn:
        """End the process with one sentence: wrong at start beats wrong later."""
        print(f"XTND onboarding can't start. {reason}", file=sys.stderr, flush=True)
        os._exit(1)

    FRONT_PAGE = (Path(st.__file__).parent / "static" / "index.html").read_text("utf-8")

    @asynccontextmanager
    async def lifespan(app: st.App) -> AsyncIterator[None]:
        from xtnd_wizard.service import service, warn_of_retirements
        from xtnd_wizard.storage.engine import DatabaseError
        from xtnd_wizard.vault import VaultError

        logs.configure()
        try:
            service()
            warn_of_retirements(datetime.now(UTC).date())
        except (SettingsError, DatabaseError, VaultError) as reason:
            refuse_to_start(reason)
        gc.freeze()
        gc.enable()
        purging = asyncio.create_task(purge_every_hour())
        yield
        purging.cancel()

    async def purge_every_hour() -> None:
        """Delete the drafts that expired, also where the process runs for months."""
        from xtnd_wizard.domain.errors import StorageFailed
        from xtnd_wizard.service import service

        while True:
            await asyncio.sleep(3600)
            try:
                await asyncio.to_thread(service().drafts.purge)
            except StorageFailed as error:
                logging.getLogger("xtnd_wizard").warning("the hourly purge failed: %s", error)

    def settings_or_refuse() -> Settings:
        try:
            return load_settings()
        except SettingsError as reason:
            refuse_to_start(reason)

    def middleware(settings: Settings) -> list[Middleware]:
        """What a request passes on its way to the pages, outermost first."""
        caps = Caps(settings.open_sessions, settings.sessions_per_address, settings.sessions_per_visitor)
        open_sockets = OpenSockets(caps)
        return [
            Middleware(ForwardedMiddleware, trusted_proxies=settings.trusted_proxies, public_url=settings.public_url),
            Middleware(SecurityHeadersMiddleware, scripts=inline_scripts(FRONT_PAGE)),
            Middleware(ClosedPathsMiddleware),
            Middleware(OriginMiddleware, public_url=settings.public_url),
            Middleware(VisitorCookieMiddleware),
            Middleware(CapacityMiddleware, open_sockets=open_sockets),
            Middleware(FrontPageMiddleware, page=FRONT_PAGE),
            Middleware(PacedSocketsMiddleware, open_sockets=open_sockets, idle_seconds=settings.idle_seconds),
        ]

    def trust_public_origin(public_url: str) -> None:
        """Tell Streamlit where visitors reach it, so that it knows that origin without asking anybody."""
        if host := urlsplit(public_url).hostname:
            config.set_option("browser.serverAddress", host)

    async def consent_begins(request: Request) -> Response:
        from xtnd_wizard.web import approvals

        return await approvals.begin(request)

    async def consent_ends(request: Request) -> Response:
        from xtnd_wizard.web import approvals

        return await approvals.finish(request)

    async def sandbox(scope: Scope, receive: Receive, send: Send) -> None:
        from xtnd_wizard.web.sandbox import serve

        await serve(scope, receive, send, settings.public_url)

    settings = settings_or_refuse()
    trust_public_origin(settings.public_url)
    for option, value in theme_options(settings.brand).items():
        config.set_option(option, value)
    app = st.App(
        __file__,
        lifespan=lifespan,
        routes=[
            *face_routes(settings.brand),
            *(Route(f"/{name}", front_page_script) for name in SCRIPTS),
            Route("/language/{language}", switch_language),
            Route("/consent/{system}/begin", consent_begins),
            Route("/consent/{system}", consent_ends),
            Mount("/sandbox", app=sandbox),
        ],
        middleware=middleware(settings),
        on_script_error=show_error,
    )
