"""What was issued: one file, kept for good, given to those who may have it, withdrawn in time."""

import hashlib
import json
import os
import time
import uuid
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from common.audit.models import AuditEvent
from common.jobs import Job
from common.jobs.run import LeaseLost, Run, run
from common.mail import Mail
from common.uploads import FileLost
from common.uploads.storing import orphans
from common.vault import VaultRefused
from consultations import services
from consultations.enums import ReportState, State
from consultations.errors import NotNow
from consultations.models import AdviceReport, Consultation, Message, Transition
from tests.consultations.factories import ADVICE, Scene, scene
from tests.consultations.walking import at, browser, seen

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 sample"


def issued() -> tuple[Scene, Run]:
    """A report that was issued a moment ago, and a worker that has begun with it."""
    made = scene(State.ADVICE_REVIEW)
    services.approve_advice(made.report, by=made.reviewer)
    services.issue_advice(made.report, by=made.adviser)
    return made, claimed(made)


def claimed(made: Scene, token: int = 1) -> Run:
    """The report's job in the hands of a worker."""
    job = Job.objects.get(kind="consultations.advice_pdf", subject=str(made.report.pk))
    Job.objects.filter(pk=job.pk).update(
        state="running", token=token, lease_until="2100-01-01T00:00Z"
    )
    return Run(job, token)


def files() -> set[str]:
    """Paths in the storage."""
    place: Any = storages["sealed"]
    return {
        f"{folder}/{name}" for folder in place.listdir("")[0] for name in place.listdir(folder)[1]
    }


def test_the_pdf_is_given_to_the_firm_and_noted() -> None:
    """Under a name that says nothing; the case is advised, the firm told once."""
    made, attempt = issued()
    services.keep_pdf(made.report, PDF, run=attempt)
    report = made.report
    assert (report.pdf_size, report.pdf_sha256) == (len(PDF), hashlib.sha256(PDF).hexdigest())
    assert Consultation.objects.get().state == State.ADVISED
    mail = Mail.objects.get(notice="consultations.issued")
    assert (mail.address, mail.url) == (made.owner.email, at("detail", made.case))
    firm = browser(made.owner)
    facts = firm.get(at("status", made.case)).json()
    assert (facts["state"], facts["url"]) == ("done", at("pdf", made.case))
    assert at("pdf", made.case) in firm.get(at("detail", made.case)).content.decode()
    answer = firm.get(at("pdf", made.case))
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "no-store"
    name = f'attachment; filename="advice-{made.case.ref}-1.pdf"'
    assert answer["Content-Disposition"] == name
    event = AuditEvent.objects.filter(verb="advice.downloaded").get()
    assert (event.actor_id, event.related) == (made.owner.pk, {"report": str(report.pk)})


def test_the_pdf_goes_to_whoever_may_read_the_case_and_to_nobody_else() -> None:
    """A colleague only where it is shared, the secretariat only for a reason."""
    made = scene(State.ADVISED)
    path = at("pdf", made.case)
    wanted = {
        made.owner: 200, made.adviser: 200, made.reviewer: 200, made.colleague: 404, made.stranger: 404,
        made.staff: 403,
    }  # fmt: skip
    for person, status in wanted.items():
        assert browser(person).get(path).status_code == status
    services.set_sharing(made.case, by=made.owner, shared=True)
    services.disclose(made.case, by=made.staff, reason="確認")
    for person in (made.colleague, made.staff):
        assert browser(person).get(path).status_code == 200
    assert AuditEvent.objects.filter(verb="advice.downloaded").count() == 5


def test_the_stored_file_is_sealed() -> None:
    """And opens for its own report only."""
    made, attempt = issued()
    services.keep_pdf(made.report, PDF, run=attempt)
    report = made.report
    with storages["sealed"].open(report.pdf_path) as file:
        assert b"PDF" not in file.read()
    report.pdf_path = scene(State.ADVISED).report.pdf_path
    with pytest.raises(VaultRefused):
        services.fetch_pdf(report, by=made.owner)
    assert not AuditEvent.objects.filter(verb="advice.downloaded").exists()


