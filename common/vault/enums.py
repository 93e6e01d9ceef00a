"""Why a data key was destroyed, and the vault's verbs in the audit log."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DestroyReason(TextChoices):
    """Why everything under a data key was made unreadable."""

    RETENTION = "retention", _("保存期間が終わった")
    REQUEST = "request", _("本人の求め")
    DRAFT = "draft", _("下書きを捨てた")


class AuditKind(TextChoices):
    """What the vault writes to the audit log."""

    KEY_DESTROYED = "vault.key_destroyed", _("鍵を消し、内容を読めなくした")
