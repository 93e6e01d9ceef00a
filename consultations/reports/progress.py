"""How far the making of an advice report's PDF is."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from common.jobs import Job, JobState
from consultations.models import AdviceReport

#: Key of the one job that makes a report's PDF.
ADVICE_PDF_KEY = "advice-pdf:{pk}"


def progress_of(report: AdviceReport) -> dict[str, Any]:
    """`state` of the job or `none` before issue, words for it, whether it ended, and where to ask."""
    ref = report.consultation.ref
    if report.pdf_path:
        url = reverse("consultations:pdf", args=[ref])
        return {"state": "done", "label": _("助言書のPDFができました。"), "done": True, "url": url}
    job = Job.objects.filter(key=ADVICE_PDF_KEY.format(pk=report.pk)).first()
    state = JobState(job.state) if job else None
    if state is JobState.DONE:
        # Done without a file: the case was withdrawn meanwhile.
        state = JobState.CANCELLED
    url = reverse("consultations:status", args=[ref])
    return {
        "state": str(state.value) if state else "none",
        "label": _words(state),
        "done": state not in (JobState.QUEUED, JobState.RUNNING),
        "url": url,
    }


def _words(state: JobState | None) -> str:
    if state is None:
        return _("助言書はまだ発行されていません。")
    if state is JobState.DEAD:
        return _("PDFを作れませんでした。事務局に知らせましたので、しばらくお待ちください。")
    if state is JobState.CANCELLED:
        return _("相談が取り下げられたため、PDFは作りませんでした。")
    return _("助言書のPDFを作っています。このページを閉じても続きます。")
