"""Where the front end is: beside the package in a checkout, inside it once installed."""

from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
_INSTALLED = _PACKAGE / "_front_end"

FRONT_END = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent
"""The folder of `app.py`, `pages/` and Streamlit's own settings."""
