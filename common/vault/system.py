"""Data keys of the portal itself, by name: for links in mails and other things no case owns."""

from typing import Any, ClassVar

from django.db import IntegrityError, models, transaction

from common.vault.models import DataKey


class SystemKey(models.Model):
    """A named data key. Made on first use."""

    name = models.CharField(primary_key=True, max_length=40)
    data_key = models.ForeignKey(DataKey, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[Any] = models.Manager()

    def __str__(self) -> str:
        return self.name

    @classmethod
    def named(cls, name: str) -> DataKey:
        """The data key of this name. Raises KeyringInvalid."""
        found = cls.objects.select_related("data_key").filter(pk=name).first()
        if found is None:
            try:
                with transaction.atomic():
                    key = DataKey.objects.create_key()
                    found = cls.objects.create(name=name, data_key=key)
            except IntegrityError:  # another process was quicker
                found = cls.objects.select_related("data_key").get(pk=name)
        data_key: DataKey = found.data_key
        return data_key
