"""Says what a PDF of ours claims, holds, and whether its seal is whole."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.pdf import read_facts, seal_problems

_PROFILES = {"PDF/A-3A": "3a", "PDF/UA-1": "ua1"}


class Command(BaseCommand):
    """`manage.py check_pdf FILE`; ends with 1 where anything is wrong."""

    help = "Check a PDF: standards, files inside, seal."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """The file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """One line a fact. Raises CommandError where a check fails."""
        pdf = file.read_bytes()
        problems = [f"Seal: {problem}" for problem in seal_problems(pdf)]
        try:
            facts = read_facts(pdf)
        except Exception as error:
            raise CommandError("Not readable as a PDF.") from error
        print(f"Pages: {facts.pages}   Language: {facts.language or 'not given'}")
        for inner in facts.files:
            size = len(inner.content)
            print(f"Inside: {inner.name}   {inner.relationship}   {size} bytes   {inner.sha256}")
        for claim, profile in _PROFILES.items():
            broken = _broken_rules(file, profile)
            if claim not in facts.standards:
                problems.append(f"{claim}: not claimed")
            elif broken:
                problems.append(f"{claim}: {', '.join(broken)}")
            else:
                print(f"{claim}: {'claimed, no validator here' if broken is None else 'passes'}")
        if problems:
            raise CommandError("\n".join(problems))
        print("Seal: ours, whole, covers the whole file")


def _broken_rules(file: Path, profile: str) -> list[str] | None:
    """Rules the file breaks; None without the validator, a development tool."""
    try:
        import page
    except ImportError:
        return None
    return sorted(
        {failure.rule_id for failure in page.validate_pdf(str(file), profile=profile).failures}
    )
