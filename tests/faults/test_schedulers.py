"""Two schedulers and two workers at once: every periodic job runs once in its slot."""

import time

import pytest

from tests.faults.whole import Whole, eventually
from tools import launch

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]


def test_two_schedulers_make_one_run_per_slot(whole: Whole, bad_worker: None) -> None:
    """Slots of two seconds, with everything doubled."""
    second = launch.Processes(whole.processes.environment, whole.folder / "second")
    second.start("worker")
    second.start("scheduler")
    try:
        before = whole.value("SELECT count(*) FROM common_job WHERE kind = 'faults.slot'")

        def slots() -> int:
            return int(
                whole.value(
                    "SELECT count(*) FROM common_job WHERE kind = 'faults.slot' AND state = 'done'"
                )
            )

        eventually(lambda: slots() >= before + 4, "four slots")
        rounds = eventually(lambda: log_lines(second, "scheduler", "Sending due task"), "rounds")
    finally:
        second.stop()
    rows = whole.rows("SELECT key, attempts, token FROM common_job WHERE kind = 'faults.slot'")
    print(f"\ntwo schedulers: {len(rows)} slots, one run each; the second sent {rounds} rounds")
    assert len({key for key, _attempts, _token in rows}) == len(rows)
    # Claimed once: nobody else ever ran it, not even in vain.
    assert {(attempts, token) for _key, attempts, token in rows} <= {(1, 1), (0, 0)}
    daily = whole.rows("SELECT key FROM common_job WHERE kind = 'common.anchor'")
    assert 1 <= len(daily) <= 2, "one a day, two if it is midnight now"


def log_lines(processes: launch.Processes, name: str, words: str) -> int:
    """How many lines of a process's log hold these words."""
    time.sleep(0.5)
    return (processes.logs / f"{name}.log").read_text().count(words)
