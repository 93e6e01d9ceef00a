"""PDFs of editions, sections and redlines: asked for by key, made once by a worker."""

import hashlib
from typing import Any

from common import jobs
from common.jobs import Run
from guidelines.enums import JobKind
from guidelines.models import Document, Edition, SectionVersion


def edition_pdf(edition: Edition) -> Document:
    """The PDF of an edition; queued where it is not made yet."""
    return _ask(f"edition:{edition.sha256}", {"what": "edition", "edition": edition.pk})


def section_pdf(version: SectionVersion) -> Document:
    """The PDF of one section's text in one edition."""
    edition = version.edition
    key = f"section:{edition.sha256}:{version.section_id}"
    return _ask(key, {"what": "section", "edition": edition.pk, "section": version.section_id})


def redline_pdf(old: Edition, new: Edition) -> Document:
    """The PDF of the comparison of two editions."""
    key = f"redline:{old.sha256}..{new.sha256}"
    return _ask(key, {"what": "redline", "old": old.pk, "new": new.pk})


def _ask(key: str, order: dict[str, Any]) -> Document:
    document: Document
    document, _new = Document.objects.get_or_create(key=key, defaults={"order": order})
    if not document.sha256:
        jobs.enqueue(JobKind.DOCUMENT, document.pk, key=f"document:{document.pk}")
    return document


def keep_document(document: Document, pdf: bytes, *, run: Run) -> None:
    """Store the PDF and end its job, both or neither."""
    with run.finishing():
        Document.objects.filter(pk=document.pk).update(
            content=pdf, sha256=hashlib.sha256(pdf).hexdigest()
        )
