"""Wakes a worker through Redis from a thread of its own, so that nobody waits for Redis."""

import logging
import os
import queue
import threading
import time
from contextlib import suppress

from celery import current_app
from django.conf import settings
from kombu import Connection
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)
TASK = "common.run_job"
#: More wake-ups than this are dropped: the rows are there, and the scheduler wakes for them again.
BACKLOG = 1000
#: Seconds without use after which a connection is opened anew: Redis may have been restarted.
KEPT = 10

_waiting: queue.Queue[tuple[str, str]] = queue.Queue(BACKLOG)
_thread: threading.Thread | None = None
_pid = 0
_guard = threading.Lock()
#: Each thread's connection: opening one costs ten times what a wake-up costs.
_kept = threading.local()


def wake(job_id: str, queue_name: str) -> None:
    """Hand the wake-up to the thread and return at once."""
    _ensure_thread()
    try:
        _waiting.put_nowait((job_id, queue_name))
    except queue.Full:
        logger.warning("wake-ups dropped", extra={"queue": queue_name})


def _ensure_thread() -> None:
    """Start the thread; again after a fork, which keeps no threads."""
    global _thread, _pid, _waiting
    with _guard:
        if _thread is not None and _thread.is_alive() and _pid == os.getpid():
            return
        if _pid != os.getpid():
            _waiting = queue.Queue(BACKLOG)
        _pid = os.getpid()
        _thread = threading.Thread(target=_publish_all, name="wake-workers", daemon=True)
        _thread.start()


def _publish_all() -> None:
    """Publish wake-ups for ever; one that Redis does not take is left to the scheduler."""
    while True:
        job_id, queue_name = _waiting.get()
        try:
            publish(job_id, queue_name)
        except (OperationalError, OSError) as error:
            logger.warning("broker away", extra={"code": type(error).__name__})
            _drop_backlog()


def _drop_backlog() -> None:
    """Forget what waits: with Redis away each would cost the full time-out."""
    while not _waiting.empty():
        _waiting.get_nowait()


def publish(job_id: str, queue_name: str) -> None:
    """Send one wake-up. Raises kombu's OperationalError within about two seconds of Redis' silence."""
    try:
        current_app.send_task(
            TASK,
            args=[job_id],
            queue=queue_name,
            connection=_link(),
            retry=False,
            ignore_result=True,
        )
    except BaseException:
        _drop_link()
        raise
    _kept.used_at = time.monotonic()


def _link() -> Connection:
    """This thread's connection; a new one where there is none, or it may have been closed."""
    wanted = (os.getpid(), settings.REDIS_URL, settings.BROKER_TIMEOUT)
    stale = time.monotonic() - getattr(_kept, "used_at", 0.0) > KEPT
    if stale or getattr(_kept, "made_for", None) != wanted:
        _drop_link()
        limits = {
            "socket_timeout": settings.BROKER_TIMEOUT,
            "socket_connect_timeout": settings.BROKER_TIMEOUT,
            "max_retries": 0,
        }
        _kept.link = Connection(
            settings.REDIS_URL, connect_timeout=settings.BROKER_TIMEOUT, transport_options=limits
        )
        _kept.made_for = wanted
    link: Connection = _kept.link
    return link


def _drop_link() -> None:
    """Close the connection, if it is this process's own."""
    link, made_for = getattr(_kept, "link", None), getattr(_kept, "made_for", None)
    _kept.link = _kept.made_for = None
    if link is not None and made_for is not None and made_for[0] == os.getpid():
        with suppress(OperationalError, OSError):
            link.release()
