"""Every move is one of the table's, and leaves one row in each log; the database demands it."""

import uuid
from itertools import product
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import translation

from common.audit.models import AuditEvent
from common.vault import DataKey
from consultations import services
from consultations.enums import (
    ENDED,
    REPORT_TRANSITIONS,
    TRANSITIONS,
    Category,
    ReportState,
    State,
    Urgency,
)
from consultations.errors import NotNow
from consultations.models import AdviceReport, Consultation, Transition
from tests.accounts.factories import MembershipFactory
from tests.consultations.factories import Scene, file_case, scene

pytestmark = pytest.mark.django_db
PAIRS = list(product(State, State))
ALLOWED = [(before, after) for before, after in PAIRS if after in TRANSITIONS[before]]
FORBIDDEN = [pair for pair in PAIRS if pair not in ALLOWED]


def way_to(state: State) -> list[State]:
    """The shortest way from the beginning."""
    ways: dict[State, list[State]] = {State.SUBMITTED: []}
    waiting = [State.SUBMITTED]
    while waiting:
        here = waiting.pop(0)
        for there in sorted(TRANSITIONS[here]):
            if there not in ways:
                ways[there] = [*ways[here], there]
                waiting.append(there)
    return ways[state]


@pytest.fixture
def case() -> Consultation:
    """A case just filed."""
    return file_case(MembershipFactory().user)


def brought(case: Consultation, state: State) -> Consultation:
    """The case in this state, by moves alone."""
    for step in way_to(state):
        case.move_to(step, by=None)
    return case


