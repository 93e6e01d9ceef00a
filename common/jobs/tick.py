"""What the scheduler has done every few seconds: bury, open periodic slots, wake workers again."""

import logging
from datetime import datetime, timedelta

from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from kombu.exceptions import OperationalError

from common.jobs import poke
from common.jobs.enqueue import enqueue
from common.jobs.handlers import periodics
from common.jobs.models import MAX_ATTEMPTS, Job, Pulse
from common.jobs.run import bury

logger = logging.getLogger(__name__)
#: A job that was woken for is not woken for again within this time.
QUIET = timedelta(seconds=15)
BATCH = 200


def tick() -> None:
    """One round. Harmless when two run at once."""
    Pulse.beat("worker")
    for job in Job.objects.exhausted().order_by("created_at")[:BATCH]:
        bury(job, job.error_code or "WorkerLost", token=job.token)
    open_slots(timezone.now())
    wake_due()


def open_slots(now: datetime) -> None:
    """Write this slot's job for every periodic kind; the key makes it one, however many ask."""
    for entry in periodics:
        slot = int(now.timestamp() // entry.every.total_seconds())
        key = f"{entry.kind}:{slot}"
        if not Job.objects.filter(key=key).exists():
            enqueue(entry.kind, slot, key=key)


def wake_due() -> int:
    """Wake workers for jobs that are due and not just woken for; returns how many."""
    due = (
        Job.objects.due()
        .filter(attempts__lt=MAX_ATTEMPTS)
        .filter(Q(poked_at__isnull=True) | Q(poked_at__lt=Now() - QUIET))
        .order_by("not_before")
        .values_list("pk", "queue")[:BATCH]
    )
    woken = []
    try:
        for pk, queue_name in due:
            poke.publish(str(pk), queue_name)
            woken.append(pk)
    except (OperationalError, OSError) as error:
        logger.warning("broker away", extra={"code": type(error).__name__})
    Job.objects.filter(pk__in=woken).update(poked_at=Now())
    return len(woken)
