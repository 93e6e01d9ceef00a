"""A long queue holds up neither the scheduler's round nor the search, and does nothing twice over."""

import threading
from typing import Any

import pytest
from django.db import connection, transaction

from common import jobs, search
from common.jobs import Job, JobState
from common.jobs.handlers import QUEUES
from common.jobs.run import run
from common.search.models import SearchEntry
from portal.celery import app
from seminars.services import load_demo
from tools.processes import COMMANDS


def test_the_scheduler_round_waits_behind_no_other_work() -> None:
    """It has a queue of its own, and the worker's command listens to all of them."""
    entry = app.conf.beat_schedule["tick"]
    assert entry["options"]["queue"] not in QUEUES
    listened = COMMANDS["worker"].split("--queues ")[1].split(" ")[0].split(",")
    assert set(listened) == {*QUEUES, entry["options"]["queue"]}
    assert {queue.name for queue in app.conf.task_queues} == set(listened)


@pytest.mark.django_db
def test_changes_that_wait_together_are_indexed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every job is done, one of them does the work, and that is the last one."""
    indexed: list[str] = []
    monkeypatch.setattr(search, "reindex", indexed.append)
    with transaction.atomic():
        for _change in range(5):
            search.changed("seminars")
    search.changed("casebook")
    waiting = list(Job.objects.filter(kind="common.reindex").order_by("created_at", "pk"))
    for number, job in enumerate(waiting):
        run(str(job.pk))
        assert indexed.count("seminars") == int(number >= 4)
    assert sorted(indexed) == ["casebook", "seminars"]
    assert not Job.objects.exclude(state=JobState.DONE).exists()
    search.changed("seminars")
    run(str(Job.objects.get(state=JobState.QUEUED).pk))
    assert indexed.count("seminars") == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_index_one_source_without_getting_in_each_others_way() -> None:
    """Neither fails, and no entry stands twice."""
    load_demo()
    start, failed = threading.Barrier(4), []

    def work() -> None:
        try:
            start.wait(10)
            search.reindex("seminars")
        except Exception as error:  # noqa: BLE001 - told below
            failed.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failed == []
    keys: list[Any] = list(
        SearchEntry.objects.filter(source="seminars").values_list("key", "language")
    )
    assert len(keys) == len(set(keys)) == 4
    assert jobs.Job.objects.filter(state=JobState.DEAD).count() == 0
