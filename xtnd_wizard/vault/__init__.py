"""The only place where a secret becomes ciphertext and back."""

from xtnd_wizard.vault.key_ring import KeyRing, VaultError, make_key_ring, read_key_ring
from xtnd_wizard.vault.sealing import DecryptionError, SealContext, Vault

__all__ = ["DecryptionError", "KeyRing", "SealContext", "Vault", "VaultError", "make_key_ring", "read_key_ring"]
