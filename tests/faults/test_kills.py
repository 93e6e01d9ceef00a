"""kill -9 in the middle of PDF and mail jobs: every accepted job ends, and nothing happens twice."""

import os
import signal
import time
from collections import Counter
from dataclasses import dataclass

import pytest

from tests.faults.sink import Sink
from tests.faults.whole import Whole, children, command, eventually
from tools.browser import Person

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]

REPORTS, MAILS = 4, 24
#: Seconds that the mail server thinks about each mail, so that a kill finds deliveries half done.
THINKS = 0.3


@dataclass
class Load:
    """What was accepted before the kill."""

    key: str
    refs: list[str]

    def issue(self, expert: Person) -> None:
        """Have all PDFs made, as an expert does; each answer that comes is a promise."""
        for ref in self.refs:
            page = expert.get(f"/consultations/{ref}/")
            answer = expert.post(f"/consultations/{ref}/advice/issue/", {}, page=page)
            assert answer.status == 200


@pytest.fixture
def load(
    whole: Whole, people: dict[str, Person], sink: Sink, request: pytest.FixtureRequest
) -> Load:
    """PDF jobs and mail jobs, all accepted before the worker begins with them."""
    whole.settle()
    refs = whole.script("-m", "tests.faults.stage", "reports", str(REPORTS)).split()
    whole.settle()
    whole.stop("worker")
    made = Load(f"kill-{time.monotonic_ns()}", refs)
    made.issue(people["expert"])
    whole.script("-m", "tests.faults.stage", "mails", made.key, str(MAILS))
    sink.delay = THINKS
    whole.start("worker")
    return made


def drawing(whole: Whole) -> list[int]:
    """Children of the worker that have a PDF drawn at this moment."""
    return [
        child
        for child in children(whole.pid("worker"))
        if any("common.pdf.child" in command(grandchild) for grandchild in children(child))
    ]


def in_the_middle(whole: Whole, sink: Sink) -> None:
    """Wait until a PDF is being drawn while a mail is being delivered."""
    eventually(lambda: drawing(whole) and sink.is_deciding, "a PDF and a mail at work")


def kill_pool_children(whole: Whole, sink: Sink) -> None:
    """One after the other: whoever draws, whoever delivers."""
    in_the_middle(whole, sink)
    for child in children(whole.pid("worker")):
        os.kill(child, signal.SIGKILL)


def kill_worker(whole: Whole, sink: Sink) -> None:
    """The whole process group; the supervisor starts it again."""
    in_the_middle(whole, sink)
    whole.kill_group("worker")
    whole.start("worker")


def kill_broker(whole: Whole, sink: Sink) -> None:
    """Valkey, with everything it held; it comes back empty."""
    in_the_middle(whole, sink)
    whole.kill_broker()
    time.sleep(1)
    whole.start_broker()


def kill_database(whole: Whole, sink: Sink) -> None:
    """PostgreSQL, as if the plug were pulled."""
    in_the_middle(whole, sink)
    whole.postgres.stop("immediate")
    whole.postgres.start()


@pytest.mark.parametrize("kill", [kill_pool_children, kill_worker, kill_broker, kill_database])
def test_what_was_accepted_is_done_once_or_given_up(
    whole: Whole, load: Load, sink: Sink, kill: object
) -> None:
    """In the middle of PDFs and mails."""
    started = time.monotonic()
    kill(whole, sink)  # type: ignore[operator]
    whole.settle()
    took = time.monotonic() - started
    pdfs, mails = outcome_of_pdfs(whole, load), outcome_of_mails(whole, load, sink)
    print(f"\n{kill.__name__}: settled after {took:.0f} s; PDFs {pdfs}; mails {mails}")  # type: ignore[attr-defined]


def outcome_of_pdfs(whole: Whole, load: Load) -> Counter[str]:
    """How the PDF jobs ended. Each made one file, one move, one audit event, one mail - or nothing."""
    ended: Counter[str] = Counter()
    for ref in load.refs:
        case, report, path = whole.rows(
            "SELECT c.id::text, r.id::text, r.pdf_path FROM consultations_consultation c"
            " JOIN consultations_advicereport r ON r.consultation_id = c.id WHERE c.ref = %s", ref
        )[0]  # fmt: skip
        ((state, attempts),) = whole.rows(
            "SELECT state, attempts FROM common_job WHERE key = %s", f"advice-pdf:{report}"
        )
        assert attempts <= 3
        moves = whole.value(
            "SELECT count(*) FROM consultations_transition WHERE after = 'advised'"
            " AND consultation_id = %s", case
        )  # fmt: skip
        events = whole.value(
            "SELECT count(*) FROM common_auditevent WHERE verb = 'consultation.moved'"
            " AND related->>'state' = 'advised' AND object_id = %s", case
        )  # fmt: skip
        told = whole.value(
            "SELECT count(*) FROM common_mail WHERE notice = 'consultations.issued'"
            " AND event LIKE %s", f"advice:{report}:%"
        )  # fmt: skip
        made = int(state == "done")
        assert [moves, events, told, int(bool(path))] == [made] * 4, (state, moves, events, told)
        if made:
            assert (whole.folder / "files" / path).is_file()
        ended[f"{state} in {attempts}"] += 1
    return ended


def outcome_of_mails(whole: Whole, load: Load, sink: Sink) -> Counter[str]:
    """How the mails ended. A mail is delivered once, or never where the ledger is not sure."""
    deliveries = sink.deliveries()
    assert max(deliveries.values()) == 1
    ended: Counter[str] = Counter()
    rows = whole.rows(
        "SELECT id::text, state FROM common_mail WHERE event LIKE %s", f"{load.key}:%"
    )
    assert len(rows) == MAILS
    for identity, state in rows:
        delivered = deliveries[f"<{identity}@127.0.0.1>"]
        assert state in ("sent", "uncertain", "failed"), state
        assert delivered == 1 or state != "sent"
        ended[f"{state}, delivered {delivered}"] += 1
    assert sum(n for what, n in ended.items() if what.startswith("sent")) >= MAILS - 4
    return ended
