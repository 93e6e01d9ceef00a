"""What advice reports cite, and which of it has been revised since."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from consultations.models import AdviceCitation, AdviceReport, Consultation
from guidelines.enums import Standing
from guidelines.models import SectionVersion


@dataclass(frozen=True)
class CitedSection:
    """One citation as it is shown: the words cited, and how they stand today."""

    report_id: uuid.UUID
    section_id: str
    title: str
    label: str
    heading: str
    number: int
    sha256: str
    standing: Standing
    url: str
    now_url: str

    @property
    def is_outdated(self) -> bool:
        """Whether the words in force are others."""
        return self.standing is not Standing.UNCHANGED


def cited_sections(reports: Sequence[AdviceReport]) -> list[CitedSection]:
    """All citations of some reports, in reading order; two queries."""
    rows = list(
        AdviceCitation.objects.filter(report__in=reports).select_related("edition__publication")
    )
    versions = {
        (v.section_id, v.edition_id): v
        for v in SectionVersion.objects.filter(
            section__in=[row.section_id for row in rows],
            edition__in=[row.edition_id for row in rows],
        ).only("section_id", "edition_id", "label", "heading", "position")
    }
    found = [_shown(row, versions[row.section_id, row.edition_id]) for row in rows]
    return sorted(found, key=lambda c: (c.title, [int(n) for n in c.label.split("-") if n]))


def _shown(row: AdviceCitation, version: SectionVersion) -> CitedSection:
    number = row.edition.number
    return CitedSection(
        report_id=row.report_id,
        section_id=row.section_id,
        title=row.edition.title,
        label=version.label,
        heading=version.heading,
        number=number,
        sha256=row.sha256,
        standing=Standing(row.standing),
        url=reverse("guidelines:section-edition", args=[row.section_id, number]),
        now_url=reverse("guidelines:section", args=[row.section_id]),
    )


def outdated_citations(reports: Sequence[AdviceReport]) -> list[CitedSection]:
    """Only what has been revised, moved or deleted since."""
    return [row for row in cited_sections(reports) if row.is_outdated]


def outdated_for(user: Any) -> list[dict[str, Any]]:
    """The work list of an expert: own reports whose grounds have changed, in cases still theirs."""
    rows = (
        AdviceCitation.objects.outdated()
        .filter(report__author=user, report__consultation__in=Consultation.objects.visible_to(user))
        .select_related("report__consultation")
        .order_by("report_id")
    )
    reports = {row.report_id: row.report for row in rows}
    by_report: dict[uuid.UUID, list[CitedSection]] = {}
    for cited in outdated_citations(list(reports.values())):
        by_report.setdefault(cited.report_id, []).append(cited)
    return [{"report": reports[pk], "citations": citations} for pk, citations in by_report.items()]
