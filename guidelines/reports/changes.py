"""Which sections differ between two editions, and what readers are told of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from guidelines.enums import ChangeKind
from guidelines.models import ChangeNote, Edition, SectionVersion


@dataclass(frozen=True)
class Change:
    """One section that is not what it was."""

    section_id: str
    heading: str
    is_new: bool = False
    is_gone: bool = False

    @property
    def fitting_kinds(self) -> frozenset[ChangeKind]:
        """What its note may call it; something moved can also be new here or gone there."""
        if self.is_new:
            return frozenset({ChangeKind.NEW, ChangeKind.MOVED})
        if self.is_gone:
            return frozenset({ChangeKind.DELETED, ChangeKind.MOVED})
        return frozenset({ChangeKind.SUBSTANCE, ChangeKind.WORDING, ChangeKind.MOVED})


def edition_before(edition: Edition) -> Edition | None:
    """The published edition with the next lower number."""
    found: Edition | None = (
        Edition.objects.published()
        .filter(publication=edition.publication_id, number__lt=edition.number)
        .newest_first()
        .first()
    )
    return found


def changed_sections(edition: Edition) -> list[Change]:
    """What differs from the edition before; nothing for the first one."""
    before = edition_before(edition)
    if before is None:
        return []
    old = {v.section_id: v for v in SectionVersion.objects.of(before)}
    new = {v.section_id: v for v in SectionVersion.objects.of(edition)}
    found = [
        Change(pk, version.heading, is_new=pk not in old)
        for pk, version in new.items()
        if pk not in old or old[pk].digest() != version.digest()
    ]
    found += [Change(pk, v.heading, is_gone=True) for pk, v in old.items() if pk not in new]
    return found


def notes_between(first: Edition, last: Edition) -> dict[str, list[ChangeNote]]:
    """The notes of all published editions after `first` up to `last`, by section."""
    notes = (
        ChangeNote.objects.filter(
            edition__publication=last.publication_id,
            edition__number__gt=first.number,
            edition__number__lte=last.number,
        )
        .select_related("edition")
        .order_by("edition__number")
    )
    found: dict[str, list[ChangeNote]] = {}
    for note in notes:
        found.setdefault(note.section_id, []).append(note)
    return found


def worst(notes: Iterable[ChangeNote]) -> ChangeKind:
    """The kind that weighs most of several."""
    kinds = {note.kind for note in notes}
    for kind in (ChangeKind.DELETED, ChangeKind.SUBSTANCE, ChangeKind.NEW, ChangeKind.MOVED):
        if kind in kinds:
            return kind
    return ChangeKind.WORDING
