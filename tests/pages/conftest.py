"""A visitor with a cookie, and a service of their own behind the pages."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.pages_manager import PagesManager
from streamlit.source_util import PageHash, PageInfo
from streamlit.testing.v1 import app_test

from tests.pages.visitor import COOKIE
from tests.walks import running
from xtnd_wizard import service as service_module
from xtnd_wizard.service import Service
from xtnd_wizard.ui import visitor as visitor_module


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setattr(service_module, "_running", [])
    with running(tmp_path) as started:
        service_module.replace_service(started)
        yield started


@pytest.fixture(scope="package", autouse=True)
def scanned_once() -> Iterator[None]:
    """Each AppTest reads the metadata of all installed packages to find components; they are the same all the time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(autouse=True)
def cookie(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitor_module, "cookie", lambda: COOKIE)


@pytest.fixture(autouse=True)
def remembered_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser session knows its pages from one run to the next; AppTest forgets them."""
    known: dict[str, dict[PageHash, PageInfo]] = {}

    class Remembering(PagesManager):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self._pages = known.get("pages")

        def set_pages_and_resolve(
            self, pages: dict[PageHash, PageInfo], fallback_page_hash: PageHash = ""
        ) -> PageInfo | None:
            known["pages"] = pages
            return super().set_pages_and_resolve(pages, fallback_page_hash)

    monkeypatch.setattr(app_test, "PagesManager", Remembering)
