"""Writing, reviewing and issuing advice."""

import hashlib
import io
from typing import Any

from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common import audit, jobs, mail
from common.errors import Conflict
from common.jobs import Run
from common.uploads.storing import SealedContent, read_at
from common.vault import seal_stream, sealed_size
from consultations import notifications
from consultations.enums import WRITING, AuditKind, Duty, JobKind, ReportState, State
from consultations.errors import NotNow
from consultations.models import AdviceCitation, AdviceReport, Assignment, Consultation
from consultations.reports import ADVICE_PDF_KEY
from guidelines.reports import citable_sections


def save_advice(
    case: Consultation, content: dict[str, Any], *, by: User, version: int,
    cited: frozenset[str] | None = None,
) -> AdviceReport:  # fmt: skip
    """Keep the sections as written so far; the same ones sent twice are kept once.

    `cited` names the guideline sections that the report rests on; None leaves them as they are.
    Raises Conflict where another window has saved since `version`, and NotNow.
    """
    with transaction.atomic():
        state = case.lock()
        report = _unissued(case)
        if report is not None and report.state != ReportState.DRAFTING:
            raise NotNow(_("査読に出した助言書は、差し戻されるまで直せません。"))
        if state not in WRITING:
            raise NotNow(_("いまは助言書を書けません。相談の状態を確かめてください。"))
        if report is None:
            report = _begin(case, content, by)
            _cite(report, cited)
            return report
        stands = {name: report.content.get(name, "") for name in content}
        if stands == content and not _cites_otherwise(report, cited):
            return report
        if report.version != version:
            raise Conflict(mine=_as_text(content), theirs=_as_text(stands))
        # What the reviewer wrote stays until the next answer.
        report.content = report.content | content
        report.version += 1
        report.saved_at = Now()
        report.save()
        _cite(report, cited)
        audit.record(AuditKind.REPORT_SAVED, actor=by, obj=case, report=report.pk)
    return report


def _unissued(case: Consultation) -> AdviceReport | None:
    found: AdviceReport | None = (
        AdviceReport.objects.select_for_update(of=("self",))
        .select_related("consultation__vault_key")
        .filter(consultation=case)
        .exclude(state=ReportState.ISSUED)
        .first()
    )
    return found


def _begin(case: Consultation, content: dict[str, Any], by: User) -> AdviceReport:
    last = AdviceReport.objects.filter(consultation=case).aggregate(n=Max("number"))["n"] or 0
    report: AdviceReport = AdviceReport.objects.create(
        consultation=case, author=by, number=last + 1, content=content
    )
    audit.record(AuditKind.REPORT_SAVED, actor=by, obj=case, report=report.pk)
    return report


def _cites_otherwise(report: AdviceReport, cited: frozenset[str] | None) -> bool:
    if cited is None:
        return False
    stands = AdviceCitation.objects.of(report).values_list("section_id", flat=True)
    return cited != frozenset(stands)


def _cite(report: AdviceReport, cited: frozenset[str] | None) -> None:
    """The draft's citations become these sections, as they stand today; known ones are kept."""
    if cited is None:
        return
    stands = {row.section_id: row for row in AdviceCitation.objects.of(report)}
    gone = [row.pk for pk, row in stands.items() if pk not in cited]
    AdviceCitation.objects.filter(pk__in=gone).delete()
    AdviceCitation.objects.bulk_create(
        AdviceCitation(
            report=report, section_id=section.section_id, edition_id=section.edition_id,
            sha256=section.sha256,
        )
        for section in citable_sections(on=timezone.localdate())
        if section.section_id in cited and section.section_id not in stands
    )  # fmt: skip


def _as_text(content: dict[str, Any]) -> str:
    return "\n\n".join(value for value in content.values() if isinstance(value, str))


def submit_advice(report: AdviceReport, *, by: User) -> None:
    """Hand the report to the reviewer. Raises NotNow where nobody has taken that duty."""
    case = report.consultation
    with transaction.atomic():
        case.lock()
        reviewer = (
            Assignment.objects.accepted()
            .select_related("expert")
            .filter(consultation=case, duty=Duty.REVIEWER)
            .first()
        )
        if reviewer is None:
            raise NotNow(_("査読者がまだ決まっていません。事務局が選ぶまでお待ちください。"))
        report.move_to(ReportState.IN_REVIEW, expected=ReportState.DRAFTING)
        case.move_to(State.ADVICE_REVIEW, by=by)
        _tell(notifications.REVIEW.name, reviewer.expert, report)
        audit.record(AuditKind.REPORT_MOVED, actor=by, obj=case, state=ReportState.IN_REVIEW)
        audit.record(AuditKind.MOVED, actor=by, obj=case, state=State.ADVICE_REVIEW)


