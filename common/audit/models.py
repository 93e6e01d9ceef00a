"""Rows of the audit log and the head of its chain; triggers fill seq, time and hashes."""

from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    """Filters by object."""

    def about(self, resource: str, object_id: object) -> "AuditEventQuerySet":
        """Events of one object, oldest first."""
        return self.filter(resource=resource, object_id=str(object_id)).order_by("seq")


class AuditEvent(models.Model):
    """Who did what to which object, when. Never what it said."""

    seq = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("日時"), db_default=Now())
    verb = models.CharField(_("操作"), max_length=60)
    actor_id = models.UUIDField(_("操作者"), null=True)
    role = models.CharField(_("役割"), max_length=20, default="")
    resource = models.CharField(_("対象の種類"), max_length=40, default="")
    object_id = models.CharField(_("対象"), max_length=40, default="")
    related = models.JSONField(_("関連する番号"), default=dict)
    request_id = models.CharField(max_length=32, default="")
    network = models.CharField(max_length=16, default="")
    prev = models.BinaryField(db_default=b"")
    hash = models.BinaryField(db_default=b"")

    objects: ClassVar[Any] = AuditEventQuerySet.as_manager()

    class Meta:
        ordering = ["seq"]
        indexes = [
            models.Index(fields=["resource", "object_id", "seq"], name="audit_by_object"),
            models.Index(fields=["actor_id", "seq"], name="audit_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb}"


class AuditHead(models.Model):
    """The last event's number and hash; one row, written by the trigger alone."""

    seq = models.BigIntegerField(default=0)
    hash = models.BinaryField(default=b"")

    def __str__(self) -> str:
        return str(self.seq)
