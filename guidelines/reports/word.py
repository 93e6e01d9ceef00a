"""Word files: templates to fill in, and a redline as a comparison table."""

import io
from collections.abc import Iterator
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

from guidelines.reports.redline import Line, Redline, SectionRedline

_BODY = {"ja": "游明朝", "en": "Times New Roman"}
_HEAD = {"ja": "游ゴシック", "en": "Arial"}
_NUMBERED = {1: "List Number", 2: "List Number 2", 3: "List Number 3"}
_BULLETED = {1: "List Bullet", 2: "List Bullet 2", 3: "List Bullet 3"}


def document_of(source: str, *, title: str, language: str) -> bytes:
    """Markdown as a docx file that can be filled in."""
    document = _empty(title, language)
    document.add_heading(title, level=0)
    tokens = MarkdownIt("commonmark", {"html": False}).enable("table").parse(source)
    _Writer(document).write(tokens)
    return _bytes(document)


def redline_document(redline: Redline, *, language: str) -> bytes:
    """A 新旧対照表: one table, old left and new right, a row for each changed sentence."""
    title = _("{title}　新旧対照表").format(title=redline.new.title)
    document = _empty(title, language)
    document.add_heading(title, level=0)
    document.add_paragraph(
        _("第{old}版（{old_day}から適用）と第{new}版（{new_day}から適用）").format(
            old=redline.old.number,
            new=redline.new.number,
            old_day=_day(redline.old.effective_on),
            new_day=_day(redline.new.effective_on),
        )
    )
    document.add_paragraph(_("取り消し線は削除、下線は追加です。"))
    for section in redline.changed:
        _section_table(document, section)
    return _bytes(document)


def _day(value: Any) -> str:
    return date_format(value, "DATE_FORMAT") if value else ""


def _section_table(document: Any, section: SectionRedline) -> None:
    document.add_heading(f"{section.label_new or section.label_old}　{section.name}", level=1)
    for label, moved in (
        (_("移動先："), section.moved_to),
        (_("ここへ移ったもの："), section.moved_from),
    ):
        if moved:
            document.add_paragraph(label + "、".join(name for _pk, name in moved))
    table = document.add_table(rows=1, cols=2)
    table.style = "Table Grid"
    for cell, words in zip(table.rows[0].cells, (_("旧"), _("新")), strict=True):
        cell.paragraphs[0].add_run(words).bold = True
    _repeat_header(table.rows[0])
    for row in (section.heading, *section.rows):
        if row.changed:
            cells = table.add_row().cells
            _runs(cells[0].paragraphs[0], row.old)
            _runs(cells[1].paragraphs[0], row.new)


def _runs(paragraph: Any, line: Line) -> None:
    from docx.shared import RGBColor

    for piece in line:
        run = paragraph.add_run(piece.text.strip("\n"))
        if piece.kind == "del":
            run.font.strike = True
            run.font.color.rgb = RGBColor(0xB0, 0x1C, 0x1C)
        elif piece.kind == "ins":
            run.font.underline = True
            run.font.color.rgb = RGBColor(0x00, 0x3E, 0xA8)


def _repeat_header(row: Any) -> None:
    """The head of the table on every page, and known as such to screen readers."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _empty(title: str, language: str) -> Any:
    """A4, fonts for both scripts, and a title that screen readers announce."""
    from docx import Document
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(25)
    for name, fonts, size in (("Normal", _BODY, 10.5), ("Heading 1", _HEAD, 13),
                              ("Heading 2", _HEAD, 11.5), ("Heading 3", _HEAD, 10.5),
                              ("Title", _HEAD, 18)):  # fmt: skip
        style = document.styles[name]
        style.font.name, style.font.size = fonts["en"], Pt(size)
        fonts_of = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts_of.attrib.pop(qn(f"w:{theme}"), None)
        fonts_of.set(qn("w:eastAsia"), fonts["ja"])
    document.core_properties.title = title
    document.core_properties.language = language
    document.core_properties.author = ""
    return document


def _bytes(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


class _Writer:
    """Block by block from markdown-it's tokens."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.lists: list[str] = []
        self.style: str | None = None
        self.quoted = False

    def write(self, tokens: list[Token]) -> None:
        """All blocks in order."""
        stream = iter(tokens)
        for token in stream:
            if token.type == "table_open":
                self._table(stream)
            elif token.type == "heading_open":
                level = min(int(token.tag[1]), 3)
                _text(self.document.add_heading(level=level), next(stream))
            elif token.type in ("bullet_list_open", "ordered_list_open"):
                self.lists.append(token.type)
            elif token.type in ("bullet_list_close", "ordered_list_close"):
                self.lists.pop()
            elif token.type in ("blockquote_open", "blockquote_close"):
                self.quoted = token.type == "blockquote_open"
            elif token.type == "inline":
                self._paragraph(token)
            elif token.type == "hr":
                self.document.add_paragraph("―" * 10)

    def _paragraph(self, token: Token) -> None:
        style = None
        if self.lists:
            styles = _NUMBERED if self.lists[-1].startswith("ordered") else _BULLETED
            style = styles[min(len(self.lists), 3)]
        elif self.quoted:
            style = "Intense Quote"
        _text(self.document.add_paragraph(style=style), token)

    def _table(self, stream: Iterator[Token]) -> None:
        rows: list[list[Token]] = []
        for token in stream:
            if token.type == "table_close":
                break
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(token)
        width = max(len(row) for row in rows)
        table = self.document.add_table(rows=len(rows), cols=width)
        table.style = "Table Grid"
        for cells, row in zip(table.rows, rows, strict=True):
            for cell, token in zip(cells.cells, row, strict=False):
                _text(cell.paragraphs[0], token)
        for cell in table.rows[0].cells:
            for run in cell.paragraphs[0].runs:
                run.bold = True
        _repeat_header(table.rows[0])
        self.document.add_paragraph()


def _text(paragraph: Any, inline: Token) -> None:
    """Runs of one paragraph: bold and emphasis, line ends as such."""
    bold = italic = False
    for token in inline.children or []:
        if token.type in ("strong_open", "strong_close"):
            bold = token.type == "strong_open"
        elif token.type in ("em_open", "em_close"):
            italic = token.type == "em_open"
        elif token.type in ("softbreak", "hardbreak"):
            paragraph.add_run().add_break()
        elif token.content:
            run = paragraph.add_run(token.content)
            run.bold, run.italic = bold or None, italic or None
