"""The hash of an edition, computed anew from what the database holds, and the chain over editions."""

from typing import Any

from guidelines.models import ChangeNote, Edition, Publication, SectionMove, SectionVersion


def content_digest(edition: Edition) -> str:
    """Over title, sources, outline, sections with their templates, notes and moves; four queries."""
    versions = SectionVersion.objects.of(edition).prefetch_related("templates")
    notes = ChangeNote.objects.filter(edition=edition).order_by("section_id")
    moves = SectionMove.objects.filter(edition=edition).order_by("origin_id", "target_id")
    parts: dict[str, Any] = {
        "sections": [
            [v.section_id, v.sha256, sorted(row.sha256 for row in v.templates.all())]
            for v in versions.only("section_id", "sha256")
        ],
        "notes": [[n.section_id, n.kind, n.note, n.reason, sorted(n.affects)] for n in notes],
        "moves": [[m.kind, m.origin_id, m.target_id] for m in moves],
    }
    return edition.content_digest(parts)


def is_checked(edition: Edition) -> bool:
    """Whether the legal check was of exactly what the draft says now."""
    return bool(edition.checked_by_id) and edition.checked_sha256 == content_digest(edition)


def chain_problems(publication: Publication) -> list[str]:
    """What does not fit in the published editions; empty where every hash proves its text."""
    found, previous = [], ""
    for edition in Edition.objects.published().filter(publication=publication).order_by("number"):
        name = f"{publication} {edition.number}"
        if edition.previous_sha256 != previous:
            found.append(f"{name}: does not follow the edition before")
        changed = [
            version.section_id
            for version in SectionVersion.objects.of(edition)
            if version.digest() != version.sha256
        ]
        if changed or edition.chained_digest(content_digest(edition)) != edition.sha256:
            found.append(f"{name}: text changed {' '.join(changed)}".rstrip())
        previous = edition.sha256
    return found
