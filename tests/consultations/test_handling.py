"""Triage, assignment, declaration, disclosure: nobody reads before the time, nor after it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from common.audit.models import AuditEvent
from common.mail import Mail
from common.policy import Relation
from consultations import services
from consultations.enums import AssignmentState, Duty, State
from consultations.errors import NotNow
from consultations.models import Assignment, Consultation, Disclosure
from tests.accounts.factories import UserFactory
from tests.consultations.factories import ANSWERS, Scene, scene
from tests.consultations.walking import at, browser, seen

pytestmark = pytest.mark.django_db
#: What must not be seen before the declaration.
CONTENT = (ANSWERS["title"], ANSWERS["situation"], ANSWERS["wish"])


def verbs(case: Consultation) -> list[str]:
    """What the log says of a case, in order."""
    return [event.verb for event in AuditEvent.objects.about("consultation", case.pk)]


def test_triage_puts_codes_right_without_showing_content() -> None:
    """Category and urgency are all that the secretariat needs."""
    made = scene(State.SUBMITTED)
    desk = browser(made.staff)
    page = desk.get(at("triage", made.case))
    for words in (*CONTENT, ANSWERS["parties"], made.firm.name):
        assert words not in seen(page)
    answer = desk.post(at("triage", made.case), {"category": "employees", "urgency": "now"})
    assert answer["Location"] == at("assign", made.case)
    case = Consultation.objects.get()
    assert (case.state, case.category, case.urgency) == (State.TRIAGE, "employees", "now")
    again = desk.post(at("triage", made.case), {"category": "leak", "urgency": "week"})
    assert again.status_code == 409
    assert Consultation.objects.get().category == "employees"


def test_the_secretariat_sees_status_and_codes_only() -> None:
    """On the page, in the list and on the start page."""
    made = scene(State.IN_PROGRESS)
    desk = browser(made.staff)
    pages = [at("detail", made.case), reverse("consultations:list"), reverse("portal:staff")]
    for path in pages:
        text = seen(desk.get(path))
        for words in (*CONTENT, ANSWERS["parties"], made.firm.name, "表示はありましたか"):
            assert words not in text, path
    assert made.case.ref in seen(desk.get(pages[1]))


def test_an_expert_sees_names_before_and_content_only_after_declaring() -> None:
    """The declaration stands between."""
    made = scene(State.CONFLICT_CHECK)
    expert = browser(made.adviser)
    pages = [at("detail", made.case), at("offer", made.case)]
    for path in (*pages, reverse("consultations:list"), reverse("portal:expert")):
        for words in CONTENT:
            assert words not in seen(expert.get(path)), path
    offer = seen(expert.get(at("offer", made.case)))
    assert made.firm.name in offer
    assert ANSWERS["parties"] in offer
    for name in ("advice", "review"):
        assert expert.get(at(name, made.case)).status_code == 403
    for name in ("send", "submit", "issue", "approve", "close"):
        assert expert.post(at(name, made.case), {"body": "x"}).status_code == 403
    answer = expert.post(at("offer", made.case), {"answer": "accept"})
    assert answer["Location"] == at("detail", made.case)
    page = seen(expert.get(at("detail", made.case)))
    for words in CONTENT:
        assert words in page
    accepted = Assignment.objects.get(expert=made.adviser)
    assert accepted.state == AssignmentState.ACCEPTED
    assert accepted.declared_at is not None
    assert Consultation.objects.get().state == State.IN_PROGRESS


def test_looking_at_the_names_is_noted_where_the_firm_sees_it() -> None:
    """Who declines afterwards has seen them all the same."""
    made = scene(State.CONFLICT_CHECK)
    browser(made.adviser).get(at("offer", made.case))
    page = seen(browser(made.owner).get(at("detail", made.case)))
    assert "企業と相手方の名前を見た" in page
    assert made.adviser.name in page


def test_a_declined_offer_goes_back_to_the_secretariat() -> None:
    """Another expert is asked; who declined sees nothing any more."""
    made = scene(State.CONFLICT_CHECK)
    expert = browser(made.adviser)
    answer = expert.post(at("offer", made.case), {"answer": "decline"})
    assert answer["Location"] == reverse("portal:start")
    assert Consultation.objects.get().state == State.TRIAGE
    for name in ("detail", "offer", "advice"):
        assert expert.get(at(name, made.case)).status_code == 404
    told = Mail.objects.filter(notice="consultations.declined")
    assert [mail.address for mail in told] == [made.staff.email]
    second = UserFactory(expert=True)
    desk = browser(made.staff)
    data = {"duty": "adviser", "expert": str(second.pk)}
    assert desk.post(at("assign", made.case), data).status_code == 302
    assert browser(second).get(at("offer", made.case)).status_code == 200


@pytest.mark.parametrize("answer", ["", "maybe", "ACCEPT", "\x00", "accept\n"])
def test_a_declaration_is_one_of_two_answers(answer: str) -> None:
    """Anything else leaves the offer open."""
    made = scene(State.CONFLICT_CHECK)
    page = browser(made.adviser).post(at("offer", made.case), {"answer": answer})
    assert page.status_code == 200
    assert Assignment.objects.get(expert=made.adviser).state == AssignmentState.OFFERED


def test_an_offer_is_answered_once() -> None:
    """The second answer is refused, whichever it is."""
    made = scene(State.CONFLICT_CHECK)
    services.answer_offer(made.case, by=made.adviser, accepts=True)
    with pytest.raises(NotNow):
        services.answer_offer(made.case, by=made.adviser, accepts=False)
    assert Assignment.objects.get(expert=made.adviser).state == AssignmentState.ACCEPTED
    assert browser(made.adviser).get(at("offer", made.case)).status_code == 403


def test_the_same_person_never_has_both_duties() -> None:
    """The page says why; the database would refuse too."""
    made = scene(State.CONFLICT_CHECK)
    services.answer_offer(made.case, by=made.reviewer, accepts=False)
    data = {"duty": "reviewer", "expert": str(made.adviser.pk)}
    answer = browser(made.staff).post(at("assign", made.case), data)
    assert answer.status_code == 409
    assert "別の人を選んでください" in seen(answer)
    with pytest.raises(IntegrityError, match="nobody_reviews_himself"), transaction.atomic():
        Assignment.objects.create(consultation=made.case, expert=made.adviser, duty=Duty.REVIEWER)


def test_a_duty_is_offered_to_one_person_at_a_time() -> None:
    """A second adviser or reviewer is refused while the first has it."""
    made = scene(State.IN_PROGRESS)
    other = UserFactory(expert=True)
    for duty in Duty:
        with pytest.raises(NotNow):
            services.assign_expert(made.case, other, duty=duty, by=made.staff)
        with pytest.raises(IntegrityError, match="one_open_per_duty"), transaction.atomic():
            Assignment.objects.create(consultation=made.case, expert=other, duty=duty)


def test_only_experts_with_open_accounts_are_offered_and_taken() -> None:
    """Neither colleague of the secretariat nor member of a firm, nor whose account is closed."""
    made = scene(State.TRIAGE)
    closed = UserFactory(expert=True, is_active=False)
    desk = browser(made.staff)
    page = desk.get(at("assign", made.case)).content.decode()
    assert str(made.adviser.pk) in page
    for person in (closed, made.staff, made.owner):
        assert str(person.pk) not in page
        answer = desk.post(at("assign", made.case), {"duty": "adviser", "expert": str(person.pk)})
        assert answer.status_code == 200
        assert "一覧にある専門家を選んでください。" in seen(answer)
        with pytest.raises(NotNow):
            services.assign_expert(made.case, person, duty=Duty.ADVISER, by=made.staff)
    assert not Assignment.objects.exists()


@pytest.mark.parametrize("state", [State.SUBMITTED, State.CLOSED, State.WITHDRAWN])
@pytest.mark.parametrize("duty", list(Duty))
def test_nobody_is_assigned_before_triage_or_after_the_end(state: State, duty: Duty) -> None:
    """Whoever were assigned then could read a case that nobody handles."""
    made = scene(State.SUBMITTED if state is State.SUBMITTED else State.IN_PROGRESS)
    if state is State.WITHDRAWN:
        services.withdraw_consultation(made.case, by=made.owner)
    if state is State.CLOSED:
        made.case.move_to(State.WAITING_REQUESTER, by=made.adviser)
        services.close_consultation(made.case, by=made.owner)
    data = {"duty": duty.value, "expert": str(UserFactory(expert=True).pk)}
    answer = browser(made.staff).post(at("assign", made.case), data)
    assert answer.status_code == 409
    assert not Assignment.objects.offered().exists()
    assert Consultation.objects.get().state == state


@pytest.mark.parametrize("end", ["withdraw", "close", "taken away"])
def test_the_end_of_an_assignment_ends_access_in_the_middle_of_a_session(end: str) -> None:
    """The next request already gets 404, on every address; lists are empty too."""
    made = scene(State.IN_PROGRESS)
    people = {"adviser": browser(made.adviser), "reviewer": browser(made.reviewer)}
    assert all(p.get(at("detail", made.case)).status_code == 200 for p in people.values())
    if end == "withdraw":
        browser(made.owner).post(at("withdraw", made.case))
    elif end == "close":
        made.case.move_to(State.WAITING_REQUESTER, by=made.adviser)
        browser(made.owner).post(at("close", made.case))
    else:
        Assignment.objects.update(state=AssignmentState.ENDED, ended_at=timezone.now())
    file = made.attachment
    for window in people.values():
        for name in ("detail", "offer", "advice", "review", "status", "pdf", "attachment"):
            extra = {"pk": file.pk} if name == "attachment" else {}
            assert window.get(at(name, made.case, **extra)).status_code == 404, name
        for name in ("send", "close", "submit", "approve", "issue"):
            assert window.post(at(name, made.case), {"body": "x"}).status_code == 404, name
        assert made.case.ref not in seen(window.get(reverse("consultations:list")))
        assert made.case.ref not in seen(window.get(reverse("portal:expert")))
    assert browser(made.owner).get(at("detail", made.case)).status_code == 200


def test_a_reason_opens_the_content_to_one_person_and_the_firm_sees_it() -> None:
    """Name, role, time, reason."""
    made = scene(State.IN_PROGRESS)
    desk, other = browser(made.staff), browser(UserFactory(staff=True))
    assert desk.get(at("attachment", made.case, pk=made.attachment.pk)).status_code == 403
    data = {"reason": "苦情があり、やり取りを確かめるため"}
    answer = desk.post(at("disclose", made.case), data)
    assert answer["Location"] == at("detail", made.case)
    page = seen(desk.get(at("detail", made.case)))
    for words in (*CONTENT, made.firm.name, "表示はありましたか"):
        assert words in page
    for words in CONTENT:
        assert words not in seen(other.get(at("detail", made.case)))
    shown = seen(browser(made.owner).get(at("detail", made.case)))
    for words in (made.staff.name, "事務局", data["reason"], "理由を示して閲覧を始めた"):
        assert words in shown


def test_the_reason_is_sealed_and_needs_words() -> None:
    """No reason, no content."""
    made = scene(State.IN_PROGRESS)
    desk = browser(made.staff)
    for reason in ("", "   ", "\r\n", "あ" * 501):
        answer = desk.post(at("disclose", made.case), {"reason": reason})
        assert answer.status_code == 200
    assert not Disclosure.objects.exists()
    services.disclose(made.case, by=made.staff, reason="確認")
    assert "確認".encode() not in bytes(Disclosure.objects.values_list("reason", flat=True).get())


def test_four_hours_later_it_is_shut_again(time_machine: Any) -> None:
    """In the same session, without anybody's doing."""
    made = scene(State.IN_PROGRESS)
    services.disclose(made.case, by=made.staff, reason="確認")
    begun = Disclosure.objects.get().at
    for minutes, open_ in ((239, True), (241, False)):
        time_machine.move_to(begun + timedelta(minutes=minutes), tick=False)
        assert (Relation.DISCLOSED in made.case.relations_of(made.staff)) is open_
        page = seen(browser(made.staff).get(at("detail", made.case)))
        assert (CONTENT[1] in page) is open_