def return_advice(report: AdviceReport, *, by: User, comment: str) -> None:
    """Give the report back with the reviewer's comment. Raises NotNow."""
    case = report.consultation
    with transaction.atomic():
        case.lock()
        report.move_to(ReportState.DRAFTING, expected=ReportState.IN_REVIEW)
        report.refresh_from_db()
        report.content = report.content | {"review_comment": comment}
        report.version += 1
        report.save()
        case.move_to(State.IN_PROGRESS, by=by)
        _tell(notifications.RETURNED.name, report.author, report)
        audit.record(AuditKind.REPORT_MOVED, actor=by, obj=case, state=ReportState.DRAFTING)
        audit.record(AuditKind.MOVED, actor=by, obj=case, state=State.IN_PROGRESS)


def approve_advice(report: AdviceReport, *, by: User) -> None:
    """Approve somebody else's report. Raises NotNow, also for one's own."""
    if by.pk == report.author_id:
        raise NotNow(_("ご自分の書いた助言書は査読できません。"))
    with transaction.atomic():
        report.consultation.lock()
        report.move_to(ReportState.APPROVED, expected=ReportState.IN_REVIEW, reviewer=by)
        audit.record(
            AuditKind.REPORT_MOVED, actor=by, obj=report.consultation, state=ReportState.APPROVED
        )


def issue_advice(report: AdviceReport, *, by: User) -> None:
    """Fix the report and queue its PDF; the firm is told once the PDF is there. Raises NotNow."""
    case = report.consultation
    with transaction.atomic():
        if case.lock() is not State.ADVICE_REVIEW:
            raise NotNow(_("助言書の状態が変わっています。画面を開き直してください。"))
        report.move_to(ReportState.ISSUED, expected=ReportState.APPROVED, issued_at=Now())
        jobs.enqueue(JobKind.ADVICE_PDF, report.pk, key=ADVICE_PDF_KEY.format(pk=report.pk))
        audit.record(AuditKind.REPORT_MOVED, actor=by, obj=case, state=ReportState.ISSUED)


def keep_pdf(report: AdviceReport, pdf: bytes, *, run: Run) -> None:
    """Seal the PDF into the storage, give the advice to the firm and tell it, all or nothing.

    A path of this attempt alone: what a worker made that was thought dead is never referred to.
    """
    path = f"{report.pk.hex[:2]}/{report.pk.hex}-{run.token}"
    pieces = seal_stream(report.vault_key, report.content_context, io.BytesIO(pdf))
    storage = storages["sealed"]
    storage.delete(path)
    storage.save(path, SealedContent(pieces, sealed_size(len(pdf))))
    case = report.consultation
    with run.finishing():
        if case.lock() is not State.ADVICE_REVIEW:
            # Withdrawn while the PDF was made: nothing is given out.
            transaction.on_commit(lambda: storage.delete(path))
            return
        AdviceReport.objects.filter(pk=report.pk, pdf_path="").update(
            pdf_path=path, pdf_size=len(pdf), pdf_sha256=hashlib.sha256(pdf).hexdigest()
        )
        case.move_to(State.ADVISED, by=None)
        _tell(notifications.ISSUED.name, case.filed_by, report)
        audit.record(AuditKind.MOVED, actor=None, obj=case, state=State.ADVISED)


def fetch_pdf(report: AdviceReport, *, by: User) -> bytes:
    """The sealed report's PDF, proved whole; the download is noted. Raises FileLost, VaultError."""
    content = b"".join(read_at(report.pdf_path, report))
    with transaction.atomic():
        audit.record(
            AuditKind.REPORT_DOWNLOADED, actor=by, obj=report.consultation, report=report.pk
        )
    return content


def _tell(notice: str, person: User, report: AdviceReport) -> None:
    mail.send(
        notice,
        recipient=person,
        key=f"advice:{report.pk}:{report.version}",
        url=reverse("consultations:detail", args=[report.consultation.ref]),
    )
