"""Judging an uploaded file by what it holds; the rules are in the package's table."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from common.uploads.containers import END, Container
from common.uploads.errors import UploadRefused
from common.uploads.images import check_jpeg, check_png
from common.uploads.limits import FILE_BYTES, MEGABYTE
from common.uploads.names import clean_name, extension_of
from common.uploads.office import OLE, ZIP, check_office, family_of
from common.uploads.pdfs import check_pdf
from common.uploads.texts import check_csv, check_text


class Upload(Protocol):
    """What Django gives for a file in a form."""

    name: str | None
    size: int

    def read(self, size: int = ..., /) -> bytes:
        """Bytes from the present place."""

    def seek(self, offset: int, /) -> object:
        """Go to a place."""


@dataclass(frozen=True)
class Inspected:
    """A file that keeps all rules."""

    content_type: str
    extension: str
    clean_name: str
    size: int


@dataclass(frozen=True)
class Kind:
    """One kind of file on the allow-list."""

    extension: str
    content_type: str
    check: Callable[[bytes], None]


_OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS = {
    kind.extension: kind
    for kind in (
        Kind("pdf", "application/pdf", check_pdf),
        Kind("png", "image/png", check_png),
        Kind("jpg", "image/jpeg", check_jpeg),
        Kind(
            "docx", f"{_OFFICE}wordprocessingml.document", partial(check_office, extension="docx")
        ),
        Kind("xlsx", f"{_OFFICE}spreadsheetml.sheet", partial(check_office, extension="xlsx")),
        Kind(
            "pptx", f"{_OFFICE}presentationml.presentation", partial(check_office, extension="pptx")
        ),
        Kind("txt", "text/plain", check_text),
        Kind("csv", "text/csv", check_csv),
    )
}
SAME = {"jpeg": "jpg", "jpe": "jpg"}
#: Extensions that deserve advice of their own.
ADVICE = {
    **dict.fromkeys(("doc", "xls", "ppt", "rtf"), "old_office"),
    **dict.fromkeys(("docm", "xlsm", "pptm", "dotm", "xltm", "xlsb"), "macro"),
    **dict.fromkeys(("zip", "lzh", "7z", "rar", "tar", "gz", "cab", "iso"), "archive"),
    **dict.fromkeys(("heic", "heif", "webp", "gif", "bmp", "tif", "tiff", "svg", "avif"), "photo"),
}
TEXTS = ("txt", "csv")
NAMES = {
    "pdf": "PDF", "png": "PNG", "jpg": "JPEG",
    "docx": "Word", "xlsx": "Excel", "pptx": "PowerPoint", "text": _("テキスト"),
}  # fmt: skip
#: Types of libmagic's that a text must not be. No binary ones: those have control characters, which
#: no text may hold, while libmagic takes some Japanese words for DOS programs by two bytes.
NO_TEXT = frozenset(
    {
        "text/xml", "image/svg+xml", "text/rtf", "text/x-shellscript", "text/x-php",
        "text/x-msdos-batch", "text/javascript", "application/javascript", "application/xml",
        "application/x-mswinurl", "application/postscript", "application/hta",
    }
)  # fmt: skip
#: A browser looks this far for a page.
HEAD_BYTES = 4096
PAGE = (b"<script", b"<html", b"<!doctype html", b"<?php")


def inspect(upload: Upload, name: str | None = None) -> Inspected:
    """Judge a file by name, size and content, and give it back rewound.

    Raises UploadRefused with a message for the person who sent it.
    """
    name = name if name is not None else upload.name or ""
    extension = extension_of(name)
    extension = SAME.get(extension, extension)
    if not upload.size:
        raise UploadRefused("empty")
    if upload.size > FILE_BYTES:
        raise UploadRefused("too_large", limit=FILE_BYTES // MEGABYTE)
    upload.seek(0)
    data = upload.read(FILE_BYTES + 1)
    upload.seek(0)
    if len(data) != upload.size:
        raise UploadRefused("damaged")
    if extension not in KINDS:
        raise UploadRefused(_advice(extension, data))
    kind = KINDS[extension]
    _check_kind(extension, data)
    kind.check(data)
    return Inspected(kind.content_type, extension, clean_name(name, extension), len(data))


def _advice(extension: str, data: bytes) -> str:
    """The code for an extension that is not taken."""
    if extension == "zip":
        try:
            Container(data)
        except UploadRefused as refused:
            if refused.code == "encrypted":
                return refused.code
    return ADVICE.get(extension, "type")


def _check_kind(extension: str, data: bytes) -> None:
    """Refuse where the content is of another kind than the name says, or of two at once."""
    found = _kind_of(data, expects_text=extension in TEXTS)
    if found == "old_office":
        # An Office file with a password is an old container around the encrypted new one.
        hidden = "EncryptedPackage".encode("utf-16-le") in data
        raise UploadRefused("encrypted" if hidden else "old_office")
    if found != extension and not (found == "text" and extension in TEXTS):
        if found in NAMES:
            raise UploadRefused("mismatch", found=NAMES[found])
        raise UploadRefused("type")
    if found in ("pdf", "png", "jpg"):
        head = data[:HEAD_BYTES].lower()
        if any(mark in head for mark in PAGE) or END in data[-65_557:]:
            raise UploadRefused("container")


def _kind_of(data: bytes, *, expects_text: bool) -> str:
    """The extension that fits the content, "text", "old_office", or "" for anything else.

    libmagic names Japanese text by many types; where text is expected, only those count against it
    that a program or browser would act on.
    """
    if data.startswith(ZIP):
        return family_of(data) or ""
    if data.startswith(OLE):
        return "old_office"
    found = _sniff(data)
    for kind in KINDS.values():
        if found == kind.content_type and kind.extension not in TEXTS:
            return kind.extension
    if found in NO_TEXT:
        return ""
    if expects_text:
        # Also what libmagic takes for a page: it sees one in every log that quotes a tag, while
        # `texts` looks at the beginning, as browsers do.
        return "text"
    return "text" if found.startswith("text/") and found != "text/html" else ""


def _sniff(data: bytes) -> str:
    """libmagic's opinion, from the beginning of the content."""
    # Loaded late: without the system's libmagic the portal still starts, and a check says so.
    import magic

    return str(magic.from_buffer(data[:65_536], mime=True))
