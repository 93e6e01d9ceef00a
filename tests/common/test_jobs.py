"""Jobs: claimed once, counted before they start, fenced off when thought dead, given up after three."""

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.db.models.functions import Now

from common import jobs
from common.audit.models import AuditEvent
from common.jobs import Job, JobState, handlers, poke
from common.jobs.models import MAX_ATTEMPTS
from common.jobs.run import LEASE, LeaseLost, bury, claim, fail, on_death, run
from common.jobs.tick import tick
from common.jobs.worker import run_job
from tests.accounts.factories import UserFactory

PAST = timedelta(seconds=1)


def state(job: Job) -> str:
    """As it stands in the database."""
    return str(Job.objects.values_list("state", flat=True).get(pk=job.pk))


def expire(job: Job) -> None:
    """The lease ran out a second ago."""
    Job.objects.filter(pk=job.pk).update(lease_until=Now() - PAST)


def make_due(job: Job) -> None:
    """No waiting between attempts."""
    Job.objects.filter(pk=job.pk).update(not_before=Now() - PAST)


# --- Writing ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_job_goes_with_the_transaction_it_was_written_in(kind: Any) -> None:
    """Rolled back with the rest: no work about something that never happened."""
    with transaction.atomic():
        jobs.enqueue(kind(), 1)
        transaction.set_rollback(True)
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_a_kind_that_nobody_declared_is_refused() -> None:
    """A typing error is found by the first test, not by a job that waits for ever."""
    with pytest.raises(ValueError, match="not declared"):
        jobs.enqueue("tests.nobody", 1)


@pytest.mark.django_db
def test_the_same_key_makes_one_job(kind: Any) -> None:
    """However often it is asked for."""
    first, second = (jobs.enqueue(kind(), 1, key="once") for _ in range(2))
    assert first.pk == second.pk
    assert Job.objects.count() == 1


@pytest.mark.django_db
def test_a_job_goes_to_the_queue_of_its_handler(kind: Any) -> None:
    """PDFs must not keep mails waiting."""
    assert jobs.enqueue(kind(queue="pdf"), 1).queue == "pdf"


@pytest.mark.django_db
def test_a_worker_is_woken_after_the_commit(
    kind: Any, monkeypatch: Any, django_capture_on_commit_callbacks: Any
) -> None:
    """Not before: it would find no row."""
    woken: list[Any] = []
    monkeypatch.setattr(poke, "wake", lambda *told: woken.append(told))
    with django_capture_on_commit_callbacks(execute=True):
        job = jobs.enqueue(kind(), 1)
        assert woken == []
    assert woken == [(str(job.pk), "default")]


@pytest.mark.django_db(transaction=True)
def test_a_poke_that_fails_breaks_no_request(kind: Any, monkeypatch: Any) -> None:
    """The row is what counts; the scheduler wakes again."""

    def broken(*_told: Any) -> None:
        raise RuntimeError("no threads left")

    monkeypatch.setattr(poke, "wake", broken)
    with transaction.atomic():
        job = jobs.enqueue(kind(), 1)
    assert state(job) == JobState.QUEUED


# --- Claiming -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_claim_leases_the_job_and_counts_the_attempt(kind: Any) -> None:
    """Both at once, with a new token."""
    job = jobs.enqueue(kind(), 1)
    attempt = claim(str(job.pk))
    assert attempt is not None
    job.refresh_from_db()
    assert (job.state, job.attempts, job.token) == (JobState.RUNNING, 1, 1)
    assert job.lease_until is not None
    left = Job.objects.filter(pk=job.pk, lease_until__gt=Now() + LEASE - timedelta(seconds=5))
    assert left.exists()


@pytest.mark.django_db
def test_a_claimed_job_is_not_to_be_had_twice(kind: Any) -> None:
    """Until its lease runs out; then under another token."""
    job = jobs.enqueue(kind(), 1)
    first = claim(str(job.pk))
    assert claim(str(job.pk)) is None
    expire(job)
    second = claim(str(job.pk))
    assert first is not None
    assert second is not None
    assert (first.token, second.token) == (1, 2)


@pytest.mark.django_db
@pytest.mark.parametrize("over", [JobState.DONE, JobState.DEAD, JobState.CANCELLED])
def test_what_is_over_is_not_begun_again(kind: Any, over: str) -> None:
    """A second delivery of the same wake-up finds nothing to do."""
    ran: list[str] = []
    job = jobs.enqueue(kind(lambda subject, run: ran.append(subject)), 1)
    Job.objects.filter(pk=job.pk).update(state=over, finished_at=Now())
    run_job(str(job.pk))
    assert ran == []
    assert state(job) == over


@pytest.mark.django_db
def test_a_job_waits_for_its_time(kind: Any) -> None:
    """Due times are in the database: no message with a delay can be delivered twice."""
    job = jobs.enqueue(kind(), 1)
    Job.objects.filter(pk=job.pk).update(not_before=Now() + timedelta(minutes=1))
    assert claim(str(job.pk)) is None
    make_due(job)
    assert claim(str(job.pk)) is not None


