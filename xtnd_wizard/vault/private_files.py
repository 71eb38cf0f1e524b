"""Files and folders that are their tenant's alone by mode, whatever the umask."""

import contextlib
import os
import stat
from pathlib import Path

_FILE = 0o600
_FOLDER = 0o700
OTHERS = 0o077
"""The bits by which anybody but the tenant could reach a file."""


def make_private_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing. One that is there is somebody's choice, and is left alone.

    Raises OSError.
    """
    for missing in reversed([path for path in (folder, *folder.parents) if not path.exists()]):
        with contextlib.suppress(FileExistsError):  # another process was here first
            missing.mkdir(mode=_FOLDER)
            missing.chmod(_FOLDER)


def make_private_file(file: Path) -> None:
    """Make an empty file, where there is none yet. Raises OSError."""
    with contextlib.suppress(FileExistsError):
        os.close(open_new_private_file(file))


def open_new_private_file(file: Path) -> int:
    """A descriptor to write to a file that was not there. Raises OSError, FileExistsError among them."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE)
    os.fchmod(descriptor, _FILE)
    return descriptor


def take_from_others(file: Path) -> None:
    """Take away what others may do with a file, where it is there and they may. Raises OSError."""
    with contextlib.suppress(FileNotFoundError):
        mode = file.stat().st_mode
        if stat.S_ISREG(mode) and mode & OTHERS:
            file.chmod(stat.S_IMODE(mode) & ~OTHERS)
