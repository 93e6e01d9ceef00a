"""Every rule of `common.uploads`: what breaks it is refused with its code, and nothing else is."""

import io
import zipfile
import zlib
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream

from common.uploads import UploadRefused, inspect
from common.uploads.containers import Budget, Container
from common.uploads.errors import MESSAGES
from common.uploads.limits import FILE_BYTES, IMAGE_PIXELS, IMAGE_SIDE
from tests.common.uploads.samples import (
    OLE,
    PROGRAM,
    body,
    edited_zip,
    field,
    image,
    jpeg_of_size,
    office,
    parts_of,
    pdf,
    png_of_size,
    relations,
    types,
    upload,
    zipped,
)

MEGABYTE = 1024 * 1024


def refusal(name: str, content: bytes) -> str:
    """The code of the rule that the file breaks; empty where it breaks none."""
    try:
        inspect(upload(name, content))
    except UploadRefused as refused:
        return refused.code
    return ""


# --- Name, size, extension ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["", "file", ".pdf", "見積書", "見積.", "x/..", " .pdf", "a.pdf/b"]
)
def test_a_name_needs_an_extension(name: str) -> None:
    """So that people see what they sent."""
    assert refusal(name, pdf()) == "no_extension"


def test_an_empty_file_is_refused() -> None:
    """It was meant to be something."""
    assert refusal("a.pdf", b"") == "empty"


def test_the_size_ends_at_20_megabytes() -> None:
    """The byte after the last is one too many; the message names the bound."""
    text = b"a" * (FILE_BYTES + 1)
    assert FILE_BYTES == 20 * MEGABYTE
    assert refusal("a.txt", text[:-1]) == ""
    with pytest.raises(UploadRefused, match="20MB"):
        inspect(upload("a.txt", text))


@pytest.mark.parametrize(
    ("extension", "code"),
    [(e, "type") for e in ("exe", "js", "hta", "lnk", "html", "mhtml", "vbs", "eml", "py", "xml")]
    + [(e, "old_office") for e in ("doc", "xls", "ppt", "rtf")]
    + [(e, "macro") for e in ("docm", "xlsm", "pptm", "dotm", "xltm", "xlsb")]
    + [(e, "archive") for e in ("zip", "lzh", "7z", "rar", "tar", "gz", "iso")]
    + [(e, "photo") for e in ("heic", "webp", "gif", "bmp", "tiff", "svg")],
)
def test_an_extension_that_is_not_on_the_list_is_refused_with_advice(
    extension: str, code: str
) -> None:
    """Whatever is inside, in whatever case the name is."""
    assert refusal(f"a.{extension}", pdf()) == code
    assert refusal(f"a.{extension.upper()}", pdf()) == code


def test_a_zip_with_a_password_is_told_about_the_password() -> None:
    """The commoner mistake of the two."""
    made = edited_zip(zipped({"a.txt": "text"}), flags=1)
    assert refusal("a.zip", made) == "encrypted"
    assert refusal("a.zip", zipped({"a.txt": "text"})) == "archive"


# --- Content against extension ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.docx", pdf(), "mismatch"), ("a.pdf", office(), "mismatch"),
        ("a.xlsx", office("docx"), "mismatch"), ("a.jpg", image("PNG"), "mismatch"),
        ("a.png", image("JPEG"), "mismatch"), ("a.pdf", b"plain text\n", "mismatch"),
        ("a.txt", pdf(), "mismatch"), ("a.csv", office("xlsx"), "mismatch"),
        ("a.pdf", PROGRAM, "type"), ("a.docx", PROGRAM, "type"), ("a.jpg", image("GIF"), "type"),
        ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "type"),
        ("a.pdf", b"<!doctype html><html><script>1</script></html>", "type"),
        ("a.docx", zipped({"a.txt": "text"}), "type"), ("a.docx", OLE, "old_office"),
        ("a.xlsx", OLE, "old_office"), ("a.pdf", b"Rar!\x1a\x07\x00" + bytes(60), "type"),
        ("a.jpg", b"7z\xbc\xaf\x27\x1c" + bytes(60), "type"),
        ("a.txt", b"#!/bin/sh\nrm -rf /\n", "type"), ("a.txt", PROGRAM, "text"),
    ],
)  # fmt: skip
def test_content_is_what_the_extension_says(name: str, content: bytes, code: str) -> None:
    """A renamed file is found by what it holds."""
    found = refusal(name, content)
    assert found == code or (code == "type" and found in ("type", "program", "text"))


