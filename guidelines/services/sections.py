"""Writing the sections of a draft: saved, added under a new public id, left out."""

import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import audit
from common.errors import Conflict
from guidelines.enums import Affected, AuditKind, ChangeKind
from guidelines.errors import NotPublishable
from guidelines.models import ChangeNote, Edition, Section, SectionVersion, TemplateVersion
from guidelines.reports.changes import edition_before
from guidelines.services.drafting import (
    locked_draft,
    note_writer,
    references_of,
    renumber,
    require_draft,
)
from guidelines.services.markdown import to_html

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


def text_of(version: SectionVersion) -> SectionText:
    """What a section says now."""
    return SectionText(**{f.name: getattr(version, f.name) for f in fields(SectionText)})


def as_text(text: SectionText) -> str:
    """All that an editor types of a section, to be read and copied in one piece."""
    steps = [f"□ {item['text']}" for item in text.checklist]
    return "\n\n".join([text.heading, text.gist, text.source, *steps])


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


def save_section(
    version: SectionVersion, text: SectionText, *, by: User, expected: int,
    templates: Iterable[TemplateVersion] | None = None,
) -> SectionVersion:  # fmt: skip
    """Keep an editor's text. Raises Conflict (somebody saved since), NotPublishable, ContentBroken."""
    with transaction.atomic():
        edition = locked_draft(version.edition)
        stands: SectionVersion | None = SectionVersion.objects.filter(pk=version.pk).first()
        if stands is None:
            raise NotPublishable(_("この節は、別の人がなくしました。"))
        if stands.version != expected:
            raise Conflict(mine=as_text(text), theirs=as_text(text_of(stands)))
        stands.html = to_html(text.source, references_of(edition))
        for name, value in asdict(text).items():
            setattr(stands, name, value)
        stands.sha256 = stands.digest()
        stands.version += 1
        stands.save()
        if templates is not None:
            stands.templates.set(templates)
        note_writer(edition, by)
        audit.record(AuditKind.SAVED, actor=by, obj=edition, section=stands.section_id)
    return stands


def add_section(edition: Edition, *, chapter: int, text: SectionText, by: User) -> SectionVersion:
    """A new section at the end of a chapter (counted from 0), under a new public id."""
    with transaction.atomic():
        stands = locked_draft(edition)
        if not 0 <= chapter < len(stands.chapters):
            raise NotPublishable(_("一覧にある章を選んでください。"))
        section = Section.objects.create(
            id=_new_id(), publication_id=stands.publication.original_id, key=f"s-{_new_id()}"
        )
        stands.chapters[chapter]["sections"].append(section.pk)
        stands.save()
        version = write_section(stands, section.pk, text)
        renumber(stands)
        note_writer(stands, by)
        audit.record(AuditKind.SAVED, actor=by, obj=stands, section=section.pk)
    return version


def remove_section(version: SectionVersion, *, note: str, reason: str, by: User) -> None:
    """Leave a section out of the draft, and say why to its readers, where it ever had any."""
    with transaction.atomic():
        edition = locked_draft(version.edition)
        for chapter in edition.chapters:
            chapter["sections"] = [pk for pk in chapter["sections"] if pk != version.section_id]
        edition.save()
        SectionVersion.objects.filter(pk=version.pk).delete()
        renumber(edition)
        notes = ChangeNote.objects.filter(edition=edition, section=version.section_id)
        notes.delete()
        before = edition_before(edition)
        if SectionVersion.objects.filter(edition=before, section=version.section_id).exists():
            ChangeNote.objects.create(
                edition=edition, section_id=version.section_id, kind=ChangeKind.DELETED,
                note=note, reason=reason, affects=[Affected.ALL],
            )  # fmt: skip
        note_writer(edition, by)
        audit.record(AuditKind.SAVED, actor=by, obj=edition, section=version.section_id)


def _new_id() -> str:
    """A public id that says nothing and is not taken."""
    while True:
        pk = "".join(secrets.choice(ID_ALPHABET) for _letter in range(6))
        if not Section.objects.filter(pk=pk).exists():
            return pk
