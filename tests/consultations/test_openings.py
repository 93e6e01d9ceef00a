"""The firm sees who opened its case, when, in what role; everybody else's reading is in the log."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.audit.models import AuditEvent
from common.audit.verify import verify
from consultations import services
from consultations.enums import AuditKind, State
from consultations.models import Consultation
from consultations.reports import case_view, view_of
from tests.accounts.factories import UserFactory
from tests.consultations.factories import scene
from tests.consultations.walking import at, browser, seen

pytestmark = pytest.mark.django_db


def reads(case: Consultation) -> list[Any]:
    """Who opened the content, in order."""
    events = AuditEvent.objects.about("consultation", case.pk).filter(verb="consultation.read")
    return [event.actor_id for event in events]


def test_every_opening_by_somebody_outside_the_firm_is_a_row() -> None:
    """Not only the first; the firm's own reading is its own business."""
    made = scene(State.ADVICE_REVIEW, shared_in_firm=True)
    path = at("detail", made.case)
    for person in (made.owner, made.colleague):
        browser(person).get(path)
    assert reads(made.case) == []
    adviser, reviewer = browser(made.adviser), browser(made.reviewer)
    for _ in range(3):
        adviser.get(path)
    reviewer.get(path)
    reviewer.get(at("review", made.case))
    assert reads(made.case) == [made.adviser.pk] * 3 + [made.reviewer.pk] * 2
    assert verify() == []


def test_whoever_only_sees_the_status_opens_nothing() -> None:
    """The secretariat without a reason, an expert before the declaration, and lists."""
    made = scene(State.CONFLICT_CHECK)
    for person in (made.staff, made.adviser):
        window = browser(person)
        window.get(at("detail", made.case))
        window.get(reverse("consultations:list"))
    assert reads(made.case) == []


def test_who_is_refused_opens_nothing() -> None:
    """And the log does not say that they did."""
    made = scene(State.IN_PROGRESS)
    for person in (made.stranger, UserFactory(expert=True), UserFactory(partner=True)):
        assert browser(person).get(at("detail", made.case)).status_code in (403, 404)
    assert reads(made.case) == []


def test_the_firm_reads_name_role_time_and_what_was_done() -> None:
    """In its own words, newest first, several of an hour in one line."""
    made = scene(State.ADVISED)
    for _ in range(3):
        browser(made.adviser).get(at("detail", made.case))
    browser(made.reviewer).get(at("attachment", made.case, pk=made.attachment.pk))
    services.disclose(made.case, by=made.staff, reason="苦情の確認")
    browser(made.staff).get(at("pdf", made.case))
    page = seen(browser(made.owner).get(at("detail", made.case)))
    table = page[page.index("この相談を開いた人") : page.index("これまでの流れ")]
    acts = (AuditKind.READ, AuditKind.DOWNLOADED, AuditKind.DISCLOSED, AuditKind.REPORT_DOWNLOADED)
    for words in (
        *(str(act.label) for act in acts), made.adviser.name, "専門家", "（3回）", made.reviewer.name,
        made.staff.name, "事務局", "苦情の確認", "（日本時間）",
    ):  # fmt: skip
        assert words in table, words
    assert table.index(str(acts[3].label)) < table.index(str(acts[0].label))
    assert made.owner.name not in table


def test_openings_an_hour_apart_are_two_lines() -> None:
    """Repeated ones within the hour count up."""
    made = scene(State.IN_PROGRESS)
    assert view_of(made.case, made.owner).openings == []
    for _ in range(2):
        services.read_content(made.case, by=made.adviser)
    (line,) = view_of(made.case, made.owner).openings
    assert line.times == 2
    for minutes, same in ((59, True), (61, False)):
        earlier = replace(line, at=line.at - timedelta(minutes=minutes), times=1)
        assert case_view._same(line, earlier) is same


def test_experts_do_not_see_who_else_opened_the_case() -> None:
    """That list is the firm's, and the secretariat's."""
    made = scene(State.IN_PROGRESS)
    browser(made.reviewer).get(at("detail", made.case))
    assert "この相談を開いた人" not in seen(browser(made.adviser).get(at("detail", made.case)))
    assert "この相談を開いた人" in seen(browser(made.staff).get(at("detail", made.case)))


def test_the_list_costs_the_same_for_one_opening_and_for_fifty() -> None:
    """Names are fetched together."""
    made = scene(State.IN_PROGRESS)
    services.read_content(made.case, by=made.adviser)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            view_of(made.case, made.owner)
        counts.append(len(queries))
        for number in range(50):
            person = made.adviser if number % 2 else made.reviewer
            services.read_content(made.case, by=person)
    assert counts[0] == counts[1]