def raw(sql: str, *values: Any) -> None:
    """Past all models, as the application's role."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_every_state_can_be_reached_and_nothing_leads_out_of_a_withdrawal() -> None:
    """The table has no dead row."""
    assert set(TRANSITIONS) == set(State)
    for state in State:
        assert way_to(state) is not None
    assert TRANSITIONS[State.WITHDRAWN] == frozenset()
    assert {State.CLOSED, State.WITHDRAWN} == ENDED
    assert len(FORBIDDEN) == 81 - len(ALLOWED) == 60


@pytest.mark.parametrize("before", list(State))
def test_moves_outside_the_table_are_refused(case: Consultation, before: State) -> None:
    """All pairs; a state is no way to itself either."""
    brought(case, before)
    rows = Transition.objects.count()
    for after in State:
        if after in TRANSITIONS[before]:
            continue
        with pytest.raises(NotNow):
            case.move_to(after, by=None)
    assert Consultation.objects.get().state == before
    assert Transition.objects.count() == rows


@pytest.mark.parametrize(("before", "after"), ALLOWED)
def test_moves_of_the_table_leave_one_row(case: Consultation, before: State, after: State) -> None:
    """With who and when."""
    brought(case, before)
    rows = Transition.objects.count()
    case.move_to(after, by=case.filed_by)
    assert Transition.objects.count() == rows + 1
    last = Transition.objects.latest("pk")
    assert (last.before, last.after, last.by) == (before, after, case.filed_by)
    assert Consultation.objects.get().state == after


def test_a_move_that_expected_another_state_is_refused(case: Consultation) -> None:
    """Somebody else was quicker."""
    with pytest.raises(NotNow):
        case.move_to(State.WITHDRAWN, by=None, expected=State.TRIAGE)


@pytest.mark.parametrize(("before", "after"), [*ALLOWED, *FORBIDDEN])
def test_the_database_refuses_every_change_of_state_without_a_row(
    case: Consultation, before: State, after: State
) -> None:
    """Allowed pairs too: the log is demanded."""
    brought(case, before)
    if before == after:
        raw("UPDATE consultations_consultation SET state = %s", after)
        return
    with pytest.raises(DatabaseError, match="row of the transition log"):
        raw("UPDATE consultations_consultation SET state = %s", after)
    with pytest.raises(DatabaseError, match="row of the transition log"), transaction.atomic():
        Consultation.objects.update(state=after)


@pytest.mark.parametrize(("before", "after"), FORBIDDEN)
def test_the_log_takes_no_row_of_a_forbidden_move(
    case: Consultation, before: State, after: State
) -> None:
    """So whoever forges the row first gets no further."""
    if (before, after) == (State.SUBMITTED, State.SUBMITTED):
        return
    with pytest.raises(IntegrityError, match="transition_allowed"), transaction.atomic():
        Transition.objects.create(consultation=case, before=before, after=after)


def forged(case: Consultation, before: str, after: str, *, announced: bool = True) -> None:
    """A row written by hand, and the change that leans on it."""
    with transaction.atomic(), connection.cursor() as cursor:
        row = Transition.objects.create(consultation=case, before=before, after=after)
        if announced:
            cursor.execute("SELECT set_config('portal.transition', %s, true)", [str(row.pk)])
        cursor.execute(
            "UPDATE consultations_consultation SET state = %s WHERE id = %s", [after, case.pk]
        )


def test_a_row_serves_for_its_own_change_only(case: Consultation) -> None:
    """Not unannounced, not for another case, not twice, not in a later transaction."""
    other = file_case(MembershipFactory().user)
    with pytest.raises(DatabaseError, match="row of the transition log"):
        forged(case, "submitted", "triage", announced=False)
    case.move_to(State.TRIAGE, by=None)
    for statement in (
        "UPDATE consultations_consultation SET state = 'triage' WHERE id = %s",
        "UPDATE consultations_consultation SET state = 'closed' WHERE id = %s",
    ):
        with pytest.raises(DatabaseError, match="row of the transition log"):
            raw(statement, other.pk)
    case.move_to(State.CONFLICT_CHECK, by=None)
    case.move_to(State.TRIAGE, by=None)
    with pytest.raises(DatabaseError, match="row of the transition log"):
        raw("UPDATE consultations_consultation SET state = 'conflict_check' WHERE id = %s", case.pk)
    forged(case, "triage", "conflict_check")
    assert Consultation.objects.get(pk=case.pk).state == State.CONFLICT_CHECK


@pytest.mark.django_db(transaction=True)
def test_an_announcement_ends_with_its_transaction() -> None:
    """The next one on the same connection has to make its own."""
    case = file_case(MembershipFactory().user)
    with transaction.atomic():
        case.move_to(State.TRIAGE, by=None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nullif(current_setting('portal.transition', true), '')")
        assert cursor.fetchone() == (None,)


def test_the_log_of_moves_is_neither_rewritten_nor_cut(case: Consultation) -> None:
    """As the application's role, past the models."""
    brought(case, State.IN_PROGRESS)
    for statement in (
        "UPDATE consultations_transition SET after = 'closed'",
        "UPDATE consultations_transition SET at = now() - interval '1 day'",
        "DELETE FROM consultations_transition",
        "DELETE FROM consultations_transition WHERE after = 'triage'",
    ):
        with pytest.raises(DatabaseError, match="not rewritten"):
            raw(statement)
    with pytest.raises(DatabaseError):
        raw("TRUNCATE consultations_transition")
    assert Transition.objects.count() == 4


@pytest.mark.parametrize("state", [state for state in State if state is not State.SUBMITTED])
def test_no_case_begins_further_on(state: State) -> None:
    """Every one has its whole log."""
    membership = MembershipFactory()
    with pytest.raises(DatabaseError, match="begins as submitted"), transaction.atomic():
        Consultation.objects.create(
            organisation=membership.organisation, filed_by=membership.user, category="leak",
            urgency="now", title="件", vault_key=DataKey.objects.create_key(), state=state,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("column", "value"),
    [("state", "lost"), ("category", "theft"), ("urgency", "soon"), ("ref", None)],
)
def test_codes_that_nobody_knows_are_refused(
    case: Consultation, column: str, value: str | None
) -> None:
    """By the database itself."""
    with pytest.raises(DatabaseError):
        raw(f"UPDATE consultations_consultation SET {column} = %s", value)


