"""The base of models with sealed fields: identity, key, version, and whole saves."""

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.core import checks
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from common.vault.blob import Blob
from common.vault.errors import SealingError
from common.vault.fields import SealedField, Sealing
from common.vault.models import DataKey

Row = TypeVar("Row", bound=models.Model, covariant=True)
#: The integer field that sealed values are bound to, where a model has it.
VERSION = "version"
#: Where an instance keeps the version that its row has in the database.
STORED = "_vault_stored_version"


def sealed_fields(model: type[models.Model]) -> list[SealedField[Any, Any]]:
    """The sealed fields of a model."""
    return [field for field in model._meta.concrete_fields if isinstance(field, SealedField)]


def has_version(model: type[models.Model]) -> bool:
    """Whether sealed values of this model are bound to a version."""
    try:
        model._meta.get_field(VERSION)
    except FieldDoesNotExist:
        return False
    return True


class SealedQuerySet(models.QuerySet[Row]):
    """Refuses writes that would pass by the sealing of single rows."""

    def update(self, **values: Any) -> int:
        """Like Django's, but sealed columns and the version they are bound to raise TypeError."""
        bound = {field.name for field in sealed_fields(self.model)}
        refused = bound & set(values)
        if bound and has_version(self.model):
            refused |= {VERSION} & set(values)
        if refused:
            names = ", ".join(sorted(refused))
            raise TypeError(f"{names}: sealed row by row; assign and save each row")
        return super().update(**values)

    def bulk_create(self, objs: Iterable[Row], *args: Any, **options: Any) -> list[Row]:
        """Like Django's, but not over rows that exist: they have another identity (TypeError)."""
        if options.get("update_conflicts"):
            raise TypeError("a sealed row cannot be written over another one")
        return super().bulk_create(objs, *args, **options)


