"""Roles, relations between a person and an object, and shorthands for rows of the policy table."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What an account is for. One account has one role (docs/decisions/0003)."""

    VISITOR = "visitor", _("閲覧者")
    MEMBER = "member", _("企業の方")
    EXPERT = "expert", _("専門家")
    STAFF = "staff", _("事務局")
    EDITOR = "editor", _("編集担当")
    PARTNER = "partner", _("連携窓口")
    AUDITOR = "auditor", _("監査担当")


class Relation(models.TextChoices):
    """How a person stands to an object; an object tells through `relations_of(user)`."""

    ANY = "any", _("関係を問わない")
    OWN = "own", _("本人")
    FIRM = "firm", _("同じ企業（共有あり）")
    OWNER = "owner", _("企業の管理者")
    OFFERED = "offered", _("打診中（利益相反の確認前）")
    ASSIGNED = "assigned", _("担当中")
    REVIEWING = "reviewing", _("査読中")
    AUTHOR = "author", _("作成者")
    FORMER = "former", _("以前の担当")
    DISCLOSED = "disclosed", _("理由を示して閲覧中")
    REFERRED = "referred", _("紹介元")


Row = Mapping[Role, frozenset[Relation]]
Table = Mapping[tuple[str, str], Row]

PROFESSIONALS = frozenset({Role.EXPERT, Role.STAFF, Role.EDITOR, Role.PARTNER, Role.AUDITOR})


def only(
    *roles: Role, by: tuple[Relation, ...] = (Relation.ANY,)
) -> dict[Role, frozenset[Relation]]:
    """A row that allows the given roles, in the given relations."""
    return {role: frozenset(by) for role in roles}


EVERYONE: Row = only(*Role)
SIGNED_IN: Row = only(*(role for role in Role if role is not Role.VISITOR))
