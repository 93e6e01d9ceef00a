"""Publications from the content folder: Japanese editions first, each with its English twin."""

from pathlib import Path
from typing import Any

from guidelines.enums import EditionKind, PublicationKind
from guidelines.errors import ContentBroken
from guidelines.models import ChangeNote, Edition, Publication, Section, SectionMove
from guidelines.services.content_files import page_as_of, plain, read_page, read_toml
from guidelines.services.content_references import templates_for
from guidelines.services.publication import publish_now
from guidelines.services.sections import SectionText, write_section

Facts = dict[str, Any]


def load_publication(home: Path) -> int:
    """Publish what is not published yet of one folder; returns how many editions."""
    facts = read_toml(home / "publication.toml")
    made = 0
    original: Publication | None = None
    for language in ("ja", "en"):
        publication = _publication(home, facts, language, original)
        if language == "ja":
            original = publication
            _sections(publication, facts["sections"])
        files = sorted(home.glob("editions/*.toml"), key=lambda path: int(path.stem))
        for path in files:
            made += _edition(home, publication, read_toml(path))
    return made


def _publication(
    home: Path, facts: Facts, language: str, original: Publication | None
) -> Publication:
    if facts["kind"] not in PublicationKind.values:
        raise ContentBroken(f"{home.name}: kind {facts['kind']!r}")
    publication: Publication
    publication, _new = Publication.objects.update_or_create(
        slug=home.name,
        language=language,
        defaults={
            "kind": facts["kind"],
            "jurisdiction": facts.get("jurisdiction", "JP"),
            "position": facts.get("position", 1),
            "twin_of": original,
        },
    )
    return publication


def _sections(publication: Publication, ids: dict[str, str]) -> None:
    Section.objects.bulk_create(
        [Section(id=pk, key=key, publication=publication) for key, pk in ids.items()],
        ignore_conflicts=True,
    )


def _edition(home: Path, publication: Publication, facts: Facts) -> int:
    language, number = publication.language, facts["number"]
    if Edition.objects.filter(publication=publication, number=number).exists():
        return 0
    keys = [key for chapter in facts["chapters"] for key in chapter["sections"]]
    pages = {key: page_as_of(home / "sections" / key, number, language) for key in keys}
    if language == "en" and not all(pages.values()):
        return 0
    ids = dict(
        Section.objects.filter(publication_id=publication.original_id).values_list("key", "id")
    )
    edition = _begin(publication, facts, ids)
    texts = {}
    for key, path in pages.items():
        if path is None:
            raise ContentBroken(f"{home.name}: edition {number} has no text for {key}")
        texts[key] = read_page(path)
    for key, (front, source) in texts.items():
        text = SectionText(
            heading=front["heading"],
            gist=front["gist"],
            source=source,
            checklist=front.get("checklist", []),
            statutes=front.get("statutes", []),
            facts=plain(front.get("facts", [])),
            open_points=front.get("open", []),
        )
        version = write_section(edition, ids[key], text)
        version.templates.set(templates_for(front.get("templates", []), language=language))
    _notes(edition, facts, ids)
    publish_now(edition, published_on=facts["published_on"], effective_on=facts["effective_on"])
    return 1


def _begin(publication: Publication, facts: Facts, ids: dict[str, str]) -> Edition:
    language = publication.language
    based_on = None
    if language == "en":
        based_on = Edition.objects.get(
            publication_id=publication.original_id, number=facts["number"]
        )
    try:
        chapters = [
            {
                "title": chapter[f"title_{language}"],
                "sections": [ids[key] for key in chapter["sections"]],
            }
            for chapter in facts["chapters"]
        ]
    except KeyError as error:
        raise ContentBroken(f"{publication.slug}: chapters name {error}") from error
    edition: Edition = Edition.objects.create(
        publication=publication,
        number=facts["number"],
        kind=facts.get("kind", EditionKind.REGULAR),
        title=facts[f"title_{language}"],
        summary=facts[f"summary_{language}"],
        law_as_of=facts["law_as_of"],
        as_of=facts["as_of"],
        sources=[
            {
                "name": row[f"name_{language}"],
                "place": row.get(f"place_{language}", ""),
                "as_of": row["as_of"].isoformat(),
            }
            for row in facts.get("sources", [])
        ],
        chapters=chapters,
        based_on=based_on,
    )
    return edition


def _notes(edition: Edition, facts: Facts, ids: dict[str, str]) -> None:
    language = edition.publication.language
    ChangeNote.objects.bulk_create(
        ChangeNote(
            edition=edition,
            section_id=ids[row["section"]],
            kind=row["kind"],
            note=row[f"note_{language}"],
            reason=row.get(f"reason_{language}", ""),
            affects=row.get("affects", ["all"]),
        )
        for row in facts.get("changes", [])
    )
    SectionMove.objects.bulk_create(
        SectionMove(edition=edition, kind=row["kind"], origin_id=ids[a], target_id=ids[b])
        for row in facts.get("moves", [])
        for a in row["from"]
        for b in row["to"]
        if a != b
    )
