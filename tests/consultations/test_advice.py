"""Advice from the first word to the issued report: written once, reviewed by another, never lost."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from common.audit.models import AuditEvent
from common.jobs import Job
from common.mail import Mail
from consultations import services
from consultations.enums import AssignmentState, Duty, ReportState, State
from consultations.errors import NotNow
from consultations.models import AdviceReport, Assignment, Consultation
from tests.accounts.factories import UserFactory
from tests.consultations.factories import ADVICE, Scene, scene
from tests.consultations.walking import at, browser, seen

pytestmark = pytest.mark.django_db


def post_advice(window: Client, made: Scene, version: int, **changed: str) -> Any:
    """Save the report as its page does."""
    return window.post(at("advice", made.case), {**ADVICE, "version": str(version), **changed})


def test_sections_are_saved_and_come_again() -> None:
    """Each in its field, with the version that stands."""
    made = scene(State.IN_PROGRESS)
    expert = browser(made.adviser)
    answer = post_advice(expert, made, 1, next_steps="二週間後に。")
    assert answer["Location"] == at("advice", made.case)
    report = made.report
    assert report.content == ADVICE | {"next_steps": "二週間後に。"}
    assert (report.version, report.author, report.state) == (2, made.adviser, ReportState.DRAFTING)
    page = expert.get(at("advice", made.case)).content.decode()
    for text in report.content.values():
        for line in text.splitlines():
            assert line in page
    assert 'name="version" value="2"' in page


def test_the_summary_and_the_measures_are_needed() -> None:
    """What else was written stays on the page."""
    made = scene(State.IN_PROGRESS)
    answer = post_advice(browser(made.adviser), made, 1, summary="", measures=" ", facts="残る事実")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert page.count('class="field field--error"') == 2
    assert "残る事実" in page
    assert made.report.version == 1


def test_two_windows_that_write_get_409_and_both_texts() -> None:
    """The later one sees what stands and what it wrote."""
    made = scene(State.IN_PROGRESS)
    first, second = browser(made.adviser), browser(made.adviser)
    assert post_advice(first, made, 1, summary="はじめの要点").status_code == 302
    answer = post_advice(second, made, 1, summary="あとの要点")
    assert answer.status_code == 409
    assert "はじめの要点" in seen(answer)
    assert "あとの要点" in seen(answer)
    assert f'href="{at("advice", made.case)}"' in answer.content.decode()
    assert made.report.content["summary"] == "はじめの要点"


def test_the_same_sections_sent_twice_are_saved_once() -> None:
    """A double click is no conflict."""
    made = scene(State.IN_PROGRESS)
    for _ in range(3):
        answer = post_advice(browser(made.adviser), made, 1, summary="同じ要点")
        assert answer.status_code == 302
    assert made.report.version == 2
    assert AuditEvent.objects.filter(verb="advice.saved").count() == 2


@pytest.mark.parametrize("version", ["", "x", "-1", "1e3", "\x00", "9" * 60])
def test_a_version_that_is_none_saves_nothing_and_loses_nothing(version: str) -> None:
    """An error on the page, or a conflict with both texts."""
    made = scene(State.IN_PROGRESS)
    answer = browser(made.adviser).post(
        at("advice", made.case), {**ADVICE, "summary": "残る要点", "version": version}
    )
    assert answer.status_code in (200, 409)
    assert "残る要点" in seen(answer)
    assert made.report.content["summary"] == ADVICE["summary"]


def test_without_a_reviewer_nothing_is_submitted() -> None:
    """Offered is not accepted; the page says what it waits for."""
    made = scene(State.IN_PROGRESS)
    for state in (AssignmentState.OFFERED, AssignmentState.DECLINED, AssignmentState.ENDED):
        Assignment.objects.filter(expert=made.reviewer).update(state=state)
        answer = browser(made.adviser).post(at("submit", made.case))
        assert answer.status_code == 409
        assert "査読者がまだ決まっていません。" in seen(answer)
    assert made.report.state == ReportState.DRAFTING
    assert Consultation.objects.get().state == State.IN_PROGRESS


def test_while_it_is_reviewed_nothing_is_written() -> None:
    """Nor submitted again; the typed text comes back."""
    made = scene(State.ADVICE_REVIEW)
    expert = browser(made.adviser)
    answer = post_advice(expert, made, 1, summary="間に合わなかった要点")
    assert answer.status_code == 409
    assert "間に合わなかった要点" in seen(answer)
    assert expert.post(at("submit", made.case)).status_code == 409
    assert expert.post(at("issue", made.case)).status_code == 409
    assert made.report.content == ADVICE


def test_a_returned_report_carries_the_reviewers_comment_until_the_next_answer() -> None:
    """Saving does not wipe it away; the reviewer finds the report again."""
    made = scene(State.ADVICE_REVIEW)
    reviewer, expert = browser(made.reviewer), browser(made.adviser)
    page = seen(reviewer.get(at("review", made.case)))
    for text in (ADVICE["summary"], ADVICE["facts"], made.adviser.name):
        assert text in page
    answer = reviewer.post(at("review", made.case), {"comment": "根拠を足してください。"})
    assert answer["Location"] == at("detail", made.case)
    assert made.report.state == ReportState.DRAFTING
    assert Consultation.objects.get().state == State.IN_PROGRESS
    told = Mail.objects.get(notice="consultations.returned")
    assert told.address == made.adviser.email
    version = made.report.version
    for number in range(2):
        assert "根拠を足してください。" in seen(expert.get(at("advice", made.case)))
        post_advice(expert, made, version + number, facts=f"根拠{number}")
    assert "根拠を足してください。" in seen(expert.get(at("advice", made.case)))
    expert.post(at("submit", made.case))
    page = seen(reviewer.get(at("review", made.case)))
    assert "根拠1" in page
    assert Mail.objects.filter(notice="consultations.review").count() == 2
    reviewer.post(at("review", made.case), {"comment": "もう一つだけ。"})
    assert "根拠を足してください。" not in seen(expert.get(at("advice", made.case)))
    assert "もう一つだけ。" in seen(expert.get(at("advice", made.case)))


def test_a_return_needs_its_reason() -> None:
    """And the reason stays typed where it is too long."""
    made = scene(State.ADVICE_REVIEW)
    reviewer = browser(made.reviewer)
    for comment in ("", " \n", "あ" * 4001):
        answer = reviewer.post(at("review", made.case), {"comment": comment})
        assert answer.status_code == 200
        assert comment.strip() in answer.content.decode()
    assert made.report.state == ReportState.IN_REVIEW


def test_nobody_approves_an_own_report() -> None:
    """Not by role, not by service, not past both."""
    made = scene(State.ADVICE_REVIEW)
    assert browser(made.adviser).post(at("approve", made.case)).status_code == 403
    with pytest.raises(NotNow, match="refused"):
        services.approve_advice(made.report, by=made.adviser)
    with pytest.raises(IntegrityError, match="report_reviewed_by_another"), transaction.atomic():
        AdviceReport.objects.update(reviewer=made.adviser)
    with pytest.raises(IntegrityError, match="report_reviewed_before_issue"), transaction.atomic():
        AdviceReport.objects.update(state="approved")
    assert made.report.state == ReportState.IN_REVIEW


def test_an_author_who_later_becomes_reviewer_still_approves_nothing_own() -> None:
    """Persons are compared, not duties."""
    made = scene(State.ADVICE_REVIEW)
    Assignment.objects.update(state=AssignmentState.ENDED, ended_at=timezone.now())
    for duty, expert in ((Duty.REVIEWER, made.adviser), (Duty.ADVISER, made.reviewer)):
        Assignment.objects.create(
            consultation=made.case, expert=expert, duty=duty, state=AssignmentState.ACCEPTED,
            declared_at=timezone.now(),
        )  # fmt: skip
    answer = browser(made.adviser).post(at("approve", made.case))
    assert answer.status_code == 409
    assert "ご自分の書いた助言書は査読できません。" in seen(answer)
    assert made.report.state == ReportState.IN_REVIEW


def test_only_an_approved_report_is_issued_and_only_by_its_adviser() -> None:
    """The reviewer approves, the adviser issues; nobody else does either."""
    made = scene(State.ADVICE_REVIEW)
    people = {
        name: browser(person)
        for name, person in (
            ("adviser", made.adviser), ("reviewer", made.reviewer), ("staff", made.staff),
            ("owner", made.owner), ("unrelated", UserFactory(expert=True)),
        )
    }  # fmt: skip
    allowed = {"approve": "reviewer", "issue": "adviser"}
    for step, by in allowed.items():
        for name, window in people.items():
            if name != by:
                assert window.post(at(step, made.case)).status_code in (403, 404)
        assert people[by].post(at(step, made.case)).status_code == 302
        assert people[by].post(at(step, made.case)).status_code == 409
    report = made.report
    assert (report.state, report.reviewer) == (ReportState.ISSUED, made.reviewer)
    assert report.issued_at is not None


def test_issuing_queues_one_job_and_shows_how_far_it_is() -> None:
    """The firm sees it being made, and hears only when it is there."""
    made = scene(State.ADVICE_REVIEW)
    firm = browser(made.owner)
    assert firm.get(at("status", made.case)).json()["state"] == "none"
    assert "助言書のPDF" not in seen(firm.get(at("detail", made.case)))
    services.approve_advice(made.report, by=made.reviewer)
    browser(made.adviser).post(at("issue", made.case))
    job = Job.objects.get(kind="consultations.advice_pdf")
    assert (job.subject, job.queue, job.state) == (str(made.report.pk), "pdf", "queued")
    facts = firm.get(at("status", made.case)).json()
    assert (facts["state"], facts["done"]) == ("queued", False)
    assert "助言書のPDFを作っています。" in seen(firm.get(at("detail", made.case)))
    assert firm.get(at("pdf", made.case)).status_code == 404
    assert Consultation.objects.get().state == State.ADVICE_REVIEW
    assert not Mail.objects.filter(notice="consultations.issued").exists()
    Job.objects.filter(pk=job.pk).update(state="dead", finished_at=timezone.now())
    facts = firm.get(at("status", made.case)).json()
    assert (facts["state"], facts["done"]) == ("dead", True)
    assert "PDFを作れませんでした。" in seen(firm.get(at("detail", made.case)))


def test_every_save_and_every_step_is_in_the_log() -> None:
    """Who, which report; never a word of it."""
    made = scene(State.ADVISED)
    events = AuditEvent.objects.about("consultation", made.case.pk)
    steps = [
        (e.verb, e.related.get("state"), e.actor_id) for e in events if "advice" in e.verb
    ]  # fmt: skip
    assert steps == [
        ("advice.saved", None, made.adviser.pk),
        ("advice.moved", "in_review", made.adviser.pk),
        ("advice.moved", "approved", made.reviewer.pk),
        ("advice.moved", "issued", made.adviser.pk),
    ]