def test_a_mismatch_says_what_was_found() -> None:
    """So that people know which file they took by mistake."""
    with pytest.raises(UploadRefused, match="PDF"):
        inspect(upload("a.docx", pdf()))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", pdf()[:9] + b"%<html><script>alert(1)</script></html>\n" + pdf()[9:]),
        ("a.pdf", pdf() + zipped({"word/document.xml": body()})),
        ("a.png", image("PNG") + zipped({"a.txt": "text"})),
        ("a.jpg", image("JPEG", comment=b"<?php system($_GET[0]); ?>")),
        ("a.jpg", image("JPEG") + zipped({"a.exe": PROGRAM})),
    ],
    ids=["PDF and page", "PDF and zip", "PNG and zip", "JPEG and PHP", "JPEG and zip"],
)
def test_a_file_that_is_two_things_at_once_is_refused(name: str, content: bytes) -> None:
    """A scanner sees one of them, a browser or program the other."""
    assert refusal(name, content) == "container"


# --- Zip containers -----------------------------------------------------------------------------


def test_a_container_with_too_many_entries_is_a_bomb() -> None:
    """2,000 are enough for any document."""
    extra = {f"word/media/{n}.txt": b"" for n in range(2_000)}
    assert refusal("a.docx", office(extra=extra)) == "bomb"
    few = {f"word/media/{n}.txt": b"" for n in range(1_990)}
    assert refusal("a.docx", office(extra=few)) == ""


def test_a_directory_that_is_too_long_is_a_bomb() -> None:
    """It is asked for before anything reads it."""
    extra = {f"word/{n:04}{'x' * 1_100}.bin": b"" for n in range(1_000)}
    assert refusal("a.docx", office(extra=extra)) == "bomb"


