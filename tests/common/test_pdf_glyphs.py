"""Every character of a PDF has a glyph, and every glyph has a text."""

import subprocess
import unicodedata
from pathlib import Path
from xml.etree.ElementTree import fromstring, tostring

import pytest

from common.pdf.glyphs import MISSING, printable
from common.pdf.words import keep_phrases_whole
from tests.common.pdfs import drawn

page = pytest.importorskip("page")


@pytest.mark.parametrize(
    "text", ["髙﨑𠮷", "葛\U000e0100城", "①㈱㍻", "สำนักงาน", "Nguyễn", "한국", "😀"]
)
def test_what_the_fonts_can_show_stays(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize("text", ["\ue000", "\U000f0000", "\u0378", "\U000e1fff"])
def test_what_no_font_can_show_becomes_a_visible_mark(text: str) -> None:
    assert printable(f"甲{text}乙") == f"甲{MISSING}乙"


def test_controls_that_would_reorder_or_hide_text_are_dropped() -> None:
    assert printable("支払\u202e済\u2066\x0b\x85\x7f\n") == "支払済\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    ["\ue000", "😀👨‍👩‍👧", "\U00031350", "あ\u0301\u0301", "สำนักงาน น้ำคำ", "ລຳ", "مرحبا", "नमस्ते"],
)
def test_hard_letters_leave_the_file_conforming(text: str, tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(drawn(f"<p>{text}</p>"))
    for profile in ("3a", "ua1"):
        assert page.validate_pdf(str(file), profile=profile).failures == []


@pytest.mark.parametrize(
    "text", ["สำนักงานกรุงเทพฯ", "งานสำนัก", "Văn phòng Hà Nội", "髙﨑𠮷", "ລຳ ລາ"]
)
def test_what_is_copied_out_is_what_was_written(text: str, tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(drawn(f"<p>{text}</p>"))
    told = subprocess.run(["pdftotext", "-raw", str(file), "-"], capture_output=True, check=True)
    plain = unicodedata.normalize("NFKC", told.stdout.decode())
    assert unicodedata.normalize("NFKC", text) in plain


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("<p>a</p>", "<p>a</p>"),
        ("<p>甲Hà Nội乙</p>", '<p>甲<span class="latin">Hà Nội</span>乙</p>'),
        (
            "<p>x<b>Đào</b>、Đào<i>y</i>z</p>",
            '<p>x<b><span class="latin">Đào</span></b>、<span class="latin">Đào</span><i>y</i>z</p>',
        ),
        ("<p><title>Nội</title>PDF Nagoya</p>", "<p><title>Nội</title>PDF Nagoya</p>"),
    ],
)
def test_a_vietnamese_phrase_stands_in_one_font(written: str, wanted: str) -> None:
    root = fromstring(written)
    keep_phrases_whole(root)
    assert tostring(root, encoding="unicode") == wanted
