"""Lines of case lists: the title only for those who may read the case."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from common.policy import AnyUser, Role, role_of
from common.vault import readable
from consultations.enums import AssignmentState
from consultations.models import Assignment, Consultation


@dataclass(frozen=True)
class CaseLine:
    """One line. `title` is empty for staff and for an expert who has not declared yet."""

    case: Consultation
    title: str
    hint: str = ""


def lines_of(cases: Iterable[Consultation], user: AnyUser) -> list[CaseLine]:
    """Lines for this person, in the given order; two queries whatever their number."""
    found = list(cases)
    role = role_of(user)
    if role is Role.MEMBER:
        return [CaseLine(case, readable(case, "title")) for case in found]
    if role is not Role.EXPERT:
        return [CaseLine(case, "") for case in found]
    accepted = set(
        Assignment.objects.filter(
            expert=user.pk, state=AssignmentState.ACCEPTED, consultation__in=[c.pk for c in found]
        ).values_list("consultation", flat=True)
    )
    return [
        CaseLine(case, readable(case, "title"))
        if case.pk in accepted
        else CaseLine(case, "", _("利益相反の確認が必要です"))
        for case in found
    ]
