"""Doing one job: claim, heartbeat, work, and a result that only the present claimant may write."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.db import close_old_connections, connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from common.jobs.handlers import handlers
from common.jobs.models import MAX_ATTEMPTS, Job, JobState
from common.registry import Registry

logger = logging.getLogger(__name__)
#: A claim holds this long without a heartbeat; after a kill -9 the job is free again then.
LEASE = timedelta(seconds=20)
HEARTBEAT_SECONDS = 5.0

#: Called inside the transaction in which a job dies; the portal tells staff.
on_death: Registry[Callable[[Job], None]] = Registry("death notices")


class LeaseLost(Exception):
    """Another worker holds this job now; what this one made must not be kept."""


@dataclass
class Run:
    """One attempt at a job; `token` fences off attempts that were thought dead."""

    job: Job
    token: int
    finished: bool = False

    @contextmanager
    def finishing(self) -> Iterator[None]:
        """The transaction in which results are kept and the job becomes done.

        Raises LeaseLost, keeping nothing, where the job has been given to another worker.
        """
        with transaction.atomic():
            held = (
                Job.objects.select_for_update()
                .filter(pk=self.job.pk, token=self.token, state=JobState.RUNNING)
                .first()
            )
            if held is None:
                raise LeaseLost
            yield
            Job.objects.filter(pk=self.job.pk).update(
                state=JobState.DONE, finished_at=Now(), lease_until=None, error_code=""
            )
        self.finished = True


def claim(job_id: str) -> Run | None:
    """Take the job for this worker, counting the attempt first; None where it is not to be had."""
    with transaction.atomic():
        job = (
            Job.objects.due()
            .filter(pk=job_id, attempts__lt=MAX_ATTEMPTS)
            .select_for_update(skip_locked=True)
            .first()
        )
        if job is None:
            return None
        Job.objects.filter(pk=job.pk).update(
            state=JobState.RUNNING,
            attempts=F("attempts") + 1,
            token=F("token") + 1,
            lease_until=Now() + LEASE,
        )
        job.refresh_from_db()
    return Run(job, job.token)


def run(job_id: str) -> None:
    """Do the job if it is free. Whatever it raises is kept as a code, never as text."""
    attempt = claim(job_id)
    if attempt is None:
        return
    stop = threading.Event()
    heart = threading.Thread(target=_heartbeat, args=(attempt, stop), daemon=True)
    heart.start()
    try:
        handlers[attempt.job.kind].work(attempt.job.subject, attempt)
        if not attempt.finished:
            with attempt.finishing():
                pass
    except LeaseLost:
        logger.warning("lease lost", extra={"job": job_id, "kind": attempt.job.kind})
    except Exception as error:
        logger.exception("job failed", extra={"job": job_id, "kind": attempt.job.kind})
        fail(attempt, type(error).__name__)
    finally:
        stop.set()
        heart.join(2)


def fail(attempt: Run, code: str) -> None:
    """Put the job back for another attempt, or give it up after the last."""
    if attempt.job.attempts >= MAX_ATTEMPTS:
        bury(attempt.job, code, token=attempt.token)
        return
    Job.objects.filter(pk=attempt.job.pk, token=attempt.token, state=JobState.RUNNING).update(
        state=JobState.QUEUED,
        lease_until=None,
        error_code=code[:60],
        not_before=Now() + _pause(attempt.job),
        poked_at=None,
    )


def _pause(job: Job) -> timedelta:
    """How long a job that failed waits for its next attempt."""
    waits = handlers[job.kind].waits if job.kind in handlers else (0,)
    return timedelta(seconds=waits[min(job.attempts, len(waits)) - 1])


def bury(job: Job, code: str, *, token: int) -> bool:
    """Give a job up and run the death notices in the same transaction; False if another did."""
    with transaction.atomic():
        died = Job.objects.filter(pk=job.pk, token=token, state=JobState.RUNNING).update(
            state=JobState.DEAD, finished_at=Now(), lease_until=None, error_code=code[:60]
        )
        if died:
            for notice in on_death:
                notice(job)
    return bool(died)


def _heartbeat(attempt: Run, stop: threading.Event) -> None:
    """Renew the lease while the work goes on; ends with the process, and so does the lease."""
    while not stop.wait(HEARTBEAT_SECONDS):
        try:
            close_old_connections()
            held = Job.objects.filter(
                pk=attempt.job.pk, token=attempt.token, state=JobState.RUNNING
            ).update(lease_until=Now() + LEASE)
        except Exception:  # noqa: BLE001 - a missed beat must not end the work; the lease decides
            logger.warning("heartbeat missed", extra={"job": str(attempt.job.pk)})
            continue
        if not held:
            break
    connection.close()
