"""The worker's and the scheduler's entry point."""

import os
import sys
import time
from typing import Any

from celery import Celery
from celery.beat import Scheduler
from celery.signals import beat_init, setup_logging, worker_init
from kombu import Queue

from portal.environment import WrongEnvironment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
try:
    import django

    django.setup()
except WrongEnvironment as error:
    sys.exit(str(error))

from django.conf import settings

app = Celery("portal")
app.conf.update(
    broker_url=settings.REDIS_URL,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    # kombu sweeps unacknowledged messages only every interval × throttle seconds.
    broker_transport_options={
        "visibility_timeout": 600,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "socket_keepalive": True,
    },
    task_queues=[Queue(name) for name in ("default", "mail", "pdf")],
    task_default_queue="default",
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=False,
    task_time_limit=120,
    task_soft_time_limit=100,
    task_serializer="json",
    accept_content=["json"],
    worker_prefetch_multiplier=1,
    worker_concurrency=settings.WORKER_CHILDREN,
    worker_max_tasks_per_child=200,
    worker_max_memory_per_child=600_000,
    worker_hijack_root_logger=False,
    timezone="Asia/Tokyo",
    beat_schedule={
        "tick": {"task": "common.tick", "schedule": 5.0, "options": {"expires": 30}},
    },
)
app.set_default()
app.autodiscover_tasks(["common.jobs"], related_name="worker")


class PulsingScheduler(Scheduler):
    """Celery's scheduler, noting in the database that it is alive. Keeps no file of its own."""

    pulsed_at = 0.0

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        """One round of Celery's, then the pulse, at most every five seconds."""
        wait = super().tick(*args, **kwargs)
        if time.monotonic() - self.pulsed_at > 5:
            self.pulsed_at = time.monotonic()
            _pulse()
        return wait


def _pulse() -> None:
    """Write the scheduler's pulse; a database that is away must not end the scheduler."""
    from django.db import DatabaseError, close_old_connections

    from common.jobs.models import Pulse

    try:
        close_old_connections()
        Pulse.beat("scheduler")
    except DatabaseError:
        close_old_connections()


app.conf.beat_scheduler = "portal.celery:PulsingScheduler"
app.conf.beat_max_loop_interval = 5


@setup_logging.connect
def keep_our_logging(**kwargs: Any) -> None:
    """Celery must not replace the log format: its own prints task arguments and tracebacks."""


@worker_init.connect
@beat_init.connect
def refuse_wrong_keys(**kwargs: Any) -> None:
    """No worker starts with a keyring that cannot open the database's keys."""
    from common.vault import verify_at_start

    verify_at_start()
