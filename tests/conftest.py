"""Marks each test by where it stands, and holds unit tests to what makes them fast."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Never

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
"""What needs a socket, a process, a lock or a crash to show a fault. A file may say so itself by `pytestmark`."""
BY_FILE = {
    "outbound/test_addresses.py": "unit",
    "test_logs.py": "unit",
    "test_rules.py": "unit",
    "test_settings.py": "unit",
    "wizard/test_auth_methods.py": "unit",
    "wizard/test_steps.py": "unit",
}

ORDER = ("browser", "pages", "faults", "unit")
"""The slow files first."""
IN_MEMORY = Path("/dev/shm")
ENOUGH_MEMORY = 2**30

if IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > ENOUGH_MEMORY:
    # Thousands of databases are written and thrown away: where that can be done in memory, no test waits for a disk.
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Two workers for each processor, because browsers and servers wait more than they work; unit tests only work."""
    processors = os.cpu_count() or 1
    return processors if config.option.markexpr == "unit" else min(8, 2 * processors)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Import nothing else where unit tests alone are asked for: browsers and pages take longer than they do."""
    if config.option.markexpr != "unit" or TESTS not in collection_path.parents:
        return None
    files = collection_path.rglob("test_*.py") if collection_path.is_dir() else [collection_path]
    return None if any("unit" in marks_of(file) for file in files) else True


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark each test by its file, or else its folder, before `-m` chooses."""
    if item.get_closest_marker("faults") is None:
        for mark in marks_of(item.path):
            item.add_marker(mark)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the slow files go first and the quick ones last, so that no worker ends long before the others."""
    items.sort(key=place_of)


def place_of(item: pytest.Item) -> int:
    """When a test is run: browsers first, then pages, then what has no mark or may wait, and unit tests last."""
    marked = [place for place, mark in enumerate(ORDER) if item.get_closest_marker(mark)]
    return marked[0] if marked else ORDER.index("faults")


def marks_of(file: Path) -> set[str]:
    """The marks of a test file."""
    path = file.relative_to(TESTS)
    own = BY_FILE.get(path.as_posix())
    if own:
        return {own}
    faulty = FAULTS & {path.as_posix(), path.parts[0]}
    folder = BY_FOLDER.get(path.parts[0], "")
    return {"faults"} if faulty else {folder} - {""}


@pytest.fixture(autouse=True)
def _fast_where_unit(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A unit test opens no server, starts no process and sleeps never."""
    if request.node.get_closest_marker("unit") is None:
        return
    for owner, name in ((socket.socket, "bind"), (subprocess.Popen, "__init__"), (time, "sleep")):
        monkeypatch.setattr(owner, name, _refused)


def _refused(*arguments: object, **options: object) -> Never:
    pytest.fail(
        "a unit test needs a server, a process or a wait: list its file in FAULTS or BY_FILE of tests/conftest.py"
    )
