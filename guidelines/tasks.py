"""Background work: publishing on time, what follows publication, PDFs."""

from datetime import timedelta

from django.utils import timezone

from common import jobs
from guidelines import services
from guidelines.enums import JobKind
from guidelines.models import Document, Edition
from guidelines.reports.pdf import render_document


@jobs.handler(JobKind.PUBLISH_DUE)
def publish_due(slot: str, run: jobs.Run) -> None:
    """Publish what is scheduled for now; note what comes into force today."""
    services.publish_due(timezone.now())
    services.note_effects(timezone.localdate())


jobs.periodic(JobKind.PUBLISH_DUE, every=timedelta(minutes=1))


@jobs.handler(JobKind.AFTER_PUBLICATION)
def after_publication(edition_id: str, run: jobs.Run) -> None:
    """Classify every citation, tell subscribers once, have the PDF made."""
    edition = Edition.objects.published().get(pk=edition_id)
    services.edition_pdf(edition)
    services.classify_citations(edition.publication, today=timezone.localdate())
    with run.finishing():
        services.tell_subscribers(edition)


@jobs.handler(JobKind.DOCUMENT, queue="pdf")
def make_document(document_id: str, run: jobs.Run) -> None:
    """Make one PDF unless it is there."""
    document = Document.objects.get(pk=document_id)
    if document.sha256:
        return
    services.keep_document(document, render_document(document.order), run=run)
