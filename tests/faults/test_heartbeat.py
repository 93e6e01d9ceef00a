"""A database that is away for a moment costs a beat of the lease, not the lease."""

import threading
import time

import pytest
from django.db import OperationalError, connection
from django.db.models.functions import Now

from common import jobs
from common.jobs import run as running
from common.jobs.models import Job
from common.jobs.run import claim

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_lease_is_renewed_again_after_a_missed_beat(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else long work would be begun a second time while the first still goes on."""
    monkeypatch.setattr(running, "HEARTBEAT_SECONDS", 0.05)
    beats: list[str] = []
    true_close = running.close_old_connections

    def away_at_first() -> None:
        beats.append("beat")
        if len(beats) <= 2:
            raise OperationalError("away")
        true_close()

    monkeypatch.setattr(running, "close_old_connections", away_at_first)
    attempt = claim(str(jobs.enqueue("common.reindex", "guidelines").pk))
    assert attempt is not None
    Job.objects.filter(pk=attempt.job.pk).update(lease_until=Now())
    stop = threading.Event()
    heart = threading.Thread(target=running._heartbeat, args=(attempt, stop))
    heart.start()
    until = time.monotonic() + 10
    while len(beats) < 4 and time.monotonic() < until:
        time.sleep(0.02)
    stop.set()
    heart.join(5)
    renewed = Job.objects.get(pk=attempt.job.pk)
    assert renewed.lease_until > renewed.created_at
    with connection.cursor() as cursor:
        cursor.execute("SELECT lease_until > now() FROM common_job WHERE id = %s", [attempt.job.pk])
        assert cursor.fetchone() == (True,)


def test_it_ends_where_another_worker_has_the_job(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the fencing token."""
    monkeypatch.setattr(running, "HEARTBEAT_SECONDS", 0.02)
    attempt = claim(str(jobs.enqueue("common.reindex", "guidelines").pk))
    assert attempt is not None
    Job.objects.filter(pk=attempt.job.pk).update(token=attempt.token + 1)
    heart = threading.Thread(target=running._heartbeat, args=(attempt, threading.Event()))
    heart.start()
    heart.join(5)
    assert not heart.is_alive()
