"""A person's own particulars, and closing an account."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.enums import AuditKind
from accounts.models import User
from accounts.services.sessions import end_sessions
from common import audit
from common.errors import Refused


def change_profile(user: User, *, name: str, kana: str, language: str) -> None:
    """Change name, reading and language, by the person alone."""
    with transaction.atomic():
        user.name, user.kana, user.language = name, kana, language
        user.save(update_fields=["name", "kana", "language"])
        audit.record(AuditKind.PROFILE_CHANGED, actor=user, obj=user)


def close_account(user: User, *, actor: User) -> None:
    """End a person's access at once; nothing is deleted. Closing twice changes nothing.

    Raises Refused for one's own account.
    """
    if user.pk == actor.pk:
        raise Refused(_("自分のアカウントは停止できません。事務局のほかの方に頼んでください。"))
    with transaction.atomic():
        stands = User.objects.select_for_update().get(pk=user.pk)
        if not stands.is_active:
            return
        stands.is_active = False
        stands.save(update_fields=["is_active"])
        end_sessions(stands, actor=actor)
        audit.record(AuditKind.ACCOUNT_CLOSED, actor=actor, obj=stands)


def reopen_account(user: User, *, actor: User) -> None:
    """Let a person in again. Opening an open account changes nothing."""
    with transaction.atomic():
        stands = User.objects.select_for_update().get(pk=user.pk)
        if stands.is_active:
            return
        stands.is_active = True
        stands.save(update_fields=["is_active"])
        audit.record(AuditKind.ACCOUNT_REOPENED, actor=actor, obj=stands)
