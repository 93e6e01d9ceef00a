"""Background work: making the advice PDF, scanning files."""

from datetime import timedelta

from common import jobs, uploads
from common.uploads import ScanDetail
from consultations import services
from consultations.enums import JobKind, State
from consultations.errors import NotScanned
from consultations.models import AdviceReport, Attachment
from consultations.reports.advice_pdf import render_advice

#: Files that one round looks at; the next round goes on.
RESCANNED = 50


@jobs.handler(JobKind.ADVICE_PDF, queue="pdf")
def make_advice_pdf(report_id: str, run: jobs.Run) -> None:
    """Make the PDF of an issued report, unless it is there or the case was withdrawn."""
    report = AdviceReport.objects.with_case().get(pk=report_id)
    if report.pdf_path or report.consultation.state != State.ADVICE_REVIEW:
        return
    services.keep_pdf(report, render_advice(report), run=run)


@jobs.handler(JobKind.SCAN)
def scan_file(file_id: str, run: jobs.Run) -> None:
    """Scan a file. Raises NotScanned where the scanner gave no verdict, so that it is tried again."""
    file = Attachment.objects.select_related("data_key").filter(pk=file_id).first()
    if file is None:
        return
    verdict = uploads.scan_sealed(file)
    if not verdict.is_final and verdict.detail != ScanDetail.NO_SCANNER:
        raise NotScanned


@jobs.handler(JobKind.RESCAN)
def scan_waiting(slot: str, run: jobs.Run) -> None:
    """Scan what still waits: the scanner was away, or has been set up since."""
    for file in Attachment.objects.awaiting_scan().select_related("data_key")[:RESCANNED]:
        uploads.scan_sealed(file)


jobs.periodic(JobKind.RESCAN, every=timedelta(minutes=10))
