"""Finds Japanese messages without an English translation, and translations nothing uses any more."""

import sys
import tempfile
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from portal.messages import extracted

CATALOG = "locale/en/LC_MESSAGES/django.po"


def stands(path: Path) -> Catalog:
    """The catalogue as it is; empty where there is none yet."""
    if not path.exists():
        return Catalog(locale="en", charset="utf-8")
    with path.open("rb") as source:
        return read_po(source, locale="en")


def missing(catalog: Catalog, found: Catalog) -> list[str]:
    """Messages in the sources that have no, or only a fuzzy, translation."""
    lacking = []
    for message in found:
        if not message.id:
            continue
        known = catalog.get(message.id if isinstance(message.id, str) else message.id[0])
        texts: Any = known.string if known and not known.fuzzy else ""
        complete = bool(texts) if isinstance(texts, str) else all(texts)
        if not complete:
            lacking.append(message.id if isinstance(message.id, str) else message.id[0])
    return lacking


class Command(BaseCommand):
    """`manage.py check_translations [--write]`"""

    help = "Check that English is complete; --write adds empty entries for what is missing."

    def add_arguments(self, parser: CommandParser) -> None:
        """--write brings the catalogue up to date."""
        parser.add_argument("--write", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare the catalogue with the sources."""
        path = settings.BASE_DIR / CATALOG
        found, catalog = extracted(settings.BASE_DIR), stands(path)
        if options["write"]:
            catalog.update(found, no_fuzzy_matching=True)
            catalog.obsolete.clear()
            write(catalog, path)
        lacking = missing(catalog, found)
        for message in lacking:
            print(f"no English: {message!r}")
        if lacking:
            sys.exit(1)
        print(f"{len(found)} messages, all in English.")


def write(catalog: Catalog, path: Path) -> None:
    """Replace the catalogue as a whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as half:
        write_po(half, catalog, width=100, sort_by_file=True, omit_header=False)
    Path(half.name).replace(path)
