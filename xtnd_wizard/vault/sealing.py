"""The only place where a secret becomes ciphertext and back.

AES-256-GCM-SIV, bound to the place it is stored at: a token moved to another row does not open.
A token reads `v1.<key id>.<base64>`; the text is padded so that its length says little.
"""

import base64
import binascii
import hashlib
import hmac
import json
import os
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from xtnd_wizard.vault.private_files import OTHERS, make_private_folder, open_new_private_file
from xtnd_wizard.domain.secret import Secret

_VERSION = "v1"
_KEY_BYTES = 32
_NONCE_BYTES = 12
_PADDED_TO = 64
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


class VaultError(Exception):
    """The key ring can't be used. The text is one clear sentence for the operator."""


class Unsealable(Exception):
    """A sealed value can't be opened here: its key is missing, or it was moved or changed."""


class Place(NamedTuple):
    """Where a sealed value is stored. It opens nowhere else."""

    table: str
    column: str
    row: str
    owner: str
    host: str


@dataclass(frozen=True)
class KeyRing:
    """The keys by id, and which of them seals."""

    current: str
    keys: Mapping[str, bytes] = field(repr=False)

    @classmethod
    def new(cls) -> "KeyRing":
        """A ring with one fresh key."""
        key_id = secrets.token_hex(4)
        return cls(key_id, {key_id: secrets.token_bytes(_KEY_BYTES)})

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
            or any(len(key) != _KEY_BYTES for key in keys.values())
        ):
            raise VaultError("The key ring is damaged; restore it from its backup.")
        return ring

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


@dataclass(frozen=True)
class Vault:
    """Seals, opens, and makes fingerprints of secrets."""

    ring: KeyRing

    def seal(self, secret: Secret, place: Place) -> str:
        """A secret as a token that opens only at this place."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = AESGCMSIV(self.ring.keys[self.ring.current]).encrypt(nonce, _padded(secret.reveal()), _bound(place))
        return f"{_VERSION}.{self.ring.current}.{base64.urlsafe_b64encode(nonce + sealed).decode('ascii')}"

    def open(self, token: str, place: Place) -> Secret:
        """The secret in a token. Raises Unsealable where this ring or this place is not the token's."""
        try:
            version, key_id, text = token.split(".")
            key = self.ring.keys[key_id]
            raw = base64.urlsafe_b64decode(text)
            if version != _VERSION or base64.urlsafe_b64encode(raw).decode("ascii") != text:
                raise Unsealable("unknown version, or not as it was written")
            return Secret(_unpadded(AESGCMSIV(key).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], _bound(place))))
        except (ValueError, KeyError, binascii.Error, InvalidTag):
            raise Unsealable("this value can't be opened with the key ring in use") from None

    def open_to_show(self, token: str, place: Place) -> str:
        """The text in a token, for the one moment in which the person who entered it may see it.

        Raises Unsealable.
        """
        return self.open(token, place).reveal()

    def fingerprint(self, purpose: str, values: Mapping[str, Secret | str]) -> str:
        """A keyed digest of a set of values: equal for equal values, and no help in guessing them."""
        plain = {name: value.reveal() if isinstance(value, Secret) else value for name, value in values.items()}
        message = json.dumps([purpose, sorted(plain.items())], ensure_ascii=True).encode("ascii")
        return hmac.new(self._fingerprint_key, message, hashlib.sha256).hexdigest()

    def row_digest(self, row: Sequence[Any]) -> str:
        """A keyed digest of a row's plain values: whoever edits the row without the ring can't make the one to it."""
        message = json.dumps(row, ensure_ascii=True, sort_keys=True).encode("ascii")
        return hmac.new(self._row_key, message, hashlib.sha256).hexdigest()

    @cached_property
    def _fingerprint_key(self) -> bytes:
        return self._derived(b"xtnd-wizard fingerprint")

    @cached_property
    def _row_key(self) -> bytes:
        return self._derived(b"xtnd-wizard row")

    def _derived(self, purpose: bytes) -> bytes:
        """A key of the ring's first key, so that a new current key voids no report, no row and no kept answer."""
        derive = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=purpose)
        return derive.derive(next(iter(self.ring.keys.values())))


def _bound(place: Place) -> bytes:
    return json.dumps([_VERSION, *place], ensure_ascii=True).encode("ascii")


def _padded(text: str) -> bytes:
    raw = text.encode("utf-8")
    return raw + b"\x80" + b"\x00" * (-(len(raw) + 1) % _PADDED_TO)


def _unpadded(padded: bytes) -> str:
    return padded.rstrip(b"\x00")[:-1].decode("utf-8")
