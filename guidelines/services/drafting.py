"""A draft edition: begun from the live one, held while somebody writes, its outline, discarded."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from common import audit
from common.errors import Conflict
from guidelines.enums import AuditKind, EditionKind, EditionState
from guidelines.errors import NotPublishable
from guidelines.models import Edition, Publication, SectionVersion
from guidelines.services.copying import copied
from guidelines.services.markdown import References
from guidelines.services.translating import follow_original, translated_chapters


def require_draft(edition: Edition) -> None:
    """Raises NotPublishable where the edition is published or waits for its day."""
    if edition.state == EditionState.PUBLISHED:
        raise NotPublishable(_("公開した版は変えられません。新しい版を作ってください。"))
    if edition.state == EditionState.SCHEDULED:
        raise NotPublishable(_("公開の予定を取り消してから直してください。"))


def locked_draft(edition: Edition) -> Edition:
    """The draft as it stands, held until the transaction ends. Raises NotPublishable.

    Everything that writes in a draft takes this first: a text must not slip in between its legal
    check and its schedule.
    """
    stands: Edition | None = (
        Edition.objects.select_for_update(of=("self",))
        .select_related("publication")
        .filter(pk=edition.pk)
        .first()
    )
    if stands is None:
        raise NotPublishable(_("この下書きは、もうありません。"))
    require_draft(stands)
    return stands


def note_writer(edition: Edition, by: User) -> None:
    """Who writes in a draft never checks it; and other windows see that it changed."""
    edition.writers.add(by)
    Edition.objects.filter(pk=edition.pk).update(version=F("version") + 1)


def begin_draft(
    publication: Publication, *, by: User, kind: EditionKind | str = EditionKind.REGULAR
) -> Edition:
    """A draft that says what the newest published edition says; a translation follows the original.

    Raises NotPublishable where a draft or a scheduled edition exists already.
    """
    last = _newest(publication.pk)
    if last is None:
        raise NotPublishable(_("公開中の版がありません。"))
    original = _newest(publication.twin_of_id) if publication.twin_of_id else None
    if original is not None and original.number <= last.number:
        raise NotPublishable(_("訳す版がありません。先に日本語の次の版を公開してください。"))
    source = original or last
    chapters = translated_chapters(original.chapters, last.chapters) if original else last.chapters
    try:
        with transaction.atomic():
            draft: Edition = Edition.objects.create(
                publication=publication,
                number=original.number if original else last.number + 1,
                kind=kind,
                title=last.title,
                summary=last.summary,
                law_as_of=source.law_as_of,
                as_of=source.as_of,
                sources=last.sources,
                chapters=chapters,
                based_on=original,
                author=by,
            )
            draft.writers.add(by)
            if original is not None:
                follow_original(draft, last, original)
            else:
                _copy(last, draft)
            audit.record(AuditKind.DRAFTED, actor=by, obj=draft, number=draft.number)
    except IntegrityError as error:
        raise NotPublishable(_("書きかけの版がすでにあります。")) from error
    return draft


def _newest(publication_id: int) -> Edition | None:
    found: Edition | None = (
        Edition.objects.published().filter(publication=publication_id).newest_first().first()
    )
    return found


def _copy(last: Edition, draft: Edition) -> None:
    for version in SectionVersion.objects.of(last).prefetch_related("templates"):
        copied(version, draft, templates=list(version.templates.all()))


def discard_draft(edition: Edition, *, by: User) -> None:
    """Throw a draft away. Raises NotPublishable for anything else."""
    with transaction.atomic():
        stands = locked_draft(edition)
        audit.record(AuditKind.DISCARDED, actor=by, obj=stands, number=stands.number)
        stands.delete()


def save_outline(
    edition: Edition, *, facts: dict[str, Any], chapters: list[dict[str, Any]], by: User,
    expected: int,
) -> Edition:  # fmt: skip
    """Title, summary, dates, sources and the order of chapters. Raises Conflict, NotPublishable."""
    with transaction.atomic():
        stands = locked_draft(edition)
        if stands.version != expected:
            theirs = {name: getattr(stands, name) for name in facts}
            raise Conflict(
                mine=outline_text(facts, chapters), theirs=outline_text(theirs, stands.chapters)
            )
        kept = sorted(SectionVersion.objects.of(stands).values_list("section_id", flat=True))
        if sorted(pk for chapter in chapters for pk in chapter["sections"]) != kept:
            raise NotPublishable(_("章の中に、抜けた節か二度出てくる節があります。"))
        for name, value in facts.items():
            setattr(stands, name, value)
        stands.chapters = chapters
        stands.save()
        renumber(stands)
        note_writer(stands, by)
        audit.record(AuditKind.SAVED, actor=by, obj=stands, number=stands.number)
    return stands


def outline_text(facts: dict[str, Any], chapters: list[dict[str, Any]]) -> str:
    """An outline to be read and copied in one piece."""
    sources = [
        "｜".join(filter(None, (row["name"], row.get("place"), row.get("as_of"))))
        for row in facts.get("sources", [])
    ]
    lines = [f"# {c['title']}\n" + "\n".join(c["sections"]) for c in chapters]
    plain = [str(value) for name, value in facts.items() if name != "sources"]
    return "\n\n".join([*plain, "\n".join(sources), *lines])


def references_of(edition: Edition) -> References:
    """What the edition's Markdown may refer to."""
    headings = dict(
        SectionVersion.objects.filter(edition=edition).values_list("section__key", "heading")
    )
    return References.of(edition, headings)


def renumber(edition: Edition) -> None:
    """Positions and labels as the chapters say."""
    places = labels_of(edition.chapters)
    versions = list(SectionVersion.objects.filter(edition=edition))
    for version in versions:
        version.position, version.label = places.get(version.section_id, (999, ""))
    SectionVersion.objects.bulk_update(versions, ["position", "label"])


def labels_of(chapters: list[dict[str, Any]]) -> dict[str, tuple[int, str]]:
    """(place, "chapter-section") of each section's id."""
    found: dict[str, tuple[int, str]] = {}
    for c, chapter in enumerate(chapters, start=1):
        for s, pk in enumerate(chapter["sections"], start=1):
            found[pk] = (len(found) + 1, f"{c}-{s}")
    return found
