"""Writing a draft edition: begun from the live one, saved section by section, discarded."""

from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from accounts.models import User
from common import audit
from common.errors import Conflict
from guidelines.enums import AuditKind, ChangeKind, EditionKind, EditionState
from guidelines.errors import NotPublishable
from guidelines.models import (
    ChangeNote,
    Edition,
    Publication,
    Section,
    SectionMove,
    SectionVersion,
)
from guidelines.services.markdown import LONGEST, References, to_html

#: Without the letters and digits that are mistaken for others.
ID_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"


@dataclass(frozen=True)
class SectionText:
    """Everything that a section says in one edition."""

    heading: str
    gist: str
    source: str
    checklist: list[dict[str, Any]] = field(default_factory=list)
    statutes: list[str] = field(default_factory=list)
    facts: list[dict[str, Any]] = field(default_factory=list)
    open_points: list[str] = field(default_factory=list)


def require_draft(edition: Edition) -> None:
    """Raises NotPublishable where the edition is published or waits for its day."""
    if edition.state == EditionState.PUBLISHED:
        raise NotPublishable(_("公開した版は変えられません。新しい版を作ってください。"))
    if edition.state == EditionState.SCHEDULED:
        raise NotPublishable(_("公開の予定を取り消してから直してください。"))


def write_section(edition: Edition, section_id: str, text: SectionText) -> SectionVersion:
    """Put a section's text into a draft; its HTML is made when the edition is prepared."""
    require_draft(edition)
    version = SectionVersion(
        edition=edition,
        section_id=section_id,
        position=_position(edition, section_id),
        **asdict(text),
    )
    version.sha256 = version.digest()
    version.save()
    return version


def _position(edition: Edition, section_id: str) -> int:
    """Its place in the reading order; behind all others where no chapter names it yet."""
    order = edition.section_ids()
    return order.index(section_id) + 1 if section_id in order else len(order) + 1


def begin_draft(
    publication: Publication, *, by: User, kind: EditionKind | str = EditionKind.REGULAR
) -> Edition:
    """A draft that says what the newest published edition says.

    Raises NotPublishable where a draft or a scheduled edition exists already.
    """
    last = Edition.objects.published().filter(publication=publication).newest_first().first()
    if last is None:
        raise NotPublishable(_("公開中の版がありません。"))
    try:
        with transaction.atomic():
            draft: Edition = Edition.objects.create(
                publication=publication,
                number=last.number + 1,
                kind=kind,
                title=last.title,
                summary=last.summary,
                law_as_of=last.law_as_of,
                as_of=last.as_of,
                sources=last.sources,
                chapters=last.chapters,
                author=by,
            )
            _copy(last, draft)
            audit.record(AuditKind.DRAFTED, actor=by, obj=draft, number=draft.number)
    except IntegrityError as error:
        raise NotPublishable(_("書きかけの版がすでにあります。")) from error
    return draft


def _copy(last: Edition, draft: Edition) -> None:
    for version in SectionVersion.objects.of(last).prefetch_related("templates"):
        templates = list(version.templates.all())
        version.pk, version._state.adding = None, True
        version.edition, version.version = draft, 1
        version.save()
        version.templates.set(templates)


def save_section(
    version: SectionVersion, text: SectionText, *, by: User, expected: int
) -> SectionVersion:
    """Keep an editor's text. Raises Conflict (somebody saved since), NotPublishable, ContentBroken."""
    with transaction.atomic():
        stands: SectionVersion = (
            SectionVersion.objects.select_for_update(of=("self",))
            .select_related("edition__publication")
            .get(pk=version.pk)
        )
        require_draft(stands.edition)
        if stands.version != expected:
            raise Conflict(mine=text.source, theirs=stands.source)
        stands.html = to_html(text.source, references_of(stands.edition))
        for name, value in asdict(text).items():
            setattr(stands, name, value)
        stands.sha256 = stands.digest()
        stands.version += 1
        stands.save()
        Edition.objects.filter(pk=stands.edition_id).update(version=F("version") + 1)
        audit.record(AuditKind.SAVED, actor=by, obj=stands.edition, section=stands.section_id)
    return stands


def references_of(edition: Edition) -> References:
    """What the edition's Markdown may refer to."""
    headings = dict(
        SectionVersion.objects.filter(edition=edition).values_list("section__key", "heading")
    )
    return References.of(edition, headings)


