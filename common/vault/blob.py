"""The form of a sealed value: magic, format version, data key's id, nonce, ciphertext and tag."""

import uuid

from common.vault.errors import VaultRefused
from common.vault.secret import NONCE_BYTES, TAG_BYTES

MAGIC = b"SEAL"
FORMAT = 1
HEADER_BYTES = len(MAGIC) + 1 + 16
LEAST_BYTES = HEADER_BYTES + NONCE_BYTES + TAG_BYTES


class Blob(bytes):
    """Bytes of one sealed value."""

    __slots__ = ()

    @classmethod
    def pack(cls, key_id: uuid.UUID, encrypted: bytes) -> "Blob":
        """Put the header before nonce and ciphertext."""
        return cls(MAGIC + bytes([FORMAT]) + key_id.bytes + encrypted)

    def unpack(self) -> tuple[uuid.UUID, bytes]:
        """The data key's id, and nonce and ciphertext. Raises VaultRefused for any other form."""
        if len(self) < LEAST_BYTES or not self.startswith(MAGIC) or self[len(MAGIC)] != FORMAT:
            raise VaultRefused("not a sealed value of a known form")
        return uuid.UUID(bytes=bytes(self[len(MAGIC) + 1 : HEADER_BYTES])), self[HEADER_BYTES:]
