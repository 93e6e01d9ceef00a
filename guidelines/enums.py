"""States of an edition, and how a citation stands."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EditionState(TextChoices):
    """Where an edition stands. A published one never changes."""

    DRAFT = "draft", _("作成中")
    PUBLISHED = "published", _("公開済み")


class Standing(TextChoices):
    """How a cited section stands today."""

    CURRENT = "current", _("現行")
    REVISED = "revised", _("改訂あり")
    REMOVED = "removed", _("現行版にありません")


class AuditKind(TextChoices):
    """What this app writes to the audit log."""

    PUBLISHED = "edition.published", _("ガイドラインの版を公開した")
