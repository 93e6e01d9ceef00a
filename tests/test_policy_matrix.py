"""Every address × role × relation to the object answers as the policy table says; none answers 5xx."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

from accounts import services as accounts_services
from accounts.models import Invitation, Membership, User
from casebook.models import LeakCase
from casebook.services import load_content as load_cases
from common.jobs import Job
from common.policy import Relation, Role, role_of, table
from common.policy.table import may, rule_of
from consultations import services
from consultations.enums import AssignmentState, State
from consultations.models import Assignment, Consultation, Draft
from seminars.models import Seminar
from seminars.services import load_demo, own_url, register
from tests.accounts.factories import UserFactory, sign_in
from tests.addresses import arguments, names
from tests.consultations.factories import Scene, draft_of, scene
from tests.guidelines.addresses import guideline_arguments

pytestmark = pytest.mark.django_db
#: Addresses of the package that lead away or need a key from a mail; their rules are checked below.
KEYED = {
    "account_confirm_email",
    "account_reset_password_from_key",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
}


@dataclass
class World:
    """A case in progress, and somebody for every way of standing to it."""

    scene: Scene
    shared: Scene
    draft: Draft
    others: dict[str, Any]
    people: dict[str, User | None] = field(default_factory=dict)


@pytest.fixture
def world(settings: Any) -> World:
    """Everybody."""
    settings.PORTAL_DEMO = True
    load_cases()
    load_demo()
    made = scene(State.IN_PROGRESS)
    shared = scene(State.IN_PROGRESS, shared_in_firm=True)
    former = UserFactory(expert=True)
    Assignment.objects.create(
        consultation=made.case, expert=former, duty="adviser", state=AssignmentState.ENDED,
        declared_at=timezone.now(), ended_at=timezone.now(),
    )  # fmt: skip
    offered_scene = scene(State.CONFLICT_CHECK)
    reader = UserFactory(staff=True)
    services.disclose(made.case, by=reader, reason="試験のため")
    draft = draft_of(made.owner)
    people: dict[str, User | None] = {
        "anonymous": None, "own": made.owner, "same firm": made.colleague,
        "other firm": made.stranger, "assigned": made.adviser, "reviewing": made.reviewer,
        "formerly assigned": former, "offered another": offered_scene.adviser,
        "unrelated expert": UserFactory(expert=True), "staff": made.staff, "disclosed": reader,
        "editor": UserFactory(editor=True), "partner": UserFactory(partner=True),
        "auditor": UserFactory(auditor=True),
    }  # fmt: skip
    return World(made, shared, draft, _others(made), people)


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
    }


def addresses(world: World) -> Iterator[tuple[str, str]]:
    """Name and path of every address; one without known arguments fails."""
    for name in names():
        if name in KEYED:
            continue
        known = arguments(name, world.scene, world.draft, world.others)
        assert known is not None, f"{name}: add its arguments to this test"
        yield name, reverse(name, kwargs=known)


def rule_at(name: str, path: str) -> tuple[str, str]:
    """The row of the table that guards an address."""
    rule = rule_of(resolve(path).func, name)
    assert rule is not None, f"{name} has no rule"
    assert rule in table(), f"{name}: {rule} is no row of the table"
    return rule


def test_every_address_has_a_rule(world: World) -> None:
    """And each row of the table that a view names exists."""
    checked = [rule_at(name, path) for name, path in addresses(world)]
    assert len(checked) > 60


def expected(user: User | None, name: str, rule: tuple[str, str], world: World) -> set[int]:
    """Statuses that are right for a GET. 405: the address takes posts only."""
    role = role_of(user) if user else Role.VISITOR
    allowed = may(role, *rule)
    if not allowed:
        return {302} if user is None else {403}
    if name.startswith("consultations:") and rule[0] in ("consultation", "draft"):
        obj: Any = world.draft if rule[0] == "draft" else world.scene.case
        if rule[1] in ("list", "file"):
            return {200, 302}
        visible = type(obj).objects.visible_to(user).filter(pk=obj.pk).exists()
        if not visible:
            return {404, 405}
        if Relation.ANY not in allowed and not allowed & obj.relations_of(user):
            return {403, 405}
        return {200, 302, 405, 404, 409}
    return {200, 302, 400, 403, 404, 405, 409, 410, 422}


def test_every_address_answers_everybody_as_the_table_says(
    world: World, record_property: Any, django_capture_on_commit_callbacks: Any
) -> None:
    """GET; counts are part of the report."""
    wrong, tried = [], 0
    routes = [(name, path, rule_at(name, path)) for name, path in addresses(world)]
    for who, user in world.people.items():
        for name, path, rule in routes:
            if name in ("account_logout", "healthz"):
                continue
            client = Client(raise_request_exception=False)
            if user is not None:
                sign_in(client, user)
            status = client.get(path).status_code
            right = expected(user, name, rule, world)
            tried += 1
            if status not in right:
                wrong.append(f"{who} at {name}: {status}, not {sorted(right)}")
    record_property("addresses", len(routes))
    record_property("people", len(world.people))
    record_property("tried", tried)
    print(
        f"\npolicy matrix: {len(routes)} addresses x {len(world.people)} people = {tried} answers"
    )
    assert not wrong, "\n".join(wrong)


def test_posts_of_those_who_may_not_change_nothing(world: World) -> None:
    """POST to every address of a case by everybody without a relation that allows it."""
    wrong = []
    before = (world.scene.case.state, Consultation.objects.count(), Draft.objects.count())
    for who, user in world.people.items():
        for name, path in addresses(world):
            if not name.startswith("consultations:") or user is None:
                continue
            rule = rule_at(name, path)
            obj: Any = world.draft if rule[0] == "draft" else world.scene.case
            allowed = may(role_of(user), *rule)
            if Relation.ANY in allowed or allowed & obj.relations_of(user):
                continue
            client = Client(raise_request_exception=False)
            sign_in(client, user)
            status = client.post(path, {"answer": "accept", "shared": "1"}).status_code
            if status not in (403, 404, 405):
                wrong.append(f"{who} posts {name}: {status}")
    now = Consultation.objects.get(pk=world.scene.case.pk)
    assert (now.state, Consultation.objects.count(), Draft.objects.count()) == before
    assert not wrong, "\n".join(wrong)


RELATIONS = [
    ("own", "own", True), ("own", "own shared", True), ("colleague", "own", False),
    ("colleague", "own shared", True), ("stranger", "own", False), ("adviser", "own", True),
    ("reviewer", "own", True),
]  # fmt: skip


@pytest.mark.parametrize(("who", "which", "sees"), RELATIONS)
def test_a_colleague_sees_what_was_shared_and_nothing_else(
    who: str, which: str, sees: bool
) -> None:
    """visible_to and the table agree."""
    made = scene(State.IN_PROGRESS, shared_in_firm=which == "own shared")
    user = {"own": made.owner, "colleague": made.colleague, "stranger": made.stranger,
            "adviser": made.adviser, "reviewer": made.reviewer}[who]  # fmt: skip
    assert Consultation.objects.visible_to(user).filter(pk=made.case.pk).exists() is sees
    allowed = may(role_of(user), "consultation", "read")
    assert bool(allowed & made.case.relations_of(user)) is sees


def test_who_leaves_the_firm_sees_its_cases_no_more() -> None:
    """At once, also in a session that goes on, and also one's own."""
    made = scene(State.IN_PROGRESS)
    client = sign_in(Client(), made.owner)
    path = reverse("consultations:detail", args=[made.case.ref])
    assert client.get(path).status_code == 200
    Membership.objects.filter(user=made.owner).update(ended_at=timezone.now())
    assert client.get(path).status_code in (403, 404)


def test_a_reason_opens_a_case_for_four_hours_only() -> None:
    """Then it has to be given again."""
    made = scene(State.IN_PROGRESS)
    services.disclose(made.case, by=made.staff, reason="苦情の確認")
    assert Relation.DISCLOSED in made.case.relations_of(made.staff)
    late = timezone.now() - timezone.timedelta(hours=4, minutes=1)
    made.case.disclosures.update(at=late)
    assert made.case.relations_of(made.staff) == frozenset()


def test_nobody_gets_past_without_a_second_factor() -> None:
    """A professional with a password alone is led to set one up, whatever the address."""
    expert = UserFactory(expert=True, second_factor=False)
    client = Client()
    client.force_login(expert)
    for name in ("portal:expert", "consultations:list", "accounts:profile"):
        answer = client.get(reverse(name))
        assert answer.status_code == 302
        assert answer["Location"] == reverse("mfa_index")
