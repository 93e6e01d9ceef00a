"""kill -9 of the web server in the middle of a post: nothing half done, and the repeated post does it once."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from tests.faults.whole import Whole, children, eventually
from tools.browser import Page, Person
from tools.demo import Job
from tools.say import Trouble

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]

#: Where a filing can be held: before its first write, and after its last one, before the commit.
HOLDS = {
    "at its beginning": "SELECT 1 FROM consultations_draft FOR UPDATE",
    "before its commit": "SELECT 1 FROM common_audithead FOR UPDATE",
}


class UntilCheck(Job):
    """The pages of intake, up to the last button."""

    draft = ""

    def send(self, who: str, path: str, fields: dict[str, str], **options: object) -> Page:
        """Everything but the last post."""
        if path.endswith("/check/"):
            self.draft = path.split("/")[3]
            raise StopIteration
        return super().send(who, path, fields, **options)  # type: ignore[arg-type]


@contextmanager
def held(whole: Whole, sql: str) -> Iterator[None]:
    """Hold whoever wants these rows."""
    connection = whole.connect()
    connection.autocommit = False
    with connection.cursor() as cursor:
        cursor.execute(sql)
        yield
    connection.rollback()
    connection.close()


def killed(whole: Whole, sql: str, post: object) -> None:
    """Post, hold it where the rows are wanted, and kill all processes of the web server but its head."""
    with ThreadPoolExecutor(1) as pool, held(whole, sql):
        answer = pool.submit(post)  # type: ignore[arg-type]
        eventually(lambda: waiting(whole), "the post held", seconds=20)
        for child in children(whole.pid("web")):
            os.kill(child, signal.SIGKILL)
        with pytest.raises(Trouble, match="does not answer"):
            answer.result(30)
    eventually(lambda: not waiting(whole), "its database session gone", seconds=20)


def waiting(whole: Whole) -> int:
    """Sessions of the application that wait for a lock."""
    return int(
        whole.value(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            " AND usename = 'portal_app'"
        )
    )


#: Everything that filing writes.
WRITTEN = ("consultations_consultation", "consultations_transition", "common_mail", "common_job",
           "common_auditevent", "consultations_draft", "common_datakey")  # fmt: skip


def counts(whole: Whole) -> list[int]:
    """Rows of each of these tables; periodic jobs and what they do aside."""
    only = {"common_job": "WHERE kind = 'common.mail'"}
    return [
        int(whole.value(f"SELECT count(*) FROM {table} {only.get(table, '')}")) for table in WRITTEN
    ]


@pytest.mark.parametrize("where", HOLDS)
def test_a_filing_that_was_killed_left_nothing_and_is_done_once_when_repeated(
    whole: Whole, people: dict[str, Person], where: str
) -> None:
    """The draft stays; five posts afterwards make one case, one receipt mail."""
    firm = people["sme"]
    job = UntilCheck(whole.url, "", people={"sme": firm})
    with pytest.raises(StopIteration):
        job.file()
    path = f"/consultations/drafts/{job.draft}/check/"
    page = firm.get(path)
    before = counts(whole)
    killed(whole, HOLDS[where], lambda: firm.post(path, {}, page=page))
    assert counts(whole) == before
    eventually(lambda: children(whole.pid("web")), "the web server's processes back")
    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda _: firm.post(path, {}, page=page), range(5)))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.url for answer in answers}) == 1
    cases = whole.rows(
        "SELECT id::text FROM consultations_consultation WHERE source_draft = %s", job.draft
    )
    assert len(cases) == 1
    receipts = "SELECT count(*) FROM common_mail WHERE event = %s"
    assert whole.value(receipts, f"filed:{cases[0][0]}") == 1
    print(f"\nkilled {where}: nothing half done; five posts made one case")


def test_a_message_with_a_file_that_was_killed_is_sent_once_when_repeated(
    whole: Whole, people: dict[str, Person]
) -> None:
    """Killed with the file on the disk and the rows not committed."""
    ref = whole.script("-m", "tests.faults.stage", "reports", "1").strip()
    whole.settle()
    firm, path = people["sme"], f"/consultations/{ref}/"
    page = firm.get(path)
    fields = {"body": "記録を送ります。", "token": page.hidden("token")}
    file = ("file", "日時だけ".encode(), "記録.txt")

    def post() -> Page:
        return firm.post(f"{path}messages/", fields, page=page, file=file)

    rows = (
        "SELECT (SELECT count(*) FROM consultations_message m WHERE m.consultation_id = c.id),"
        " (SELECT count(*) FROM consultations_attachment a WHERE a.consultation_id = c.id)"
        " FROM consultations_consultation c WHERE c.ref = %s"
    )
    killed(whole, HOLDS["before its commit"], post)
    assert whole.rows(rows, ref) == [(0, 0)]
    eventually(lambda: children(whole.pid("web")), "the web server's processes back")
    assert [post().status for _ in range(3)] == [200] * 3
    assert whole.rows(rows, ref) == [(1, 1)]
