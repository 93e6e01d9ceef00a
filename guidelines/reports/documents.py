"""How far the making of a PDF of published text is."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from common.jobs import Job, JobState
from guidelines.models import Document


def document_facts(document: Document) -> dict[str, Any]:
    """State of the job, words for it, whether it ended, and where to ask or fetch."""
    if document.sha256:
        url = reverse("guidelines:document-file", args=[document.pk])
        return {"state": "done", "label": _("PDFができました。"), "done": True, "url": url}
    job = Job.objects.filter(key=f"document:{document.pk}").first()
    state = JobState(job.state) if job else None
    return {
        "state": str(state.value) if state else "none",
        "label": _words(state),
        "done": state not in (JobState.QUEUED, JobState.RUNNING),
        "url": reverse("guidelines:document-status", args=[document.pk]),
    }


def _words(state: JobState | None) -> str:
    if state in (None, JobState.DEAD, JobState.CANCELLED):
        return _("PDFを作れませんでした。事務局に知らせましたので、しばらくお待ちください。")
    return _("PDFを作っています。このページを閉じても続きます。")
