"""Jobs that kill their worker or never end: three attempts, then staff are told; others go on."""

import re
import time

import pytest

from tests.faults.whole import Whole, eventually
from tools.browser import Person

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]


def queue(whole: Whole, kind: str) -> str:
    """A job as a service would write it; nobody is woken but by the scheduler."""
    return str(
        whole.value(
            "INSERT INTO common_job (id, kind, subject, queue, state, attempts, token, error_code)"
            " VALUES (gen_random_uuid(), %s, 'x', 'default', 'queued', 0, 0, '') RETURNING id", kind
        )
    )  # fmt: skip


def test_bad_jobs_are_given_up_after_three_attempts_and_staff_are_told(
    whole: Whole, people: dict[str, Person], bad_worker: None
) -> None:
    """One kills its child each time, one is killed by the hard limit; mails leave meanwhile."""
    bad = {kind: queue(whole, kind) for kind in ("faults.poison", "faults.hang")}
    key = f"beside-{time.monotonic_ns()}"
    whole.script("-m", "tests.faults.stage", "mails", key, "6")

    def ended() -> list[tuple[object, ...]]:
        return whole.rows(
            "SELECT kind, attempts, error_code, finished_at - created_at FROM common_job"
            " WHERE id::text = ANY(%s) AND state = 'dead' ORDER BY kind", list(bad.values())
        )  # fmt: skip

    eventually(lambda: len(ended()) == 2, "both given up", seconds=100)
    for kind, attempts, code, took in ended():
        assert attempts == 3, kind
        assert code == "WorkerLost", kind
        print(f"\n{kind}: dead after {attempts} attempts, {took}")
    sent = whole.rows("SELECT state FROM common_mail WHERE event LIKE %s", f"{key}:%")
    assert sent == [("sent",)] * 6
    told = whole.rows(
        "SELECT m.event, count(*) FROM common_mail m WHERE m.notice = 'portal.job_dead'"
        " AND m.created_at > now() - interval '2 minutes' GROUP BY m.event"
    )
    # The secretariat of the demonstration is one person; addresses are sealed.
    assert told
    assert all(count == 1 for _event, count in told)
    page = people["staff"].get("/staff/")
    assert page.status == 200
    assert "うまくいかなかった自動の作業" in page.text
    assert len(re.findall("WorkerLost", page.text)) >= 2


def test_a_job_that_hears_the_soft_limit_is_put_back(whole: Whole) -> None:
    """The limits that the portal's own worker really runs with; they fit each other."""
    shown = whole.script(
        "-c",
        "from portal.celery import app; c = app.conf;"
        "print(c.task_soft_time_limit, c.task_time_limit, c.broker_transport_options['visibility_timeout'])",
    )
    soft, hard, visible = (int(word) for word in shown.split())
    assert 0 < soft < hard < visible
