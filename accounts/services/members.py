"""Who belongs to a firm: removing, leaving, sharing its management."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import notifications
from accounts.enums import AuditKind
from accounts.errors import LastOwner
from accounts.models import Membership, Organisation, User
from accounts.services.sessions import end_sessions
from common import audit, mail


def remove_member(membership: Membership, *, actor: User) -> None:
    """End a membership, and with it access to the firm's cases at once.

    Somebody else's sessions end too; who leaves stays signed in. Raises LastOwner. A membership
    that has ended stays as it is.
    """
    with transaction.atomic():
        stands = _locked(membership)
        if stands.ended_at is not None:
            return
        others = Membership.objects.active().owners().filter(organisation=stands.organisation)
        if stands.is_owner and not others.exclude(pk=stands.pk).exists():
            message = _("企業には管理者が一人以上必要です。先に別の方を管理者にしてください。")
            raise LastOwner(message)
        stands.ended_at = timezone.now()
        stands.save(update_fields=["ended_at"])
        left = stands.user_id == actor.pk
        if not left:
            end_sessions(stands.user, actor=actor)
            mail.send(
                notifications.MEMBERSHIP_ENDED,
                recipient=stands.user,
                key=f"membership-ended:{stands.pk}",
            )
        kind = AuditKind.MEMBER_LEFT if left else AuditKind.MEMBER_REMOVED
        audit.record(kind, actor=actor, obj=stands.organisation, member=stands.user_id)
    actor.__dict__.pop("membership", None)


def promote_member(membership: Membership, *, actor: User) -> None:
    """Let a member manage the firm's account too. An owner stays one."""
    with transaction.atomic():
        stands = _locked(membership)
        if stands.ended_at is not None or stands.is_owner:
            return
        stands.is_owner = True
        stands.save(update_fields=["is_owner"])
        audit.record(
            AuditKind.OWNER_ADDED, actor=actor, obj=stands.organisation, member=stands.user_id
        )


def _locked(membership: Membership) -> Membership:
    """The membership as it stands, while nobody else changes the firm's."""
    Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    found: Membership = Membership.objects.select_related("user", "organisation").get(
        pk=membership.pk
    )
    return found