def add_section(edition: Edition, *, chapter: int, text: SectionText, by: User) -> SectionVersion:
    """A new section at the end of a chapter (counted from 0), under a new public id."""
    with transaction.atomic():
        stands = Edition.objects.select_for_update(of=("self",)).get(pk=edition.pk)
        require_draft(stands)
        section = Section.objects.create(
            id=_new_id(), publication_id=edition.publication.original_id, key=f"s-{_new_id()}"
        )
        if not 0 <= chapter < len(stands.chapters):
            raise NotPublishable(_("一覧にある章を選んでください。"))
        stands.chapters[chapter]["sections"].append(section.pk)
        stands.version += 1
        stands.save()
        version = write_section(stands, section.pk, text)
        _renumber(stands)
        audit.record(AuditKind.SAVED, actor=by, obj=stands, section=section.pk)
    return version


def remove_section(version: SectionVersion, *, note: str, reason: str, by: User) -> None:
    """Leave a section out of the draft, and say why to its readers."""
    with transaction.atomic():
        edition = Edition.objects.select_for_update(of=("self",)).get(pk=version.edition_id)
        require_draft(edition)
        for chapter in edition.chapters:
            chapter["sections"] = [pk for pk in chapter["sections"] if pk != version.section_id]
        edition.version += 1
        edition.save()
        version.delete()
        _renumber(edition)
        ChangeNote.objects.update_or_create(
            edition=edition,
            section_id=version.section_id,
            defaults={"kind": ChangeKind.DELETED, "note": note, "reason": reason},
        )
        audit.record(AuditKind.SAVED, actor=by, obj=edition, section=version.section_id)


def save_outline(
    edition: Edition, *, facts: dict[str, Any], chapters: list[dict[str, Any]], by: User,
    expected: int,
) -> Edition:  # fmt: skip
    """Title, summary, dates, sources and the order of chapters. Raises Conflict, NotPublishable."""
    with transaction.atomic():
        stands: Edition = Edition.objects.select_for_update(of=("self",)).get(pk=edition.pk)
        require_draft(stands)
        if stands.version != expected:
            raise Conflict(mine=str(facts.get("summary", "")), theirs=stands.summary)
        kept = sorted(SectionVersion.objects.of(stands).values_list("section_id", flat=True))
        if sorted(pk for chapter in chapters for pk in chapter["sections"]) != kept:
            raise NotPublishable(_("章の中に、抜けた節か二度出てくる節があります。"))
        for name, value in facts.items():
            setattr(stands, name, value)
        stands.chapters = chapters
        stands.version += 1
        stands.save()
        _renumber(stands)
        audit.record(AuditKind.SAVED, actor=by, obj=stands, number=stands.number)
    return stands


def save_note(
    edition: Edition, section_id: str, *, kind: str, note: str, reason: str, affects: list[str],
    by: User,
) -> ChangeNote:  # fmt: skip
    """What readers are told of a changed section."""
    require_draft(edition)
    with transaction.atomic():
        saved: ChangeNote
        saved, _new = ChangeNote.objects.update_or_create(
            edition=edition,
            section_id=section_id,
            defaults={"kind": kind, "note": note, "reason": reason, "affects": affects},
        )
        Edition.objects.filter(pk=edition.pk).update(version=F("version") + 1)
        audit.record(AuditKind.SAVED, actor=by, obj=edition, section=section_id)
    return saved


def note_move(edition: Edition, *, kind: str, origin: str, target: str, by: User) -> SectionMove:
    """Keep where a section went, so that old links and citations lead on."""
    require_draft(edition)
    with transaction.atomic():
        move: SectionMove
        move, _new = SectionMove.objects.update_or_create(
            edition=edition, origin_id=origin, target_id=target, defaults={"kind": kind}
        )
        Edition.objects.filter(pk=edition.pk).update(version=F("version") + 1)
        audit.record(AuditKind.SAVED, actor=by, obj=edition, section=origin)
    return move


def discard_draft(edition: Edition, *, by: User) -> None:
    """Throw a draft away. Raises NotPublishable for anything else."""
    with transaction.atomic():
        stands = Edition.objects.select_for_update(of=("self",)).get(pk=edition.pk)
        require_draft(stands)
        audit.record(AuditKind.DISCARDED, actor=by, obj=stands, number=stands.number)
        stands.delete()


def _renumber(edition: Edition) -> None:
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


def _new_id() -> str:
    """A public id that says nothing and is not taken."""
    import secrets

    while True:
        pk = "".join(secrets.choice(ID_ALPHABET) for _letter in range(6))
        if not Section.objects.filter(pk=pk).exists():
            return pk


def newest_number(publication: Publication) -> int:
    """Of all editions, drafts included; 0 where there is none."""
    found = Edition.objects.filter(publication=publication).aggregate(n=Max("number"))["n"]
    return found or 0


__all__ = [
    "LONGEST",
    "SectionText",
    "add_section",
    "begin_draft",
    "discard_draft",
    "labels_of",
    "note_move",
    "references_of",
    "remove_section",
    "save_note",
    "save_outline",
    "save_section",
    "write_section",
]