@pytest.mark.django_db(transaction=True)
def test_the_attempt_is_counted_before_the_work_begins(kind: Any, elsewhere: Any) -> None:
    """Committed, so that work which kills its process is counted too."""
    seen: list[int] = []

    def work(_subject: str, attempt: jobs.Run) -> None:
        sql = "SELECT attempts FROM common_job WHERE id = %s"
        seen.append(elsewhere(sql, str(attempt.job.pk)))

    job = jobs.enqueue(kind(work), 1)
    run(str(job.pk))
    assert seen == [1]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_do_a_job_once(kind: Any) -> None:
    """Ten try together; one gets it."""
    job = jobs.enqueue(kind(), 1)
    start, got = threading.Barrier(10), []

    def worker() -> None:
        start.wait()
        got.append(claim(str(job.pk)))
        connections.close_all()

    threads = [threading.Thread(target=worker) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([attempt for attempt in got if attempt is not None]) == 1
    job.refresh_from_db()
    assert job.attempts == 1


# --- Finishing ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_a_job_made_is_kept_with_its_end(kind: Any) -> None:
    """In one transaction: neither without the other."""

    def work(_subject: str, attempt: jobs.Run) -> None:
        with attempt.finishing():
            Job.objects.create(kind="tests.result", subject="made")

    job = jobs.enqueue(kind(work), 1)
    run(str(job.pk))
    assert state(job) == JobState.DONE
    assert Job.objects.filter(kind="tests.result").count() == 1


@pytest.mark.django_db
def test_work_that_keeps_nothing_is_done_when_it_returns(kind: Any) -> None:
    """No handler has to say so."""
    job = jobs.enqueue(kind(), 1)
    run(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.lease_until, job.error_code) == (JobState.DONE, None, "")
    assert job.finished_at is not None
    assert not job.is_open


@pytest.mark.django_db
def test_a_zombie_keeps_nothing(kind: Any) -> None:
    """A worker thought dead wakes up after another was given the job: its result is dropped."""
    job = jobs.enqueue(kind(), 1)
    zombie = claim(str(job.pk))
    expire(job)
    heir = claim(str(job.pk))
    assert zombie is not None
    assert heir is not None
    with pytest.raises(LeaseLost), zombie.finishing():
        Job.objects.create(kind="tests.result", subject="of the zombie")
    assert not Job.objects.filter(kind="tests.result").exists()
    assert state(job) == JobState.RUNNING
    with heir.finishing():
        Job.objects.create(kind="tests.result", subject="of the heir")
    assert Job.objects.get(kind="tests.result").subject == "of the heir"


@pytest.mark.django_db
def test_a_zombie_that_fails_takes_nothing_from_its_heir(kind: Any) -> None:
    """Neither puts the job back nor buries it."""
    job = jobs.enqueue(kind(), 1)
    zombie = claim(str(job.pk))
    expire(job)
    claim(str(job.pk))
    assert zombie is not None
    fail(zombie, "ValueError")
    zombie.job.attempts = MAX_ATTEMPTS
    fail(zombie, "ValueError")
    job.refresh_from_db()
    assert (job.state, job.token, job.error_code) == (JobState.RUNNING, 2, "")


@pytest.mark.django_db
def test_a_worker_that_lost_its_lease_ends_quietly(kind: Any) -> None:
    """The heir's attempt is not disturbed by what the first one raises."""

    def work(_subject: str, attempt: jobs.Run) -> None:
        expire(attempt.job)
        claim(str(attempt.job.pk))

    job = jobs.enqueue(kind(work), 1)
    run(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.token) == (JobState.RUNNING, 2)


@pytest.mark.django_db(transaction=True)
def test_a_long_job_keeps_its_lease_while_it_works(kind: Any, monkeypatch: Any) -> None:
    """A heartbeat renews it; it ends with the process."""
    monkeypatch.setattr("common.jobs.run.HEARTBEAT_SECONDS", 0.02)
    renewed = threading.Event()

    def work(_subject: str, attempt: jobs.Run) -> None:
        expire(attempt.job)
        for _ in range(200):
            if Job.objects.filter(pk=attempt.job.pk, lease_until__gt=Now()).exists():
                renewed.set()
                return
            renewed.wait(0.02)

    run(str(jobs.enqueue(kind(work), 1).pk))
    assert renewed.is_set()


# --- Failing ------------------------------------------------------------------------------------


def refuse(_subject: str, _attempt: jobs.Run) -> None:
    """Work that never succeeds, with an exception that repeats somebody's words."""
    raise ValueError("図面の持ち出し")


@pytest.mark.django_db
def test_a_failed_job_is_tried_again_later_and_says_why_as_a_code(kind: Any) -> None:
    """An exception's text may repeat what people typed; only its class is kept."""
    job = jobs.enqueue(kind(refuse), 1)
    run(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.attempts, job.error_code) == (JobState.QUEUED, 1, "ValueError")
    assert job.lease_until is None
    assert Job.objects.filter(pk=job.pk, not_before__gt=Now()).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(j)::text FROM common_job j")
        assert "図面" not in str(cursor.fetchall())


@pytest.mark.django_db
def test_a_job_is_given_up_after_three_attempts(kind: Any) -> None:
    """And not begun a fourth time."""
    ran = []

    def work(subject: str, attempt: jobs.Run) -> None:
        ran.append(subject)
        refuse(subject, attempt)

    job = jobs.enqueue(kind(work), 1)
    for _ in range(MAX_ATTEMPTS + 2):
        make_due(job)
        run(str(job.pk))
    job.refresh_from_db()
    assert len(ran) == MAX_ATTEMPTS
    assert (job.state, job.attempts, job.error_code) == (JobState.DEAD, 3, "ValueError")
    assert list(Job.objects.dead()) == [job]


@pytest.mark.django_db
def test_a_job_whose_handler_is_gone_dies_like_any_other(kind: Any, monkeypatch: Any) -> None:
    """A release that drops a kind leaves no job running for ever."""
    job = jobs.enqueue(kind(), 1)
    monkeypatch.setattr("common.jobs.run.handlers", {})
    for _ in range(MAX_ATTEMPTS):
        make_due(job)
        run(str(job.pk))
    assert state(job) == JobState.DEAD


@pytest.mark.django_db
def test_work_that_kills_its_worker_is_given_up_after_three(kind: Any) -> None:
    """Nothing in the process runs after a kill -9; the reaper buries by the count."""
    job = jobs.enqueue(kind(), 1)
    for _ in range(MAX_ATTEMPTS):
        assert claim(str(job.pk)) is not None
        expire(job)
    assert claim(str(job.pk)) is None
    tick()
    job.refresh_from_db()
    assert (job.state, job.error_code) == (JobState.DEAD, "WorkerLost")


@pytest.mark.django_db
def test_the_reaper_leaves_alone_what_is_still_leased(kind: Any) -> None:
    """The last attempt may yet succeed."""
    job = jobs.enqueue(kind(), 1)
    for _ in range(MAX_ATTEMPTS - 1):
        claim(str(job.pk))
        expire(job)
    last = claim(str(job.pk))
    tick()
    assert state(job) == JobState.RUNNING
    assert last is not None
    with last.finishing():
        pass
    assert state(job) == JobState.DONE


@pytest.mark.django_db
def test_a_death_is_told_once(kind: Any, monkeypatch: Any) -> None:
    """Also when two schedulers bury the same job."""
    told: list[Any] = []
    monkeypatch.setitem(on_death._entries, "tests", told.append)
    job = jobs.enqueue(kind(), 1)
    attempt = claim(str(job.pk))
    assert attempt is not None
    assert bury(job, "ValueError", token=attempt.token)
    assert not bury(job, "ValueError", token=attempt.token)
    assert [dead.pk for dead in told] == [job.pk]


@pytest.mark.django_db
def test_a_dead_job_is_revived_with_three_attempts_more(
    kind: Any, monkeypatch: Any, django_capture_on_commit_callbacks: Any
) -> None:
    """When what kept it from succeeding is mended; a job that lives is left alone."""
    woken: list[Any] = []
    monkeypatch.setattr(poke, "wake", lambda *told: woken.append(told))
    job = jobs.enqueue(kind(refuse), 1)
    assert not jobs.revive(job, actor=UserFactory(staff=True))
    for _ in range(MAX_ATTEMPTS):
        make_due(job)
        run(str(job.pk))
    with django_capture_on_commit_callbacks(execute=True):
        assert jobs.revive(job, actor=UserFactory(staff=True))
    assert (str(job.pk), "default") in woken
    event = AuditEvent.objects.get(verb="job.revived")
    assert (event.resource, event.object_id) == ("job", str(job.pk))
    kind(lambda subject, attempt: None)
    run(str(job.pk))
    assert state(job) == JobState.DONE


@pytest.mark.django_db
def test_waits_grow_as_the_kind_wants(monkeypatch: Any) -> None:
    """A mail server that is away for minutes is still given its mail."""
    waits = []
    job = jobs.enqueue("common.mail", 1)
    monkeypatch.setitem(
        handlers._entries, "common.mail", replace(handlers["common.mail"], work=refuse)
    )
    for _ in range(MAX_ATTEMPTS - 1):
        make_due(job)
        run(str(job.pk))
        job.refresh_from_db()
        waits.append(round((job.not_before - job.created_at).total_seconds()))
    assert waits == [15, 600]


# --- What the database knows --------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [{"state": "lost"}, {"state": "running", "lease_until": None}, {"state": "done"}],
    ids=["unknown state", "running without a lease", "done without an end"],
)
def test_the_database_refuses_a_job_that_cannot_be(kind: Any, values: dict[str, Any]) -> None:
    """Whoever writes it."""
    job = jobs.enqueue(kind(), 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**values)
