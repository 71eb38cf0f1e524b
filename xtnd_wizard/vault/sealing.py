"""The only place where a secret becomes ciphertext and back.

AES-256-GCM-SIV, bound to the place it is stored at: a token moved to another row does not open.
A token reads `v1.<key id>.<base64>`; the text is padded so that its length says little.
"""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.vault.key_ring import KEY_BYTES, KeyRing

_VERSION = "v1"
_NONCE_BYTES = 12
_PADDED_TO = 64


class DecryptionError(Exception):
    """A sealed value can't be opened here: its key is missing, or it was moved or changed."""


class SealContext(NamedTuple):
    """Where a sealed value is stored. It opens nowhere else."""

    table: str
    column: str
    row: str
    tenant: str
    host: str


@dataclass(frozen=True)
class Vault:
    """Seals, opens, and makes fingerprints of secrets."""

    ring: KeyRing

    def seal(self, secret: Secret, context: SealContext) -> str:
        """A secret as a token that opens only at this place."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = AESGCMSIV(self.ring.keys[self.ring.current]).encrypt(nonce, _padded(secret.reveal()), _bound(context))
        return f"{_VERSION}.{self.ring.current}.{base64.urlsafe_b64encode(nonce + sealed).decode('ascii')}"

    def open(self, token: str, context: SealContext) -> Secret:
        """The secret in a token. Raises DecryptionError where this ring or this place is not the token's."""
        try:
            version, key_id, text = token.split(".")
            key = self.ring.keys[key_id]
            raw = base64.urlsafe_b64decode(text)
            if version != _VERSION or base64.urlsafe_b64encode(raw).decode("ascii") != text:
                raise DecryptionError("unknown version, or not as it was written")
            return Secret(_unpadded(AESGCMSIV(key).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], _bound(context))))
        except (ValueError, KeyError, binascii.Error, InvalidTag):
            raise DecryptionError("this value can't be opened with the key ring in use") from None

    def open_to_show(self, token: str, context: SealContext) -> str:
        """The text in a token, for the one moment in which the person who entered it may see it.

        Raises DecryptionError.
        """
        return self.open(token, context).reveal()

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
        derive = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose)
        return derive.derive(next(iter(self.ring.keys.values())))


def _bound(context: SealContext) -> bytes:
    return json.dumps([_VERSION, *context], ensure_ascii=True).encode("ascii")


def _padded(text: str) -> bytes:
    raw = text.encode("utf-8")
    return raw + b"\x80" + b"\x00" * (-(len(raw) + 1) % _PADDED_TO)


def _unpadded(padded: bytes) -> str:
    return padded.rstrip(b"\x00")[:-1].decode("utf-8")
