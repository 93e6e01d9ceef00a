"""Guideline sections that an advice report cites, as they stood when it was written."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from consultations.models.reports import AdviceReport
from guidelines.models import Citation
from guidelines.models.citations import CitationQuerySet


class AdviceCitationQuerySet(CitationQuerySet):
    """Filters by report."""

    def of(self, report: AdviceReport) -> "AdviceCitationQuerySet":
        """A report's, with what is cited."""
        return (
            self.filter(report=report)
            .select_related("section", "edition__publication")
            .order_by("edition__publication__position", "section_id")
        )


class AdviceCitation(Citation):
    """One cited section; fixed when the report is issued."""

    citing_label = _("助言書")

    report = models.ForeignKey(AdviceReport, on_delete=models.CASCADE, related_name="citations")

    objects: ClassVar[Any] = AdviceCitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("助言書の引用")
        constraints = [
            models.UniqueConstraint(fields=["report", "section"], name="advice_cites_once")
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.section_id}"
