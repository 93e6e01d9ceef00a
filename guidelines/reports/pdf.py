"""PDFs of published text: an edition, one section, a redline (PDF/A-3a and PDF/UA-1)."""

from hashlib import sha256
from typing import Any

from django.utils import translation

from common.pdf import render_pdf, seal_pdf
from guidelines.models import Edition, SectionVersion
from guidelines.reports.reading import chapters_of, section_views
from guidelines.reports.redline import redline


def render_document(order: dict[str, Any]) -> bytes:
    """The sealed PDF that an order asks for. Raises PdfFailed, PdfTooLarge."""
    if order["what"] == "edition":
        return _edition(_published(order["edition"]))
    if order["what"] == "section":
        return _section(_published(order["edition"]), order["section"])
    return _redline(_published(order["old"]), _published(order["new"]))


def _published(pk: int) -> Edition:
    """Only what everybody may read is ever drawn."""
    edition: Edition = Edition.objects.published().get(pk=pk)
    return edition


def _edition(edition: Edition) -> bytes:
    views = section_views(edition)
    context = {"edition": edition, "chapters": chapters_of(edition, views)}
    return _draw("guidelines/pdf/edition.html", context, edition, edition.title, edition.sha256)


def _section(edition: Edition, section_id: str) -> bytes:
    versions = list(
        SectionVersion.objects.of(edition)
        .filter(section_id=section_id)
        .prefetch_related("templates")
    )
    (view,) = section_views(edition, versions)
    name = f"{view.version.heading}（{edition.title}）"
    context = {"edition": edition, "view": view}
    digest = f"{edition.sha256}{section_id}"
    return _draw("guidelines/pdf/section.html", context, edition, name, digest)


def _redline(old: Edition, new: Edition) -> bytes:
    context = {"edition": new, "redline": redline(old, new)}
    digest = f"{old.sha256}{new.sha256}"
    return _draw("guidelines/pdf/redline.html", context, new, f"{new.title}　新旧対照表", digest)


def _draw(
    template: str, context: dict[str, Any], edition: Edition, title: str, digest: str
) -> bytes:
    language = edition.publication.language
    with translation.override(language):
        pdf = render_pdf(
            template,
            context,
            title=title,
            identifier=sha256(digest.encode()).digest()[:16],
            made_at=edition.published_at,  # type: ignore[arg-type]
            language=language,
        )
    return seal_pdf(pdf)
