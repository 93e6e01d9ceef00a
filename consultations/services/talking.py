"""Messages, reading, sharing, and the end of a case."""

import uuid
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from common import audit, jobs, mail, uploads
from common.errors import Conflict
from common.policy import Role
from consultations import notifications
from consultations.enums import ENDED, AssignmentState, AuditKind, Duty, JobKind, State
from consultations.errors import NotNow
from consultations.models import Assignment, Attachment, Consultation, Message


def read_content(case: Consultation, *, by: User) -> None:
    """Note that somebody outside the firm opened the content; the firm sees it."""
    if by.role == Role.MEMBER:
        return
    with transaction.atomic():
        audit.record(AuditKind.READ, actor=by, obj=case)


def read_names(case: Consultation, *, by: User) -> None:
    """Note that an expert saw the firm's and the other side's name, to check for a conflict."""
    with transaction.atomic():
        audit.record(AuditKind.NAMES_READ, actor=by, obj=case)


def send_message(
    case: Consultation,
    body: str,
    *,
    by: User,
    token: uuid.UUID,
    asks_reply: bool = False,
    files: tuple[tuple[Any, uploads.Inspected], ...] = (),
) -> Message:
    """Keep a message once per form (`token`), tell the other side, and pass the turn.

    Raises NotNow in a case that has ended, Conflict where the same form was sent before with other
    words; UploadRefused where the case has no room for a file, OSError for a file.
    """
    # Bound to case and author: nobody's token stands in another's way.
    token = uuid.uuid5(token, f"{case.pk} {by.pk}")
    with transaction.atomic():
        state = case.lock()
        sent: Message | None = Message.objects.filter(token=token).first()
        if sent is not None:
            sent.consultation = case
            if sent.body != body:
                raise Conflict(mine=body, theirs=sent.body)
            return sent
        if state in ENDED:
            raise NotNow(_("この相談は終わっているため、メッセージを送れません。"))
        uploads.check_room(Attachment.objects.of_case(case), [found for _file, found in files])
        from_expert = by.role == Role.EXPERT
        message: Message = Message.objects.create(
            consultation=case, author=by, token=token, body=body,
            from_expert=from_expert, asks_reply=asks_reply and from_expert,
        )  # fmt: skip
        for upload, inspected in files:
            _attach(case, message, upload, inspected, by)
        moved = _pass_turn(case, message, by, state)
        _tell_of_message(case, message, by)
        audit.record(AuditKind.MESSAGE, actor=by, obj=case, message=message.pk)
        if moved:
            audit.record(AuditKind.MOVED, actor=by, obj=case, state=case.state)
    return message


def _attach(
    case: Consultation, message: Message, upload: Any, inspected: uploads.Inspected, by: User
) -> None:
    """Seal a file into the storage and have it scanned."""
    row = Attachment(consultation=case, message=message, data_key=case.vault_key, uploaded_by=by)
    uploads.store(row, upload, inspected)
    jobs.enqueue(JobKind.SCAN, row.pk, key=f"scan:{row.pk}")


def _pass_turn(case: Consultation, message: Message, by: User, state: State) -> bool:
    """The expert's question hands the turn to the firm; the firm's answer hands it back."""
    if message.asks_reply and state is State.IN_PROGRESS:
        case.move_to(State.WAITING_REQUESTER, by=by)
        return True
    if not message.from_expert and state is State.WAITING_REQUESTER:
        case.move_to(State.IN_PROGRESS, by=by)
        return True
    return False


def _tell_of_message(case: Consultation, message: Message, by: User) -> None:
    """One mail per message and recipient."""
    advisers = Assignment.objects.accepted().filter(consultation=case, duty=Duty.ADVISER)
    people = [case.filed_by] if message.from_expert else [a.expert for a in advisers]
    url = reverse("consultations:detail", args=[case.ref])
    for person in people:
        if person.pk != by.pk:
            mail.send(
                notifications.ANSWERED.name, recipient=person, key=f"message:{message.pk}", url=url
            )


def set_sharing(case: Consultation, *, by: User, shared: bool) -> None:
    """Show the case to colleagues of the same firm, or no longer."""
    with transaction.atomic():
        Consultation.objects.filter(pk=case.pk).update(shared_in_firm=shared)
        audit.record(AuditKind.SHARED, actor=by, obj=case, shared=shared)


def withdraw_consultation(case: Consultation, *, by: User) -> None:
    """End a case that the firm no longer wants handled. Raises NotNow."""
    _end(case, State.WITHDRAWN, by)


def close_consultation(case: Consultation, *, by: User) -> None:
    """End a case that was answered. Raises NotNow."""
    _end(case, State.CLOSED, by)


def _end(case: Consultation, state: State, by: User) -> None:
    """Move to the end; experts' access ends with it."""
    with transaction.atomic():
        case.move_to(state, by=by)
        Assignment.objects.filter(
            consultation=case, state__in=(AssignmentState.OFFERED, AssignmentState.ACCEPTED)
        ).update(state=AssignmentState.ENDED, ended_at=Now())
        audit.record(AuditKind.MOVED, actor=by, obj=case, state=state)


def note_download(file: Attachment, *, by: User) -> None:
    """Note that somebody takes a file out; for staff and experts the firm sees it."""
    with transaction.atomic():
        audit.record(AuditKind.DOWNLOADED, actor=by, obj=file.consultation, file=file.pk)
