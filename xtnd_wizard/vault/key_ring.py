"""The keys that seal, and the file that only their owner can read."""

import base64
import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.vault.private_files import OTHERS, make_private_folder, open_new_private_file

KEY_BYTES = 32
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


class VaultError(Exception):
    """The key ring can't be used. The text is one clear sentence for the operator."""


@dataclass(frozen=True)
class KeyRing:
    """The keys by id, and which of them seals."""

    current: str
    keys: Mapping[str, bytes] = field(repr=False)

    @classmethod
    def new(cls) -> "KeyRing":
        """A ring with one fresh key."""
        key_id = secrets.token_hex(4)
        return cls(key_id, {key_id: secrets.token_bytes(KEY_BYTES)})

    @classmethod
    def from_json(cls, text: str) -> "KeyRing":
        """Read a ring as `to_json` writes it. Raises VaultError, and never prints what it read."""
        try:
            stored = json.loads(text)
            keys = {str(key_id): base64.b64decode(key, validate=True) for key_id, key in stored["keys"].items()}
            ring = cls(str(stored["current"]), keys)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise VaultError("The key ring is not readable; restore it from its backup.") from None
        if (
            ring.current not in keys
            or not all(map(_KEY_ID.fullmatch, keys))
            or any(len(key) != KEY_BYTES for key in keys.values())
        ):
            raise VaultError("The key ring is damaged; restore it from its backup.")
        return ring

    @classmethod
    def from_secret(cls, text: Secret) -> "KeyRing":
        """Read a ring that an operator set instead of a file. Raises VaultError as `from_json` does."""
        return cls.from_json(text.reveal())

    def to_json(self) -> str:
        """The ring as text, for its file."""
        keys = {key_id: base64.b64encode(key).decode("ascii") for key_id, key in self.keys.items()}
        return json.dumps({"current": self.current, "keys": keys})


def read_key_ring(file: Path) -> KeyRing | None:
    """The ring in a file, or None where there is no file.

    Raises VaultError where others on the machine could read the file.
    """
    try:
        mode, text = file.stat().st_mode, file.read_text("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeError) as error:
        raise VaultError(f"The key ring {file} can't be read ({type(error).__name__}).") from None
    if mode & OTHERS:
        raise VaultError(f"Other users of this machine can read the key ring; run: chmod 600 {file}")
    return KeyRing.from_json(text)


def make_key_ring(file: Path) -> KeyRing:
    """Make a ring in a new file that only its owner can read.

    Raises FileExistsError where another process made one first.
    """
    make_private_folder(file.parent)
    ring = KeyRing.new()
    written = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    descriptor = open_new_private_file(written)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as opened:
            opened.write(ring.to_json())
            opened.flush()
            os.fsync(opened.fileno())
        file.hardlink_to(written)  # whole or not at all, and never over another's
    finally:
        written.unlink()
    return ring
