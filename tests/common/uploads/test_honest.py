"""Files as Japanese offices send them: all are taken, with their names as people gave them."""

import io
import unicodedata
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pikepdf
import pytest
from PIL import Image

from common.pdf.render import stylesheet
from common.uploads import UploadRefused, inspect
from tests.common.pdfs import drawn
from tests.common.uploads.samples import (
    body,
    image,
    office,
    parts_of,
    pdf,
    relations,
    upload,
    zipped,
)

CSV = "番号,氏名,金額,備考\r\n1,髙橋,1200,①㈱見本\r\n2,山﨑,▲300,半角ｶﾅ～\r\n"
LETTER = "前略　図面の取り扱いについて、次のとおりお知らせします。\r\n" * 40


def workbook(fill: Callable[[Any], None] = lambda book: None) -> bytes:
    """As a spreadsheet program saves it."""
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "一覧"
    book.active.append(["番号", "氏名", "日付"])
    book.active.append([1, "髙橋", date(2026, 11, 24)])
    fill(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _chart(book: Any) -> None:
    from openpyxl.chart import BarChart, Reference

    chart = BarChart()
    chart.add_data(Reference(book.active, min_col=1, min_row=1, max_row=2), titles_from_data=True)
    book.active.add_chart(chart, "E5")


def _linked(book: Any) -> None:
    book.active["A5"].hyperlink = "https://www.example.com/図面?id=1#a"
    book.active["A6"] = "='[集計.xlsx]Sheet1'!A1"
    book.active["A7"] = "=SUM(A1:A3)"


def _protected(book: Any) -> None:
    """Locked cells are no password for the file."""
    book.active.protection.sheet = True
    book.active.protection.password = "x"


def _form(document: Any) -> None:
    """A form to be filled in, a link and a bookmark."""
    text = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, T="氏名",
        Rect=pikepdf.Array([9, 9, 99, 29]),
    )  # fmt: skip
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=pikepdf.Array([9, 39, 99, 59]),
        A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://www.example.com/"),
    )  # fmt: skip
    field = document.make_indirect(text)
    document.pages[0].Annots = document.make_indirect(pikepdf.Array([field, link]))
    document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]))
    with document.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("第1章", 0))


def _photo() -> bytes:
    """From a telephone, with its place and time inside."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F], exif[0x0132] = "Camera", "2026:11:24 10:00:00"
    Image.effect_noise((640, 480), 60).convert("RGB").save(out, "JPEG", exif=exif, progressive=True)
    return out.getvalue()


def _stored() -> bytes:
    """Packed by a program that stores folders too, and the small parts as they are."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("word/"), b"")
        for name, content in parts_of("docx").items():
            archive.writestr(name, content, zipfile.ZIP_DEFLATED)
        archive.writestr("word/media/image1.png", image("PNG"))
    return out.getvalue()


