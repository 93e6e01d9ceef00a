"""Collects the translatable messages of Python files and templates."""

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from django.utils.translation.template import templatize

from common.apps import OURS

#: Only our own Japanese messages; what Django and the sign-in package say they translate themselves.
JAPANESE = re.compile("[\u3041-\u30ff\u4e00-\u9fff々〆]")
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
#: File, line, message (or singular and plural), context.
Found = tuple[str, int, str | tuple[str, str], str | None]


def extracted(base: Path) -> Catalog:
    """Every message of ours, with the files it stands in."""
    catalog = Catalog(locale="en", charset="utf-8", fuzzy=False)
    for path, line, message, context in sorted(_found(base), key=lambda row: (row[0], row[1])):
        catalog.add(message, locations=[(path, line)], context=context)
    return catalog


def _found(base: Path) -> Iterator[Found]:
    files = [path for app in OURS for path in (base / app).rglob("*.py")]
    files = [path for path in files if "migrations" not in path.parts]
    for path in files:
        yield from _messages(path, base)
    for path in (base / "templates").rglob("*.html"):
        yield from _messages(path, base)


def _messages(path: Path, base: Path) -> Iterator[Found]:
    name = str(path.relative_to(base))
    for line, message, _comments, context in _rows(path):
        parts = [message] if isinstance(message, str) else [part for part in message if part]
        if parts and JAPANESE.search(parts[0]):
            yield name, line, parts[0] if len(parts) == 1 else (parts[0], parts[1]), context


def _rows(path: Path) -> Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    """Python as it is; a template turned into what Django's own extraction reads."""
    if path.suffix == ".py":
        yield from extract_from_file("python", path, keywords=KEYWORDS)
        return
    from io import BytesIO

    from babel.messages.extract import extract

    source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    # What stands around messages is blanked out but keeps its indentation, which is no Python's.
    source = "\n".join(line.lstrip() for line in source.split("\n"))
    yield from extract("python", BytesIO(source.encode()), keywords=KEYWORDS)
