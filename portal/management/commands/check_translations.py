"""Finds messages without an English translation or with other placeholders, and forgets unused ones."""

import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from portal.messages import extracted

CATALOG = "locale/en/LC_MESSAGES/django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w*\}|</?\w+[^<>]*>")


def stands(path: Path) -> Catalog:
    """The catalogue as it is; empty where there is none yet."""
    if not path.exists():
        return Catalog(
            locale="en", project="portal", version="1", charset="utf-8", fuzzy=False,
            language_team="English", last_translator="the portal's editors", msgid_bugs_address="-",
            header_comment="# English words of the portal; the source language is Japanese.",
        )  # fmt: skip
    with path.open("rb") as source:
        return read_po(source, locale="en")


def texts(value: str | tuple[str, ...] | list[str] | None) -> list[str]:
    """One form, or the forms for one and for many."""
    return [value or ""] if value is None or isinstance(value, str) else list(value)


def missing(catalog: Catalog, found: Catalog) -> list[str]:
    """Messages in the sources that have no, or only a fuzzy, translation."""
    lacking = []
    for message in found:
        if not message.id:
            continue
        first = texts(message.id)[0]
        known = catalog.get(first, message.context)
        if known is None or known.fuzzy or not all(texts(known.string)):
            lacking.append(first)
    return lacking


def broken(catalog: Catalog) -> list[str]:
    """Translations that lack a placeholder or a tag of their message, or have one more."""
    return [texts(message.id)[0] for message in catalog if message.id and _differs(message)]


def _differs(message: Message) -> bool:
    wanted = sorted(PLACEHOLDER.findall(texts(message.id)[0]))
    return any(
        text and sorted(PLACEHOLDER.findall(text)) != wanted for text in texts(message.string)
    )


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
        lacking, differing = missing(catalog, found), broken(catalog)
        for message in lacking:
            print(f"no English: {message!r}")
        for message in differing:
            print(f"other placeholders in English: {message!r}")
        if lacking or differing:
            sys.exit(1)
        print(f"{len(found)} messages, all in English.")


def write(catalog: Catalog, path: Path) -> None:
    """Replace the catalogue as a whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as half:
        # Files without lines: a line more in a template changes nothing here.
        write_po(half, catalog, width=100, sort_by_file=True, include_lineno=False)
    Path(half.name).chmod(0o644)
    Path(half.name).replace(path)
