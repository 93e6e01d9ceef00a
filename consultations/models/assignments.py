"""Experts on a case, and staff's stated reasons to open one."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common.vault import DataKey, SealedModel, SealedQuerySet, SealedTextField
from consultations.enums import AssignmentState, Duty
from consultations.models.cases import Consultation


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Filters by state."""

    def offered(self) -> "AssignmentQuerySet":
        """Waiting for the expert's declaration."""
        return self.filter(state=AssignmentState.OFFERED)

    def accepted(self) -> "AssignmentQuerySet":
        """At work."""
        return self.filter(state=AssignmentState.ACCEPTED)


class Assignment(models.Model):
    """An expert's duty on a case. `declared_at`: when no conflict of interest was declared."""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="assignments"
    )
    expert = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments"
    )
    duty = models.CharField(_("役割"), max_length=10, choices=Duty.choices)
    state = models.CharField(
        _("状態"),
        max_length=10,
        choices=AssignmentState.choices,
        default=AssignmentState.OFFERED,
    )
    offered_at = models.DateTimeField(db_default=Now())
    declared_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "duty"],
                condition=Q(state__in=["offered", "accepted"]),
                name="assignment_one_open_per_duty",
            ),
            models.UniqueConstraint(
                fields=["consultation", "expert"],
                condition=Q(state__in=["offered", "accepted"]),
                name="assignment_nobody_reviews_himself",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(declared_at__isnull=False),
                name="assignment_declared_before_accepted",
            ),
        ]
        indexes = [models.Index(fields=["expert", "state"], name="assignment_by_expert")]

    def __str__(self) -> str:
        return f"{self.duty} {self.state}"


class Disclosure(SealedModel):
    """Staff opened a case's content for a reason, which the firm can read."""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="disclosures"
    )
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = SealedTextField(_("理由"), max_length=500)
    at = models.DateTimeField(db_default=Now())

    objects: ClassVar[Any] = SealedQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def vault_key(self) -> DataKey:
        """The case's."""
        return self.consultation.vault_key