def test_a_draft_becomes_one_case_and_a_receipt_number_belongs_to_one(case: Consultation) -> None:
    """Unique, whatever the services do."""
    other = file_case(MembershipFactory().user)
    for column, value in (("source_draft", str(case.source_draft)), ("ref", case.ref)):
        with pytest.raises(IntegrityError):
            raw(
                f"UPDATE consultations_consultation SET {column} = %s WHERE id = %s",
                value,
                other.pk,
            )


def test_people_and_firms_of_a_case_cannot_be_deleted(case: Consultation) -> None:
    """Nor can the key that opens it."""
    for thing in (case.filed_by, case.organisation, case.vault_key):
        with pytest.raises(ProtectedError):
            thing.delete()


def moved(made: Scene) -> list[str]:
    """States as the audit log tells them."""
    events = AuditEvent.objects.about("consultation", made.case.pk)
    verbs = ("consultation.filed", "consultation.moved")
    return [event.related["state"] for event in events if event.verb in verbs]


def test_each_move_of_a_whole_life_is_one_row_in_each_log() -> None:
    """The two tell the same story, in the same order."""
    made = scene(State.ADVISED)
    services.close_consultation(made.case, by=made.owner)
    wanted = [
        "submitted", "triage", "conflict_check", "in_progress", "advice_review", "advised", "closed",
    ]  # fmt: skip
    assert [row.after for row in Transition.objects.all()] == wanted
    assert moved(made) == wanted


def test_the_shorter_ways_are_told_in_full_too() -> None:
    """Declined, asked back, answered, returned, withdrawn."""
    made = scene(State.CONFLICT_CHECK)
    services.answer_offer(made.case, by=made.adviser, accepts=False)
    services.assign_expert(made.case, made.adviser, duty="adviser", by=made.staff)
    for expert in (made.adviser, made.reviewer):
        services.answer_offer(made.case, by=expert, accepts=True)
    for person, asks in ((made.adviser, True), (made.owner, False)):
        services.send_message(made.case, "文", by=person, token=uuid.uuid4(), asks_reply=asks)
    services.save_advice(made.case, {"summary": "要点"}, by=made.adviser, version=0)
    services.submit_advice(made.report, by=made.adviser)
    services.return_advice(made.report, by=made.reviewer, comment="直して")
    services.withdraw_consultation(made.case, by=made.owner)
    rows = [row.after for row in Transition.objects.all()]
    assert rows == moved(made)
    assert rows == [
        "submitted", "triage", "conflict_check", "triage", "conflict_check", "in_progress",
        "waiting_requester", "in_progress", "advice_review", "in_progress", "withdrawn",
    ]  # fmt: skip


@pytest.mark.parametrize("before", list(ReportState))
def test_a_report_moves_by_its_own_table(before: ReportState) -> None:
    """Each forbidden pair is refused, and so is a report that somebody else moved."""
    made = scene(State.ADVISED if before is ReportState.ISSUED else State.ADVICE_REVIEW)
    report: AdviceReport = made.report
    if before is ReportState.APPROVED:
        services.approve_advice(report, by=made.reviewer)
    if before is ReportState.DRAFTING:
        services.return_advice(report, by=made.reviewer, comment="直して")
    for after in ReportState:
        for expected in ReportState:
            if after in REPORT_TRANSITIONS[before] and expected is before:
                continue
            with pytest.raises(NotNow):
                report.move_to(after, expected=expected)
    assert made.report.state == before


def test_every_choice_has_words_in_both_languages() -> None:
    """What people see of a code is never the code."""
    for choices in (State, Category, Urgency, ReportState):
        for choice in choices:
            texts = set()
            for language in ("ja", "en"):
                with translation.override(language):
                    texts.add(str(choice.label))
            assert len(texts) == 2
            assert choice.value not in texts
