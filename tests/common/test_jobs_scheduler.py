"""The scheduler's round: periodic slots once, wake-ups again, nothing lost while Redis is away."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connections
from django.db.models.functions import Now
from kombu.exceptions import OperationalError

from common import jobs
from common.jobs import Job, poke
from common.jobs.handlers import Periodic, periodics
from common.jobs.handlers import kinds as declared
from common.jobs.models import Pulse
from common.jobs.tick import QUIET, open_slots, tick, wake_due

NOON = datetime(2026, 11, 24, 3, 0, 0, tzinfo=UTC)


@pytest.fixture
def hourly(kind: Any, monkeypatch: Any) -> str:
    """The only periodic kind, due once an hour."""
    name = kind()
    monkeypatch.setattr(periodics, "_entries", {name: Periodic(name, timedelta(hours=1))})
    return str(name)


@pytest.fixture
def published(monkeypatch: Any) -> list[str]:
    """Ids that a worker was woken for."""
    woken: list[str] = []
    monkeypatch.setattr(poke, "publish", lambda job_id, _queue: woken.append(job_id))
    return woken


def test_every_periodic_kind_is_declared() -> None:
    """`open_slots` queues it by name."""
    assert {entry.kind for entry in periodics} <= set(declared)
    assert len(periodics.names()) >= 2


def test_a_handler_names_a_queue_that_workers_listen_to() -> None:
    """Else its jobs would never be fetched."""
    with pytest.raises(ValueError, match="no queue"):
        jobs.handler("tests.work", queue="slow")


@pytest.mark.django_db
def test_a_slot_is_opened_once(hourly: str) -> None:
    """However often the scheduler asks within the hour; the next hour is another slot."""
    for minutes in (0, 0, 1, 59):
        open_slots(NOON + timedelta(minutes=minutes))
    assert Job.objects.filter(kind=hourly).count() == 1
    open_slots(NOON + timedelta(minutes=60))
    assert Job.objects.filter(kind=hourly).count() == 2


@pytest.mark.django_db
def test_a_scheduler_that_was_away_catches_up_once(hourly: str) -> None:
    """Ten hours without one make one job now, not ten."""
    open_slots(NOON)
    open_slots(NOON + timedelta(hours=10))
    assert Job.objects.filter(kind=hourly).count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_open_a_slot_once(hourly: str) -> None:
    """The key decides in the database."""
    start = threading.Barrier(6)
    failed: list[BaseException] = []

    def scheduler() -> None:
        start.wait()
        try:
            open_slots(NOON)
        except Exception as error:  # noqa: BLE001 - shown by the test
            failed.append(error)
        connections.close_all()

    threads = [threading.Thread(target=scheduler) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert Job.objects.filter(kind=hourly).count() == 1


@pytest.mark.django_db
def test_what_is_due_is_woken_for_again_but_not_at_once(kind: Any, published: list[str]) -> None:
    """A wake-up that Redis lost comes again; one that is on its way is not doubled."""
    job = jobs.enqueue(kind(), 1)
    assert wake_due() == 1
    assert wake_due() == 0
    Job.objects.filter(pk=job.pk).update(poked_at=Now() - QUIET - timedelta(seconds=1))
    assert wake_due() == 1
    assert published == [str(job.pk)] * 2


@pytest.mark.django_db
def test_a_lease_that_ran_out_is_woken_for(kind: Any, published: list[str]) -> None:
    """So a job whose worker was killed goes on without anybody's help."""
    job = jobs.enqueue(kind(), 1)
    Job.objects.filter(pk=job.pk).update(
        state="running", attempts=1, lease_until=Now() - timedelta(seconds=1)
    )
    assert wake_due() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [
        {"not_before": Now() + timedelta(minutes=1)},
        {"state": "running", "lease_until": Now() + timedelta(minutes=1)},
        {"state": "done", "finished_at": Now()},
    ],
    ids=["not due", "at work", "done"],
)
def test_what_is_not_due_is_left_alone(kind: Any, published: list[str], values: Any) -> None:
    """No needless wake-ups."""
    Job.objects.filter(pk=jobs.enqueue(kind(), 1).pk).update(**values)
    assert wake_due() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("error", [OperationalError("away"), OSError("away")])
def test_a_broker_that_is_away_loses_nothing(
    kind: Any, published: list[str], monkeypatch: Any, error: Exception
) -> None:
    """The round goes to its end; the job is woken for once the broker is back."""
    job = jobs.enqueue(kind(), 1)

    def away(*_told: str) -> None:
        raise error

    with monkeypatch.context() as broken:
        broken.setattr(poke, "publish", away)
        tick()
    job.refresh_from_db()
    assert (job.state, job.poked_at) == ("queued", None)
    tick()
    assert str(job.pk) in published


@pytest.mark.django_db
def test_a_round_shows_that_workers_live(published: list[str]) -> None:
    """/healthz reads it."""
    tick()
    assert Pulse.objects.filter(name="worker", at__gte=Now() - timedelta(seconds=5)).exists()
