"""What readers are told of a change: a note for each section, and where sections went."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import audit
from guidelines.enums import AuditKind, MoveKind
from guidelines.errors import NotPublishable
from guidelines.models import ChangeNote, Edition, SectionMove
from guidelines.services.drafting import locked_draft, note_writer


def save_note(
    edition: Edition, section_id: str, *, kind: str, note: str, reason: str, affects: list[str],
    by: User,
) -> ChangeNote:  # fmt: skip
    """What readers are told of a changed section."""
    with transaction.atomic():
        edition = locked_draft(edition)
        saved: ChangeNote
        saved, _new = ChangeNote.objects.update_or_create(
            edition=edition,
            section_id=section_id,
            defaults={"kind": kind, "note": note, "reason": reason, "affects": affects},
        )
        note_writer(edition, by)
        audit.record(AuditKind.SAVED, actor=by, obj=edition, section=section_id)
    return saved


def note_move(edition: Edition, *, kind: str, origin: str, target: str, by: User) -> SectionMove:
    """Keep where a section went, so that old links and citations lead on. Raises NotPublishable."""
    if origin == target and kind != MoveKind.MOVED:
        raise NotPublishable(_("分割や統合では、もとの節と別の節を選んでください。"))
    with transaction.atomic():
        edition = locked_draft(edition)
        move: SectionMove
        move, _new = SectionMove.objects.update_or_create(
            edition=edition, origin_id=origin, target_id=target, defaults={"kind": kind}
        )
        note_writer(edition, by)
        audit.record(AuditKind.SAVED, actor=by, obj=edition, section=origin)
    return move


def forget_note(edition: Edition, section_id: str, *, by: User) -> None:
    """Take a note back, for instance of a section that says again what it said before."""
    with transaction.atomic():
        edition = locked_draft(edition)
        ChangeNote.objects.filter(edition=edition, section=section_id).delete()
        note_writer(edition, by)
        audit.record(AuditKind.SAVED, actor=by, obj=edition, section=section_id)


def forget_move(edition: Edition, move_id: int, *, by: User) -> None:
    """Take a move back that was noted by mistake."""
    with transaction.atomic():
        edition = locked_draft(edition)
        SectionMove.objects.filter(edition=edition, pk=move_id).delete()
        note_writer(edition, by)
        audit.record(AuditKind.SAVED, actor=by, obj=edition, number=edition.number)
