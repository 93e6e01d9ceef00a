"""The base of every app's table of sealed files."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common.uploads.enums import ScanDetail, ScanState
from common.uploads.limits import NAME_CHARACTERS
from common.vault import DataKey, SealedModel, SealedQuerySet, SealedTextField


class StoredFileQuerySet(SealedQuerySet[Any]):
    """Filters by scan."""

    def awaiting_scan(self) -> "StoredFileQuerySet":
        """Files without a verdict, oldest first; worth another attempt."""
        return self.filter(scan_state=ScanState.PENDING).order_by("created_at")

    def scanned_clean(self) -> "StoredFileQuerySet":
        """Files the scanner found nothing in."""
        return self.filter(scan_state=ScanState.CLEAN)


class StoredFile(SealedModel):
    """A file whose content lies sealed in the storage, its name sealed in the row.

    Abstract: an app derives its own table, with its own foreign key and rules, so that the content
    is bound to that table and row.
    """

    data_key = models.ForeignKey(
        DataKey, on_delete=models.PROTECT, related_name="+", editable=False
    )
    name = SealedTextField(_("ファイル名"), max_length=NAME_CHARACTERS)
    content_type = models.CharField(_("種類"), max_length=100, editable=False)
    size = models.PositiveIntegerField(_("大きさ"), editable=False)
    path = models.CharField(max_length=80, unique=True, editable=False)
    scan_state = models.CharField(
        _("ウイルス検査"), max_length=10, choices=ScanState.choices, default=ScanState.PENDING
    )
    scan_detail = models.CharField(max_length=60, blank=True, default="", editable=False)
    scanned_at = models.DateTimeField(null=True, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+",
        editable=False,
    )  # fmt: skip
    created_at = models.DateTimeField(_("受付"), db_default=Now(), editable=False)

    objects: ClassVar[Any] = StoredFileQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(scan_state__in=ScanState.values),
                name="%(app_label)s_%(class)s_scan_known",
            ),
            models.CheckConstraint(
                condition=~Q(scan_state=ScanState.CLEAN) | Q(scanned_at__isnull=False),
                name="%(app_label)s_%(class)s_clean_dated",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def vault_key(self) -> DataKey:
        """The data key that seals name and content."""
        key: DataKey = self.data_key
        return key

    @property
    def content_context(self) -> bytes:
        """What the content is bound to."""
        return f"{self._meta.db_table}|content|{self.pk}".encode()

    @property
    def extension(self) -> str:
        """Of the shown name, without the dot."""
        return str(self.name).rpartition(".")[2]

    def get_scan_detail_display(self) -> str:
        """Why there is no verdict, for staff; a signature's name as it is."""
        known = {detail.value: detail.label for detail in ScanDetail}
        return str(known.get(self.scan_detail, self.scan_detail))