def _streamed() -> bytes:
    """Written front to end, sizes after the contents, as servers do."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.kept = io.BytesIO()

        def writable(self) -> bool:
            return True

        def write(self, data: Any) -> int:
            return self.kept.write(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
        for name, content in parts_of("xlsx").items():
            archive.writestr(name, content)
    return pipe.kept.getvalue()


HONEST: dict[str, bytes] = {
    "見積書　最終（２）.pdf": pdf(),
    "報告書①.PDF": pdf(object_stream_mode=pikepdf.ObjectStreamMode.generate, linearize=True),
    "申込書㈱見本.pdf": pdf(_form),
    "図面.docx": office(),
    "議事録（案）.docx": _stored(),
    "就業規則.docx": office(
        extra={
            "word/_rels/document.xml.rels": relations(
                ("attachedTemplate", "file:///C:\\Users\\a\\Normal.dotm", True),
                ("hyperlink", "https://elaws.e-gov.go.jp/", True),
            ),
            "word/document.xml": body(LETTER, '<w:r xmlns:w="x"><w:t>DDE とは何か</w:t></w:r>'),
            "word/media/image1.emf": b"\x01\0\0\0" + bytes(80),
            "customXml/item1.xml": "<x/>",
        }
    ),
    "売上一覧.xlsx": workbook(),
    "グラフ.xlsx": workbook(_chart),
    "リンク付き.xlsx": workbook(_linked),
    "保護したシート.xlsx": workbook(_protected),
    "書き出し.xlsx": _streamed(),
    "説明会.pptx": office(
        "pptx",
        {
            "ppt/slides/slide1.xml": "<x/>",
            "ppt/embeddings/Microsoft_Excel_Worksheet1.xlsx": workbook(),
        },
    ),
    "写真 2026-11-24.jpg": _photo(),
    "現場.jpeg": image("JPEG"),
    "画面.png": image("PNG", (1920, 1080)),
    "透かし.png": image("PNG", (64, 64), optimize=True),
    "議事メモ.txt": LETTER.encode("cp932"),
    "メモ（UTF-8）.txt": LETTER.encode(),
    "メモ帳.txt": LETTER.encode("utf-16"),
    "BOM付き.txt": LETTER.encode("utf-8-sig"),
    "メール本文.txt": ("半角ｶﾅ\r\n" + LETTER).encode("iso2022_jp_ext"),
    "UNIX.txt": LETTER.replace("\r\n", "\n").encode("euc_jp"),
    "汎用機.txt": LETTER.encode("cp932") + b"\x1a",
    "名簿.csv": CSV.encode("cp932"),
    "名簿（Excel用）.csv": CSV.encode("utf-8-sig"),
    "郵便番号.csv": b'"=""0600000""","=SUM(A1:A2)","@twitter","-1,200","+81 3"\r\n',
    "タブ区切り.csv": CSV.replace(",", "\t").encode("utf-16"),
    "アクセス記録.txt": (
        "2026-11-24 10:00 GET /\r\n" * 60 + "GET /?q=<script>alert(1)</script> 400\r\n"
    ).encode(),
}  # fmt: skip


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_file_is_taken_under_its_name(name: str) -> None:
    """As people named it, but for a kind of space and the case of the ending."""
    found = inspect(upload(name, HONEST[name]))
    stem, _dot, extension = name.rpartition(".")
    extension = {"PDF": "pdf", "jpeg": "jpg"}.get(extension, extension)
    assert found.clean_name == f"{stem.replace('　', ' ')}.{extension}"
    assert (found.extension, found.size) == (extension, len(HONEST[name]))


def test_the_corpus_is_large_enough() -> None:
    """At least twenty, of every kind."""
    assert len(HONEST) >= 20
    kinds = {inspect(upload(name, data)).extension for name, data in HONEST.items()}
    assert kinds == {"pdf", "docx", "xlsx", "pptx", "jpg", "png", "txt", "csv"}


def test_a_report_of_the_portals_own_page_is_taken() -> None:
    """Without the machine-readable part, which only issued reports carry."""
    assert stylesheet()
    assert inspect(upload("助言.pdf", drawn())).extension == "pdf"


#: Characters that Japanese files begin with; two bytes of some of them look like a program's.
FIRST = [
    chr(c) for c in (*range(0x3041, 0x3097), *range(0x30A1, 0x30FB), *range(0x4E00, 0x9FA0, 9))
]


@pytest.mark.parametrize("encoding", ["cp932", "euc_jp", "utf-8"])
def test_a_table_may_begin_with_any_character(encoding: str) -> None:
    """「見出し」 in Shift_JIS begins with bytes that libmagic takes for a DOS program."""
    refused = []
    for first in ["見", *FIRST]:
        try:
            data = f"{first}出し,金額\r\n1,2\r\n".encode(encoding)
        except UnicodeEncodeError:
            continue
        try:
            inspect(upload("名簿.csv", data))
        except UploadRefused as error:
            refused.append((first, error.code))
    assert refused == []


def test_a_name_as_a_mac_writes_it_is_composed() -> None:
    """が in two characters becomes one, as people typed it."""
    name = unicodedata.normalize("NFD", "議事録（が）パ.pdf")
    assert inspect(upload(name, pdf())).clean_name == "議事録（が）パ.pdf"


def test_a_file_is_given_back_rewound() -> None:
    """Whoever stores it reads it from the beginning."""
    file = upload("a.docx", zipped(parts_of("docx")))
    file.read(10)
    inspect(file)
    assert file.tell() == 0
