"""Bounds on one uploaded file."""

from typing import Final

MEGABYTE: Final = 1024 * 1024
FILE_BYTES: Final = 20 * MEGABYTE
#: All files of one owner (a case) together.
TOGETHER_BYTES: Final = 200 * MEGABYTE
#: Inside a container (Word, Excel and PowerPoint files are zip containers).
ENTRIES: Final = 2_000
UNPACKED_BYTES: Final = 200 * MEGABYTE
RATIO: Final = 100
#: A single entry may be denser than RATIO while it is small.
RATIO_MINDED_FROM: Final = MEGABYTE
DIRECTORY_BYTES: Final = MEGABYTE
PART_IN_MEMORY_BYTES: Final = 4 * MEGABYTE
#: Pixels. The largest phone cameras give 108 million.
IMAGE_SIDE: Final = 20_000
IMAGE_PIXELS: Final = 120_000_000
#: What a PDF's packed objects may unpack to.
PDF_OBJECTS_BYTES: Final = 64 * MEGABYTE
NAME_CHARACTERS: Final = 120
