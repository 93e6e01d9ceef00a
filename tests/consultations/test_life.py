"""Any life of a case, in any order, by anybody: each answer, each state, each view as the model says."""

import uuid
from collections import Counter
from copy import deepcopy
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.models import Membership, User
from common.audit.models import AuditEvent
from common.audit.verify import verify
from common.jobs import Job
from common.jobs.run import run
from consultations.models import Consultation, Transition
from consultations.reports import lines_of
from tests.accounts.factories import MembershipFactory, OrganisationFactory, UserFactory
from tests.consultations.factories import ADVICE, file_case
from tests.consultations.life_model import EXPERTS, ROLES, RULES, Life
from tests.consultations.walking import at, browser

pytestmark = pytest.mark.django_db
SECRET = "KANARIE-7193"
STEPS = sorted(set(RULES) - {"detail", "pdf"})
PDF = b"%PDF-1.7 sample"
#: How often each step was done, and how it was answered: printed at the end.
TOLD: Counter[str] = Counter()


class Cast:
    """The people, who stay the same from life to life."""

    def __init__(self) -> None:
        self.firm = OrganisationFactory()
        self.people: dict[str, User] = {}
        for who, role in ROLES.items():
            if role == "member":
                firm = OrganisationFactory() if who == "stranger" else self.firm
                self.people[who] = MembershipFactory(organisation=firm).user
            else:
                self.people[who] = UserFactory(**{role: True})
        self.windows = {who: browser(person) for who, person in self.people.items()}


class LifeOfACase(RuleBasedStateMachine):
    """Each life begins anew, in a transaction of its own that is taken back."""

    cast: Cast

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()

    def teardown(self) -> None:
        """Nothing stays."""
        assert verify() == []
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @initialize(shared=st.booleans())
    def begin(self, shared: bool) -> None:
        """The owner files the case."""
        self.life = Life(shared=shared)
        self.case = file_case(
            self.cast.people["owner"], title=SECRET, situation=SECRET, shared_in_firm=shared
        )

    def fields(self, step: str, expert: str, duty: str, yes: bool) -> dict[str, Any]:
        """A form that is filled in rightly."""
        given: dict[str, dict[str, Any]] = {
            "triage": {"category": "leak", "urgency": "now"},
            "assign": {"duty": duty, "expert": str(self.cast.people[expert].pk)},
            "offer": {"answer": "accept" if yes else "decline"},
            "send": {"body": SECRET, "token": str(uuid.uuid4()), "asks_reply": "on" if yes else ""},
            "share": {"shared": "1" if yes else "0"},
            "disclose": {"reason": "確認"},
            "advice": ADVICE
            | {"summary": f"{SECRET} {uuid.uuid4()}", "version": self.life.version},
            "review": {"comment": "直して"},
        }
        return given.get(step, {})

    def step(self, who: str, step: str, expert: str, duty: str, yes: bool) -> None:
        """Do it, and compare the answer."""
        sent = self.fields(step, expert, duty, yes)
        wanted = self.life.do(who, step, expert=expert, duty=duty, yes=yes)
        answer = self.cast.windows[who].post(at(step, self.case), sent)
        TOLD[f"{step} {wanted}"] += 1
        assert answer.status_code == wanted, f"{who}, {step}: {answer.status_code}, not {wanted}"

    @rule(
        who=st.sampled_from(list(ROLES)), step=st.sampled_from(STEPS), expert=st.sampled_from(EXPERTS),
        duty=st.sampled_from(["adviser", "reviewer"]), yes=st.booleans(),
    )  # fmt: skip
    def anybody_tries_anything(
        self, who: str, step: str, expert: str, duty: str, yes: bool
    ) -> None:
        """Mostly in vain."""
        self.step(who, step, expert, duty, yes)

    @rule(data=st.data())
    def somebody_does_what_is_next(self, data: st.DataObject) -> None:
        """One of the steps that lead on, but for the end."""
        ways = [
            (who, step, expert, duty, True)
            for step in STEPS
            if step not in ("withdraw", "close", "disclose", "share", "send")
            for who in ROLES
            for expert in EXPERTS
            for duty in ("adviser", "reviewer")
            if deepcopy(self.life).do(who, step, expert=expert, duty=duty, yes=True) == 302
        ]
        if ways:
            self.step(*data.draw(st.sampled_from(ways)))

    @rule(who=st.sampled_from(list(ROLES)))
    def somebody_opens_the_case(self, who: str) -> None:
        """Status for those who see it, content for those who read it, nothing for the others."""
        answer = self.cast.windows[who].get(at("detail", self.case))
        wanted = self.life.refusal(who, "detail") or 200
        TOLD[f"detail {wanted}"] += 1
        assert answer.status_code == wanted, who
        shown = SECRET in answer.content.decode()
        assert shown is self.life.reads(who), who

    @rule(who=st.sampled_from(list(ROLES)))
    def somebody_fetches_the_pdf(self, who: str) -> None:
        """The file, once it is there, for those who read the case."""
        answer = self.cast.windows[who].get(at("pdf", self.case))
        wanted = self.life.refusal(who, "pdf") or (200 if self.life.printed else 404)
        TOLD[f"pdf {wanted}"] += 1
        assert answer.status_code == wanted, who
        assert (answer.content == PDF) is (wanted == 200)

    @precondition(lambda self: self.life.report == "issued" and not self.life.printed)
    @rule()
    def the_worker_comes_round(self) -> None:
        """It prints what was issued, unless the case was withdrawn."""
        job = Job.objects.get(kind="consultations.advice_pdf")
        run(str(job.pk))
        self.life.print()
        assert Job.objects.get(pk=job.pk).state == "done"

    @rule(who=st.sampled_from(["owner", "colleague"]))
    def somebody_leaves_the_firm_or_comes_back(self, who: str) -> None:
        """Access goes with it, and comes with it."""
        person, firm = self.cast.people[who], self.life.firm
        if who in firm:
            firm.remove(who)
            Membership.objects.filter(user=person).update(ended_at=timezone.now())
        else:
            firm.add(who)
            MembershipFactory(user=person, organisation=self.cast.firm)

    @precondition(lambda self: self.life.reasons)
    @rule()
    def four_hours_pass(self) -> None:
        """Reasons run out."""
        late = timezone.now() - timezone.timedelta(hours=4, seconds=1)
        self.case.disclosures.update(at=late)
        self.life.reasons.clear()

    @invariant()
    def the_state_and_both_logs_are_the_models(self) -> None:
        """One row each for every move, in order."""
        if not hasattr(self, "life"):
            return
        assert (
            Consultation.objects.values_list("state", flat=True).get(pk=self.case.pk)
            == self.life.state
        )
        moves = Transition.objects.filter(consultation=self.case).values_list("after", flat=True)
        assert list(moves) == self.life.history
        verbs = ("consultation.filed", "consultation.moved")
        events = AuditEvent.objects.about("consultation", self.case.pk).filter(verb__in=verbs)
        assert [event.related["state"] for event in events] == self.life.history

    @invariant()
    def everybody_sees_what_the_model_says(self) -> None:
        """In lists, and the title only where the content is theirs."""
        if not hasattr(self, "life"):
            return
        for who, person in self.cast.people.items():
            listed = Consultation.objects.visible_to(person).filter(pk=self.case.pk).with_keys()
            lines = lines_of(listed, person)
            assert bool(lines) is self.life.sees(who), who
            titled = self.life.reads(who) and ROLES[who] != "staff"
            assert [line.title for line in lines] == (
                [SECRET if titled else ""] if lines else []
            ), who


