"""Who may do what: roles, relations, one table of rules, and the only ways to ask it."""

from common.policy.enums import EVERYONE, PROFESSIONALS, SIGNED_IN, Relation, Role, Table, only
from common.policy.table import (
    AnyUser,
    can,
    declare,
    external,
    may,
    role_of,
    rule,
    table,
    visible_or_404,
)

__all__ = [
    "EVERYONE",
    "PROFESSIONALS",
    "SIGNED_IN",
    "AnyUser",
    "Relation",
    "Role",
    "Table",
    "can",
    "declare",
    "external",
    "may",
    "only",
    "role_of",
    "rule",
    "table",
    "visible_or_404",
]
