"""Tables to take away: CSV that Excel in Japan opens as it is, and xlsx."""

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import TextChoices
from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

#: Beginnings that a spreadsheet takes for a formula; such a cell gets an apostrophe in front.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_BOM = "\ufeff"


class Format(TextChoices):
    """In which a table can be taken away."""

    CSV = "csv", _("CSV")
    XLSX = "xlsx", _("Excel（xlsx）")


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, line: str) -> str:
        """The line itself."""
        return line


def plain(value: object) -> str:
    """A cell's text, which no spreadsheet runs."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def download(
    name: str, heads: Sequence[object], rows: Iterable[Sequence[object]], kind: str = Format.CSV
) -> HttpResponseBase:
    """The table as a file to be saved; `name` is without extension, in ASCII letters."""
    lines = ([plain(cell) for cell in row] for row in _with_heads(heads, rows))
    if kind == Format.XLSX:
        return FileResponse(
            _workbook(lines), as_attachment=True, filename=f"{name}.xlsx",
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )  # fmt: skip
    answer = StreamingHttpResponse(_csv(lines), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _with_heads(
    heads: Sequence[object], rows: Iterable[Sequence[object]]
) -> Iterator[Sequence[object]]:
    yield heads
    yield from rows


def _csv(lines: Iterable[list[str]]) -> Iterator[str]:
    """Line by line, so that a long table takes no memory."""
    writer = csv.writer(_Echo())
    yield _BOM
    for line in lines:
        yield writer.writerow(line)


def _workbook(lines: Iterable[list[str]]) -> Any:
    """An xlsx in a file without a name; every cell is text."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for line in lines:
        cells = []
        for text in line:
            cell = WriteOnlyCell(sheet, value=text)
            cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    book.save(file)
    file.seek(0)
    return file
