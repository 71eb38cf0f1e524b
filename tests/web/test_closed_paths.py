"""Which of Streamlit's own addresses answer."""

import pytest

from tests.web.asking import ask, inside
from xtnd_wizard.web.closed_paths import ClosedPathsMiddleware

APP = ClosedPathsMiddleware(inside)


@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/upload_file",
        "/_stcore/upload_file/session/file",
        "/_stcore/metrics",
        "/_stcore/agent/interact",
        "/_stcore/agent/mcp",
        "/_stcore/agent/openapi.json",
        "/_stcore/health/",
        "/_stcore/what-comes-next",
    ],
)
def test_what_the_wizard_has_no_use_for_is_closed(path: str, method: str) -> None:
    assert ask(APP, path, method=method).status_code == 404


@pytest.mark.parametrize("path", ["/_stcore/health", "/_stcore/host-config", "/enter", "/static/index.js"])
def test_what_a_page_needs_is_open(path: str) -> None:
    assert ask(APP, path).text.startswith("reached GET")