def test_a_lost_or_altered_file_is_no_half_download() -> None:
    """It is refused as a whole, and no download is noted."""
    made = scene(State.ADVISED)
    place: Any = storages["sealed"]
    path = Path(place.path(made.report.pdf_path))
    content = bytearray(path.read_bytes())
    content[-3] ^= 1
    path.write_bytes(content)
    assert browser(made.owner).get(at("pdf", made.case)).status_code == 409
    path.unlink()
    with pytest.raises(FileLost):
        services.fetch_pdf(made.report, by=made.owner)
    assert not AuditEvent.objects.filter(verb="advice.downloaded").exists()


def test_an_issued_report_never_changes() -> None:
    """Neither its words, nor its file, nor its place."""
    made = scene(State.ADVISED)
    before = AdviceReport.objects.filter(pk=made.report.pk).values().get()
    expert = browser(made.adviser)
    answer = expert.post(at("advice", made.case), ADVICE | {"summary": "別の要点", "version": "1"})
    assert answer.status_code == 409
    assert "別の要点" in seen(answer)
    for name in ("submit", "issue"):
        assert expert.post(at(name, made.case)).status_code == 409
    for name in ("approve", "review"):
        sent = {"comment": "やり直し"}
        assert browser(made.reviewer).post(at(name, made.case), sent).status_code == 409
    run(str(Job.objects.get(kind="consultations.advice_pdf").pk))
    assert AdviceReport.objects.filter(pk=made.report.pk).values().get() == before
    assert AdviceReport.objects.count() == 1
    with pytest.raises(LeaseLost):
        services.keep_pdf(made.report, b"%PDF-1.7 other", run=Run(Job.objects.get(
            kind="consultations.advice_pdf"), 1))  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"issued_at": "2020-01-01T00:00Z"}, {"number": 2}, {"state": "drafting"}, {"pdf_path": "aa/b"},
        {"pdf_path": ""}, {"pdf_sha256": "0" * 64}, {"reviewer": None}, {"pdf_size": 1},
    ],
    ids=str,
)  # fmt: skip
def test_the_database_refuses_to_change_what_was_issued(change: dict[str, Any]) -> None:
    """Whoever passes by the services; deleting it too."""
    report = scene(State.ADVISED).report
    row = AdviceReport.objects.filter(pk=report.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.delete()
    report.content = {"summary": "anders"}
    report.version += 1
    with pytest.raises(IntegrityError), transaction.atomic():
        report.save()


def test_the_firm_keeps_the_issued_report_while_the_next_one_is_written() -> None:
    """A case that is taken up again has its first advice all the time."""
    made = scene(State.ADVISED)
    made.case.move_to(State.IN_PROGRESS, by=made.adviser)
    services.save_advice(made.case, ADVICE | {"summary": "二つめ"}, by=made.adviser, version=0)
    assert made.report.number == 2
    firm = browser(made.owner)
    assert firm.get(at("pdf", made.case)).content == PDF
    assert firm.get(at("status", made.case)).json()["state"] == "done"
    page = firm.get(at("detail", made.case))
    assert at("pdf", made.case) in page.content.decode()
    assert "二つめ" not in seen(page)


def test_a_case_withdrawn_while_its_pdf_is_made_gives_nothing_out() -> None:
    """No file, no mail, no later state; the page says what happened."""
    made, attempt = issued()
    before = files()
    firm = browser(made.owner)
    assert firm.post(at("withdraw", made.case)).status_code == 302
    services.keep_pdf(made.report, PDF, run=attempt)
    assert Job.objects.get(pk=attempt.job.pk).state == "done"
    assert made.report.pdf_path == ""
    assert Consultation.objects.get().state == State.WITHDRAWN
    assert not Mail.objects.filter(notice="consultations.issued").exists()
    assert not Transition.objects.filter(after=State.ADVISED).exists()
    assert firm.get(at("pdf", made.case)).status_code == 404
    facts = firm.get(at("status", made.case)).json()
    assert (facts["state"], facts["done"]) == ("cancelled", True)
    page = firm.get(at("detail", made.case)).content.decode()
    assert "相談が取り下げられたため、PDFは作りませんでした。" in page
    assert at("pdf", made.case) not in page
    assert f'href="{at("status", made.case)}"' not in page
    assert len(files() - before) <= 1


@pytest.mark.django_db(transaction=True)
def test_the_file_of_a_withdrawn_case_is_removed_again() -> None:
    """Once the transaction has committed."""
    made, attempt = issued()
    before = files()
    services.withdraw_consultation(made.case, by=made.owner)
    services.keep_pdf(made.report, PDF, run=attempt)
    assert files() == before


def test_a_job_that_comes_after_the_withdrawal_draws_nothing(monkeypatch: Any) -> None:
    """It ends done, without a file."""
    made, _attempt = issued()
    Job.objects.filter(kind="consultations.advice_pdf").update(state="queued", lease_until=None)
    services.withdraw_consultation(made.case, by=made.owner)
    drawn: list[Any] = []
    monkeypatch.setattr("consultations.tasks.render_advice", drawn.append)
    run(str(Job.objects.get(kind="consultations.advice_pdf").pk))
    assert drawn == []
    assert Job.objects.get(kind="consultations.advice_pdf").state == "done"
    assert made.report.pdf_path == ""


def test_an_approved_report_of_a_withdrawn_case_is_not_issued() -> None:
    """Not even past the pages."""
    made = scene(State.ADVICE_REVIEW)
    services.approve_advice(made.report, by=made.reviewer)
    services.withdraw_consultation(made.case, by=made.owner)
    with pytest.raises(NotNow):
        services.issue_advice(made.report, by=made.adviser)
    assert made.report.state == ReportState.APPROVED
    assert not Job.objects.filter(kind="consultations.advice_pdf").exists()


def test_a_worker_thought_dead_keeps_nothing() -> None:
    """Its file is never referred to; the later attempt's is."""
    made, first = issued()
    second = claimed(made, token=2)
    services.keep_pdf(made.report, PDF, run=second)
    with pytest.raises(LeaseLost):
        services.keep_pdf(made.report, b"%PDF-1.7 late", run=first)
    assert services.fetch_pdf(made.report, by=made.owner) == PDF
    assert Transition.objects.filter(after=State.ADVISED).count() == 1
    assert Mail.objects.filter(notice="consultations.issued").count() == 1


def test_issued_files_are_no_orphans_and_are_proved_with_the_others() -> None:
    """Cleaning up the storage must never take an advice report for rubbish."""
    made = scene(State.ADVISED)
    place: Any = storages["sealed"]
    stray = place.save(f"{uuid.uuid4().hex[:2]}/{uuid.uuid4().hex}", open(__file__, "rb"))  # noqa: SIM115
    old = time.time() - 3 * 86_400
    for path in (made.report.pdf_path, made.attachment.path, stray):
        os.utime(place.path(path), (old, old))
    found = set(orphans())
    assert stray in found
    assert not {made.report.pdf_path, made.attachment.path} & found
    said = StringIO()
    call_command("verify_files", "--remove-orphans", stdout=said)
    assert "2 files whole" in said.getvalue()
    assert services.fetch_pdf(made.report, by=made.owner) == PDF
    Path(place.path(made.report.pdf_path)).unlink()
    with pytest.raises(Exception, match="lost or damaged"):
        call_command("verify_files", stdout=StringIO(), stderr=StringIO())


def test_the_status_says_nothing_of_the_case() -> None:
    """Codes, an address, and words that fit every case."""
    made = scene(State.ADVISED)
    text = json.dumps(browser(made.owner).get(at("status", made.case)).json(), ensure_ascii=False)
    assert made.case.title not in text
    assert made.firm.name not in text
    assert Message.objects.exists()
    assert reverse("consultations:pdf", args=[made.case.ref]) in text
