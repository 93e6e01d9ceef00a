"""What an editor sees of a draft: state of every section, problems, who cites what is touched."""

from typing import Any

from django.db.models import Count
from django.utils import timezone

from guidelines.enums import EditionState, Standing
from guidelines.models import (
    ChangeNote,
    Edition,
    Publication,
    SectionMove,
    SectionVersion,
    citing_models,
)
from guidelines.reports.chain import is_checked
from guidelines.reports.changes import changed_sections, edition_before
from guidelines.reports.problems import problems_of


def desk_rows() -> list[dict[str, Any]]:
    """Every publication with its edition in force and its draft; three queries."""
    drafts = {e.publication_id: e for e in Edition.objects.unpublished()}
    live: dict[int, Edition] = {}
    for edition in Edition.objects.published().order_by("number"):
        live[edition.publication_id] = edition
    return [
        {
            "publication": publication,
            "live": live.get(publication.pk),
            "draft": drafts.get(publication.pk),
        }
        for publication in Publication.objects.order_by("position", "slug", "-language")
    ]


def draft_view(edition: Edition) -> dict[str, Any]:
    """All that the page of a draft shows."""
    changes = {change.section_id: change for change in changed_sections(edition)}
    notes = {note.section_id: note for note in ChangeNote.objects.filter(edition=edition)}
    versions = list(SectionVersion.objects.of(edition).defer("html"))
    rows = [
        {
            "version": version,
            "change": changes.get(version.section_id),
            "note": notes.get(version.section_id),
        }
        for version in versions
    ]
    gone = [
        {"change": change, "note": notes.get(pk)}
        for pk, change in changes.items()
        if change.is_gone
    ]
    return {
        "edition": edition,
        "before": edition_before(edition),
        "rows": rows,
        "gone": gone,
        "moves": list(
            SectionMove.objects.filter(edition=edition).select_related("origin", "target")
        ),
        "problems": problems_of(edition),
        "citations": citations_of(edition, list(changes)),
        "is_draft": edition.state == EditionState.DRAFT,
        "is_checked": is_checked(edition),
    }


def citations_of(edition: Edition, sections: list[str]) -> list[dict[str, Any]]:
    """How often each touched section is cited, by kind of citing thing; never by whom."""
    headings = {
        v.section_id: v.heading
        for v in SectionVersion.objects.filter(
            section__in=sections, edition__publication=edition.publication_id
        ).order_by("edition__number")
    }
    found: list[dict[str, Any]] = []
    for model in citing_models():
        counts = (
            model.objects.filter(section__in=sections)
            .values("section_id")
            .annotate(count=Count("pk"))
            .order_by("section_id")
        )
        found += [
            {
                "label": model.citing_label,
                "heading": headings.get(row["section_id"], row["section_id"]),
                "count": row["count"],
            }
            for row in counts
        ]
    return found


def outdated_counts() -> list[dict[str, Any]]:
    """For editors: how many citations no longer stand, by kind and standing."""
    found: list[dict[str, Any]] = []
    for model in citing_models():
        counts = (
            model.objects.outdated()
            .values("standing", "section__publication__slug")
            .annotate(count=Count("pk"))
            .order_by("section__publication__slug", "standing")
        )
        found += [
            {
                "label": model.citing_label,
                "slug": row["section__publication__slug"],
                "standing": Standing(row["standing"]).label,
                "count": row["count"],
            }
            for row in counts
        ]
    return found


def due_facts() -> list[dict[str, Any]]:
    """Facts of editions in force whose day of review has come; oldest first."""
    today = timezone.localdate()
    editions = list(Edition.objects.in_force(today))
    rows = [
        {"version": version, "fact": fact}
        for version in SectionVersion.objects.filter(edition__in=editions)
        .exclude(facts=[])
        .select_related("edition__publication")
        .defer("html", "source")
        for fact in version.facts
        if fact.get("review_due", "9999") <= today.isoformat()
    ]
    return sorted(rows, key=lambda row: row["fact"]["review_due"])
