"""Starts Streamlit beside a resolver in which some names hang, as a stranger's own DNS server may let them.

The product is started unchanged: only the system's resolver, which takes root to configure, is stood in for.
No name leaves the machine.
"""

import os
import socket
import time
from pathlib import Path
from typing import Any

from streamlit.web.cli import main

HANGING = "hanging.example.com"
"""A look-up of any name below this one takes longer than anybody waits. No other name exists."""
COUNTED_IN = "BENCH_LOOK_UPS"
"""The variable that names the file which grows by a byte with each look-up that hangs."""
_SECONDS = 60.0
_system_resolver = socket.getaddrinfo


def resolve(host: str | bytes | None, *more: Any, **named: Any) -> Any:
    """In place of `socket.getaddrinfo`, which still answers for this machine itself."""
    name = (host.decode("ascii") if isinstance(host, bytes) else host or "").rstrip(".")
    if not name.endswith(".com"):
        return _system_resolver(host, *more, **named)
    if name.endswith(f".{HANGING}"):
        with Path(os.environ[COUNTED_IN]).open("ab") as counted:
            counted.write(b".")
        time.sleep(_SECONDS)
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


if __name__ == "__main__":
    socket.getaddrinfo = resolve
    main(prog_name="streamlit")
