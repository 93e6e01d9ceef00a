"""A worker of the portal with bad jobs added: `celery --app tests.faults.worker worker …`.

Its leases and limits are shorter than the portal's, so that three attempts fit into a test.
"""

import os
import signal
import time
from datetime import timedelta
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.db.models import TextChoices

# First: it sets Django up.
from portal.celery import app

# isort: split
from common import jobs
from common.jobs import run, tick

__all__ = ["app"]

run.LEASE, run.HEARTBEAT_SECONDS = timedelta(seconds=4), 1.0
tick.QUIET = timedelta(seconds=2)
# A wake-up carries its sender's limits; here the sender is the scheduler's round in this worker.
app.conf.task_soft_time_limit, app.conf.task_time_limit = 2, 4


class JobKind(TextChoices):
    """What no app would queue."""

    POISON = "faults.poison", "kills its worker"
    HANG = "faults.hang", "never ends, and does not listen"
    SLOT = "faults.slot", "falls due every two seconds"


jobs.register_kinds(JobKind)


@jobs.handler(JobKind.POISON)
def poison(_subject: str, _run: Any) -> None:
    """As a fault in a C library would."""
    os.kill(os.getpid(), signal.SIGKILL)


@jobs.handler(JobKind.HANG)
def hang(_subject: str, _run: Any) -> None:
    """Deaf to the soft limit."""
    while True:
        try:
            time.sleep(3600)
        except SoftTimeLimitExceeded:
            continue


@jobs.handler(JobKind.SLOT)
def slot(_subject: str, _run: Any) -> None:
    """Nothing; that it ran shows in its row."""


jobs.periodic(JobKind.SLOT, every=timedelta(seconds=2))
