"""Zip containers, read with more distrust than the standard library has."""

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from common.uploads.errors import UploadRefused
from common.uploads.limits import (
    DIRECTORY_BYTES,
    ENTRIES,
    PART_IN_MEMORY_BYTES,
    RATIO,
    RATIO_MINDED_FROM,
    UNPACKED_BYTES,
)

END = b"PK\x05\x06"
LOCAL = struct.Struct("<4s5H3L2H")
STORED, DEFLATED = 0, 8
ENCRYPTED_FLAG, SIZES_FOLLOW = 0x1, 0x8
#: Stands for a size that is given elsewhere.
ZIP64 = 0xFFFFFFFF
OUTSIDE = re.compile(r"^([/\\]|[A-Za-z]:)|(^|[/\\])\.\.([/\\]|$)|[\x00-\x1f]")


@dataclass
class Budget:
    """Bytes that may still be unpacked, shared by a container and those inside it."""

    left: int = UNPACKED_BYTES

    def spend(self, count: int) -> None:
        """Raises UploadRefused("bomb") when it is used up."""
        self.left -= count
        if self.left < 0:
            raise UploadRefused("bomb")


@dataclass(frozen=True)
class Entry:
    """One file in a container: its name and where its packed bytes are."""

    name: str
    method: int
    start: int
    packed: int
    size: int
    crc: int


class Container:
    """A zip whose directory, local headers and contents agree with one another."""

    def __init__(self, data: bytes, budget: Budget | None = None) -> None:
        """Raises UploadRefused: encrypted, bomb, container, damaged."""
        self._data = data
        self._budget = budget or Budget()
        self.entries = _entries(data)

    def names(self) -> list[str]:
        """Names of all entries but folders."""
        return [entry.name for entry in self.entries]

    def unpack(self, entry: Entry) -> Iterator[bytes]:
        """The contents in pieces. Raises UploadRefused where they are not what the header says."""
        packed = self._data[entry.start : entry.start + entry.packed]
        crc = size = 0
        for piece in [packed] if entry.method == STORED else _inflate(packed):
            size += len(piece)
            self._budget.spend(len(piece))
            if size > entry.size:
                raise UploadRefused("container")
            crc = zlib.crc32(piece, crc)
            yield piece
        if size != entry.size or crc != entry.crc:
            raise UploadRefused("damaged")

    def read(self, entry: Entry, limit: int = PART_IN_MEMORY_BYTES) -> bytes:
        """The whole contents. Raises UploadRefused also for more than `limit` bytes."""
        if entry.size > limit:
            raise UploadRefused("bomb")
        return b"".join(self.unpack(entry))


def _entries(data: bytes) -> list[Entry]:
    """Every entry, after all rules that need no unpacking."""
    directory = _check_size_of_directory(data)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, struct.error, NotImplementedError):
        raise UploadRefused("damaged") from None
    if len(infos) > ENTRIES:
        raise UploadRefused("bomb")
    for info in infos:
        _check_info(info)
    if len({info.filename.casefold() for info in infos}) != len(infos):
        raise UploadRefused("container")
    _check_totals(infos)
    located = sorted((_locate(data, info) for info in infos), key=lambda found: found[0])
    end = 0
    for start, entry in located:
        if start < end or (end == 0 and start != 0):
            raise UploadRefused("container")
        end = entry.start + entry.packed
    if end > directory:
        raise UploadRefused("container")
    return [entry for _start, entry in located if not entry.name.endswith("/")]


def _check_size_of_directory(data: bytes) -> int:
    """Where the directory starts. Asked before the library reads it: 70,000 entries take it 1 s."""
    at = data.rfind(END, max(0, len(data) - 65_557))
    if at < 0 or len(data) < at + 22:
        raise UploadRefused("damaged")
    count, size, offset = struct.unpack("<HLL", data[at + 10 : at + 20])
    if size > DIRECTORY_BYTES or count > ENTRIES:
        raise UploadRefused("bomb")
    if offset + size != at:
        raise UploadRefused("container")
    return int(offset)


def _check_info(info: zipfile.ZipInfo) -> None:
    """Rules for a single entry of the directory."""
    if info.flag_bits & ENCRYPTED_FLAG or info.compress_type == 99:
        raise UploadRefused("encrypted")
    if info.compress_type not in (STORED, DEFLATED):
        raise UploadRefused("container")
    if OUTSIDE.search(info.orig_filename) or stat.S_ISLNK(info.external_attr >> 16):
        raise UploadRefused("container")
    if info.file_size > RATIO_MINDED_FROM and info.file_size > RATIO * info.compress_size:
        raise UploadRefused("bomb")


def _check_totals(infos: list[zipfile.ZipInfo]) -> None:
    """Rules for all entries together."""
    unpacked = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    if unpacked > UNPACKED_BYTES or unpacked > max(RATIO * packed, RATIO_MINDED_FROM):
        raise UploadRefused("bomb")


def _locate(data: bytes, info: zipfile.ZipInfo) -> tuple[int, Entry]:
    """Where the entry starts, and the entry; its local header must say what the directory says."""
    start = info.header_offset
    header = data[start : start + LOCAL.size]
    if len(header) < LOCAL.size:
        raise UploadRefused("damaged")
    mark, _needs, flags, method, _time, _day, *told, name_length, extra_length = LOCAL.unpack(
        header
    )
    name_at = start + LOCAL.size
    name = data[name_at : name_at + name_length].decode(
        "utf-8" if flags & 0x800 else "cp437", "replace"
    )
    if mark != b"PK\x03\x04" or method != info.compress_type or name != info.orig_filename:
        raise UploadRefused("container")
    if flags & ENCRYPTED_FLAG:
        raise UploadRefused("encrypted")
    known = [info.CRC, info.compress_size, info.file_size]
    if not flags & SIZES_FOLLOW and ZIP64 not in told and told != known:
        raise UploadRefused("container")
    content = name_at + name_length + extra_length
    entry = Entry(info.filename, method, content, info.compress_size, info.file_size, info.CRC)
    return start, entry


def _inflate(packed: bytes) -> Iterator[bytes]:
    """Unpack in pieces of 64 KiB at most. Raises UploadRefused for a broken or longer stream."""
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        piece = engine.decompress(packed, 65_536)
        while piece:
            yield piece
            piece = engine.decompress(engine.unconsumed_tail, 65_536)
    except zlib.error:
        raise UploadRefused("damaged") from None
    if not engine.eof or engine.unused_data:
        raise UploadRefused("container")
