"""Messages between firm and expert, and the files sent with them."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common.policy import AnyUser, Relation
from common.uploads import StoredFile, StoredFileQuerySet
from common.vault import DataKey, SealedModel, SealedQuerySet, SealedTextField
from consultations.models.cases import Consultation


class MessageQuerySet(SealedQuerySet["Message"]):
    """Reading order."""

    def in_order(self) -> "MessageQuerySet":
        """Oldest first, with the key that opens them and their authors' names."""
        return self.select_related("consultation__vault_key", "author__vault_key").order_by(
            "sent_at", "pk"
        )


class Message(SealedModel):
    """One message. `token` comes with the form: sent twice, it is kept once."""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="messages"
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    token = models.UUIDField(default=uuid.uuid4, unique=True)
    body = SealedTextField(_("メッセージ"), max_length=20_000)
    from_expert = models.BooleanField(default=False)
    asks_reply = models.BooleanField(_("回答をお願いする"), default=False)
    sent_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[Any] = MessageQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["consultation", "sent_at"], name="message_by_case")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def vault_key(self) -> DataKey:
        """The case's."""
        return self.consultation.vault_key


class AttachmentQuerySet(StoredFileQuerySet):
    """A case's files."""

    def of_case(self, case: Consultation) -> "AttachmentQuerySet":
        """All files of a case that the caller has been found to see."""
        return self.filter(consultation=case)


class Attachment(StoredFile):
    """A file of a case; who may read the case may read it."""

    policy_resource = "consultation"

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="attachments"
    )
    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, related_name="attachments", null=True
    )

    objects: ClassVar[Any] = AttachmentQuerySet.as_manager()

    class Meta(StoredFile.Meta):
        indexes = [models.Index(fields=["consultation", "created_at"], name="attachment_by_case")]

    def relations_of(self, user: AnyUser) -> frozenset[Relation]:
        """As to the case."""
        return self.consultation.relations_of(user)
