"""A job's row: claimed with a lease and a fencing token, counted before it starts; and pulses."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

#: Attempts before a job is given up and staff are told.
MAX_ATTEMPTS = 3


class JobState(models.TextChoices):
    """Where a job stands."""

    QUEUED = "queued", _("順番待ち")
    RUNNING = "running", _("実行中")
    DONE = "done", _("完了")
    DEAD = "dead", _("失敗")
    CANCELLED = "cancelled", _("取り消し")


class JobQuerySet(models.QuerySet["Job"]):
    """Filters by what a job needs next."""

    def due(self) -> "JobQuerySet":
        """Queued and due, or running under a lease that ran out."""
        return self.filter(
            Q(state=JobState.QUEUED, not_before__lte=Now())
            | Q(state=JobState.RUNNING, lease_until__lt=Now())
        )

    def asked_again(self, job: "Job") -> "JobQuerySet":
        """The same work about the same object, queued after this job."""
        later = Q(created_at__gt=job.created_at) | Q(created_at=job.created_at, pk__gt=job.pk)
        return self.filter(later, kind=job.kind, subject=job.subject, state=JobState.QUEUED)

    def exhausted(self) -> "JobQuerySet":
        """Lease ran out in the last attempt."""
        return self.filter(
            state=JobState.RUNNING, lease_until__lt=Now(), attempts__gte=MAX_ATTEMPTS
        )

    def dead(self) -> "JobQuerySet":
        """Given up; staff decide."""
        return self.filter(state=JobState.DEAD).order_by("-finished_at")


class Job(models.Model):
    """One piece of work about one object, named by its kind."""

    policy_resource = "job"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("種類"), max_length=60)
    subject = models.CharField(_("対象"), max_length=40)
    key = models.CharField(max_length=120, unique=True, null=True)  # noqa: DJ001 - unique when set
    queue = models.CharField(max_length=10, default="default")
    state = models.CharField(
        _("状態"), max_length=10, choices=JobState.choices, default=JobState.QUEUED
    )
    attempts = models.PositiveSmallIntegerField(_("試行回数"), default=0)
    token = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    not_before = models.DateTimeField(db_default=Now())
    poked_at = models.DateTimeField(null=True)
    error_code = models.CharField(_("理由"), max_length=60, blank=True, default="")
    created_at = models.DateTimeField(_("受付"), db_default=Now())
    finished_at = models.DateTimeField(_("終了"), null=True)

    objects: ClassVar[Any] = JobQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["not_before"],
                condition=Q(state__in=["queued", "running"]),
                name="job_open",
            ),
            models.Index(fields=["kind", "subject"], name="job_by_subject"),
            models.Index(fields=["finished_at"], condition=Q(state="dead"), name="job_dead"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state_known"),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(lease_until__isnull=False), name="job_leased"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running"]) | Q(finished_at__isnull=False),
                name="job_finish_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def is_open(self) -> bool:
        """Whether a result may still come."""
        return self.state in (JobState.QUEUED, JobState.RUNNING)


class Pulse(models.Model):
    """When a process last showed that it lives, for /healthz."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    objects: ClassVar[Any] = models.Manager()

    def __str__(self) -> str:
        return self.name

    @classmethod
    def beat(cls, name: str) -> None:
        """Note that this process is alive now."""
        cls.objects.bulk_create(
            [cls(name=name, at=Now())],
            update_conflicts=True,
            unique_fields=["name"],
            update_fields=["at"],
        )
