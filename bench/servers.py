"""Our app and bare apps as running servers, with the same settings, and a raw client for both."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from xtnd_wizard.web import COOKIE

ROOT = Path(__file__).parents[1]
PATIENCE = 60.0
_LOOK_AGAIN_SECONDS = 0.005


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
        return f"http://127.0.0.1:{self.port}"

    @property
    def processor_seconds(self) -> float:
        """The processor time it has used so far."""
        used = self.process.cpu_times()
        return float(used.user + used.system)

    @property
    def memory(self) -> float:
        """Bytes that the server holds for itself alone, as far as the system tells that."""
        found = self.process.memory_full_info()
        return float(getattr(found, "uss", found.rss))


@contextmanager
def running(app: App) -> Iterator[Server]:
    """Start an app, and stop it at the end."""
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XTND_", "STREAMLIT_"))}
    environment = {
        **kept,
        "XTND_DATABASE_URL": f"sqlite:///{app.folder / 'bench.db'}",
        "XTND_KEY_RING_FILE": str(app.folder / "bench.keys"),
    }
    command = [sys.executable, "-m", "streamlit", "run", str(app.script), "--server.port", str(port)]
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
            process.wait(10)
        except psutil.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def open_session(server: Server) -> ClientConnection:
    """Open a session, waiting for the server where need be, and read until its first page is drawn."""
    _wait_for(server)
    visitor = f"{COOKIE}={'b' * 43}"
    session = connect(
        f"ws://127.0.0.1:{server.port}/_stcore/stream",
        origin=Origin(server.address),
        subprotocols=[Subprotocol("streamlit")],
        additional_headers={"Cookie": visitor},
        compression=None,
        proxy=None,
        max_size=None,
        open_timeout=PATIENCE,
    )
    question = BackMsg()
    question.rerun_script.SetInParent()
    session.send(question.SerializeToString())
    heading = False
    while True:
        told = ForwardMsg.FromString(_bytes(session.recv(PATIENCE)))
        heading = heading or told.delta.new_element.HasField("heading")
        if told.HasField("script_finished"):
            if not heading or told.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
                raise RuntimeError("the first page was not drawn")
            return session


def _wait_for(server: Server) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", server.port), 1):
            return
        time.sleep(_LOOK_AGAIN_SECONDS)
    raise RuntimeError("the server did not start")


def _bytes(frame: str | bytes) -> bytes:
    return frame.encode() if isinstance(frame, str) else frame
