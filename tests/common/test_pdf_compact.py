"""A rare character does not bring 65,000 glyphs along, and looks as it did."""

import io
import json
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pikepdf
import pytest
from PIL import Image, ImageChops

from common.pdf import child, compact
from tests.common.pdfs import drawn, order

page = pytest.importorskip("page")
RARE = "<p>𠮷野家 𠮷 한국</p><h2>𠮷田</h2>"


@pytest.fixture(scope="module")
def small() -> bytes:
    """A page with letters that only Noto CJK has, in both its faces."""
    return drawn(RARE)


def seen(pdf: bytes, folder: Path) -> Image.Image:
    """The first page as it is seen, in shades of grey."""
    folder.mkdir()
    (folder / "a.pdf").write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", "110", folder / "a.pdf", folder / "seen"], check=True)
    (path,) = folder.glob("seen*.ppm")
    return Image.open(path).convert("L")


def whole(body: str) -> bytes:
    """The same page with its fonts as WeasyPrint leaves them, drawn here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(child, "compact_fonts", lambda _pdf: None)
        # It would change WeasyPrint for good, in this process too.
        patch.setattr(child.texts, "install", lambda: None)
        return child.draw(json.loads(order(body)))


def test_a_rare_character_costs_little(small: bytes) -> None:
    """Two faces of Noto CJK were 220 KB."""
    assert len(small) - len(drawn("<p>吉野家 吉</p><h2>吉田</h2>")) < 15_000


def test_it_looks_the_same(small: bytes, tmp_path: Path) -> None:
    """In both faces: edges may be a shade off, but no paper becomes ink, and no ink paper."""
    before, after = seen(whole(RARE), tmp_path / "whole"), seen(small, tmp_path / "small")
    _least, most = ImageChops.difference(before, after).getextrema()
    assert most < 150


@pytest.mark.parametrize("profile", ["3a", "ua1"])
def test_the_file_still_conforms(small: bytes, tmp_path: Path, profile: str) -> None:
    """Widths in the font and in the file are the same, every glyph is there."""
    (tmp_path / "a.pdf").write_bytes(small)
    assert page.validate_pdf(str(tmp_path / "a.pdf"), profile=profile).failures == []


def test_every_number_in_the_file_has_its_glyph(small: bytes) -> None:
    """Also that of a space, whose glyph is empty."""
    from fontTools.cffLib import CFFFontSet  # type: ignore[import-untyped]

    checked = 0
    with pikepdf.open(io.BytesIO(small)) as pdf:
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/Subtype") == "/CIDFontType0":
                fonts = CFFFontSet()
                file = thing.FontDescriptor.FontFile3
                assert file.Subtype == "/CIDFontType0C"
                fonts.decompile(io.BytesIO(file.read_bytes()), None)
                charset = set(fonts.topDictIndex[0].charset)
                widths = list(thing.W.as_list())
                wanted = {
                    f"cid{first + n:05d}"
                    for first, row in zip(widths[::2], widths[1::2], strict=True)
                    for n in range(len(row))
                }
                assert wanted <= charset
                checked += 1
    assert checked == 2


def test_a_font_of_another_kind_stays_as_it_is() -> None:
    """Outlines without numbers of their own cannot be cut this way."""
    from fontTools.fontBuilder import FontBuilder  # type: ignore[import-untyped]
    from fontTools.pens.t2CharStringPen import T2CharStringPen  # type: ignore[import-untyped]

    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder([".notdef", "a"])
    empty = T2CharStringPen(500, None).getCharString()
    builder.setupCFF("Named", {}, {".notdef": empty, "a": empty}, {})
    builder.setupHorizontalMetrics({".notdef": (500, 0), "a": (500, 0)})
    builder.setupHorizontalHeader()
    builder.setupPost()
    file = io.BytesIO()
    builder.save(file)
    assert compact.cut(file.getvalue(), {1}) is None
    stream = SimpleNamespace(
        reference=b"3 0 R", stream=[file.getvalue()], extra={"Subtype": "/OpenType"}
    )
    descriptor, font = Thing(b"2 0 R", FontFile3=b"3 0 R"), Thing(
        b"1 0 R", Subtype="/CIDFontType0", FontDescriptor=b"2 0 R", W=[1, [500]]
    )  # fmt: skip
    compact.compact_fonts(SimpleNamespace(objects=[font, descriptor, stream]))
    assert stream.extra["Subtype"] == "/OpenType"


class Thing(dict[str, object]):
    """A dictionary of the file, which is referred to."""

    def __init__(self, reference: bytes, **entries: object) -> None:
        super().__init__(entries)
        self.reference = reference
