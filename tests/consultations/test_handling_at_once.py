"""Two people do what only one of them may, at the same moment, against real PostgreSQL."""

from collections import Counter
from functools import partial
from typing import Any

import pytest

from common.audit.models import AuditEvent
from common.audit.verify import verify
from common.mail import Mail
from consultations import services
from consultations.enums import AssignmentState, Duty, State
from consultations.errors import NotNow
from consultations.models import Assignment, Consultation, Transition
from tests.accounts.factories import UserFactory
from tests.consultations.factories import scene
from tests.consultations.together import another_window, at_once, posts
from tests.consultations.walking import at, browser

pytestmark = pytest.mark.django_db(transaction=True)


def outcomes(results: list[Any]) -> Counter[str]:
    """How many were done, and how many were refused; anything else is raised."""
    for result in results:
        if isinstance(result, Exception) and not isinstance(result, NotNow):
            raise result
    return Counter("refused" if isinstance(result, NotNow) else "done" for result in results)


def open_duties() -> list[str]:
    """Duties that somebody has or is asked for."""
    found = Assignment.objects.filter(state__in=("offered", "accepted"))
    return sorted(found.values_list("duty", flat=True))


def test_two_of_the_secretariat_take_a_case_in_at_once() -> None:
    """One does; the other is told."""
    made = scene(State.SUBMITTED)
    windows = [browser(made.staff), browser(UserFactory(staff=True))]
    data = {"category": "leak", "urgency": "now"}
    works = [
        partial(another_window(w).post, at("triage", made.case), data) for w in windows
    ]  # fmt: skip
    statuses = sorted(answer.status_code for answer in at_once(works))  # type: ignore[union-attr]
    assert statuses == [302, 409]
    assert Transition.objects.filter(after=State.TRIAGE).count() == 1


def test_two_of_the_secretariat_ask_different_experts_at_once() -> None:
    """One expert is asked, one mail leaves; the other's post is answered with 409."""
    made = scene(State.TRIAGE)
    experts = [made.adviser, made.reviewer, *(UserFactory(expert=True) for _ in range(4))]
    fields = [{"duty": "adviser", "expert": str(expert.pk)} for expert in experts]
    statuses = posts(browser(made.staff), at("assign", made.case), fields)
    assert Counter(statuses) == {302: 1, 409: 5}
    assert open_duties() == ["adviser"]
    assert Mail.objects.filter(notice="consultations.offered").count() == 1
    assert AuditEvent.objects.filter(verb="consultation.assigned").count() == 1
    assert Consultation.objects.get().state == State.CONFLICT_CHECK
    assert verify() == []


def test_the_same_expert_asked_for_both_duties_at_once_gets_one() -> None:
    """Neither check sees the other's row; the database does."""
    for _ in range(3):
        made = scene(State.TRIAGE)
        works = [
            partial(services.assign_expert, made.case, made.adviser, duty=duty, by=made.staff)
            for duty in Duty
        ]
        assert outcomes(at_once(works)) == {"done": 1, "refused": 1}
        assert Assignment.objects.filter(consultation=made.case).count() == 1


def test_accepting_and_declining_at_once_is_one_answer() -> None:
    """A double click on two buttons."""
    for _ in range(3):
        made = scene(State.CONFLICT_CHECK)
        works = [
            partial(services.answer_offer, made.case, by=made.adviser, accepts=accepts)
            for accepts in (True, False, True, False)
        ]
        assert outcomes(at_once(works)) == {"done": 1, "refused": 3}
        offer = Assignment.objects.get(consultation=made.case, duty=Duty.ADVISER)
        state = Consultation.objects.get(pk=made.case.pk).state
        wanted = {"accepted": State.IN_PROGRESS, "declined": State.TRIAGE}
        assert state == wanted[offer.state]


def test_withdrawing_and_accepting_at_once_leaves_nobody_with_access() -> None:
    """In whichever order they come, without one waiting for the other for ever."""
    for duty in Duty:
        for _ in range(4):
            made = scene(State.CONFLICT_CHECK)
            who = made.adviser if duty is Duty.ADVISER else made.reviewer
            withdrawn, _answered = at_once(
                [
                    partial(services.withdraw_consultation, made.case, by=made.owner),
                    partial(services.answer_offer, made.case, by=who, accepts=True),
                ]
            )
            outcomes([withdrawn, _answered])
            assert not isinstance(withdrawn, Exception)
            case = Consultation.objects.get(pk=made.case.pk)
            assert case.state == State.WITHDRAWN
            states = set(case.assignments.values_list("state", flat=True))
            assert states <= {AssignmentState.ENDED, AssignmentState.DECLINED}
            assert not Consultation.objects.visible_to(who).filter(pk=case.pk).exists()


def test_withdrawing_and_asking_a_reviewer_at_once_leaves_no_offer_behind() -> None:
    """An offer written while the case ends must end too, or not be written."""
    for _ in range(6):
        made = scene(State.TRIAGE)
        results = at_once(
            [
                partial(services.withdraw_consultation, made.case, by=made.owner),
                partial(
                    services.assign_expert, made.case, made.reviewer, duty=Duty.REVIEWER,
                    by=made.staff,
                ),
            ]
        )  # fmt: skip
        outcomes(results)
        assert Consultation.objects.get(pk=made.case.pk).state == State.WITHDRAWN
        assert not made.case.assignments.filter(state__in=("offered", "accepted")).exists()


def test_one_button_pressed_twenty_times_at_once_moves_a_case_once() -> None:
    """Withdrawing, by an owner with little patience."""
    made = scene(State.IN_PROGRESS)
    statuses = posts(browser(made.owner), at("withdraw", made.case), [{}] * 20)
    assert Counter(statuses) == {302: 1, 409: 19}
    assert Transition.objects.filter(after=State.WITHDRAWN).count() == 1
    moved = AuditEvent.objects.filter(verb="consultation.moved", related__state="withdrawn")
    assert moved.count() == 1
