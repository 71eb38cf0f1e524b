"""The product as an operator starts it: a process of its own, with a folder of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parents[2]
CHECK_SECONDS = 3
_SECONDS_TO_START = 60


class Server:
    """A running wizard, with further variables of the environment. What it writes, its log among it, is in `folder`."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.url = f"http://127.0.0.1:{_free_port()}"
        self._log_file = folder / "server.log"
        others = {name: value for name, value in os.environ.items() if not name.startswith(("XTND_", "STREAMLIT_"))}
        with self._log_file.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", self.url.rsplit(":", 1)[1]],
                cwd=ROOT,
                env={
                    **others,
                    "XTND_DATABASE_URL": f"sqlite:///{folder / 'x.db'}",
                    "XTND_KEY_RING_FILE": str(folder / "keys"),
                    "XTND_CHECK_SECONDS": str(CHECK_SECONDS),
                    "XTND_SANDBOX_CHECK_MS": "0",
                    **settings,
                },
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    @property
    def log(self) -> str:
        """Everything the server said so far."""
        return self._log_file.read_text("utf-8", "replace")

    def await_health(self) -> None:
        """Return as soon as the server answers. Raises AssertionError with its log where it never does."""
        deadline = time.monotonic() + _SECONDS_TO_START
        while not self._is_healthy():
            try:
                self._process.wait(timeout=0.1)
            except subprocess.TimeoutExpired:
                assert time.monotonic() < deadline, f"the server did not answer in time\n{self.log}"
            else:
                raise AssertionError(f"the server ended by itself\n{self.log}")

    def assert_alive(self) -> None:
        """Raises AssertionError with the log where the process ended by itself."""
        code = self._process.poll()
        assert code is None, f"the server ended by itself with exit code {code}\n{self.log}"

    def stop(self) -> None:
        """End the process, the hard way where it does not listen."""
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _is_healthy(self) -> bool:
        try:
            with urlopen(f"{self.url}/_stcore/health", timeout=2) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[Server]:
    """A server that answers, and that is still there at the end."""
    running = Server(folder, **settings)
    try:
        running.await_health()
        yield running
        running.assert_alive()
    finally:
        running.stop()


def _free_port() -> int:
    with socket.socket() as context:
        context.bind(("127.0.0.1", 0))
        return int(context.getsockname()[1])
