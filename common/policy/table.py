"""The one table (role, resource, verb) → relations, filled from each app's `policy.py`."""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404

from common.policy.enums import Relation, Role, Row, Table

M = TypeVar("M", bound=Model)
V = TypeVar("V", bound=Callable[..., Any])


class Account(Protocol):
    """What the kernel knows of a signed-in person."""

    pk: Any
    role: str
    is_active: bool

    @property
    def is_authenticated(self) -> Any: ...


AnyUser = Account | AnonymousUser
_rows: dict[tuple[str, str], Row] = {}
_external: dict[str, tuple[str, str]] = {}


def declare(rows: Table) -> None:
    """Add an app's rows. Raises ValueError where a row exists already."""
    for key, row in rows.items():
        if key in _rows and _rows[key] != row:
            raise ValueError(f"policy row {key} is declared twice")
        _rows[key] = row


def external(view_names: dict[str, tuple[str, str]]) -> None:
    """Give rules to views of packages, by the name of their address."""
    _external.update(view_names)


def table() -> Table:
    """All rows, for the printed permission table and the tests."""
    return _rows


def rule_of(view: Callable[..., Any], view_name: str) -> tuple[str, str] | None:
    """The (resource, verb) that a view declares, or None."""
    declared: tuple[str, str] | None = getattr(view, "policy_rule", None)
    return declared or _external.get(view_name)


def rule(resource: str, verb: str) -> Callable[[V], V]:
    """Declare on a view which row of the table guards it."""

    def mark(view: V) -> V:
        view.policy_rule = (resource, verb)  # type: ignore[attr-defined]
        return view

    return mark


def role_of(user: AnyUser) -> Role:
    """The person's role; nobody signed in, or a closed account, is a visitor."""
    if isinstance(user, AnonymousUser) or not user.is_authenticated or not user.is_active:
        return Role.VISITOR
    return Role(user.role)


def may(role: Role, resource: str, verb: str) -> frozenset[Relation]:
    """The relations in which this role may do this; empty where never."""
    return _rows.get((resource, verb), {}).get(role, frozenset())


def can(user: AnyUser, verb: str, obj: Any) -> bool:
    """Whether this person may do this to this object, by the table."""
    allowed = may(role_of(user), obj.policy_resource, verb)
    if not allowed:
        return False
    return Relation.ANY in allowed or bool(allowed & obj.relations_of(user))


def visible_or_404(visible: "QuerySet[M]", user: AnyUser, verb: str, **lookup: Any) -> M:
    """The object, out of those this person can see.

    Raises Http404 where it is not among them (or does not exist: both look the same), and
    PermissionDenied where the person sees it but may not do this.
    """
    try:
        obj = visible.get(**lookup)
    except (ObjectDoesNotExist, ValidationError, ValueError, OverflowError) as error:
        raise Http404 from error
    if not can(user, verb, obj):
        raise PermissionDenied
    return obj
