"""Files as they come from offices, and what attackers make of them. All are made here."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "application/vnd.openxmlformats-officedocument."
MAIN = {
    "docx": ("word/document.xml", f"{_OFFICE}wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", f"{_OFFICE}spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", f"{_OFFICE}presentationml.presentation.main+xml"),
}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
PROGRAM = b"MZ" + bytes(62) + b"PE\0\0" + bytes(200)


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    """As a form hands it over; the type that a browser claims counts for nothing."""
    made = SimpleUploadedFile("x", content, content_type="application/pdf")
    made._name = name  # type: ignore[attr-defined]
    return made


def zipped(parts: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip with these entries, in this order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def types(kind: str, extra: str = "") -> str:
    """The part that says what the other parts are."""
    name, content_type = MAIN[kind]
    return (
        f'<?xml version="1.0"?><Types xmlns="{_TYPES}">'
        '<Default Extension="rels" ContentType="application/xml"/>'
        f'<Override PartName="/{name}" ContentType="{content_type}"/>{extra}</Types>'
    )


def relations(*rows: tuple[str, str, bool]) -> str:
    """Relationships: (kind, target, outside)."""
    lines = "".join(
        f'<Relationship Id="r{n}" Type="{_DOC}/{kind}" Target="{target}"'
        f"{' TargetMode=' + chr(34) + 'External' + chr(34) if outside else ''}/>"
        for n, (kind, target, outside) in enumerate(rows)
    )
    return f'<?xml version="1.0"?><Relationships xmlns="{_RELS}">{lines}</Relationships>'


def body(text: str = "本文", inside: str = "") -> str:
    """A Word document's text."""
    return (
        f'<?xml version="1.0"?><w:document xmlns:w="{_WORD}"><w:body><w:p><w:r><w:t>{text}</w:t>'
        f"</w:r>{inside}</w:p></w:body></w:document>"
    )


def parts_of(kind: str) -> dict[str, bytes | str]:
    """The least a document of this kind consists of."""
    name, _type = MAIN[kind]
    root = body() if kind == "docx" else '<?xml version="1.0"?><root xmlns="urn:x"/>'
    return {
        "[Content_Types].xml": types(kind),
        "_rels/.rels": relations(("officeDocument", name, False)),
        name: root,
    }


def office(kind: str = "docx", extra: Mapping[str, bytes | str] | None = None) -> bytes:
    """A document with these parts more, or instead."""
    return zipped({**parts_of(kind), **(extra or {})})


def field(*instructions: str) -> str:
    """A field of Word whose instruction is split into runs, as Word itself does."""
    runs = "".join(f"<w:r><w:instrText>{part}</w:instrText></w:r>" for part in instructions)
    return f'<w:r><w:fldChar w:fldCharType="begin"/></w:r>{runs}'


def pdf(change: Any = None, **options: Any) -> bytes:
    """A page, changed by a function that gets the open document."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(595, 842))
    if change is not None:
        change(document)
    out = io.BytesIO()
    document.save(out, **options)
    return out.getvalue()


def image(kind: str = "PNG", size: tuple[int, int] = (8, 6), **options: Any) -> bytes:
    """A picture."""
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, kind, **options)
    return out.getvalue()


def png_of_size(width: int, height: int) -> bytes:
    """A PNG that claims a size, with almost no data: what a decompression bomb looks like."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))
        )

    head = struct.pack(">LLBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(64)))
        + chunk(b"IEND", b"")
    )


def jpeg_of_size(width: int, height: int) -> bytes:
    """A JPEG whose frame claims a size."""
    made = bytearray(image("JPEG"))
    at = made.index(b"\xff\xc0")
    made[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(made)


def edited_zip(data: bytes, *, entry: int = 0, **fields: int | bytes) -> bytes:
    """The zip with one entry's directory fields overwritten, its local header left as it is."""
    places = {"flags": (8, "<H"), "method": (10, "<H"), "crc": (16, "<L"), "packed": (20, "<L"),
              "size": (24, "<L"), "offset": (42, "<L")}  # fmt: skip
    made, at = bytearray(data), -1
    for _ in range(entry + 1):
        at = data.index(b"PK\x01\x02", at + 1)
    for name, value in fields.items():
        if name == "name":
            assert isinstance(value, bytes)
            made[at + 46 : at + 46 + len(value)] = value
            continue
        start, form = places[name]
        made[at + start : at + start + struct.calcsize(form)] = struct.pack(form, value)
    return bytes(made)
