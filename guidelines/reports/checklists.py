"""A reader's steps over all sections: which are done, which are open, which must be looked at again."""

from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from guidelines.models import Edition, SectionVersion, Subscription, Tick
from guidelines.reports.reading import known_language


def item_ids(section_id: str) -> set[str]:
    """Ids of steps that the section has, or ever had in any edition."""
    lists = SectionVersion.objects.filter(section=section_id).values_list("checklist", flat=True)
    return {item["id"] for items in lists for item in items}


def ticks_of(user: Any) -> list[list[Any]]:
    """[section, item, rev] of everything ticked."""
    rows = Tick.objects.filter(user=user).order_by("section_id", "item", "rev")
    return [list(row) for row in rows.values_list("section_id", "item", "rev")]


def my_checklist(user: Any) -> list[dict[str, Any]]:
    """Sections in force in which the reader has ticked something, with every step's state."""
    ticked: dict[str, set[tuple[str, int]]] = {}
    for section, item, rev in ticks_of(user):
        ticked.setdefault(section, set()).add((item, rev))
    language = known_language(get_language())
    editions = _shown_editions(language)
    versions = SectionVersion.objects.filter(edition__in=editions, section__in=list(ticked))
    rows = []
    for version in versions.defer("source", "html").select_related("section", "edition"):
        done = ticked[version.section_id]
        items = [item | {"state": _state(item, done)} for item in version.checklist]
        rows.append(
            {
                "version": version,
                "items": items,
                "done": sum(item["state"] == "done" for item in items),
                "again": any(item["state"] == "again" for item in items),
            }
        )
    return sorted(rows, key=lambda row: (not row["again"], row["version"].label))


def _shown_editions(language: str) -> list[Edition]:
    today = timezone.localdate()
    originals = {e.publication.slug: e for e in Edition.objects.in_force(today)}
    if language == "ja":
        return list(originals.values())
    twins = {e.publication.slug: e for e in Edition.objects.in_force(today, language=language)}
    return [twins.get(slug, edition) for slug, edition in originals.items()]


def _state(item: dict[str, Any], done: set[tuple[str, int]]) -> str:
    """done; again: done before its substance changed; open."""
    if (item["id"], item["rev"]) in done:
        return "done"
    return "again" if any(known == item["id"] for known, _rev in done) else "open"


def my_subscriptions(user: Any) -> dict[str, Any]:
    """What the reader is told of, by heading and title in their language where there is one."""
    rows = list(
        Subscription.objects.filter(user=user)
        .select_related("section", "publication")
        .order_by("pk")
    )
    sections = [row.section for row in rows if row.section_id]
    publications = [row.publication for row in rows if row.publication_id]
    versions = SectionVersion.objects.published().filter(section__in=sections)
    headings = _newest_words(versions, "section_id", "heading", prefix="edition__")
    editions = Edition.objects.published().filter(
        publication__slug__in=[p.slug for p in publications]
    )
    titles = _newest_words(editions, "publication__slug", "title")
    return {
        "sections": [{"section": s, "heading": headings.get(s.pk, s.pk)} for s in sections],
        "publications": [
            {"publication": p, "title": titles.get(p.slug, p.slug)} for p in publications
        ],
        "by_profile": any(row.by_profile for row in rows),
    }


def _newest_words(rows: Any, key: str, words: str, *, prefix: str = "") -> dict[str, str]:
    """Of the newest edition; in the reader's language where it has the text, else in Japanese."""
    language = known_language(get_language())
    found: dict[str, dict[str, str]] = {}
    columns = (key, f"{prefix}publication__language", words)
    for pk, code, text in rows.order_by(f"{prefix}number").values_list(*columns):
        found.setdefault(pk, {})[code] = text
    return {pk: texts.get(language) or texts["ja"] for pk, texts in found.items()}
