"""The program as an operator starts it, for tests that speak to it without a browser."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.raw_session import open_session

ROOT = Path(__file__).parents[1]
PATIENCE_SECONDS = 60


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def start(folder: Path, port: int, **choices: str) -> subprocess.Popen[str]:
    """Start the program with a folder of its own, and further variables of the environment."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("XTND_", "STREAMLIT_"))}
    environment = {
        **plain,
        "XTND_DATABASE_URL": f"sqlite:///{folder / 'wizard.db'}",
        "XTND_KEY_RING_FILE": str(folder / "wizard.keys"),
        **choices,
    }
    return subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@dataclass
class Server:
    """A started program, and what it has said so far."""

    port: int
    folder: Path
    log_lines: list[str] = field(default_factory=list)
    first_contact: list[ForwardMsg] = field(default_factory=list)
    """What the very first client of the process got, where a test wants to know."""

    @property
    def log(self) -> str:
        """All that it has said."""
        return "".join(self.log_lines)

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://localhost:{self.port}"

    def visit(self, page: str, cookie: str = "", query: str = "") -> list[ForwardMsg]:
        """What a client that speaks to the websocket itself gets for a page."""
        with open_session(self.port, cookie) as session:
            return session.run(page, query=query)


@contextmanager
def served(folder: Path, **choices: str) -> Iterator[Server]:
    """A started program that answers, with further variables of the environment."""
    server = Server(free_port(), folder)
    with start(folder, server.port, **choices) as process:
        assert process.stdout is not None
        for line in process.stdout:
            server.log_lines.append(line)
            if "URL" in line:
                break
        reader = Thread(target=lambda: server.log_lines.extend(process.stdout or ()), daemon=True)
        reader.start()
        try:
            assert process.poll() is None, "".join(server.log_lines)
            yield server
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)
            reader.join(PATIENCE_SECONDS)
