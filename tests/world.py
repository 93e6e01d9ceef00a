"""Cases at several stages, and somebody for every way of standing to each of them."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts import services as accounts_services
from accounts.models import Invitation, Membership, User
from casebook.models import LeakCase
from casebook.services import load_content as load_cases
from common.jobs import Job
from common.policy import Relation, Role
from consultations import services
from consultations.enums import AssignmentState, State
from consultations.models import Assignment, Attachment, Consultation, Draft
from seminars.models import Seminar
from seminars.services import load_demo, own_url, register
from tests.accounts.factories import UserFactory, sign_in
from tests.consultations.factories import Scene, draft_of, scene
from tests.guidelines.addresses import guideline_arguments

#: case → person → how the person stands to it; whoever is left out does not see it. Written by
#: hand: what the product thinks is what is tested.
STANDING: dict[str, dict[str, frozenset[Relation]]] = {
    "at work": {
        "own": frozenset({Relation.OWN}),
        "assigned": frozenset({Relation.ASSIGNED}),
        "reviewing": frozenset({Relation.REVIEWING}),
        "staff": frozenset(),
        "staff with a reason": frozenset({Relation.DISCLOSED}),
    },
    "shared": {
        "own, shared": frozenset({Relation.OWN, Relation.FIRM}),
        "same firm, shared": frozenset({Relation.FIRM}),
        "staff": frozenset(),
        "staff with a reason": frozenset(),
    },
    "offered": {
        "offered": frozenset({Relation.OFFERED}),
        "staff": frozenset(),
        "staff with a reason": frozenset(),
    },
}


@dataclass
class World:
    """People by how they stand to the case at work, and what addresses need."""

    cases: dict[str, Consultation]
    draft: Draft
    others: dict[str, Any]
    people: dict[str, User | None]

    def arguments(self, case: str) -> dict[str, Any]:
        """What addresses of a case and of the draft name."""
        made = self.cases[case]
        file = Attachment.objects.filter(consultation=made).first()
        return {
            "ref": made.ref, "draft": self.draft.pk, "page": 2,
            "file": file.pk if file else uuid.uuid4(),
        }  # fmt: skip

    def browsers(self) -> dict[str, Client]:
        """Everybody's browser, signed in."""
        opened = {}
        for who, person in self.people.items():
            opened[who] = Client(raise_request_exception=False)
            if person is not None:
                sign_in(opened[who], person)
        return opened


def make_world() -> World:
    """Everybody."""
    load_cases()
    load_demo()
    work = scene(State.IN_PROGRESS)
    shared = scene(State.IN_PROGRESS, shared_in_firm=True)
    offered = scene(State.CONFLICT_CHECK)
    former, reader = UserFactory(expert=True), UserFactory(staff=True)
    for state in (AssignmentState.ENDED, AssignmentState.DECLINED):
        Assignment.objects.create(
            consultation=work.case, expert=former, duty="adviser", state=state,
            declared_at=timezone.now(), ended_at=timezone.now(),
        )  # fmt: skip
    services.disclose(work.case, by=reader, reason="試験のため")
    people: dict[str, User | None] = {
        "anonymous": None, "own": work.owner, "same firm": work.colleague,
        "other firm": work.stranger, "own, shared": shared.owner,
        "same firm, shared": shared.colleague, "left the firm": _left(work.firm),
        "assigned": work.adviser, "reviewing": work.reviewer, "formerly assigned": former,
        "offered": offered.adviser, "unrelated expert": UserFactory(expert=True),
        "staff": work.staff, "staff with a reason": reader, "editor": UserFactory(editor=True),
        "partner": UserFactory(partner=True), "auditor": UserFactory(auditor=True),
    }  # fmt: skip
    cases = {"at work": work.case, "shared": shared.case, "offered": offered.case}
    return World(cases, draft_of(work.owner), _others(work), people)


def _left(firm: Any) -> User:
    """Somebody who belonged to the firm until a moment ago."""
    person: User = UserFactory()
    Membership.objects.create(
        user=person, organisation=firm, joined_at=timezone.now(), ended_at=timezone.now()
    )
    return person


def _others(made: Scene) -> dict[str, Any]:
    """Arguments of the addresses that are not about consultations."""
    seminar = Seminar.objects.first()
    booked = register(seminar, name="試験", email="visitor@example.com")
    token = own_url(booked).rstrip("/").rsplit("/", 1)[1]
    membership = Membership.objects.get(user=made.colleague)
    accounts_services.invite_professional(
        email="new@example.com", role=Role.EXPERT, actor=made.staff
    )
    invitation = Invitation.objects.get()
    return {
        **guideline_arguments(),
        "casebook:detail": {"pk": LeakCase.objects.first().pk},
        "seminars:detail": {"pk": seminar.pk},
        "seminars:register": {"pk": seminar.pk},
        "seminars:registration": {"pk": seminar.pk, "token": token},
        "accounts:remove_member": {"pk": membership.pk},
        "accounts:promote_member": {"pk": membership.pk},
        "accounts:withdraw_invitation": {"pk": invitation.pk},
        "accounts:accept_invitation": {"token": "x" * 40},
        "accounts:end_session": {"pk": 999_999},
        "accounts:close_account": {"pk": made.adviser.pk},
        "accounts:reopen_account": {"pk": made.adviser.pk},
        "portal:revive-job": {"pk": Job.objects.first().pk},
        "account_confirm_email": {"key": "x" * 40},
        "account_reset_password_from_key": {"uidb36": "1", "key": "x-y"},
        "mfa_edit_webauthn": {"pk": 999_999},
        "mfa_remove_webauthn": {"pk": 999_999},
    }
