"""The secretariat's steps, and the expert's declaration before any content is shown."""

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from common import audit, mail
from common.policy import Role
from consultations import notifications
from consultations.enums import ENDED, AssignmentState, AuditKind, Category, Duty, State, Urgency
from consultations.errors import NotNow
from consultations.models import Assignment, Consultation, Disclosure


def begin_triage(
    case: Consultation, *, by: User, category: Category | str, urgency: Urgency | str
) -> None:
    """Take a new case in, putting category and urgency right. Raises NotNow."""
    with transaction.atomic():
        case.move_to(State.TRIAGE, by=by, expected=State.SUBMITTED)
        Consultation.objects.filter(pk=case.pk).update(category=category, urgency=urgency)
        audit.record(AuditKind.MOVED, actor=by, obj=case, state=State.TRIAGE)


def assign_expert(case: Consultation, expert: User, *, duty: Duty | str, by: User) -> Assignment:
    """Offer a duty to an expert, who must declare no conflict before reading. Raises NotNow."""
    if expert.role != Role.EXPERT or not expert.is_active:
        raise NotNow(_("専門家を選んでください。"))
    try:
        with transaction.atomic():
            if duty == Duty.ADVISER:
                case.move_to(State.CONFLICT_CHECK, by=by, expected=State.TRIAGE)
            elif case.lock() in ENDED | {State.SUBMITTED}:
                raise NotNow(_("この相談には、いま専門家を選べません。"))
            offer: Assignment = Assignment.objects.create(
                consultation=case, expert=expert, duty=duty
            )
            mail.send(
                notifications.OFFERED.name,
                recipient=expert,
                key=f"offered:{offer.pk}",
                url=reverse("consultations:detail", args=[case.ref]),
            )
            audit.record(AuditKind.ASSIGNED, actor=by, obj=case, expert=expert.pk, duty=duty)
            if duty == Duty.ADVISER:
                audit.record(AuditKind.MOVED, actor=by, obj=case, state=State.CONFLICT_CHECK)
    except IntegrityError as error:
        raise NotNow(
            _("すでに打診中か担当中です。担当専門家と査読者は、別の人を選んでください。")
        ) from error
    return offer


def answer_offer(case: Consultation, *, by: User, accepts: bool) -> Assignment:
    """The expert's declaration: no conflict of interest, or a refusal. Raises NotNow."""
    with transaction.atomic():
        case.lock()
        offer: Assignment | None = (
            Assignment.objects.offered()
            .select_for_update()
            .filter(consultation=case, expert=by)
            .first()
        )
        if offer is None:
            raise NotNow(_("この打診にはすでに答えています。"))
        offer.state = AssignmentState.ACCEPTED if accepts else AssignmentState.DECLINED
        if accepts:
            offer.declared_at = Now()
        else:
            offer.ended_at = Now()
        offer.save()
        if offer.duty == Duty.ADVISER:
            case.move_to(State.IN_PROGRESS if accepts else State.TRIAGE, by=by)
        _tell_of_answer(case, offer, accepts)
        audit.record(AuditKind.ANSWERED, actor=by, obj=case, duty=offer.duty, accepts=accepts)
        if offer.duty == Duty.ADVISER:
            audit.record(AuditKind.MOVED, actor=by, obj=case, state=case.state)
    return offer


def _tell_of_answer(case: Consultation, offer: Assignment, accepts: bool) -> None:
    """The firm hears of a start, the secretariat of a refusal."""
    url = reverse("consultations:detail", args=[case.ref])
    key = f"answered:{offer.pk}"
    if accepts and offer.duty == Duty.ADVISER:
        mail.send(notifications.STARTED.name, recipient=case.filed_by, key=key, url=url)
    if not accepts:
        for person in User.objects.active().filter(role=Role.STAFF):
            mail.send(notifications.DECLINED.name, recipient=person, key=key, url=url)


def disclose(case: Consultation, *, by: User, reason: str) -> Disclosure:
    """Open a case's content to one member of staff for four hours; the firm sees who and why."""
    with transaction.atomic():
        opened: Disclosure = Disclosure.objects.create(consultation=case, staff=by, reason=reason)
        audit.record(AuditKind.DISCLOSED, actor=by, obj=case, disclosure=opened.pk)
    return opened
