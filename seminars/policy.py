"""Everybody reads and books; whoever holds the mailed link cancels."""

from common.policy import EVERYONE, Table

RULES: Table = {
    ("seminar", "read"): EVERYONE,
    ("seminar", "register"): EVERYONE,
    ("seminar", "cancel"): EVERYONE,
}
