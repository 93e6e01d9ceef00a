"""The advice report as a document: a frozen picture of it, its JSON, and the PDF made of both."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common.pdf import Attachment, render_pdf, seal_pdf
from consultations.models import AdviceReport
from consultations.reports.citations import cited_sections

SCHEMA = "advice-report/1"


@dataclass(frozen=True)
class Requirement:
    """One condition of a trade secret (Unfair Competition Prevention Act, Article 2(6))."""

    name: str
    view: str


@dataclass(frozen=True)
class Measure:
    """One measure, in the order in which to take it."""

    order: int
    text: str


@dataclass(frozen=True)
class CitationLine:
    """A guideline section in the edition in force on the day of issue."""

    heading: str
    edition: int
    url: str
    sha256: str


@dataclass(frozen=True)
class AdviceDocument:
    """Everything that the PDF says."""

    number: str
    title: str
    firm: str
    issued_at: str
    issued_on_text: str
    expert: str
    reviewer: str
    issuer: str
    summary: str
    facts: str
    requirements: tuple[Requirement, ...]
    measures: tuple[Measure, ...]
    next_steps: str
    citations: tuple[CitationLine, ...] = ()

    def to_json(self) -> bytes:
        """The machine-readable form that lies inside the PDF."""
        return json.dumps({"schema": SCHEMA, **asdict(self)}, ensure_ascii=False, indent=1).encode()


def advice_document(report: AdviceReport) -> AdviceDocument:
    """The picture of an issued report. Raises ValueError for one that is not issued."""
    if report.issued_at is None or report.reviewer is None:
        raise ValueError("not issued")
    case, content = report.consultation, report.content
    issued = timezone.localtime(report.issued_at)
    views = [
        (_("秘密管理性"), content.get("secrecy", "")),
        (_("有用性"), content.get("usefulness", "")),
        (_("非公知性"), content.get("non_public", "")),
    ]
    lines = [line.strip() for line in content.get("measures", "").splitlines() if line.strip()]
    return AdviceDocument(
        number=f"{case.ref}-{report.number:02}",
        title=case.title,
        firm=case.organisation.name,
        issued_at=issued.isoformat(timespec="seconds"),
        issued_on_text=_issue_day(issued),
        expert=report.author.shown_name,
        reviewer=report.reviewer.shown_name,
        issuer=_("営業秘密 相談窓口"),
        summary=content.get("summary", ""),
        facts=content.get("facts", ""),
        requirements=tuple(Requirement(name, view) for name, view in views if view),
        measures=tuple(Measure(i, line) for i, line in enumerate(lines, start=1)),
        next_steps=content.get("next_steps", ""),
        citations=_citations(report),
    )


def _citations(report: AdviceReport) -> tuple[CitationLine, ...]:
    """Cited sections with the headings of the cited edition, and addresses that keep its words."""
    return tuple(
        CitationLine(
            heading=f"{row.title}　{row.label} {row.heading}",
            edition=row.number,
            url=settings.PORTAL_ORIGIN + row.url,
            sha256=row.sha256,
        )
        for row in cited_sections([report])
    )


def _issue_day(issued: datetime) -> str:
    """The day with its zone."""
    return _("{day}（日本時間）").format(day=date_format(issued, "DATE_FORMAT"))


def render_advice(report: AdviceReport) -> bytes:
    """The sealed PDF/A-3a and PDF/UA-1 file. Raises PdfFailed, PdfTooLarge."""
    language = report.consultation.filed_by.language
    with translation.override(language):
        document = advice_document(report)
    data = document.to_json()
    pdf = render_pdf(
        "consultations/pdf/advice.html",
        {"document": document},
        title=f"{document.title}（{document.number}）",
        identifier=sha256(data).digest()[:16],
        made_at=report.issued_at,  # type: ignore[arg-type]
        language=language,
        attachments=(
            Attachment("advice.json", data, "application/json", "Machine-readable advice report"),
        ),
    )
    return seal_pdf(pdf)
