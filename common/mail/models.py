"""The mail ledger: one row per event, kind of notice and address; at most one mail leaves per row."""

import json
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from common.vault import DataKey, SealedModel, SealedQuerySet, SealedTextField
from common.vault.system import SystemKey


class MailState(models.TextChoices):
    """Where a mail stands."""

    QUEUED = "queued", _("送信待ち")
    SENDING = "sending", _("送信中")
    SENT = "sent", _("送信済み")
    KEPT = "kept", _("記録のみ")
    FAILED = "failed", _("届かない宛先")
    UNCERTAIN = "uncertain", _("送信できたか不明")


class MailQuerySet(SealedQuerySet["Mail"]):
    """Filters of the ledger."""

    def newest(self) -> "MailQuerySet":
        """Latest first."""
        return self.order_by("-created_at", "-id")

    def needing_attention(self) -> "MailQuerySet":
        """Not delivered, or nobody knows."""
        return self.filter(state__in=[MailState.FAILED, MailState.UNCERTAIN])

    def since(self, time: datetime) -> "MailQuerySet":
        """Written into the ledger after a time."""
        return self.filter(created_at__gte=time)


class Mail(SealedModel):
    """A mail's envelope. Its text is made from the notice when it is sent, never kept."""

    policy_resource = "mail"

    event = models.CharField(_("出来事"), max_length=120)
    notice = models.CharField(_("種類"), max_length=60)
    # Who is written to about what is nobody's business who has the database alone.
    address = SealedTextField(_("宛先"), max_length=254)
    #: Event, kind and address as one keyed digest: what makes a mail the same mail.
    digest = models.CharField(max_length=64, editable=False)
    language = models.CharField(max_length=2, default="ja")
    # The link may carry a token that opens an account.
    url = SealedTextField(max_length=2000, default="")
    state = models.CharField(
        _("状態"), max_length=10, choices=MailState.choices, default=MailState.QUEUED
    )
    error_code = models.CharField(_("理由"), max_length=60, blank=True, default="")
    created_at = models.DateTimeField(_("受付"), db_default=Now())
    sent_at = models.DateTimeField(_("送信"), null=True)

    objects: ClassVar[Any] = MailQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest"], name="mail_once_per_event_and_address"),
            models.CheckConstraint(
                condition=Q(state__in=MailState.values), name="mail_state_known"
            ),
        ]
        indexes = [models.Index(fields=["-created_at"], name="mail_newest")]

    def __str__(self) -> str:
        return f"{self.notice} {self.pk}"

    def save(self, **options: Any) -> None:
        """Like Django's; a new row gets its digest."""
        self.digest = self.digest or self.digest_of(self.event, self.notice, self.address)
        super().save(**options)

    @staticmethod
    def digest_of(event: str, notice: str, address: str) -> str:
        """Different for each event, so that nobody can see who was written to twice."""
        words = json.dumps([event, notice, address])
        return salted_hmac("common.mail", words, algorithm="sha256").hexdigest()

    @property
    def vault_key(self) -> DataKey:
        """One key for all mails' addresses and links."""
        if self._key is None:
            self._key = SystemKey.named("mail")
        return self._key

    _key: DataKey | None = None
