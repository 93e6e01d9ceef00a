"""The policy table and the registries: named once, asked in one way, empty means never."""

import uuid
from importlib import import_module
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404
from django.template import Context, Template
from django.test import RequestFactory

from accounts.models import User
from common.apps import declare
from common.dashboard import Card, CardSource, cards, cards_for
from common.policy import (
    EVERYONE,
    PROFESSIONALS,
    SIGNED_IN,
    Relation,
    Role,
    can,
    may,
    only,
    role_of,
    rule,
    table,
    visible_or_404,
)
from common.policy import declare as declare_rows
from common.registry import Registry
from tests.accounts.factories import UserFactory

module = import_module("common.policy.table")


class Thing:
    """Something with a rule."""

    policy_resource = "tests.thing"

    def __init__(self, *relations: Relation) -> None:
        self.relations = frozenset(relations)

    def relations_of(self, _user: Any) -> frozenset[Relation]:
        """As the test says."""
        return self.relations


@pytest.fixture
def rows(monkeypatch: Any) -> None:
    """Three rows of the tests' own."""
    monkeypatch.setattr(module, "_rows", dict(table()))
    declare_rows(
        {
            ("tests.thing", "read"): only(Role.MEMBER, by=(Relation.OWN, Relation.OWNER)),
            ("tests.thing", "list"): only(Role.STAFF),
            ("tests.thing", "never"): {},
        }
    )


def person(role: Role, *, is_active: bool = True) -> User:
    """Somebody, not saved."""
    return User(email="a@example.com", role=role, is_active=is_active)


def test_a_row_is_declared_once(rows: None) -> None:
    """Two apps cannot give one thing two rules; the same rule twice is no harm."""
    declare_rows({("tests.thing", "list"): only(Role.STAFF)})
    with pytest.raises(ValueError, match="declared twice"):
        declare_rows({("tests.thing", "list"): only(Role.AUDITOR)})


def test_what_has_no_row_is_for_nobody(rows: None) -> None:
    """Default deny, for every role."""
    for role in Role:
        assert may(role, "tests.thing", "guessed") == frozenset()
        assert may(role, "tests.thing", "never") == frozenset()
        assert not can(person(Role.STAFF), "guessed", Thing())


@pytest.mark.parametrize("relation", Relation)
def test_only_the_named_relations_count(rows: None, relation: Relation) -> None:
    """One of them suffices."""
    allowed = relation in (Relation.OWN, Relation.OWNER)
    assert can(person(Role.MEMBER), "read", Thing(relation)) is allowed
    assert can(person(Role.MEMBER), "read", Thing(relation, Relation.OWN))
    assert not can(person(Role.EXPERT), "read", Thing(relation))


def test_any_asks_for_no_relation(rows: None) -> None:
    """The role alone decides."""
    assert can(person(Role.STAFF), "list", Thing())
    assert not can(person(Role.MEMBER), "list", Thing(Relation.OWN))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.VISITOR])
def test_a_closed_account_is_a_visitor(role: Role) -> None:
    """As is nobody at all."""
    assert role_of(person(role)) is role
    assert role_of(person(role, is_active=False)) is Role.VISITOR
    assert role_of(AnonymousUser()) is Role.VISITOR


def test_groups_of_roles_are_what_they_say() -> None:
    """A new role must be thought of in each."""
    assert set(EVERYONE) == set(Role)
    assert set(SIGNED_IN) == set(Role) - {Role.VISITOR}
    assert set(Role) - PROFESSIONALS == {Role.VISITOR, Role.MEMBER}


def test_a_view_carries_its_rule() -> None:
    """As data, so that the doorkeeper and the tests can read it."""

    @rule("tests.thing", "read")
    def view() -> None:
        """Nothing."""

    assert view.policy_rule == ("tests.thing", "read")  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_what_is_not_visible_and_what_is_not_there_look_the_same() -> None:
    """404 both; 403 only for what the person sees and may not do."""
    staff, member, other = UserFactory(staff=True), UserFactory(), UserFactory()
    seen = User.objects.visible_to(member)
    for pk in (other.pk, uuid.uuid4(), "not a number", "\x00"):
        with pytest.raises(Http404):
            visible_or_404(seen, member, "read", pk=pk)
    with pytest.raises(PermissionDenied):
        visible_or_404(User.objects.visible_to(staff), staff, "change", pk=other.pk)
    assert visible_or_404(seen, member, "change", pk=member.pk) == member


