"""Our app and bare apps as running servers, with the same settings, and a raw client for both."""

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from tests import raw_session
from tests.raw_session import PATIENCE_SECONDS, RawSession, is_drawn

ROOT = Path(__file__).parents[1]
LOOPBACK = "127.0.0.1"
_LOOK_AGAIN_SECONDS = 0.005
_NOT_AN_OPERATORS = ("XTND_", "STREAMLIT_", "PYTHONDONTWRITEBYTECODE")
"""Variables that would change what is measured: without kept bytecode every start would compile the wizard anew."""


@dataclass(frozen=True)
class App:
    """A Streamlit app that can be started again and again; what it stores stays in its folder."""

    script: Path
    folder: Path
    working_directory: Path


@contextmanager
def our_app() -> Iterator[App]:
    """The wizard, with a database of its own that the first start makes."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        yield App(ROOT / "app.py", Path(folder), ROOT)


@contextmanager
def bare_app(source: str) -> Iterator[App]:
    """An app of a few lines under the wizard's own Streamlit settings, so that only the app differs."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        script = folder / "app.py"
        script.write_text(source, "utf-8")
        shutil.copytree(ROOT / ".streamlit", folder / ".streamlit", ignore=shutil.ignore_patterns("secrets.toml"))
        yield App(script, folder, folder)


@dataclass(frozen=True)
class Server:
    """A started app. It may not answer yet."""

    process: psutil.Popen
    port: int
    started: float

    @property
    def address(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def processor_seconds(self) -> float:
        """The processor time it has used so far."""
        used = self.process.cpu_times()
        return float(used.user + used.system)

    @property
    def memory(self) -> float:
        """Bytes that the server holds for itself alone, where the system reports that."""
        found = self.process.memory_full_info()
        return float(getattr(found, "uss", found.rss))


@contextmanager
def running(
    app: App, *, program: str = "streamlit", choices: Mapping[str, str] | None = None, seconds_to_end: float = 10
) -> Iterator[Server]:
    """Start an app as an operator does, with further settings where need be, and stop it at the end."""
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_AN_OPERATORS)}
    environment = {
        **kept,
        "XTND_DATABASE_URL": f"sqlite:///{app.folder / 'wizard.db'}",
        "XTND_KEY_RING_FILE": str(app.folder / "wizard.keys"),
        "XTND_SANDBOX_CHECK_MS": "0",
        **(choices or {}),
    }
    command = [sys.executable, "-m", program, "run", str(app.script), "--server.port", str(port)]
    started = time.perf_counter()
    process = psutil.Popen(
        command,
        cwd=app.working_directory,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield Server(process, port, started)
    finally:
        process.terminate()
        try:
            process.wait(seconds_to_end)
        except psutil.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind((LOOPBACK, 0))
        return int(listener.getsockname()[1])


@contextmanager
def open_session(server: Server) -> Iterator[RawSession]:
    """A visitor's session, read until its first page is drawn; waits for the server where need be."""
    wait_for(server)
    with raw_session.open_session(server.port, secrets.token_urlsafe(32), host=LOOPBACK) as session:
        if not is_drawn(session.run("")):
            raise RuntimeError("the first page was not drawn")
        yield session


def wait_for(server: Server) -> None:
    """Return as soon as the server takes connections. Raises RuntimeError where it never does."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and server.process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, server.port), 1):
            return
        time.sleep(_LOOK_AGAIN_SECONDS)
    raise RuntimeError("the server did not start")
