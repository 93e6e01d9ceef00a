"""Text and CSV in the encodings that Japanese offices use; no programs, no web pages."""

import re

from common.uploads.errors import UploadRefused

#: Byte order marks first; of the rest the strictest first, since most bytes are some Shift_JIS.
MARKED = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
ENCODINGS = ("iso2022_jp_ext", "utf-8", "cp932", "euc_jp")
CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f\ufffe\uffff]")
#: What a file starts with that a program or browser would act on.
ACTING = re.compile(
    r"<!doctype html|<!--|<(html|head|body|script|svg|hta:|job|package|\?php|\?xml)|#!\s*/|@echo off|"
    # What browsers take for the beginning of a page (WHATWG MIME sniffing).
    r"<(iframe|h1|div|font|table|a|style|title|b|br|p)[\s>]|"
    r"mime-version:|\{\\rtf|%!ps|\[internetshortcut\]|windows registry editor",
    re.IGNORECASE,
)
#: Calls that only scripts make. Further down they are taken for what a log or report quotes.
CALLS = re.compile(r"<script\b|\bWScript\.|\bActiveXObject\s*\(|\bCreateObject\s*\(", re.IGNORECASE)
HEAD_CHARACTERS = 1024
#: A cell that makes Excel start a program (DDE), as in =cmd|'/c calc'!A0
DDE_CELL = re.compile(r"""(^|[,;\t"])\s*[=+\-@][^,;\t\r\n]*\|[^,;\t\r\n]*!""", re.MULTILINE)


def check_text(data: bytes) -> None:
    """Raises UploadRefused: text, program."""
    text = decode(data)
    if ACTING.match(text.lstrip()) or CALLS.search(text[:HEAD_CHARACTERS]):
        raise UploadRefused("program")


def check_csv(data: bytes) -> None:
    """Raises UploadRefused: text, program."""
    check_text(data)
    if DDE_CELL.search(decode(data)):
        raise UploadRefused("program")


def decode(data: bytes) -> str:
    """The text. Raises UploadRefused where no encoding reads it without control characters."""
    marked = [name for mark, name in MARKED if data.startswith(mark)]
    for encoding in marked or ENCODINGS:
        if encoding == "iso2022_jp_ext" and b"\x1b" not in data:
            continue
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        # Files from old systems end with Ctrl-Z.
        if not CONTROLS.search(text.removesuffix("\x1a")) and "\x1b" not in text:
            return text
    raise UploadRefused("text")