def test_density_is_bounded_for_each_entry_and_for_all() -> None:
    """A large entry packed to less than a hundredth; many small ones that are as dense."""
    assert refusal("a.docx", office(extra={"word/a.bin": bytes(2 * MEGABYTE)})) == "bomb"
    many = {f"word/{n}.bin": bytes(MEGABYTE) for n in range(12)}
    assert refusal("a.docx", office(extra=many)) == "bomb"
    assert refusal("a.docx", office(extra={"word/a.bin": bytes(MEGABYTE // 2)})) == ""


def test_declared_sizes_count_before_anything_is_unpacked() -> None:
    """201 MB in all, however small the file is."""
    made = office(extra={f"word/{n}.bin": b"x" for n in range(3)})
    for entry in (3, 4, 5):
        made = edited_zip(made, entry=entry, size=67 * MEGABYTE, packed=MEGABYTE)
    assert refusal("a.docx", made) == "bomb"


def test_what_is_unpacked_is_counted_across_documents_inside() -> None:
    """A document in a document shares the outer one's bound."""
    container = Container(zipped({"a": b"x" * 600, "b": b"y" * 600}), Budget(1_000))
    first, second = container.entries
    assert len(container.read(first)) == 600
    with pytest.raises(UploadRefused, match="大きすぎ") as refused:
        container.read(second)
    assert refused.value.code == "bomb"


@pytest.mark.parametrize("size", [1, 3])
def test_a_header_that_lies_about_the_size_is_refused(size: int) -> None:
    """Shorter or longer than what comes out."""
    data = zipped({"a.bin": b"xx"})
    lying = bytearray(edited_zip(data, size=size))
    lying[22:26] = size.to_bytes(4, "little")
    container = Container(bytes(lying))
    with pytest.raises(UploadRefused) as refused:
        container.read(container.entries[0])
    assert refused.value.code in ("container", "damaged")


def _overlapping() -> bytes:
    """Two entries of the directory share one file's bytes (CVE-2024-0450)."""
    data = zipped({"a.xml": b"x" * 50, "b.xml": b"x" * 50}, zipfile.ZIP_STORED)
    return edited_zip(data, entry=1, offset=0, name=b"a.xml")


def _linked() -> bytes:
    info = zipfile.ZipInfo("word/link")
    info.external_attr = 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts_of("docx").items():
            archive.writestr(name, content)
        archive.writestr(info, "/etc/passwd")
    return out.getvalue()


def _twice() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts_of("docx").items():
            archive.writestr(name, content)
        archive.writestr("WORD/document.xml", body())
    return out.getvalue()


CONTAINERS = {
    "overlapping entries": _overlapping(),
    "something before the first entry": b"PK\x03\x04junk" + office(),
    "something between directory and end": office()[:-22] + b"junk" + office()[-22:],
    "a link": _linked(),
    "a name twice": _twice(),
    "another name in the local header": edited_zip(office(), entry=2, name=b"word/document.bin"),
    "another length in the local header": edited_zip(office(), entry=2, size=5),
    "bzip2": zipped(parts_of("docx"), zipfile.ZIP_BZIP2),
    "LZMA": zipped(parts_of("docx"), zipfile.ZIP_LZMA),
}  # fmt: skip
NAMES = ["/etc/passwd", "../x", "a/../../x", "C:\\x", "..\\x", "\\\\server\\x", "a\x01b"]


@pytest.mark.parametrize("kind", CONTAINERS)
def test_a_container_that_no_office_program_writes_is_refused(kind: str) -> None:
    """Readers disagree about such files, and one of them is the scanner."""
    assert refusal("a.docx", CONTAINERS[kind]) == "container"


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_a_container_leads_nowhere_else(name: str) -> None:
    """Absolute, upward, with a drive or control characters."""
    assert refusal("a.docx", office(extra={name: b"x"})) == "container"


@pytest.mark.parametrize(
    "data",
    [office()[:200], office()[:-30], b"PK\x03\x04" + bytes(100), b"PK\x05\x06" + bytes(18)],
    ids=["cut off", "no end", "only a beginning", "only an end"],
)
def test_a_broken_container_is_damaged(data: bytes) -> None:
    """Not an error of ours."""
    assert refusal("a.docx", data) in ("damaged", "container", "type", "text")


def test_contents_have_the_checksum_they_claim() -> None:
    """One bit changed in a stored part."""
    made = bytearray(zipped(parts_of("docx"), zipfile.ZIP_STORED))
    made[made.index("本文".encode())] ^= 1
    assert refusal("a.docx", bytes(made)) in ("damaged", "container")


# --- Passwords ----------------------------------------------------------------------------------


def test_passwords_are_refused_wherever_they_are() -> None:
    """Nobody could look inside: neither the scanner nor the expert."""
    locked = {"encryption": pikepdf.Encryption(owner="owner", user="user", R=6)}
    open_to_read = {"encryption": pikepdf.Encryption(owner="owner", user="", R=4)}
    package = OLE + "EncryptedPackage".encode("utf-16-le") + bytes(100)
    assert refusal("a.pdf", pdf(**locked)) == "encrypted"
    assert refusal("a.pdf", pdf(**open_to_read)) == "encrypted"
    assert refusal("a.docx", package) == "encrypted"
    assert refusal("a.xlsx", edited_zip(office("xlsx"), entry=2, flags=1)) == "encrypted"


# --- Office -------------------------------------------------------------------------------------

MACRO_TYPE = (
    '<Override PartName="/x" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'
)


@pytest.mark.parametrize(
    ("kind", "extra"),
    [
        ("docx", {"word/vbaProject.bin": OLE}), ("docx", {"word/vbaData.xml": "<x/>"}),
        ("xlsx", {"xl/macrosheets/sheet1.xml": "<x/>"}),
        ("docx", {"word/activeX/activeX1.xml": "<x/>"}),
        ("docx", {"[Content_Types].xml": types("docx", MACRO_TYPE)}),
        ("pptx", {"ppt/vbaProject.bin": b"anything"}),
    ],
)  # fmt: skip
def test_macros_are_refused(kind: str, extra: dict[str, Any]) -> None:
    """Also in a file whose extension says there are none."""
    assert refusal(f"a.{kind}", office(kind, extra)) == "macro"


CHUNK = relations(("aFChunk", "x.html", False))
OBJECT = relations(("oleObject", "embeddings/x.bin", False))


@pytest.mark.parametrize(
    ("kind", "extra"),
    [
        ("docx", {"word/embeddings/oleObject1.bin": OLE}),
        ("docx", {"word/media/image1.png": PROGRAM}),
        ("docx", {"word/media/run.emf": b"\x4c\0\0\0\x01\x14\x02\0" + bytes(100)}),
        ("pptx", {"ppt/media/a.bin": zipped({"a.exe": PROGRAM})}),
        ("docx", {"word/media/a.gz": b"\x1f\x8b" + bytes(40)}),
        ("docx", {"word/media/a.bin": b"Rar!\x1a\x07\x00"}),
        ("docx", {"word/_rels/document.xml.rels": CHUNK}),
        ("docx", {"word/_rels/document.xml.rels": OBJECT}),
        ("docx", {"word/embeddings/a.xlsx": office("xlsx", {"xl/embeddings/b.docx": office()})}),
    ],
)  # fmt: skip
def test_what_is_embedded_is_refused(kind: str, extra: dict[str, Any]) -> None:
    """Objects, programs, archives, and documents in documents in documents."""
    assert refusal(f"a.{kind}", office(kind, extra)) == "embedded"


def test_a_document_inside_keeps_all_rules() -> None:
    """A chart's workbook is welcome, one with macros is not."""
    inside = "word/embeddings/Microsoft_Excel_Sheet.xlsx"
    assert refusal("a.docx", office(extra={inside: office("xlsx")})) == ""
    macro = office("xlsx", {"xl/vbaProject.bin": OLE})
    assert refusal("a.docx", office(extra={inside: macro})) == "macro"


@pytest.mark.parametrize(
    "row",
    [
        ("attachedTemplate", "https://evil.example/t.dotm", True),
        ("attachedTemplate", "\\\\evil.example\\share\\t.dotm", True),
        ("attachedTemplate", "file://evil.example/t.dotm", True),
        ("image", "https://evil.example/pixel.png", True),
        ("frame", "https://evil.example/", True), ("subDocument", "file:///c:/x.docx", True),
        ("hyperlink", "javascript:alert(1)", True), ("hyperlink", "ms-msdt:/id", True),
        ("externalLink", "https://evil.example/", True),
    ],
)  # fmt: skip
def test_a_document_that_loads_from_outside_is_refused(row: tuple[str, str, bool]) -> None:
    """Opening it would tell the sender, or fetch a program."""
    made = office(extra={"word/_rels/document.xml.rels": relations(row)})
    assert refusal("a.docx", made) == "external"


@pytest.mark.parametrize(
    "row",
    [
        ("hyperlink", "https://www.example.com/", True), ("hyperlink", "mailto:a@example.com", True),
        ("hyperlink", "#bookmark", True), ("hyperlink", "../../共有/一覧.xlsx", True),
        ("attachedTemplate", "file:///C:\\Users\\a\\Normal.dotm", True),
        ("attachedTemplate", "Normal.dotm", True), ("externalLinkPath", "集計.xlsx", True),
        ("image", "media/image1.png", False),
    ],
)  # fmt: skip
def test_links_to_click_and_local_templates_are_welcome(row: tuple[str, str, bool]) -> None:
    """Every other office document has one."""
    assert refusal("a.docx", office(extra={"word/_rels/document.xml.rels": relations(row)})) == ""


@pytest.mark.parametrize(
    "instructions",
    [("DDEAUTO c:\\\\windows\\\\cmd.exe",), (" DDE ",), ("DD", "EAU", "TO x"), ("dde x",)],
)
def test_fields_that_start_programs_are_refused(instructions: tuple[str, ...]) -> None:
    """However Word has cut the instruction into pieces."""
    made = office(extra={"word/document.xml": body(inside=field(*instructions))})
    assert refusal("a.docx", made) == "external"


def test_simple_fields_and_workbook_links_that_start_programs_are_refused() -> None:
    """The two other places for DDE."""
    simple = '<w:fldSimple w:instr="DDEAUTO cmd"/>'
    assert refusal("a.docx", office(extra={"word/header1.xml": body(inside=simple)})) == "external"
    link = '<externalLink xmlns="urn:x"><ddeLink ddeService="cmd"/></externalLink>'
    made = office("xlsx", {"xl/externalLinks/externalLink1.xml": link})
    assert refusal("a.xlsx", made) == "external"
    other = '<externalLink xmlns="urn:x"><externalBook/></externalLink>'
    assert refusal("a.xlsx", office("xlsx", {"xl/externalLinks/e1.xml": other})) == ""


BILLION = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'


@pytest.mark.parametrize("xml", [BILLION, OUTSIDE])
@pytest.mark.parametrize("part", ["word/document.xml", "docProps/app.xml", "_rels/.rels"])
def test_no_part_has_a_document_type(xml: str, part: str) -> None:
    """Entities that grow, or that read the server's files, are never expanded."""
    assert refusal("a.docx", office(extra={part: xml})) == "container"


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        ({"[Content_Types].xml": "<Types/>"}, "container"),
        ({"word/document.xml": "<w:document"}, "damaged"),
        ({"word/document.xml": ""}, "damaged"),
        ({"word/document.xml": "\x00\x01"}, "damaged"),
    ],
)
def test_a_document_has_the_parts_it_needs(extra: dict[str, Any], code: str) -> None:
    """Or it is no document."""
    assert refusal("a.docx", office(extra=extra)) == code


# --- PDF ----------------------------------------------------------------------------------------


def _action(**entries: Any) -> Any:
    def change(document: Any) -> None:
        document.Root.OpenAction = document.make_indirect(Dictionary(**entries))

    return change


def _annotation(**entries: Any) -> Any:
    def change(document: Any) -> None:
        made = Dictionary(Type=Name.Annot, Rect=Array([0, 0, 9, 9]), **entries)
        document.pages[0].Annots = document.make_indirect(Array([made]))

    return change


def _form(document: Any) -> None:
    stream = Stream(document, b"<xdp/>")
    document.Root.AcroForm = Dictionary(XFA=document.make_indirect(stream))


ACTIVE = {
    "JavaScript": _action(S=Name.JavaScript, JS="app.alert(1)"),
    "Launch": _action(S=Name.Launch, F="cmd.exe"),
    "RichMedia": _annotation(Subtype=Name.RichMedia),
    "Rendition": _annotation(Subtype=Name.Screen, A=Dictionary(S=Name.Rendition)),
    "XFA": _form,
}
SAVED: dict[str, dict[str, Any]] = {
    "plain": {"object_stream_mode": pikepdf.ObjectStreamMode.disable},
    "packed": {"object_stream_mode": pikepdf.ObjectStreamMode.generate},
}


@pytest.mark.parametrize("kind", ACTIVE)
@pytest.mark.parametrize("saved", SAVED)
def test_a_pdf_that_can_act_is_refused(kind: str, saved: str) -> None:
    """In plain objects and in packed ones."""
    assert refusal("a.pdf", pdf(ACTIVE[kind], **SAVED[saved])) == "pdf_active"


def test_a_name_written_with_escapes_is_read() -> None:
    """/J#61vaScript is /JavaScript."""
    made = pdf(ACTIVE["JavaScript"], **SAVED["plain"])
    hidden = made.replace(b"/JavaScript", b"/J#61vaScr#69pt")
    assert hidden != made
    assert refusal("a.pdf", hidden) == "pdf_active"


@pytest.mark.parametrize("saved", SAVED)
def test_a_file_inside_a_pdf_is_refused(saved: str) -> None:
    """It would come past the list of kinds."""

    def attach(document: Any) -> None:
        document.attachments["a.exe"] = pikepdf.AttachedFileSpec(document, PROGRAM)

    assert refusal("a.pdf", pdf(attach, **SAVED[saved])) == "pdf_embedded"


def test_words_that_only_look_like_names_are_welcome() -> None:
    """A page that writes of JavaScript, a name that begins alike."""

    def write(document: Any) -> None:
        document.pages[0].Contents = Stream(document, b"BT (JavaScript and Launch) Tj ET")
        document.Root.LaunchPad = Dictionary(JavaScripting=1)

    assert refusal("a.pdf", pdf(write, **SAVED["plain"])) == ""


def _packed(content: bytes) -> bytes:
    """A PDF with one object stream of this content."""
    made = pdf(**SAVED["plain"])
    stream = zlib.compress(content, 9)
    head = b"9 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>\nstream\n"
    place = made.index(b"xref")
    return made[:place] + head % len(stream) + stream + b"\nendstream\nendobj\n" + made[place:]


def test_packed_objects_are_bounded() -> None:
    """65 MB of nothing, packed to 64 KB."""
    assert refusal("a.pdf", _packed(bytes(65 * MEGABYTE))) == "bomb"
    assert refusal("a.pdf", _packed(b"9 0 << /S /JavaScript >>")) == "pdf_active"
    assert refusal("a.pdf", _packed(b"9 0 << /S /URI >>")) == ""


@pytest.mark.parametrize(
    "data",
    [b"%PDF-1.7\nnothing", pdf()[:-60], _packed(b"x").replace(b"/FlateDecode", b"/LZWDecode  ")],
    ids=["no objects", "no end", "a packing that is not read"],
)
def test_a_pdf_that_cannot_be_read_is_damaged(data: bytes) -> None:
    """So it is not taken on trust."""
    assert refusal("a.pdf", data) == "damaged"


# --- Images and text ----------------------------------------------------------------------------


@pytest.mark.parametrize("made", [png_of_size, jpeg_of_size])
def test_images_have_a_bound_in_pixels(made: Any) -> None:
    """By the header, without decoding: 60,000 by 60,000 would be 10 GB in memory."""
    extension = "png" if made is png_of_size else "jpg"
    assert refusal(f"a.{extension}", made(60_000, 60_000)) == "image_size"
    assert refusal(f"a.{extension}", made(IMAGE_SIDE + 1, 1)) == "image_size"
    assert (
        refusal(f"a.{extension}", made(IMAGE_SIDE, IMAGE_PIXELS // IMAGE_SIDE + 1)) == "image_size"
    )
    assert refusal(f"a.{extension}", made(IMAGE_SIDE, IMAGE_PIXELS // IMAGE_SIDE)) == ""
    assert refusal(f"a.{extension}", made(0, 5)) == "damaged"


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.png", image("PNG")[:60]), ("a.jpg", image("JPEG")[:30]), ("a.jpg", b"\xff\xd8\xff\xe0")],
)
def test_a_picture_that_is_cut_off_is_damaged(name: str, data: bytes) -> None:
    """Before its size is known, or before its end."""
    assert refusal(name, data) == "damaged"


@pytest.mark.parametrize(
    "data",
    [b"a\x00b", b"\x1b[31mred", "文\x07字".encode(), bytes(range(128, 256)) * 3, b"\xff\xfe\x00"],
    ids=["NUL", "terminal codes", "bell", "no encoding", "half a character"],
)
def test_a_text_is_readable_in_some_encoding(data: bytes) -> None:
    """Without control characters."""
    assert refusal("a.txt", data) in ("text", "type")


@pytest.mark.parametrize(
    "head",
    ["<!DOCTYPE html>", "<html>", "  <script>1</script>", "<?php 1;", "{\\rtf1", "MIME-Version: 1.0",
     "[InternetShortcut]\r\nURL=http://x", "@echo off\r\n", "Windows Registry Editor Version 5.00",
     "x = WScript.CreateObject('x')", "<!-- 見出し -->",
     "<DIV onclick=x>", "\n\n<iframe src=x>", "<?xml version='1.0'?><svg/>", "<hta:application>"],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_text_that_is_a_program_is_refused(head: str, encoding: str) -> None:
    """Whatever Windows or a browser would act on."""
    assert refusal("a.txt", (head + "\n文").encode(encoding)) in ("program", "type")


def test_a_text_may_speak_of_programs() -> None:
    """A log or a report quotes them; only the beginning of a file makes it one."""
    quoted = "アクセスの記録\n" * 200 + "<html><script>WScript.Shell</script>"
    assert refusal("a.txt", quoted.encode()) == ""
    assert refusal("a.txt", "a < b かつ b > c\n<重要>図面\n".encode()) == ""


@pytest.mark.parametrize(
    "cell",
    ["=cmd|'/c calc'!A0", "+cmd|'/c calc'!A0", "@SUM(1)|x!A0", "-2|'x'!A", "名前,=cmd|'/c calc'!A0",
     "\"=cmd|'/c calc'!A0\"", "a;=cmd|' /C notepad'!'A1'"],
)  # fmt: skip
def test_a_table_that_starts_a_program_is_refused(cell: str) -> None:
    """In CSV; in plain text the same words are only words."""
    assert refusal("a.csv", f"見出し\r\n{cell}\r\n".encode()) == "program"
    assert refusal("a.csv", f"見出し\r\n{cell}\r\n".encode("cp932")) == "program"


def test_every_rule_has_words_that_say_what_to_do() -> None:
    """A code alone helps nobody."""
    for code, message in MESSAGES.items():
        assert "。" in str(message), code
