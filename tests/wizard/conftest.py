"""One service for each test, with a database of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.walks import running
from xtnd_wizard.service import Service


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with running(tmp_path) as started:
        yield started
