"""Everybody reads guidelines; the editor publishes."""

from common.policy import EVERYONE, Role, Table, only

RULES: Table = {
    ("guideline", "read"): EVERYONE,
    ("guideline", "publish"): only(Role.EDITOR),
}