def test_every_step_leaves_its_mark_in_the_log() -> None:
    """With who did it; nothing of what it was about."""
    made = scene(State.IN_PROGRESS)
    assert verbs(made.case) == [
        "consultation.filed", "consultation.moved",
        "consultation.assigned", "consultation.moved", "consultation.assigned",
        "consultation.offer_answered", "consultation.moved",
        "consultation.offer_answered", "consultation.message", "advice.saved",
    ]  # fmt: skip
    assigned = AuditEvent.objects.filter(verb="consultation.assigned").order_by("seq")
    assert [event.actor_id for event in assigned] == [made.staff.pk] * 2
    assert {event.related["expert"] for event in assigned} == {
        str(made.adviser.pk), str(made.reviewer.pk),
    }  # fmt: skip


def test_an_account_with_assignments_is_not_deleted() -> None:
    """Nothing of a case hangs on a person's account by cascade."""
    made = scene(State.IN_PROGRESS)
    for person in (made.adviser, made.owner):
        with pytest.raises(IntegrityError), transaction.atomic():
            person.delete()
    assert Consultation.objects.count() == 1


def with_state(made: Scene, state: AssignmentState) -> Assignment:
    """The adviser's assignment, put into a state past all services."""
    Assignment.objects.filter(expert=made.adviser).update(state=state)
    found: Assignment = Assignment.objects.get(expert=made.adviser)
    return found


def test_the_database_knows_no_acceptance_without_a_declaration() -> None:
    """Even where a service forgot it."""
    made = scene(State.CONFLICT_CHECK)
    with pytest.raises(IntegrityError, match="declared_before_accepted"), transaction.atomic():
        with_state(made, AssignmentState.ACCEPTED)