class SealedModel(models.Model):
    """A row with sealed fields.

    A subclass says which data key seals it: a property `vault_key` (or a foreign key of that name)
    that gives a DataKey. Where it has an integer field `version`, sealed values are bound to it:
    a save that changes the version writes all of them anew.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    objects: ClassVar[Any] = SealedQuerySet.as_manager()

    if TYPE_CHECKING:

        @property
        def vault_key(self) -> DataKey:
            """The data key that seals this row."""

    class Meta:
        abstract = True

    @property
    def vault_version(self) -> int:
        """The version that sealed values are bound to; 1 where the model has none."""
        version = getattr(self, VERSION) if has_version(type(self)) else 1
        if not isinstance(version, int):
            raise SealingError("the version of a sealed row is a number, not an expression")
        return version

    @property
    def vault_sealings(self) -> dict[str, Sealing]:
        """Per sealed column, what was last loaded, opened or sealed."""
        known: dict[str, Sealing] = self.__dict__.setdefault("_vault_sealings", {})
        return known

    @classmethod
    def check(cls, **kwargs: Any) -> list[checks.CheckMessage]:
        """A sealed model needs a key, and a manager that minds the version."""
        found = super().check(**kwargs)
        if not hasattr(cls, "vault_key"):
            found.append(checks.Error("A sealed model needs vault_key.", obj=cls, id="vault.E103"))
        minded = all(isinstance(m.get_queryset(), SealedQuerySet) for m in cls._meta.managers)
        if has_version(cls) and sealed_fields(cls) and not minded:
            found.append(
                checks.Error(
                    "Managers of a sealed model with a version come from SealedQuerySet.",
                    obj=cls,
                    id="vault.E104",
                )
            )
        return found

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any, **options: Any) -> Self:
        """Note the version that the values belong to; where it is deferred, so are they."""
        row = super().from_db(db, field_names, values, **options)
        row._note_stored_version()
        unknown = has_version(cls) and VERSION not in row.__dict__
        for field in sealed_fields(cls):
            value = row.__dict__.get(field.attname)
            if isinstance(value, Blob) and unknown:
                del row.__dict__[field.attname]
            elif isinstance(value, Blob):
                context = field.context(row, row.vault_version)
                row.vault_sealings[field.attname] = Sealing(value, context)
        return row

    def refresh_from_db(
        self, using: str | None = None, fields: Any = None, from_queryset: Any = None
    ) -> None:
        """Like Django's; sealed values are read together with the version they belong to."""
        ours = {field.attname for field in sealed_fields(type(self))}
        wanted = ours & (set(self.__dict__) if fields is None else set(fields))
        others = None if fields is None else [name for name in fields if name not in ours]
        before = {name: self.__dict__.pop(name) for name in wanted if name in self.__dict__}
        try:
            if others is None or others:
                super().refresh_from_db(using=using, fields=others, from_queryset=from_queryset)
            if wanted:
                self._fetch_sealed(wanted, using, from_queryset)
        except BaseException:
            self.__dict__.update(before)
            raise
        if others is None or VERSION in others:
            self._note_stored_version()

    def _fetch_sealed(self, names: set[str], using: str | None, rows: Any) -> None:
        """Read sealed columns and their version in one query. Raises DoesNotExist."""
        rows = rows if rows is not None else type(self)._base_manager.db_manager(using)
        columns = [*names, VERSION] if has_version(type(self)) else names
        found = rows.filter(pk=self.pk).values(*columns).first()
        if found is None:
            raise type(self).DoesNotExist(f"{type(self).__name__} no longer exists")
        for field in sealed_fields(type(self)):
            if field.attname not in names:
                continue
            blob = self.__dict__[field.attname] = found[field.attname]
            self.vault_sealings.pop(field.attname, None)
            if blob is not None:
                context = field.context(self, found.get(VERSION, 1))
                self.vault_sealings[field.attname] = Sealing(blob, context)

    def save(
        self,
        *,
        force_insert: Any = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> None:
        """Like Django's. Raises SealingError where only part of a version would be written."""
        if update_fields is not None:
            update_fields = set(update_fields)
        if has_version(type(self)) and not self._state.adding:
            self._keep_versions_whole(update_fields)
        # Before Django does: what is refused here leaves the caller's transaction usable.
        for field in sealed_fields(type(self)):
            if field.attname in self.__dict__ and field.name in (update_fields or {field.name}):
                field.sealed(self)
        super().save(
            force_insert=force_insert,
            force_update=force_update,
            using=using,
            update_fields=update_fields,
        )
        if update_fields is None or VERSION in update_fields:
            self._note_stored_version()

    def _keep_versions_whole(self, update_fields: set[str] | None) -> None:
        """The version and all values sealed under it are written together, or none of them."""
        if self.__dict__.get(VERSION) == self.__dict__.get(STORED):
            return
        bound = [
            field.attname
            for field in sealed_fields(type(self))
            if self.__dict__.get(field.attname, field) is not None
            or field.attname in self.vault_sealings
        ]
        if update_fields is None:
            missing = [name for name in bound if name not in self.__dict__]
            if missing:
                self.refresh_from_db(fields=missing)
            return
        together = {VERSION, *bound}
        if update_fields & together and not together <= update_fields:
            names = ", ".join(sorted(together - update_fields))
            raise SealingError(f"the version changed: update_fields must hold {names} too")

    def _note_stored_version(self) -> None:
        """Remember the version as it stands in the database."""
        self.__dict__[STORED] = self.__dict__.get(VERSION)

    def __getstate__(self) -> dict[str, Any]:
        """Sealed values only, so that no cache or pickle holds plain text."""
        fields = [f for f in sealed_fields(type(self)) if f.attname in self.__dict__]
        sealed = {field.attname: field.sealed(self) for field in fields}
        state: dict[str, Any] = super().__getstate__() | sealed
        state["_vault_sealings"] = {
            name: Sealing(known.blob, known.context) for name, known in self.vault_sealings.items()
        }
        return state
