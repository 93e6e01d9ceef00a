"""Loads what comes with the portal: references first, then templates, then every edition in order."""

from pathlib import Path

from django.db import transaction

from guidelines.services.content_files import CONTENT, read_toml
from guidelines.services.content_publications import load_publication
from guidelines.services.content_references import load_references, load_templates


def load_content(folder: Path = CONTENT) -> int:
    """Publish every edition in the content folder that is not there yet; returns how many.

    Raises ContentBroken, naming the file, where one cannot be read; nothing is kept then.
    """
    with transaction.atomic():
        load_references(folder)
        load_templates(folder)
        homes = sorted(
            (path.parent for path in folder.glob("publications/*/publication.toml")),
            key=lambda home: (read_toml(home / "publication.toml").get("position", 1), home.name),
        )
        return sum(load_publication(home) for home in homes)
