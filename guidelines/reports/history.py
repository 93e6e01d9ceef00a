"""What stands around a text: other editions, what replaced it and how, who may be told."""

from itertools import groupby
from typing import Any

from django.utils import timezone

from guidelines.enums import ChangeKind
from guidelines.models import (
    ChangeNote,
    Edition,
    Section,
    SectionMove,
    SectionVersion,
    Subscription,
    Tick,
)
from guidelines.reports.changes import worst
from guidelines.reports.in_force import edition_in_force
from guidelines.reports.reading import section_views


def history_of(edition: Edition, original: Edition) -> dict[str, Any]:
    """Editions of the publication, which one is in force, which is coming, and how it compares."""
    today = timezone.localdate()
    editions = list(
        Edition.objects.published()
        .filter(publication_id=edition.publication.original_id)
        .newest_first()
        .defer("chapters", "sources")
    )
    begun = [e for e in editions if e.effective_on is not None and e.effective_on <= today]
    in_force = max(begun, key=lambda e: (e.effective_on, e.number), default=None)
    newest = editions[0] if editions else None
    return {
        "editions": editions,
        "in_force": in_force,
        "coming": [e for e in editions if e.effective_on and e.effective_on > today],
        "is_in_force": in_force is not None and in_force.number == original.number,
        "is_behind": edition.number < original.number,
        "is_translation_missing": edition.publication_id == original.publication_id,
        "before": next((e for e in editions if e.number < original.number), None),
        "newest": newest,
    }


def section_page(
    section: Section, *, language: str, user: Any, number: int | None = None
) -> dict[str, Any] | None:
    """All that the page of one section shows; None where nothing of it was published."""
    originals = list(
        SectionVersion.objects.published()
        .filter(section=section, edition__publication=section.publication)
        .select_related("edition__publication")
        .prefetch_related("templates")
        .order_by("-edition__number")
    )
    if not originals:
        return None
    now = edition_in_force(section.publication.slug, on=timezone.localdate())
    shown = _shown(originals, now, number)
    text = _twin(shown, language) or shown
    (view,) = section_views(text.edition, [text])
    current = next((v for v in originals if now is not None and v.edition_id == now.pk), None)
    is_current = current is not None and current.sha256 == shown.sha256
    notes = _notes(section, language)
    return {
        "section": section,
        "view": view,
        "version": text,
        "original": shown,
        "in_force": now,
        "current": current,
        "is_current": is_current,
        "replaced_by": None if is_current else _replaced_by(shown, now, notes, language),
        "steps": _steps(originals, notes),
        "ticked_items": _ticked(user, section, text),
        # The form for one's own ticks stands in place of the plain list.
        "own_ticks": bool(user.is_authenticated and text.checklist and shown is current),
        "is_subscribed": _is_subscribed(user, section),
        "is_behind": text.edition.number < shown.edition.number,
        "is_translation_missing": text.pk == shown.pk,
    }


def _shown(
    originals: list[SectionVersion], now: Edition | None, number: int | None
) -> SectionVersion:
    """The edition asked for, else the one in force, else the last that had the section."""
    if number is not None:
        return next(v for v in originals if v.edition.number == number)
    for version in originals:
        if now is not None and version.edition.number <= now.number:
            return version
    return originals[-1]


def _twin(version: SectionVersion, language: str) -> SectionVersion | None:
    """The same text in the reader's language; an older translation where there is no newer one."""
    if language == "ja":
        return None
    found: SectionVersion | None = (
        SectionVersion.objects.published()
        .filter(
            section=version.section_id,
            edition__publication__language=language,
            edition__number__lte=version.edition.number,
        )
        .select_related("edition__publication")
        .prefetch_related("templates")
        .order_by("-edition__number")
        .first()
    )
    return found


def _notes(section: Section, language: str) -> dict[int, ChangeNote]:
    """The note of each published edition, by number; in the reader's language where there is one."""
    rows = ChangeNote.objects.filter(section=section, edition__state="published").filter(
        edition__publication__language__in={"ja", language}
    )
    found: dict[int, ChangeNote] = {}
    for note in rows.select_related("edition__publication").order_by("edition__number"):
        number = note.edition.number
        if number not in found or note.edition.publication.language == language:
            found[number] = note
    return found


def _replaced_by(
    shown: SectionVersion, now: Edition | None, notes: dict[int, ChangeNote], language: str
) -> dict[str, Any] | None:
    """How the text shown relates to the edition in force: later notes, where it went."""
    if now is None or shown.edition.number >= now.number:
        return None
    later = [n for number, n in notes.items() if shown.edition.number < number <= now.number]
    targets = moved_to(shown.section_id, after=shown.edition.number, now=now)
    if not later and not targets:
        return None
    texts = SectionVersion.objects.published().filter(
        section__in=targets, edition__number=now.number
    )
    found: dict[str, SectionVersion] = {}
    for text in texts.select_related("section", "edition__publication"):
        if text.section_id not in found or text.edition.publication.language == language:
            found[text.section_id] = text
    return {
        "notes": later,
        "kind": worst(later) if later else ChangeKind.MOVED,
        "targets": sorted(found.values(), key=lambda text: text.position),
    }


def moved_to(section_id: str, *, after: int, now: Edition) -> set[str]:
    """Where the words of a section went since edition `after`, followed from move to move."""
    moves = SectionMove.objects.filter(
        edition__publication=now.publication_id,
        edition__state="published",
        edition__number__gt=after,
        edition__number__lte=now.number,
    )
    rows = moves.order_by("edition__number").values_list(
        "edition__number", "origin_id", "target_id"
    )
    here = {section_id}
    for _number, group in groupby(rows, key=lambda row: row[0]):
        # Of one edition's moves, none takes up what another one has just brought.
        here |= {target for _n, origin, target in group if origin in here}
    return here - {section_id}


def _steps(originals: list[SectionVersion], notes: dict[int, ChangeNote]) -> list[dict[str, Any]]:
    """Every published text of the section with the note of its edition, newest first."""
    return [{"version": v, "note": notes.get(v.edition.number)} for v in originals]


def _ticked(user: Any, section: Section, text: SectionVersion) -> list[dict[str, Any]]:
    """The steps of the text with whether this reader has done them in their present substance."""
    done: set[tuple[str, int]] = set()
    if user.is_authenticated:
        done = set(Tick.objects.filter(user=user, section=section).values_list("item", "rev"))
    return [item | {"done": (item["id"], item["rev"]) in done} for item in text.checklist]


def _is_subscribed(user: Any, section: Section) -> bool:
    if not user.is_authenticated:
        return False
    return bool(Subscription.objects.filter(user=user, section=section).exists())
