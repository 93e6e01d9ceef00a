"""Giving a dead job three attempts more, when what kept it from succeeding is mended."""

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from common import audit
from common.enums import AuditKind
from common.jobs import poke
from common.jobs.models import Job, JobState
from common.policy import AnyUser


def revive(job: Job, *, actor: AnyUser) -> bool:
    """Queue a dead job anew; False, changing nothing, for one that is not dead (any more)."""
    with transaction.atomic():
        revived = Job.objects.filter(pk=job.pk, state=JobState.DEAD).update(
            state=JobState.QUEUED,
            attempts=0,
            # Whoever still thinks to hold it must not finish it.
            token=F("token") + 1,
            not_before=Now(),
            finished_at=None,
            poked_at=None,
        )
        if revived:
            audit.record(AuditKind.JOB_REVIVED, actor=actor, obj=job, kind=job.kind)
            transaction.on_commit(lambda: poke.wake(str(job.pk), job.queue), robust=True)
    return bool(revived)
