"""Valkey emptied, frozen and dead: no job is lost, and nobody who uses the portal notices."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.faults.sink import Sink
from tests.faults.timed import TimedPerson
from tests.faults.whole import Whole, eventually
from tools.browser import Person
from tools.demo import Job, accounts

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]

#: SECURITY.md: whatever the broker does, nobody waits longer.
NOBODY_WAITS = 3.0


def test_what_is_queued_survives_the_emptying_of_the_broker(
    whole: Whole, people: dict[str, Person], sink: Sink
) -> None:
    """FLUSHALL with wake-ups waiting, and once more while the worker is busy."""
    whole.settle()
    refs = whole.script("-m", "tests.faults.stage", "reports", "2").split()
    whole.settle()
    whole.stop("worker")
    key, started = f"flush-{time.monotonic_ns()}", time.monotonic()
    whole.script("-m", "tests.faults.stage", "mails", key, "40")
    for ref in refs:
        page = people["expert"].get(f"/consultations/{ref}/")
        people["expert"].post(f"/consultations/{ref}/advice/issue/", {}, page=page)
    queued = whole.open_jobs()
    waiting = eventually(lambda: whole.broker().llen("mail"), "wake-ups in the broker")
    assert queued >= 42
    whole.broker().flushall()
    whole.start("worker")
    eventually(lambda: whole.open_jobs() < queued, "the first job done")
    whole.broker().flushall()
    whole.settle()
    print(f"\nFLUSHALL: {queued} jobs queued, {waiting} wake-ups wiped, all done after "
          f"{time.monotonic() - started:.0f} s")  # fmt: skip
    sent = whole.rows(
        "SELECT state, count(*) FROM common_mail WHERE event LIKE %s GROUP BY state", f"{key}:%"
    )
    assert sent == [("sent", 40)]
    made = (
        "SELECT count(*) FROM consultations_consultation WHERE state = 'advised' AND ref = ANY(%s)"
    )
    assert whole.value(made, refs) == 2
    assert max(sink.deliveries().values()) == 1


@contextmanager
def frozen(whole: Whole) -> Iterator[None]:
    """It takes connections and says nothing."""
    pid = whole.broker_pid()
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@contextmanager
def dead(whole: Whole) -> Iterator[None]:
    """Nobody listens."""
    whole.kill_broker()
    try:
        yield
    finally:
        whole.start_broker()


@pytest.mark.parametrize("broken", [frozen, dead])
def test_people_do_not_notice_a_broken_broker(
    whole: Whole, people: dict[str, Person], broken: object
) -> None:
    """Signing in, filing a consultation, sending messages, having a PDF made; then all gets done."""
    whole.settle()
    ref = whole.script("-m", "tests.faults.stage", "reports", "1").strip()
    whole.settle()
    clerk = TimedPerson(whole.url, "sme-clerk@demo.example", *accounts()["sme-clerk"])
    firm, expert = TimedPerson.like(people["sme"]), TimedPerson.like(people["expert"])
    started = time.monotonic()
    with broken(whole):  # type: ignore[operator]
        clerk.sign_in()
        job = Job(whole.url, "", people={"sme": firm})
        job.file()
        for person in (firm, expert):
            path = f"/consultations/{ref}/"
            for number in range(5):
                page = person.get(path)
                person.post(f"{path}messages/", {"body": f"本文{number}", "token": page.hidden("token")},
                            page=page)  # fmt: skip
        expert.post(f"{path}advice/issue/", {}, page=expert.get(path))
        health = TimedPerson(whole.url, "", "")
        assert b'"broker": "down"' in health.get("/healthz").body
    answers = [a for person in (clerk, firm, expert, health) for a in person.answers]
    slowest = max(answers, key=lambda a: a.seconds)
    assert [a for a in answers if a.status >= 500 and not a.url.endswith("/healthz")] == []
    assert slowest.seconds < NOBODY_WAITS, slowest
    whole.settle()
    print(f"\n{broken.__name__}: {len(answers)} answers, slowest {slowest.seconds:.2f} s "  # type: ignore[attr-defined]
          f"({slowest.url}); all jobs done after {time.monotonic() - started:.0f} s")  # fmt: skip
    told = "SELECT m.state FROM common_mail m JOIN consultations_consultation c" \
           " ON m.event = 'filed:' || c.id WHERE c.ref = %s"  # fmt: skip
    assert whole.rows(told, job.case.split("/")[2]) == [("sent",)]
    state = "SELECT state FROM consultations_consultation WHERE ref = %s"
    assert whole.rows(state, ref) == [("advised",)]
