"""Prints docs/settings.md from the declarations of the environment variables."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.environment import VARIABLES, Variable

HEAD = """# Settings

Printed by `python manage.py print_settings` from `portal/environment.py`; do not edit by hand.
All settings are environment variables. Wrong ones are named together at start, each with what it is for.
In production the portal does not start where a required one is missing or weak.

| variable | default | in production | what it is |
|---|---|---|---|
"""


def _default(variable: Variable) -> str:
    """The default in words; a development secret is not repeated."""
    if variable.name == "SECRET_KEY":
        return "a development value"
    if variable.default is None:
        return "derived"
    return f"`{variable.default}`" if variable.default else ""


def printed() -> str:
    """All variables as a Markdown table."""
    lines = [
        f"| `{v.name}` | {_default(v)} | {v.production} | {v.purpose} |".replace("|…", "…")
        for v in VARIABLES
    ]
    return HEAD + "\n".join(lines) + "\n"


class Command(BaseCommand):
    """`manage.py print_settings [--check]`"""

    help = "Write docs/settings.md from the declarations."

    def add_arguments(self, parser: CommandParser) -> None:
        """--check writes nothing."""
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, or compare."""
        path = settings.BASE_DIR / "docs" / "settings.md"
        if not options["check"]:
            path.write_text(printed(), encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != printed():
            raise CommandError("docs/settings.md is out of date: run print_settings.")
