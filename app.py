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

    # Streamlit collects garbage after every run of a page. What is imported at start is never garbage, so
    # it is built without the collector and frozen out of its sight: a page change takes a third of the time.
    gc.disable()

    from starlette.middleware import Middleware
    from starlette.requests import Request
    from starlette.responses import FileResponse, Response
    from starlette.routing import Mount, Route
    from streamlit.runtime.pages_manager import PagesManager

    import xtnd_wizard
    from xtnd_wizard import logs
    from xtnd_wizard.settings import SettingsError, settings
    from xtnd_wizard.ui.failure import tell_of_failure
    from xtnd_wizard.web import Hardened, inline_scripts, switch_language

    # A folder named `pages/` would otherwise be served past this file, frame and gate included.
    PagesManager.uses_pages_directory = False

    def refuse_to_start(reason: Exception) -> NoReturn:
        """End the process with one sentence: wrong at start beats wrong later."""
        print(f"XTND onboarding can't start. {reason}", file=sys.stderr, flush=True)
        os._exit(1)

    FRONT_PAGE = (Path(st.__file__).parent / "static" / "index.html").read_text("utf-8")

    @asynccontextmanager
    async def lifespan(app: st.App) -> AsyncIterator[None]:
        from xtnd_wizard.service import service, tell_of_retirements
        from xtnd_wizard.storage.engine import DatabaseError
        from xtnd_wizard.vault import VaultError

        logs.configure()
        try:
            service()
            tell_of_retirements(datetime.now(UTC).date())
        except (SettingsError, DatabaseError, VaultError) as reason:
            refuse_to_start(reason)
        gc.freeze()
        gc.enable()
        purging = asyncio.create_task(purge_every_hour())
        yield
        purging.cancel()

    async def purge_every_hour() -> None:
        """Delete the drafts that expired, also where the process runs for months."""
        from sqlalchemy.exc import SQLAlchemyError

        from xtnd_wizard.service import service

        while True:
            await asyncio.sleep(3600)
            try:
                await asyncio.to_thread(service().drafts.purge)
            except SQLAlchemyError as error:
                logging.getLogger("xtnd_wizard").warning("the hourly purge failed: %s", type(error).__name__)

    def open_sessions() -> int:
        try:
            return settings().open_sessions
        except SettingsError as reason:
            refuse_to_start(reason)

    async def tab_icon(request: Request) -> FileResponse:
        """The browser tab's icon. Streamlit's own way to set one loads an image library at start."""
        return FileResponse(Path(xtnd_wizard.__file__).parent / "ui" / "icon.svg", media_type="image/svg+xml")

    async def consent_begins(request: Request) -> Response:
        from xtnd_wizard.ui import consent

        return await consent.begin(request)

    async def consent_ends(request: Request) -> Response:
        from xtnd_wizard.ui import consent

        return await consent.finish(request)

    async def sandbox(scope, receive, send) -> None:  # type: ignore[no-untyped-def]
        from xtnd_wizard.sandbox import sandbox_site

        await sandbox_site(scope, receive, send)

    app = st.App(
        __file__,
        lifespan=lifespan,
        routes=[
            Route("/favicon.png", tab_icon),
            Route("/language/{language}", switch_language),
            Route("/consent/{system}/begin", consent_begins),
            Route("/consent/{system}", consent_ends),
            Mount("/sandbox", app=sandbox),
        ],
        middleware=[Middleware(Hardened, open_sessions=open_sessions(), scripts=inline_scripts(FRONT_PAGE))],
        on_script_error=tell_of_failure,
    )
