"""Prints the policy table into docs/permissions.md, or checks that it is up to date."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.policy import Relation, Role, table

HEAD = """# Who may do what

Printed by `python manage.py print_permissions` from each app's `policy.py`; do not edit by hand.
A cell names the relations in which a role may do it: `any` = whatever the relation, empty = never.

"""


def printed() -> str:
    """The table as Markdown: one row per (resource, verb), one column per role."""
    lines = [
        "| resource | verb | " + " | ".join(role.value for role in Role) + " |",
        "|---|---|" + "---|" * len(Role),
    ]
    order = list(Relation)
    for (resource, verb), row in sorted(table().items()):
        cells = [
            ", ".join(r.value for r in sorted(row.get(role, frozenset()), key=order.index))
            for role in Role
        ]
        lines.append(f"| {resource} | {verb} | " + " | ".join(cells) + " |")
    return HEAD + "\n".join(lines) + "\n"


class Command(BaseCommand):
    """`manage.py print_permissions [--check]`"""

    help = "Write docs/permissions.md from the policy table."

    def add_arguments(self, parser: CommandParser) -> None:
        """--check writes nothing."""
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, or compare."""
        path = settings.BASE_DIR / "docs" / "permissions.md"
        if not options["check"]:
            path.write_text(printed(), encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != printed():
            raise CommandError("docs/permissions.md is out of date: run print_permissions.")
