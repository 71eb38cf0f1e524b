"""What Streamlit does at the start and at the first page that no page here needs; both took long."""

from streamlit import env_util
from streamlit.components.v2.component_manager import BidiComponentManager


def skip_unused() -> None:
    """Start without two searches.

    Streamlit reads the metadata of every installed package to find components, of which the pages use none.
    At the first page it opens the source of every loaded module to find out whether it runs in a console.
    """
    BidiComponentManager.discover_and_register_components = _find_none  # type: ignore[method-assign,assignment]
    env_util.is_repl = _never


def _find_none(manager: BidiComponentManager, *, start_file_watching: bool = True) -> None:
    """No package brings a component."""


def _never() -> bool:
    """The pages are served; nobody types them into a console."""
    return False
