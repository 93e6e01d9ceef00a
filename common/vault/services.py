"""The vault's writers that people set off."""

from django.db import transaction

from common import audit
from common.policy import AnyUser
from common.vault.enums import AuditKind, DestroyReason
from common.vault.models import DataKey

audit.register_kinds(AuditKind)


def destroy_key(key: DataKey, *, reason: DestroyReason, actor: AnyUser | None) -> None:
    """Make everything under the key unreadable, and leave the certificate in the audit log.

    A key destroyed before stays as it is, without a second certificate.
    """
    with transaction.atomic():
        stands = DataKey.objects.select_for_update().get(pk=key.pk)
        if stands.destroyed_at is not None:
            return
        stands.destroy(reason)
        audit.record(AuditKind.KEY_DESTROYED, actor=actor, obj=stands, reason=reason)
