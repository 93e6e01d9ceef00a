"""States of a registration, and what the audit log says of it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RegistrationState(TextChoices):
    """Where a registration stands."""

    BOOKED = "booked", _("申し込み済み")
    CANCELLED = "cancelled", _("取り消し")


class AuditKind(TextChoices):
    """What this app writes to the audit log."""

    BOOKED = "seminar.booked", _("セミナーに申し込んだ")
    CANCELLED = "seminar.cancelled", _("セミナーの申し込みを取り消した")
