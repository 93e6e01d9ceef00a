"""The worker's and the scheduler's entry point."""

import os
import sys
import threading
import time
from typing import Any

from celery import Celery
from celery.beat import Scheduler
from celery.signals import beat_init, setup_logging, worker_init, worker_ready
from kombu import Queue

from portal.environment import WrongEnvironment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
try:
    import django

    django.setup()
except WrongEnvironment as error:
    sys.exit(str(error))

from django.conf import settings

from common.jobs.handlers import QUEUES

#: Seconds between two signs of life.
PULSE_SECONDS = 5
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
    # The scheduler's round has a queue of its own, so that no backlog holds it up.
    task_queues=[Queue(name) for name in (*QUEUES, "tick")],
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
        "tick": {
            "task": "common.tick",
            "schedule": 5.0,
            "options": {"queue": "tick", "expires": 30},
        },
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
        if time.monotonic() - self.pulsed_at > PULSE_SECONDS:
            self.pulsed_at = time.monotonic()
            _pulse("scheduler")
        return wait


def _pulse(name: str) -> None:
    """Write a process's pulse; a database that is away must not end the process."""
    from django.db import Error, connection

    from common.jobs.models import Pulse

    try:
        Pulse.beat(name)
    except Error:
        pass
    finally:
        # Nothing stays open that a forked child could close.
        connection.close()


app.conf.beat_scheduler = "portal.celery:PulsingScheduler"
app.conf.beat_max_loop_interval = 5


@setup_logging.connect
def keep_our_logging(**kwargs: Any) -> None:
    """Celery must not replace the log format: its own prints task arguments and tracebacks."""


@worker_ready.connect
def show_life(**kwargs: Any) -> None:
    """The worker's head tells that it lives, however busy its children are, with Redis or without."""

    def beat() -> None:
        while True:
            _pulse("worker")
            time.sleep(PULSE_SECONDS)

    threading.Thread(target=beat, name="pulse", daemon=True).start()


@worker_init.connect
@beat_init.connect
def refuse_wrong_keys(**kwargs: Any) -> None:
    """No worker starts with a keyring that cannot open the database's keys."""
    from common.vault import verify_at_start

    verify_at_start()