@pytest.mark.django_db
@pytest.mark.parametrize("number", [-1, 2**31, 2**63, 10**30])
def test_numbers_beyond_the_databases_are_not_found(number: int) -> None:
    """No error of ours."""
    from accounts.models import Membership

    member = UserFactory()
    with pytest.raises(Http404):
        visible_or_404(Membership.objects.visible_to(member), member, "read", pk=number)


def test_templates_ask_the_same_table(rows: None) -> None:
    """A button is shown to whom the address answers."""
    source = "{% load policy %}{% can 'read' thing as may %}{{ may|yesno:'yes,no' }}"
    for role, shown in ((Role.MEMBER, "yes"), (Role.EXPERT, "no")):
        request = RequestFactory().get("/")
        request.user = person(role)
        context = Context({"request": request, "thing": Thing(Relation.OWN)})
        assert Template(source).render(context) == shown
    assert Template(source).render(Context({"thing": None})) == "no"


# --- Registries ---------------------------------------------------------------------------------


def test_a_registry_gives_back_what_it_was_given_in_order() -> None:
    """By name, and all of it."""
    made: Registry[list[int]] = Registry("things")
    first, second = made.register("b", [1]), made.register("a", [2])
    assert made.names() == ["b", "a"]
    assert list(made) == [first, second]
    assert made["a"] is second
    assert "a" in made
    assert "c" not in made
    with pytest.raises(KeyError):
        made["c"]


def test_a_name_in_a_registry_is_given_once() -> None:
    """Again by the same owner is no harm: modules may be read twice."""
    made: Registry[list[int]] = Registry("things")
    first = made.register("a", [1])
    assert made.register("a", first) is first
    with pytest.raises(ValueError, match="'a' is registered twice"):
        made.register("a", [1])


def test_a_module_declares_rules_kinds_and_verbs_at_once(monkeypatch: Any) -> None:
    """What each app's files hold under these names."""
    from types import SimpleNamespace

    from common import audit
    from common.jobs.handlers import kinds as job_kinds

    class Kinds(models.TextChoices):
        X = "tests.x", "試験"

    monkeypatch.setattr(module, "_rows", dict(table()))
    monkeypatch.setattr(module, "_external", {})
    monkeypatch.setattr(audit.log, "REGISTERED", dict(audit.REGISTERED))
    known = dict(job_kinds)
    declare(
        SimpleNamespace(  # type: ignore[arg-type]
            RULES={("tests.module", "read"): EVERYONE},
            EXTERNAL={"tests_view": ("tests.module", "read")},
            AuditKind=Kinds, JobKind=Kinds,
        )
    )  # fmt: skip
    try:
        assert may(Role.VISITOR, "tests.module", "read")
        assert audit.log.REGISTERED["tests.x"] == job_kinds["tests.x"] == "試験"
    finally:
        job_kinds.clear()
        job_kinds.update(known)


def test_cards_come_in_their_order_to_their_roles(monkeypatch: Any) -> None:
    """One that has nothing to show is left out."""
    monkeypatch.setattr(cards, "_entries", {})
    both = frozenset({Role.STAFF, Role.EXPERT})
    cards.register("late", CardSource(both, 20, lambda user: Card("late.html", {})))
    cards.register(
        "early", CardSource(frozenset({Role.STAFF}), 10, lambda user: Card("e.html", {}))
    )
    cards.register("empty", CardSource(both, 5, lambda user: None))
    staff = person(Role.STAFF)
    assert [card.template for card in cards_for(staff, Role.STAFF)] == ["e.html", "late.html"]
    assert [card.template for card in cards_for(staff, Role.EXPERT)] == ["late.html"]
    assert cards_for(staff, Role.AUDITOR) == []
