"""The operator's command, `xtnd-wizard`."""

import os
import sys
from typing import Annotated

import typer

from xtnd_wizard import __version__
from xtnd_wizard.ui.front_end import FRONT_END

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def main() -> None:
    """Connect sales channels to XTND Backend."""


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


@app.command()
def serve(
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Where to listen; 8501 unless set.")] = None,
    address: Annotated[str | None, typer.Option(help="Which address to listen on; 127.0.0.1 unless set.")] = None,
) -> None:
    """Serve the wizard: pages, HTTP routes and the sandbox in one process."""
    options = {"--server.port": port, "--server.address": address}
    arguments = [part for name, value in options.items() if value is not None for part in (name, str(value))]
    command = [sys.executable, "-m", "streamlit", "run", str(FRONT_END / "app.py"), *arguments]
    os.execv(sys.executable, command)  # noqa: S606  # the server takes this process's place, signals included
