"""States of a case, and how leaks happen."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """Where a case stands. Only a released one is shown outside."""

    DRAFT = "draft", _("作成中")
    RELEASED = "released", _("公開済み")
    WITHDRAWN = "withdrawn", _("取り下げ")


TRANSITIONS: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.RELEASED}),
    State.RELEASED: frozenset({State.WITHDRAWN}),
    State.WITHDRAWN: frozenset(),
}


class Pathway(TextChoices):
    """How the secret left the firm."""

    LEAVER = "leaver", _("退職者が持ち出した")
    PARTNER = "partner", _("取引先から漏れた")
    OVERSEAS = "overseas", _("海外拠点から漏れた")
    MISTAKE = "mistake", _("うっかり漏らした")
    INTRUSION = "intrusion", _("外から侵入された")


class AuditKind(TextChoices):
    """What this app writes to the audit log."""

    DRAFTED = "leak_case.drafted", _("事例の下書きを作った")
    RELEASED = "leak_case.released", _("事例を公開した")
    WITHDRAWN = "leak_case.withdrawn", _("事例を取り下げた")
