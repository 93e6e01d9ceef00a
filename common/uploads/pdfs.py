"""PDF files: nothing in them may run, and nothing may be hidden in them."""

import re
import zlib
from collections.abc import Iterator

from common.uploads.errors import UploadRefused
from common.uploads.limits import PDF_OBJECTS_BYTES

ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
DELIMITED = rb"(?=[\s/<>\[\]()%]|$)"
ACTIVE = re.compile(rb"/(JavaScript|Launch|RichMedia|Rendition)" + DELIMITED)
DYNAMIC_FORM = re.compile(rb"/XFA\s*(\[|\d+\s+\d+\s+R)")
EMBEDDED = re.compile(rb"/EmbeddedFiles?" + DELIMITED)
ENCRYPTED = re.compile(rb"/Encrypt\s*(<<|\d+\s+\d+\s+R)")
STREAM = re.compile(rb"stream(\r\n|\n|\r)")
#: A stream's dictionary is looked for this far back.
DICTIONARY_BYTES = 16_384


def check_pdf(data: bytes) -> None:
    """Raises UploadRefused: damaged, encrypted, pdf_active, pdf_embedded, bomb."""
    if b"startxref" not in data or b"%%EOF" not in data:
        raise UploadRefused("damaged")
    _check_names(data)
    left = PDF_OBJECTS_BYTES
    for packed in _packed_objects(data):
        objects = _unpack(packed, left)
        left -= len(objects)
        _check_names(objects)


def _check_names(data: bytes) -> None:
    """Look for names that matter, also where they are written with escapes (`/J#61vaScript`)."""
    plain = ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), data)
    if ENCRYPTED.search(plain):
        raise UploadRefused("encrypted")
    if ACTIVE.search(plain) or DYNAMIC_FORM.search(plain):
        raise UploadRefused("pdf_active")
    if EMBEDDED.search(plain):
        raise UploadRefused("pdf_embedded")


def _packed_objects(data: bytes) -> Iterator[bytes]:
    """The contents of object streams, in which PDF 1.5 and later keep most objects."""
    for found in STREAM.finditer(data):
        before = data[max(0, found.start() - DICTIONARY_BYTES) : found.start()]
        # The words "endstream" end here too; they are followed by "endobj", not by a stream.
        if before.endswith(b"end"):
            continue
        begin = before.rfind(b"obj")
        dictionary = ESCAPE.sub(lambda name: bytes([int(name[1], 16)]), before[max(0, begin) :])
        if b"/ObjStm" not in dictionary:
            continue
        filters = re.findall(rb"/(\w+Decode|Crypt)\b", dictionary)
        if filters not in ([], [b"FlateDecode"]):
            raise UploadRefused("damaged")
        end = data.find(b"endstream", found.end())
        body = data[found.end() : end if end >= 0 else len(data)]
        yield body if filters else b"\0" + body


def _unpack(packed: bytes, limit: int) -> bytes:
    """The objects; a leading NUL marks what was not packed. Raises UploadRefused("bomb")."""
    if packed.startswith(b"\0"):
        return packed[1:]
    engine = zlib.decompressobj()
    try:
        objects = engine.decompress(packed, max(1, limit))
    except zlib.error:
        raise UploadRefused("damaged") from None
    if engine.unconsumed_tail or limit <= 0:
        raise UploadRefused("bomb")
    return objects
