"""The draft of a translation: number, outline and steps of the Japanese edition, words of the last one."""

from typing import Any

from guidelines.models import Edition, SectionMove, SectionVersion
from guidelines.services.content_references import templates_for
from guidelines.services.copying import copied

Chapters = list[dict[str, Any]]


def follow_original(draft: Edition, last: Edition, original: Edition) -> None:
    """Fill a new draft. What was never translated stands in Japanese, which keeps it from publication."""
    language = draft.publication.language
    known = {v.section_id: v for v in _texts(last)}
    for version in _texts(original):
        mine = known.get(version.section_id)
        copy = mine or version
        copy.position, copy.label = version.position, version.label
        copy.checklist = _steps(version.checklist, mine.checklist if mine else [])
        copy.sha256 = copy.digest()
        keys = [row.key for row in version.templates.all()]
        templates = list(mine.templates.all()) if mine else templates_for(keys, language=language)
        copied(copy, draft, templates=templates)
    moved = SectionMove.objects.filter(
        edition__publication=original.publication_id,
        edition__number__gt=last.number,
        edition__number__lte=original.number,
    )
    SectionMove.objects.bulk_create(
        [SectionMove(edition=draft, kind=m.kind, origin_id=m.origin_id, target_id=m.target_id)
         for m in moved.order_by("pk")],
        ignore_conflicts=True,
    )  # fmt: skip


def _texts(edition: Edition) -> list[SectionVersion]:
    return list(SectionVersion.objects.of(edition).prefetch_related("templates"))


def _steps(original: list[dict[str, Any]], mine: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The Japanese steps with their ids and revisions, in the words they have here already."""
    words = {item["id"]: item["text"] for item in mine}
    return [item | {"text": words.get(item["id"], item["text"])} for item in original]


def translated_chapters(original: Chapters, mine: Chapters) -> Chapters:
    """The Japanese outline; each chapter under the title of the one that shares most with it."""
    found = []
    for chapter in original:
        wanted = set(chapter["sections"])
        best = max(mine, key=lambda c: len(wanted & set(c["sections"])), default=None)
        shared = best is not None and wanted & set(best["sections"])
        title = best["title"] if best is not None and shared else chapter["title"]
        found.append({"title": title, "sections": list(chapter["sections"])})
    return found
