"""Marks each test by where it stands, and runs its folder's share of `make check` and `make test`."""

from collections.abc import Sequence
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
BY_FOLDER = {
    "browser": "browser",
    "pages": "pages",
    "domain": "unit",
    "i18n": "unit",
    "limits": "unit",
    "systems": "unit",
    "vault": "unit",
}
"""A folder that is not listed is run by `make test` alone."""
FAULTS = {
    "outbound",
    "storage/test_integrity.py",
    "storage/test_starting_together.py",
    "systems/test_scenarios.py",
    "web/test_sockets.py",
    "wizard/test_check_runner.py",
    "wizard/test_locked.py",
}
"""What needs a socket, a process, a lock or a crash to show a fault: never part of `unit`."""
BY_FILE = {
    "outbound/test_addresses.py": "unit",
    "test_logs.py": "unit",
    "test_rules.py": "unit",
    "test_settings.py": "unit",
    "wizard/test_auth_methods.py": "unit",
    "wizard/test_steps.py": "unit",
}


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Give each test the marks of its file, or else of its folder."""
    for item in items:
        for mark in marks_of(item.path):
            item.add_marker(mark)


def marks_of(file: Path) -> set[str]:
    """The marks of a test file."""
    path = file.relative_to(TESTS)
    own = BY_FILE.get(path.as_posix())
    if own:
        return {own}
    faulty = FAULTS & {path.as_posix(), path.parts[0]}
    folder = BY_FOLDER.get(path.parts[0], "")
    return {"faults"} if faulty else {folder} - {""}
