"""Sealed files in the storage: written, proved, read, removed, and checked as a whole."""

import os
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from django.apps import apps
from django.core.files.base import File
from django.core.files.storage import Storage, storages
from django.db import transaction

from common.uploads.errors import FileLost
from common.uploads.inspection import Inspected
from common.uploads.models import StoredFile
from common.vault import DataKey, VaultRefused, open_stream, seal_stream, sealed_size
from common.vault.stream import Readable

#: A file without a row is an orphan after this: until then its transaction may still commit.
ORPHAN_AGE = timedelta(days=1)
AnyFile = TypeVar("AnyFile", bound=StoredFile)

if TYPE_CHECKING:
    _File = File[bytes]
else:
    _File = File


class Sealing(Protocol):
    """A row that a file is sealed for."""

    @property
    def vault_key(self) -> DataKey: ...

    @property
    def content_context(self) -> bytes: ...


def storage() -> Storage:
    """Where all sealed files lie."""
    return storages["sealed"]


class SealedContent(_File):
    """Sealed bytes as a file to hand to a storage: read once, from front to end."""

    def __init__(self, pieces: Iterator[bytes], size: int) -> None:
        super().__init__(None)
        self._pieces = pieces
        self._rest = b""
        self.size = size

    def __bool__(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes."""
        while size < 0 or len(self._rest) < size:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._rest += piece
        end = len(self._rest) if size < 0 else size
        part, self._rest = self._rest[:end], self._rest[end:]
        return part

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:  # noqa: ARG002
        """The pieces as they come."""
        return self._pieces

    def multiple_chunks(self, chunk_size: int | None = None) -> bool:  # noqa: ARG002
        """Always: a storage must not ask for everything at once."""
        return True

    def seekable(self) -> bool:
        """No."""
        return False

    def close(self) -> None:
        """Nothing to close: the source is its owner's."""


def store(row: AnyFile, content: Readable, inspected: Inspected) -> AnyFile:
    """Seal the content into the storage and save the row, which has its data key and its owner.

    Called inside the service's transaction. Where the row cannot be saved, or the storage is full,
    nothing stays behind. Raises OSError, VaultError.
    """
    row.name, row.content_type = inspected.clean_name, inspected.content_type
    row.size = inspected.size
    row.path = _random_path()
    try:
        write(row, content)
        row.save(force_insert=True)
    except BaseException:
        storage().delete(row.path)
        raise
    return row


def write(row: StoredFile, content: Readable) -> None:
    """Seal the content to row.path, on the disk when this returns."""
    pieces = seal_stream(row.vault_key, row.content_context, content)
    saved = storage().save(row.path, SealedContent(pieces, sealed_size(row.size)))
    if saved != row.path:
        storage().delete(saved)
        raise FileExistsError("a random path was taken")
    _settle(row.path)


def read(row: StoredFile) -> Iterator[bytes]:
    """The plain content in chunks, each proved as it is given out.

    Raises FileLost, KeyDestroyed, UnknownKek at once; VaultRefused at the latest at the end.
    """
    return read_at(row.path, row)


def read_at(path: str, row: Sealing) -> Iterator[bytes]:
    """The plain content of the file that lies at a path and was sealed for a row. As `read`."""
    try:
        file = storage().open(path)
    except FileNotFoundError as error:
        raise FileLost("the storage does not hold this file") from error
    try:
        pieces = open_stream(row.vault_key, row.content_context, file)
    except BaseException:
        file.close()
        raise

    def chunks() -> Iterator[bytes]:
        with file:
            yield from pieces

    return chunks()


def read_proved(row: StoredFile) -> Iterator[bytes]:
    """The plain content of a file that was proved to its end beforehand.

    So a damaged file becomes an error page, not a download that breaks off. Raises what `read`
    does, before the first chunk.
    """
    prove(row)
    return read(row)


def prove(row: StoredFile) -> None:
    """Read the file to its end. Raises FileLost, VaultRefused, KeyDestroyed, UnknownKek."""
    prove_at(row.path, row, row.size)


def prove_at(path: str, row: Sealing, size: int) -> None:
    """Read a file to its end, which must lie where the row says. Raises what `prove` does."""
    if sum(len(piece) for piece in read_at(path, row)) != size:
        raise VaultRefused("the file has another size than its row says")


def discard(row: StoredFile) -> None:
    """Delete the row, and its file once the transaction has committed."""
    path = row.path
    row.delete()
    transaction.on_commit(lambda: storage().delete(path))


def tables() -> list[type[StoredFile]]:
    """Every app's table of sealed files."""
    return [model for model in apps.get_models() if issubclass(model, StoredFile)]


def columns() -> list[tuple[Any, str, str]]:
    """(model, column of paths, column of sizes) wherever the database names a sealed file.

    A model that keeps a file without being a StoredFile says so in `sealed_paths`: without that,
    its files would be taken for orphans.
    """
    stored: list[tuple[Any, str, str]] = [(model, "path", "size") for model in tables()]
    others = [
        (model, path, size)
        for model in apps.get_models()
        for path, size in getattr(model, "sealed_paths", {}).items()
    ]
    return stored + others


def orphans(now: datetime | None = None) -> Iterator[str]:
    """Paths in the storage that no row names, older than a day."""
    place: Any = storage()
    before = (now or datetime.now(UTC)) - ORPHAN_AGE
    known = {
        path
        for model, column, _size in columns()
        for path in model.objects.values_list(column, flat=True)
    }
    for folder in _folders(place):
        for name in place.listdir(folder)[1]:
            path = f"{folder}/{name}"
            if path not in known and place.get_modified_time(path) < before:
                yield path


def _folders(place: Any) -> list[str]:
    """Folders that random paths lie in."""
    try:
        return [name for name in place.listdir("")[0] if len(name) == 2]
    except FileNotFoundError:
        return []


def _random_path() -> str:
    """A path that says nothing, spread over 256 folders."""
    name = uuid.uuid4().hex
    return f"{name[:2]}/{name[2:]}"


def _settle(path: str) -> None:
    """Have a local disk keep the bytes before the database keeps the row."""
    try:
        local = storage().path(path)
    except NotImplementedError:
        return
    for place in (local, os.path.dirname(local)):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
