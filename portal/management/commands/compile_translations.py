"""Compiles the message catalogues with Babel, so that no gettext tools are needed."""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management.base import BaseCommand


def compile_file(path: Path) -> int:
    """Write the .mo beside the .po; returns how many messages are translated."""
    with path.open("rb") as source:
        catalog = read_po(source)
    half = path.with_suffix(".mo.half")
    with half.open("wb") as target:
        write_mo(target, catalog)
    half.replace(path.with_suffix(".mo"))
    return sum(1 for message in catalog if message.id and message.string)


class Command(BaseCommand):
    """`manage.py compile_translations`"""

    help = "Compile locale/*/LC_MESSAGES/*.po."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Compile each catalogue."""
        for path in sorted((settings.BASE_DIR / "locale").glob("*/LC_MESSAGES/*.po")):
            count = compile_file(path)
            print(f"{path.relative_to(settings.BASE_DIR)}: {count} messages")
