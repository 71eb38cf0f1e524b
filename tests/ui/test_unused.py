"""What Streamlit does at the start and no page needs is left out, and nothing is missed."""

import importlib.metadata
import inspect
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit import env_util
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.components.v2.manifest_scanner import scan_component_manifests

from xtnd_wizard.ui.unused import skip_unused

ROOT = Path(__file__).parents[2]
SEARCHES = (
    (BidiComponentManager, "discover_and_register_components", importlib.metadata, "distributions"),
    (env_util, "is_repl", inspect, "stack"),
)


def searched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The searches that Streamlit makes from here on."""
    made: list[str] = []

    def recording(search: str) -> Callable[[], list[tuple[str, str]]]:
        def record() -> list[tuple[str, str]]:
            made.append(search)
            return [("", "")]

        return record

    for owner, name, module, search in SEARCHES:
        monkeypatch.setattr(owner, name, getattr(owner, name))  # put back at the end of the test
        monkeypatch.setattr(module, search, recording(search))
    return made


def start_and_draw() -> None:
    """What Streamlit does of it from the start to the first page."""
    BidiComponentManager().discover_and_register_components()
    env_util.is_repl()


def test_streamlit_searches_for_both_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    made = searched(monkeypatch)
    start_and_draw()
    assert made == ["distributions", "stack"]


def test_neither_is_searched_for_once_they_are_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    made = searched(monkeypatch)
    skip_unused()
    start_and_draw()
    assert made == []


def test_no_installed_package_brings_a_component_that_would_be_missed() -> None:
    assert scan_component_manifests() == []


def test_the_app_skips_them() -> None:
    program = "import app; from streamlit import env_util; print(env_util.is_repl.__module__)"
    shown = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "xtnd_wizard.ui.unused"
