"""The package as it is installed: everything is inside, and it starts from any directory."""

import os
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest

from xtnd_wizard import __version__

ROOT = Path(__file__).parents[1]
PATIENCE_SECONDS = 60


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's files as an installer lays them."""
    folder = tmp_path_factory.mktemp("site-packages")
    with ZipFile(wheel) as opened:
        opened.extractall(folder)
    return folder


def alone(installed: Path, folder: Path) -> dict[str, str]:
    """An environment in which only the installed package is found, and its data goes into a folder."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("XTND_", "STREAMLIT_"))}
    data = {"XTND_DATABASE_URL": f"sqlite:///{folder / 'x.db'}", "XTND_KEY_RING_FILE": str(folder / "keys")}
    return {**plain, **data, "PYTHONPATH": str(installed)}


def test_the_wheel_holds_everything_that_is_read_at_run_time(wheel: Path) -> None:
    with ZipFile(wheel) as opened:
        inside = set(opened.namelist())
    package = ROOT / "xtnd_wizard"
    kept = {".py", ".toml", ".po", ".svg", ".css", ".js", ".html", ".csv", ".mako", ".typed", ".woff2", ".txt"}
    files = {file for file in package.rglob("*") if file.is_file() and "__pycache__" not in file.parts}
    assert {file.suffix for file in files} <= kept
    assert {file.relative_to(ROOT).as_posix() for file in files} <= inside
    pages = {f"xtnd_wizard/_front_end/pages/{file.name}" for file in (ROOT / "pages").glob("*.py")}
    assert pages | {"xtnd_wizard/_front_end/app.py", "xtnd_wizard/_front_end/.streamlit/config.toml"} <= inside


def test_the_version_stands_once(wheel: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert "version" not in project
    assert f"-{__version__}-" in wheel.name


def test_the_command_says_the_version(installed: Path, tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "xtnd_wizard", "version"],
        cwd=tmp_path,
        env=alone(installed, tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.strip() == __version__


@contextmanager
def serving(installed: Path, folder: Path) -> Iterator[str]:
    with closing(socket.socket()) as context:
        context.bind(("127.0.0.1", 0))
        port = int(context.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, "-m", "xtnd_wizard", "serve", "--port", str(port)],
        cwd=folder,
        env=alone(installed, folder),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield f"http://127.0.0.1:{port}"
        assert process.poll() is None, "the server ended by itself"
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def answer(url: str) -> httpx.Response:
    """The first answer of a server that is starting."""
    until = time.monotonic() + PATIENCE_SECONDS
    with httpx.Client(trust_env=False, timeout=PATIENCE_SECONDS) as client:
        while True:
            try:
                return client.get(url, headers={"accept": "text/html"})
            except httpx.TransportError:
                assert time.monotonic() < until, "the server did not start in time"


def test_the_command_serves_the_wizard_from_any_directory(installed: Path, tmp_path: Path) -> None:
    with serving(installed, tmp_path) as origin:
        page = answer(f"{origin}/")
        assert page.status_code == 200
        assert "content-security-policy" in page.headers
        assert answer(f"{origin}/favicon.png").headers["content-type"].startswith("image/svg")
        assert answer(f"{origin}/fonts/figtree-latin.woff2").content.startswith(b"wOF2")
    assert (tmp_path / "keys").stat().st_mode & 0o077 == 0
