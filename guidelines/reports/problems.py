"""What keeps an edition from being published, in words for its editor."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from guidelines.enums import ChangeKind, EditionKind
from guidelines.models import (
    ChangeNote,
    Edition,
    Provision,
    Section,
    SectionMove,
    SectionVersion,
    Term,
)
from guidelines.reports.changes import changed_sections, edition_before
from guidelines.reports.reading import REFERENCE


def problems_of(
    edition: Edition, *, published_on: date | None = None, effective_on: date | None = None
) -> list[str]:
    """All of them; empty where the edition can be published."""
    return [
        *_text_problems(edition),
        *_note_problems(edition),
        *_move_problems(edition),
        *_date_problems(edition, published_on, effective_on),
    ]


def _text_problems(edition: Edition) -> list[str]:
    found = []
    versions = {v.section_id: v for v in SectionVersion.objects.of(edition)}
    order = edition.section_ids()
    if not order:
        found.append(_("節がひとつもありません。"))
    if len(order) != len(set(order)) or set(order) != set(versions):
        found.append(_("章の中に、抜けた節か二度出てくる節があります。"))
    found += [
        _("「{heading}」に本文か要点がありません。").format(heading=version.heading)
        for version in versions.values()
        if not version.source.strip() or not version.gist.strip()
    ]
    if not edition.sources:
        found.append(_("出典を書いてください。"))
    return found + _lost_references(edition, versions) + _translation_problems(edition, versions)


def _lost_references(edition: Edition, versions: dict[str, SectionVersion]) -> list[str]:
    """References to a section that was left out, or to a term or provision that is no longer there."""
    keys = Section.objects.filter(pk__in=versions).values_list("key", flat=True)
    known = {
        "s": set(keys),
        "t": set(Term.objects.values_list("key", flat=True)),
        "law": set(Provision.objects.as_of(edition.law_as_of).values_list("key", flat=True)),
    }
    return [
        _("「{heading}」の {name} が指すものがありません。").format(
            heading=version.heading, name=f"[[{kind}:{key}]]"
        )
        for version in versions.values()
        for kind, key in dict.fromkeys(m[:2] for m in REFERENCE.findall(version.source))
        if key not in known[kind]
    ]


def _translation_problems(edition: Edition, versions: dict[str, SectionVersion]) -> list[str]:
    """Of an English edition: other sections than the Japanese one, and words that are still its own."""
    if edition.based_on is None:
        return []
    originals = {v.section_id: v for v in SectionVersion.objects.of(edition.based_on)}
    found = []
    if set(originals) != set(versions):
        found.append(_("節が、訳のもとの日本語の版と合いません。"))
    found += [
        _("「{heading}」に、訳していないところがあります。").format(heading=version.heading)
        for pk, version in versions.items()
        if pk in originals and _untranslated(originals[pk], version)
    ]
    titles = {chapter["title"] for chapter in edition.based_on.chapters}
    found += [
        _("章の題名「{title}」を訳してください。").format(title=chapter["title"])
        for chapter in edition.chapters
        if chapter["title"] in titles
    ]
    return found


def _untranslated(original: SectionVersion, version: SectionVersion) -> bool:
    steps = {item["text"] for item in original.checklist}
    return (
        original.heading == version.heading
        or original.gist == version.gist
        or original.source == version.source
        or any(item["text"] in steps for item in version.checklist)
    )


def _note_problems(edition: Edition) -> list[str]:
    """Every section that differs from the edition before has a note of a fitting kind, no other has."""
    before = edition_before(edition)
    if before is None:
        return []
    changes = {change.section_id: change for change in changed_sections(edition)}
    if not changes and not _frame_changed(before, edition):
        return [_("前の版から変わったところがありません。")]
    notes = {note.section_id: note for note in ChangeNote.objects.filter(edition=edition)}
    found = [
        _("「{heading}」の変更の説明がありません。").format(heading=change.heading)
        for pk, change in changes.items()
        if pk not in notes
    ]
    found += [
        _("「{heading}」の変更の種類が合いません。").format(heading=changes[pk].heading)
        for pk, note in notes.items()
        if pk in changes and note.kind not in changes[pk].fitting_kinds
    ]
    idle = [pk for pk, n in notes.items() if pk not in changes and n.kind != ChangeKind.MOVED]
    for version in SectionVersion.objects.filter(edition=edition, section__in=idle):
        found.append(
            _("「{heading}」は変わっていないのに、変更の説明があります。").format(
                heading=version.heading
            )
        )
    return found


def _frame_changed(before: Edition, edition: Edition) -> bool:
    """Whether anything but the sections' text differs."""
    names = ("title", "summary", "sources", "chapters", "law_as_of", "as_of")
    return any(getattr(before, name) != getattr(edition, name) for name in names)


def _move_problems(edition: Edition) -> list[str]:
    """A section leads to one that stands, and never back to itself."""
    rows = list(SectionMove.objects.filter(edition=edition).values_list("origin_id", "target_id"))
    standing = set(edition.section_ids())
    ways: dict[str, set[str]] = {}
    for origin, target in rows:
        ways.setdefault(origin, set()).add(target)
    found = []
    if any(target not in standing for _origin, target in rows):
        found.append(_("移動先の節が、この版にありません。"))
    if any(_reaches(ways, target, origin) for origin, target in rows if origin != target):
        found.append(_("節の移動が輪になっています。"))
    return found


def _reaches(ways: dict[str, set[str]], start: str, wanted: str) -> bool:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        here = waiting.pop()
        if here == wanted:
            return True
        if here not in seen:
            seen.add(here)
            waiting += ways.get(here, set())
    return False


def _date_problems(
    edition: Edition, published_on: date | None, effective_on: date | None
) -> list[str]:
    if published_on is None or effective_on is None:
        return []
    found = []
    retrospective = edition.kind == EditionKind.RETROSPECTIVE
    if effective_on < published_on and not retrospective:
        found.append(_("適用開始日は、公開日と同じか、それより後にしてください。"))
    before = (
        Edition.objects.published()
        .filter(publication=edition.publication_id, number__lt=edition.number)
        .order_by("-effective_on", "-number")
        .first()
    )
    if before is None or before.effective_on is None:
        return found
    same = effective_on == before.effective_on and edition.kind == EditionKind.CORRECTION
    if effective_on <= before.effective_on and not same:
        found.append(
            _("前の版は{day}から適用されます。それより後の日にしてください。").format(
                day=date_format(before.effective_on, "DATE_FORMAT")
            )
        )
    return found