def lives(monkeypatch: pytest.MonkeyPatch, **options: Any) -> None:
    """Play them."""
    monkeypatch.setattr("consultations.tasks.render_advice", lambda report: PDF)
    TOLD.clear()
    LifeOfACase.cast = Cast()
    run_state_machine_as_test(
        LifeOfACase,
        settings=settings(
            deadline=None, database=None, suppress_health_check=list(HealthCheck), **options
        ),
    )
    print(f"\nlives: {TOLD.total()} steps, {dict(sorted(TOLD.items()))}")


def test_any_life_of_a_case_is_as_the_model_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few lives, the same ones each time."""
    lives(monkeypatch, max_examples=40, stateful_step_count=40, derandomize=True)
    for step in (*STEPS, "detail", "pdf"):
        assert [key for key in TOLD if key.startswith(f"{step} ")], step
    done = {key.split()[0] for key in TOLD if key.endswith((" 302", " 200"))}
    assert done >= {"triage", "assign", "offer", "send", "advice"}


@pytest.mark.slow
def test_many_lives_of_a_case_are_as_the_model_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other ones each time, all the way to the PDF."""
    lives(monkeypatch, max_examples=120, stateful_step_count=60)
    done = {key.split()[0] for key in TOLD if key.endswith((" 302", " 200"))}
    assert done >= {"triage", "assign", "offer", "advice", "submit", "approve", "issue"}


def test_the_model_itself_refuses_nothing_that_leads_to_a_pdf() -> None:
    """Or the lives above would never get there."""
    life = Life()
    way = [
        ("staff", "triage", ""), ("staff", "assign", "adviser"), ("first", "offer", ""),
        ("other staff", "assign", "reviewer"), ("second", "offer", ""), ("first", "send", ""),
        ("owner", "send", ""), ("first", "advice", ""), ("first", "submit", ""), ("second", "review", ""),
        ("first", "advice", ""), ("first", "submit", ""), ("second", "approve", ""), ("first", "issue", ""),
    ]  # fmt: skip
    for who, step, duty in way:
        expert = "second" if duty == "reviewer" else "first"
        assert life.do(who, step, expert=expert, duty=duty, yes=True) == 302, step
    life.print()
    assert life.history[-3:] == ["in_progress", "advice_review", "advised"]
