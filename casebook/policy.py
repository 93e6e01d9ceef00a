"""Everybody reads released cases; the editor releases them."""

from common.policy import EVERYONE, Role, Table, only

RULES: Table = {
    ("leak_case", "read"): EVERYONE,
    ("leak_case", "draft"): only(Role.EDITOR),
    ("leak_case", "release"): only(Role.EDITOR),
}
