"""Several processes that start beside an empty folder at once: one ring, and all of them run with it."""

import subprocess
import sys
from pathlib import Path

import pytest

from xtnd_wizard.vault import read_key_ring

ROOT = Path(__file__).parents[2]
PROCESSES = 4
PATIENCE_SECONDS = 60


def start_together(folder: Path, processes: int = PROCESSES) -> list[str]:
    """What each process says: the id of the key that it seals with, or why it refused to start."""
    command = [sys.executable, "-m", "tests.storage.starting", str(folder / "data")]
    running = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(processes)
    ]
    try:
        for process in running:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
        for process in running:
            assert process.stdin
            process.stdin.write("go\n")
            process.stdin.flush()
        return [process.communicate(timeout=PATIENCE_SECONDS)[0].strip() for process in running]
    finally:
        for process in running:
            process.kill()
            process.wait()


@pytest.mark.parametrize("attempt", range(3))
def test_processes_that_start_together_beside_an_empty_folder_share_one_ring(tmp_path: Path, attempt: int) -> None:
    raised = start_together(tmp_path)
    ring = read_key_ring(tmp_path / "data" / "keys")
    assert ring is not None
    assert raised == [ring.current] * PROCESSES
