"""Sealed content that was swapped, altered or lost: the page says so, shows nothing of it, others go on."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.db.models.functions import Now
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from common import audit, jobs
from common.audit.models import AuditEvent
from common.jobs.run import run
from common.vault import DestroyReason
from consultations import services
from consultations.enums import State
from consultations.models import AdviceReport, Consultation, Draft, Message
from tests.accounts.factories import sign_in
from tests.consultations.factories import ADVICE, Scene, draft_of, scene, talk

pytestmark = pytest.mark.django_db
MINE, THEIRS = "わが社の金型の相談", "よその会社の配合の相談"
REFUSED = "内容を開けません"
IN_A_LIST = "（開けません。"


@pytest.fixture
def made() -> Scene:
    """A case that went all the way."""
    return scene(State.ADVISED, title=MINE, situation="金型の図面が見当たりません。")


@pytest.fixture
def other() -> Scene:
    """Another firm's."""
    return scene(State.ADVISED, title=THEIRS, situation="配合表が送られました。")


def swap(model: Any, column: str, first: Any, second: Any) -> None:
    """Exchange two rows' ciphertexts, as somebody can who writes to the database."""
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} t SET {column} = o.{column} FROM {table} o"
            " WHERE (t.id, o.id) IN ((%(a)s, %(b)s), (%(b)s, %(a)s))",
            {"a": first.pk, "b": second.pk},
        )


def opened(made: Scene, who: str = "owner", path: str = "") -> HttpResponseBase:
    """A page as one of the scene's people gets it."""
    client = sign_in(Client(), getattr(made, who))
    return client.get(path or reverse("consultations:detail", args=[made.case.ref]))


def text_of(answer: Any) -> str:
    """The page."""
    return str(answer.content.decode())


def assert_refused(answers: Callable[[], HttpResponseBase], *unseen: str) -> None:
    """The same clear page each time, nothing of the content, and a note in the audit log."""
    noted = AuditEvent.objects.filter(verb="vault.refused").count()
    for _attempt in range(2):
        answer = answers()
        assert answer.status_code == 409
        page = text_of(answer)
        assert REFUSED in page
        assert not [word for word in unseen if word in page]
    assert AuditEvent.objects.filter(verb="vault.refused").count() == noted + 2


@pytest.mark.parametrize(
    ("column", "who"),
    [("title", "owner"), ("title", "adviser"), ("answers", "owner"), ("answers", "reviewer")],
)
def test_swapped_ciphertexts_of_two_cases_are_refused_by_the_page(
    made: Scene, other: Scene, column: str, who: str
) -> None:
    """Neither firm sees the other's text, nor its own in the wrong place."""
    swap(Consultation, column, made.case, other.case)
    assert_refused(lambda: opened(made, who), THEIRS, "配合表")
    assert_refused(lambda: opened(other, who), MINE, "金型の図面")


def test_lists_and_start_pages_go_on_around_a_damaged_case(made: Scene, other: Scene) -> None:
    """The damaged line says so, and leads to the page that explains."""
    swap(Consultation, "title", made.case, other.case)
    whole = scene(State.SUBMITTED, title="無事な相談")
    Consultation.objects.filter(pk=whole.case.pk).update(
        organisation=made.firm, filed_by=made.owner
    )
    for path in (reverse("consultations:list"), reverse("portal:my")):
        answer = opened(made, path=path)
        assert answer.status_code == 200, path
        page = text_of(answer)
        assert THEIRS not in page
        assert "無事な相談" in page
        if path == reverse("consultations:list"):
            assert IN_A_LIST in page


def test_messages_swapped_within_one_case_are_not_shown_and_the_rest_is(made: Scene) -> None:
    """Even the order of a talk cannot be changed unseen."""
    for body in ("はい、許します。", "いいえ、許しません。", "では、また来週。"):
        talk(made, body)
    first, second, third = Message.objects.filter(consultation=made.case).order_by("-sent_at")[:3]
    swap(Message, "body", second, third)
    page = text_of(opened(made))
    assert page.count(IN_A_LIST) == 2
    assert "許し" not in page
    assert first.body in page


def test_a_damaged_file_name_or_authors_name_hides_only_itself(made: Scene, other: Scene) -> None:
    """The talk stays readable."""
    swap(type(made.attachment), "name", made.attachment, other.attachment)
    swap(type(made.adviser), "name", made.adviser, other.adviser)
    answer = opened(made)
    assert answer.status_code == 200
    page = text_of(answer)
    assert IN_A_LIST in page
    assert "表示はありましたか。" in page
    for path in (reverse("accounts:members"), reverse("consultations:list")):
        assert opened(made, path=path).status_code == 200


