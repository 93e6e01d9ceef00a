"""Sealing of long content in chunks (the STREAM construction: number and end are bound in)."""

import os
import uuid
from collections.abc import Iterator
from typing import Protocol

from common.vault.errors import VaultRefused
from common.vault.models import DataKey
from common.vault.secret import NONCE_BYTES, TAG_BYTES, Secret

MAGIC = b"SEALSTR\x01"
SALT_BYTES = 32
HEADER_BYTES = len(MAGIC) + 16 + SALT_BYTES
CHUNK_BYTES = 1024 * 1024


class Readable(Protocol):
    """Anything with read(n)."""

    def read(self, size: int = ..., /) -> bytes:
        """At most `size` bytes; none at the end."""


def sealed_size(plain_size: int) -> int:
    """Bytes that so many plain bytes take once sealed; even nothing is one chunk."""
    chunks = max(1, -(-plain_size // CHUNK_BYTES))
    return HEADER_BYTES + plain_size + chunks * TAG_BYTES


def seal_stream(key: DataKey, context: bytes, file: Readable) -> Iterator[bytes]:
    """Header, then chunks of 1 MiB, each sealed under a key made for this file alone.

    Raises KeyDestroyed, UnknownKek before the first byte.
    """
    salt = os.urandom(SALT_BYTES)
    secret = _file_key(key, salt, context)

    def pieces() -> Iterator[bytes]:
        yield MAGIC + key.pk.bytes + salt
        for number, last, chunk in _numbered(file, CHUNK_BYTES):
            yield secret.encrypt_at(_nonce(number), chunk, _bound(context, number, last))

    return pieces()


def open_stream(key: DataKey, context: bytes, file: Readable) -> Iterator[bytes]:
    """The plain chunks, each proved before it is given out.

    Raises VaultRefused, at the latest at the end, where a chunk was altered, moved, left out, cut
    off or added; KeyDestroyed and UnknownKek before the first chunk.
    """
    header = _read(file, HEADER_BYTES)
    if len(header) < HEADER_BYTES or not header.startswith(MAGIC):
        raise VaultRefused("not a sealed file of a known form")
    if uuid.UUID(bytes=header[len(MAGIC) : len(MAGIC) + 16]) != key.pk:
        raise VaultRefused("sealed under another key")
    secret = _file_key(key, header[-SALT_BYTES:], context)

    def pieces() -> Iterator[bytes]:
        for number, last, chunk in _numbered(file, CHUNK_BYTES + TAG_BYTES):
            yield secret.decrypt_at(_nonce(number), chunk, _bound(context, number, last))

    return pieces()


def _file_key(key: DataKey, salt: bytes, context: bytes) -> Secret:
    """A key for one file: with it, chunk numbers can serve as nonces."""
    return key.secret().derive(salt, b"stream|" + context)


def _nonce(number: int) -> bytes:
    return number.to_bytes(NONCE_BYTES, "big")


def _bound(context: bytes, number: int, last: bool) -> bytes:
    return b"%b|%d|%d" % (context, number, last)


def _numbered(file: Readable, size: int) -> Iterator[tuple[int, bool, bytes]]:
    """Every chunk with its number and whether it is the last; two in memory at most."""
    number, chunk = 0, _read(file, size)
    while following := _read(file, size):
        yield number, False, chunk
        number, chunk = number + 1, following
    yield number, True, chunk


def _read(file: Readable, size: int) -> bytes:
    """Exactly `size` bytes unless the end comes first; sources may give less at a time."""
    parts: list[bytes] = []
    missing = size
    while missing and (part := file.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
