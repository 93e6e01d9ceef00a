"""Every list costs as many queries for thirty rows as for one; the queries are kept in a snapshot."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from syrupy.assertion import SnapshotAssertion

from accounts.models import User
from casebook.enums import Pathway
from casebook.services import AnonymisedIncident, draft_incident, release_case
from common.vault import DataKey
from consultations import services
from consultations.enums import AssignmentState, Duty, State
from consultations.models import Assignment, Consultation
from seminars.models import Seminar
from tests.accounts.factories import MembershipFactory
from tests.consultations.factories import Scene, draft_of, file_case, scene, talk
from tests.consultations.queries import asked
from tests.consultations.walking import at, browser

pytestmark = pytest.mark.django_db
Grow = Callable[[Scene], Any]


def more_cases(made: Scene) -> None:
    """One more case of the firm, with the same expert."""
    case = file_case(made.owner)
    Assignment.objects.create(
        consultation=case, expert=made.adviser, duty=Duty.ADVISER, state=AssignmentState.ACCEPTED,
        declared_at=timezone.now(),
    )  # fmt: skip


def more_of_everything(made: Scene) -> None:
    """Messages, files, openings, reasons, drafts, assignments that ended."""
    talk(made)
    services.read_content(made.case, by=made.reviewer)
    services.disclose(made.case, by=made.staff, reason="確認")
    draft_of(made.owner)
    Assignment.objects.create(
        consultation=made.case, expert=made.reviewer, duty=Duty.ADVISER,
        state=AssignmentState.DECLINED, ended_at=timezone.now(),
    )  # fmt: skip


def more_leak_cases(_made: Scene) -> None:
    """A case that everybody reads."""
    texts = dict.fromkeys(("title", "happened", "noticed", "done", "lesson"), "作例")
    incident = AnonymisedIncident(Pathway.LEAVER, "E", {"ja": texts}, fictional=True)
    release_case(draft_incident(incident), by=None)


def more_seminars(_made: Scene) -> None:
    """A coming one."""
    start = timezone.now() + timedelta(days=9)
    Seminar.objects.create(
        texts={"ja": {"title": "会", "summary": "話", "place": "所"}}, starts_at=start, capacity=9,
        ends_at=start + timedelta(hours=1), closes_at=start, vault_key=DataKey.objects.create_key(),
    )  # fmt: skip


PAGES: dict[str, tuple[str, str, Grow]] = {
    "list of a firm": ("owner", "consultations:list", more_cases),
    "list of an expert": ("adviser", "consultations:list", more_cases),
    "list of the secretariat": ("staff", "consultations:list", more_cases),
    "start of a firm": ("owner", "portal:my", more_cases),
    "start of an expert": ("adviser", "portal:expert", more_cases),
    "start of the secretariat": ("staff", "portal:staff", more_cases),
    "drafts": ("owner", "consultations:new", more_of_everything),
    "case of a firm": ("owner", "consultations:detail", more_of_everything),
    "case of an expert": ("adviser", "consultations:detail", more_of_everything),
    "case of the secretariat": ("staff", "consultations:detail", more_of_everything),
    "casebook": ("", "casebook:list", more_leak_cases),
    "seminars": ("", "seminars:list", more_seminars),
}


def opened(made: Scene, who: str, name: str) -> list[str]:
    """The page's queries, in a session that is a minute old."""
    person: User | None = getattr(made, who) if who else None
    window = browser(person) if person else Client()
    path = at("detail", made.case) if name == "consultations:detail" else reverse(name)
    window.get(reverse("portal:help"))
    with asked() as queries:
        assert window.get(path).status_code == 200
    return queries


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_the_same_for_one_row_and_for_thirty(
    page: str, snapshot: SnapshotAssertion
) -> None:
    """And what it asks changes only with somebody's knowing."""
    who, name, grow = PAGES[page]
    made = scene(State.IN_PROGRESS)
    grow(made)
    few = opened(made, who, name)
    for _ in range(29):
        grow(made)
    assert opened(made, who, name) == few
    assert len(few) < 30
    assert few == snapshot


def test_the_list_shows_twenty_and_leads_on_with_its_filters() -> None:
    """Bookmarkable: the address holds everything."""
    made = scene(State.SUBMITTED)
    for number in range(24):
        file_case(made.owner, title=f"件{number}", category="leak" if number % 2 else "contract")
    desk = browser(made.staff)
    first = desk.get(reverse("consultations:list") + "?category=leak&page=1").content.decode()
    assert first.count("<tr>") == 14
    first = desk.get(reverse("consultations:list") + "?state=submitted").content.decode()
    assert first.count("<tr>") == 21
    assert "?state=submitted&amp;page=2" in first
    second = desk.get(reverse("consultations:list") + "?state=submitted&page=2").content.decode()
    assert second.count("<tr>") == 6
    refs = {case.ref for case in Consultation.objects.all()}
    shown = {ref for ref in refs if ref in first} | {ref for ref in refs if ref in second}
    assert shown == refs


@pytest.mark.parametrize(
    "query",
    [
        "state=bogus", "category=%E6%BC%8F", "state=submitted'--", "page=0", "page=-1", "page=abc",
        "page=9999999999999999999999", "page=%EF%BC%91", "page=1&page=2", "order_by=password",
        "state=&category=", "state=submitted&state=closed", "organisation__name=x", "filed_by=1",
        "%FF=%FF", "a=" + "x" * 4000, "&&&===", "state[]=x",
    ],
)  # fmt: skip
def test_junk_in_the_address_of_a_list_is_never_an_error_of_ours(query: str) -> None:
    """A known filter counts, an unknown one is named or ignored, the page is one that exists."""
    made = scene(State.SUBMITTED)
    for person in (made.owner, made.staff):
        answer = browser(person).get(f"{reverse('consultations:list')}?{query}")
        assert answer.status_code == 200
        if "bogus" in query:
            assert "一覧にあるものから選んでください。" in answer.content.decode()
        if "closed" not in query:
            assert made.case.ref in answer.content.decode()
    assert browser(made.owner).get(f"{reverse('consultations:list')}?state=%00").status_code == 400


def test_lists_and_pages_agree_about_who_sees_what() -> None:
    """What is listed opens, what is not listed does not."""
    scenes = [
        scene(state, shared_in_firm=shared)
        for state in (State.SUBMITTED, State.CONFLICT_CHECK, State.IN_PROGRESS)
        for shared in (False, True)
    ]
    MembershipFactory(organisation=scenes[0].firm)
    people = {
        person
        for made in scenes
        for person in (made.owner, made.colleague, made.adviser, made.reviewer, made.staff)
    }
    for person in people:
        window = browser(person)
        listed = window.get(reverse("consultations:list")).content.decode()
        for made in scenes:
            opens = window.get(at("detail", made.case)).status_code == 200
            assert (made.case.ref in listed) is opens
