"""A 256-bit key that encrypts but never shows itself."""

import os
from typing import NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from common.vault.errors import VaultRefused

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16


class Secret:
    """AES-256-GCM under one key. Its repr is empty, and it can be neither pickled nor copied."""

    __slots__ = ("_raw",)

    def __init__(self, raw: bytes) -> None:
        if len(raw) != KEY_BYTES:
            raise ValueError(f"a key is {KEY_BYTES} bytes")
        self._raw = raw

    @classmethod
    def random(cls) -> "Secret":
        """A new key from the system's generator."""
        return cls(os.urandom(KEY_BYTES))

    def __repr__(self) -> str:
        return "<Secret>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is never pickled or copied")

    def encrypt(self, plain: bytes, bound: bytes) -> bytes:
        """A random 96-bit nonce and the ciphertext, bound to `bound`."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self.encrypt_at(nonce, plain, bound)

    def decrypt(self, sealed: bytes, bound: bytes) -> bytes:
        """The reverse of encrypt. Raises VaultRefused where key, text or `bound` differ."""
        return self.decrypt_at(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound)

    def encrypt_at(self, nonce: bytes, plain: bytes, bound: bytes) -> bytes:
        """Encrypt under a nonce that the caller promises never to use twice with this key."""
        return AESGCM(self._raw).encrypt(nonce, plain, bound)

    def decrypt_at(self, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
        """The reverse of encrypt_at. Raises VaultRefused."""
        if len(nonce) != NONCE_BYTES or len(sealed) < TAG_BYTES:
            raise VaultRefused("too short")
        try:
            return AESGCM(self._raw).decrypt(nonce, sealed, bound)
        except InvalidTag:
            raise VaultRefused("altered, or not from this place") from None

    def wrap(self, inner: "Secret", bound: bytes) -> bytes:
        """The other key, encrypted under this one."""
        return self.encrypt(inner._raw, bound)

    def unwrap(self, wrapped: bytes, bound: bytes) -> "Secret":
        """The reverse of wrap. Raises VaultRefused."""
        return Secret(self.decrypt(wrapped, bound))

    def derive(self, salt: bytes, purpose: bytes) -> "Secret":
        """A key of its own for one purpose (HKDF-SHA256, RFC 5869)."""
        return Secret(HKDF(SHA256(), KEY_BYTES, salt, purpose).derive(self._raw))
