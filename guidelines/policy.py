"""Everybody reads guidelines; editors write and publish; a second person vouches for the law."""

from common.policy import EVERYONE, SIGNED_IN, Role, Table, only

RULES: Table = {
    ("guideline", "read"): EVERYONE,
    ("guideline", "keep"): SIGNED_IN,
    ("guideline", "edit"): only(Role.EDITOR),
    ("guideline", "preview"): only(Role.EDITOR, Role.STAFF),
    ("guideline", "check"): only(Role.EDITOR, Role.STAFF),
    ("guideline", "publish"): only(Role.EDITOR),
}
