"""Loads the guidelines that come with the portal: one folder each, one TOML and two Markdown files."""

import re
import tomllib
from pathlib import Path
from typing import Any

from django.db import transaction

from guidelines.errors import ContentBroken
from guidelines.models import Edition, Guideline, Section
from guidelines.services.publication import publish_edition, write_section

CONTENT = Path(__file__).resolve().parent.parent / "content"
_HEADING = re.compile(r"^## (?P<heading>.+?) \{#(?P<id>[a-z0-9-]+)\}$")


def load_content() -> int:
    """Publish every edition in the content folder that is not there yet; returns how many."""
    return sum(_load(folder) for folder in sorted(CONTENT.iterdir()) if folder.is_dir())


def _load(folder: Path) -> int:
    with transaction.atomic():
        facts = tomllib.loads((folder / "edition.toml").read_text(encoding="utf-8"))
        guideline, _new = Guideline.objects.get_or_create(
            slug=folder.name, defaults={"position": facts.pop("position")}
        )
        facts.pop("position", None)
        edition, created = Edition.objects.get_or_create(
            guideline=guideline, number=facts.pop("number"), defaults=facts
        )
        if not created:
            return 0
        for language in ("ja", "en"):
            _write(edition, language, folder / f"{language}.md")
        publish_edition(edition, by=None)
    return 1


def _write(edition: Edition, language: str, path: Path) -> None:
    for position, part in enumerate(sections_of(path), start=1):
        section, _new = Section.objects.get_or_create(
            id=part["id"], defaults={"guideline": edition.guideline}
        )
        write_section(
            edition, section, language=language, position=position,
            heading=part["heading"], source=part["source"],
        )  # fmt: skip


def sections_of(path: Path) -> list[dict[str, Any]]:
    """The sections of a Markdown file: `## Heading {#section-id}`. Raises ContentBroken."""
    found: list[dict[str, Any]] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        matched = _HEADING.match(line)
        if matched:
            found.append({**matched.groupdict(), "source": ""})
        elif line.startswith("## "):
            raise ContentBroken(f"{path.name}:{number}: a heading without {{#id}}")
        elif found:
            found[-1]["source"] += line + "\n"
        elif line.strip():
            raise ContentBroken(f"{path.name}:{number}: text before the first heading")
    return [part | {"source": part["source"].strip() + "\n"} for part in found]
