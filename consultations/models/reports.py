"""Advice reports: written in sections, reviewed by another person, issued as a sealed PDF."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common.vault import DataKey, SealedJSONField, SealedModel, SealedQuerySet
from consultations.enums import REPORT_TRANSITIONS, ReportState
from consultations.errors import NotNow
from consultations.models.cases import Consultation


class AdviceReportQuerySet(SealedQuerySet["AdviceReport"]):
    """A case's reports."""

    def with_case(self) -> "AdviceReportQuerySet":
        """With the case, its key and firm, and both experts."""
        return self.select_related(
            "consultation__vault_key", "consultation__organisation__vault_key",
            "consultation__filed_by", "author__vault_key", "reviewer__vault_key",
        )  # fmt: skip

    def latest_of(self, case: Consultation) -> "AdviceReport | None":
        """The report last begun, with its case at hand; None where none was."""
        report = self.filter(consultation=case).order_by("-number").first()
        if report is not None:
            report.consultation = case
        return report

    def latest_issued_of(self, case: Consultation) -> "AdviceReport | None":
        """The report last issued: what the firm has, also while the next one is written."""
        return self.filter(state=ReportState.ISSUED).latest_of(case)


class AdviceReport(SealedModel):
    """One report of a case. `content` holds its sections; the database forbids self-review."""

    #: Where the sealed files' paths stand, and their sizes: for those who check the storage.
    sealed_paths: ClassVar[dict[str, str]] = {"pdf_path": "pdf_size"}

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="reports")
    number = models.PositiveSmallIntegerField(_("号"), default=1)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    state = models.CharField(
        _("状態"), max_length=10, choices=ReportState.choices, default=ReportState.DRAFTING
    )
    version = models.PositiveIntegerField(default=1)
    content = SealedJSONField(default=dict)
    saved_at = models.DateTimeField(db_default=Now())
    issued_at = models.DateTimeField(null=True)
    #: The sealed file in the storage, once the job has made it.
    pdf_path = models.CharField(max_length=80, blank=True, default="")
    pdf_size = models.PositiveIntegerField(default=0)
    pdf_sha256 = models.CharField(max_length=64, blank=True, default="")

    objects: ClassVar[Any] = AdviceReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consultation", "number"], name="report_number_once"),
            models.CheckConstraint(
                condition=Q(reviewer__isnull=True) | ~Q(reviewer=F("author")),
                name="report_reviewed_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "issued"]) | Q(reviewer__isnull=False),
                name="report_reviewed_before_issue",
            ),
            models.CheckConstraint(
                condition=~Q(state="issued") | Q(issued_at__isnull=False),
                name="report_issue_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consultation_id} {self.number}"

    @property
    def vault_key(self) -> DataKey:
        """The case's."""
        return self.consultation.vault_key

    @property
    def content_context(self) -> bytes:
        """What the sealed PDF is bound to."""
        return f"{self._meta.db_table}|pdf|{self.pk}".encode()

    def move_to(self, state: ReportState, *, expected: ReportState) -> None:
        """Move in a transaction. Raises NotNow where somebody else moved first."""
        locked = AdviceReport.objects.select_for_update().only("state").get(pk=self.pk)
        before = ReportState(locked.state)
        if before is not expected or state not in REPORT_TRANSITIONS[before]:
            raise NotNow(_("助言書の状態が変わっています。画面を開き直してください。"))
        AdviceReport.objects.filter(pk=self.pk).update(state=state)
        self.state = state