def test_a_damaged_draft_does_not_hide_the_others(made: Scene) -> None:
    """It cannot be opened; what else waits can."""
    mine, theirs = draft_of(made.owner, title="壊れる下書き"), draft_of(made.stranger)
    draft_of(made.owner, title="無事な下書き")
    swap(Draft, "answers", mine, theirs)
    page = text_of(opened(made, path=reverse("consultations:new")))
    assert IN_A_LIST in page
    assert "無事な下書き" in page
    assert_refused(lambda: opened(made, path=reverse("consultations:page", args=[mine.pk, 2])))


def stored(path: str) -> Path:
    """Where the storage keeps a file."""
    return Path(storages["sealed"].path(path))


def flip(path: str, position: int = -1) -> None:
    """One bit of a stored file, the last one if nothing else is asked for."""
    file = stored(path)
    content = bytearray(file.read_bytes())
    content[position] ^= 1
    file.write_bytes(content)


DAMAGE: dict[str, Callable[[str], object]] = {
    "a bit at the end": flip,
    "a bit in the header": lambda path: flip(path, 12),
    "cut off": lambda path: stored(path).write_bytes(stored(path).read_bytes()[:-20]),
    "emptied": lambda path: stored(path).write_bytes(b""),
    "something in clear": lambda path: stored(path).write_bytes(b"%PDF-1.7 forged"),
    "gone": lambda path: stored(path).unlink(),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_file_or_report_is_not_given_out(made: Scene, damage: str) -> None:
    """Not a byte of it; the case's page stays."""
    report = AdviceReport.objects.latest_of(made.case)
    assert report is not None
    file = reverse("consultations:attachment", args=[made.case.ref, made.attachment.pk])
    pdf = reverse("consultations:pdf", args=[made.case.ref])
    for path, address in ((made.attachment.path, file), (report.pdf_path, pdf)):
        assert opened(made, path=address).status_code == 200
        DAMAGE[damage](path)
        assert_refused(lambda address=address: opened(made, path=address), "日時だけ", "forged")  # type: ignore[misc]
    assert opened(made).status_code == 200


def test_a_file_put_in_anothers_place_is_not_given_out(made: Scene, other: Scene) -> None:
    """Its own key, its own place."""
    first, second = stored(made.attachment.path), stored(other.attachment.path)
    mine, theirs = first.read_bytes(), second.read_bytes()
    first.write_bytes(theirs)
    second.write_bytes(mine)
    for its in (made, other):
        address = reverse("consultations:attachment", args=[its.case.ref, its.attachment.pk])
        assert_refused(lambda its=its, address=address: opened(its, path=address))  # type: ignore[misc]


def test_a_report_is_not_made_from_swapped_advice() -> None:
    """The page refuses it, and the job is given up: no PDF tells one firm another's advice."""
    made, other = scene(State.ADVICE_REVIEW, title=MINE), scene(State.ADVICE_REVIEW, title=THEIRS)
    swap(AdviceReport, "content", made.report, other.report)
    review = reverse("consultations:review", args=[made.case.ref])
    assert_refused(lambda: opened(made, "reviewer", review), ADVICE["summary"])
    services.approve_advice(made.report, by=made.reviewer)
    services.issue_advice(made.report, by=made.adviser)
    job = jobs.Job.objects.get(kind="consultations.advice_pdf", subject=str(made.report.pk))
    for _attempt in range(3):
        jobs.Job.objects.filter(pk=job.pk).update(not_before=Now())
        run(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.attempts, job.error_code) == ("dead", 3, "VaultRefused")
    assert made.report.pdf_path == ""


def test_a_case_under_anothers_key_is_refused(made: Scene, other: Scene) -> None:
    """Whoever points a row at another key gains nothing."""
    Consultation.objects.filter(pk=made.case.pk).update(vault_key=other.case.vault_key)
    assert_refused(lambda: opened(made), MINE, THEIRS)


def test_what_was_erased_on_purpose_is_said_to_be_gone(made: Scene) -> None:
    """410, without alarm."""
    made.case.vault_key.destroy(DestroyReason.RETENTION)
    answer = opened(made)
    assert answer.status_code == 410
    assert "消去された内容です" in text_of(answer)
    assert not AuditEvent.objects.filter(verb="vault.refused").exists()
    assert opened(made, path=reverse("consultations:list")).status_code == 200


def test_refusals_are_logged_by_kind_and_say_nothing_else(
    made: Scene, other: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    """Which view, which error; whoever watches the log can act on it."""
    swap(Consultation, "title", made.case, other.case)
    opened(made)
    opened(made, path=reverse("consultations:list"))
    lines = [r for r in caplog.records if "refused" in r.getMessage()]
    assert [line.levelname for line in lines] == ["ERROR", "ERROR"]
    assert {line.code for line in lines} == {"VaultRefused"}  # type: ignore[attr-defined]
    said = json.dumps([line.__dict__ for line in lines], default=str, ensure_ascii=False)
    assert MINE not in said
    assert THEIRS not in said
    assert "vault.refused" in audit.REGISTERED
