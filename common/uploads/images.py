"""PNG and JPEG: size in pixels, read from the headers without decoding anything."""

import struct

from common.uploads.errors import UploadRefused
from common.uploads.limits import IMAGE_PIXELS, IMAGE_SIDE

#: JPEG segments that hold the picture's size (start of frame), and those without a length.
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
BARE = frozenset({0x01, *range(0xD0, 0xD9)})


def check_png(data: bytes) -> None:
    """Raises UploadRefused: damaged, image_size."""
    if len(data) < 33 or data[12:16] != b"IHDR" or b"IEND" not in data[-4096:]:
        raise UploadRefused("damaged")
    _check_size(*struct.unpack(">LL", data[16:24]))


def check_jpeg(data: bytes) -> None:
    """Raises UploadRefused: damaged, image_size."""
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            break
        kind = data[at + 1]
        if kind == 0xFF:
            at += 1
            continue
        if kind in BARE:
            at += 2
            continue
        if kind in FRAMES and at + 9 <= len(data):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            _check_size(width, height)
            return
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    raise UploadRefused("damaged")


def _check_size(width: int, height: int) -> None:
    if not width or not height:
        raise UploadRefused("damaged")
    if max(width, height) > IMAGE_SIDE or width * height > IMAGE_PIXELS:
        raise UploadRefused("image_size")
