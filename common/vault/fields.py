"""Model fields whose column holds a sealed value and whose attribute gives the plain one.

A row opens lazily, on first access. The column's name and the table's are bound into the value:
after renaming either in Python, keep the old one with `db_column` or `db_table`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django import forms
from django.core import checks
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.vault.blob import Blob
from common.vault.errors import SealingError

#: What may be assigned, and what is given back.
Set = TypeVar("Set", contravariant=True)
Get = TypeVar("Get", covariant=True)

if TYPE_CHECKING:
    from common.vault.sealed import SealedModel

    class _Field(models.Field[Set, Get]):
        """Django's field, which takes type arguments in its stubs only."""
else:

    class _Field(models.Field, Generic[Set, Get]):
        """Django's field, which takes type arguments in its stubs only."""


@dataclass(frozen=True)
class Sealing:
    """One value as it was last opened or sealed; spares sealing it again unchanged."""

    blob: Blob
    context: bytes
    plain: bytes | None = None


class SealedAttribute(DeferredAttribute):
    """Gives the plain value, opening it on first access; fetches it where it was deferred."""

    field: "SealedField[Any, Any]"

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        name = self.field.attname
        if name not in instance.__dict__:
            instance.refresh_from_db(fields=[name])
        value = instance.__dict__[name]
        if isinstance(value, Blob):
            value = instance.__dict__[name] = self.field.decode(self.field.opened(instance))
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = self.field.accept(value)


class SealedField(_Field[Set, Get]):
    """What sealed text and sealed JSON have in common."""

    descriptor_class = SealedAttribute
    empty_values: Sequence[Any] = (None, "")

    def get_internal_type(self) -> str:
        """A bytea column."""
        return "BinaryField"

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """Refuse what has no meaning for ciphertext."""
        found = super().check(**kwargs)
        if self.unique or getattr(self, "db_index", False) or self.primary_key or self.choices:
            found.append(
                checks.Error(
                    "A sealed field is neither a key, nor indexed, nor one of choices.",
                    obj=self,
                    id="vault.E101",
                )
            )
        if not hasattr(self.model, "vault_sealings"):
            found.append(
                checks.Error("Sealed fields need a SealedModel.", obj=self, id="vault.E102")
            )
        return found

    # --- plain value <-> bytes ---------------------------------------------------------------
    def accept(self, value: Any) -> Any:
        """The value as kept on the instance. Raises TypeError for another type."""
        raise NotImplementedError

    def encode(self, value: Any) -> bytes:
        """The plain bytes. Raises SealingError."""
        raise NotImplementedError

    def decode(self, plain: bytes) -> Any:
        """The reverse of encode."""
        raise NotImplementedError

    # --- sealing -----------------------------------------------------------------------------
    def opened(self, instance: "SealedModel") -> bytes:
        """The plain bytes of what was loaded. Raises VaultRefused, KeyDestroyed, UnknownKek."""
        loaded: Blob = instance.__dict__[self.attname]
        known = instance.vault_sealings.get(self.attname)
        if known and known.blob == loaded:
            context = known.context
        else:
            context = self.context(instance, instance.vault_version)
        plain = instance.vault_key.open(context, loaded)
        instance.vault_sealings[self.attname] = Sealing(loaded, context, plain)
        return plain

    def context(self, instance: "SealedModel", version: int) -> bytes:
        """What the value is bound to: table, column, row and version."""
        return f"{self.model._meta.db_table}|{self.column}|{instance.pk}|{version}".encode()

    def sealed(self, instance: "SealedModel") -> Blob | None:
        """The sealed value for the row as it is now; the one it had, where nothing changed."""
        value = instance.__dict__[self.attname]
        if value is None:
            return None
        context, key = self.context(instance, instance.vault_version), instance.vault_key
        known = instance.vault_sealings.get(self.attname)
        if isinstance(value, Blob):
            if known and known.blob == value and known.context == context:
                return value
            plain = self.opened(instance)
        else:
            plain = self.encode(value)
        known = instance.vault_sealings.get(self.attname)
        unchanged = known and known.context == context and known.plain == plain
        if known and unchanged and known.blob.unpack()[0] == key.pk:
            return known.blob
        blob = key.seal(context, plain)
        instance.vault_sealings[self.attname] = Sealing(blob, context, plain)
        if isinstance(value, Blob):
            instance.__dict__[self.attname] = blob
        return blob

    def pre_save(self, model_instance: Any, add: bool) -> Blob | None:
        """What goes to the database."""
        if self.attname not in model_instance.__dict__:
            model_instance.refresh_from_db(fields=[self.attname])
        if add:
            model_instance._note_stored_version()
        return self.sealed(model_instance)

    # --- database ----------------------------------------------------------------------------
    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> Blob | None:
        """The bytes as they are; opening needs the row."""
        return None if value is None else Blob(bytes(value))

    def get_prep_value(self, value: Any) -> Any:
        """Let nothing through that was not sealed for its row."""
        value = super().get_prep_value(value)
        if value is None or isinstance(value, Blob):
            return value
        raise TypeError(f"{self.name} is sealed row by row: assign it and save the row")

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Bytes for the driver."""
        value = super().get_db_prep_value(value, connection, prepared)
        return None if value is None else connection.Database.Binary(value)

    def get_lookup(self, lookup_name: str) -> Any:
        """Ciphertext can be asked for presence only; Django raises FieldError for the rest."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def get_transform(self, _lookup_name: str) -> Any:
        """None: there is nothing to look into."""
        return None

    def value_to_string(self, _obj: Any) -> str:
        """Refuse: a dump would hold plain text."""
        raise TypeError("sealed fields are not serialised; back the database up instead")


class SealedTextField(SealedField[Set, Get]):
    """Text, at most `max_length` code points."""

    if TYPE_CHECKING:
        _pyi_private_set_type: str
        _pyi_private_get_type: str
        _pyi_lookup_exact_type: None

    description = _("封印された文章")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.max_length is not None:
            self.validators.append(MaxLengthValidator(self.max_length))

    def accept(self, value: Any) -> Any:
        """Text, None, or what came from the database."""
        if isinstance(value, Promise):
            return str(value)
        if value is None or isinstance(value, str | Blob):
            return value
        raise TypeError(f"{self.name} takes text, not {type(value).__name__}")

    def to_python(self, value: Any) -> Any:
        """Text."""
        return value if value is None or isinstance(value, str) else str(value)

    def encode(self, value: str) -> bytes:
        """UTF-8."""
        if self.max_length is not None and len(value) > self.max_length:
            raise SealingError(f"{self.name} is longer than {self.max_length} characters")
        try:
            return value.encode("utf-8")
        except UnicodeEncodeError:
            raise SealingError(f"{self.name} holds half a character (a lone surrogate)") from None

    def decode(self, plain: bytes) -> str:
        """Text from UTF-8."""
        return plain.decode("utf-8")

    def formfield(self, **kwargs: Any) -> Any:
        """One line up to 200 characters, a text area otherwise."""
        defaults: dict[str, Any] = {"form_class": forms.CharField, "max_length": self.max_length}
        if self.max_length is None or self.max_length > 200:
            defaults["widget"] = forms.Textarea
        if self.null:
            defaults["empty_value"] = None
        return super().formfield(**(defaults | kwargs))


class SealedJSONField(SealedField[Set, Get]):
    """Anything JSON can say; changes inside the object are noticed when the row is saved."""

    if TYPE_CHECKING:
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any
        _pyi_lookup_exact_type: None

    description = _("封印されたデータ")
    empty_strings_allowed = False
    empty_values: Sequence[Any] = (None, "", [], (), {})

    def accept(self, value: Any) -> Any:
        """Anything but raw bytes."""
        if isinstance(value, bytes | bytearray | memoryview) and not isinstance(value, Blob):
            raise TypeError(f"{self.name} takes what JSON can say, not bytes")
        return value

    def encode(self, value: Any) -> bytes:
        """Compact JSON in UTF-8."""
        try:
            text = json.dumps(
                value,
                cls=DjangoJSONEncoder,
                ensure_ascii=False,
                allow_nan=False,
                separators=(",", ":"),
            )
            return text.encode("utf-8")
        except UnicodeEncodeError:
            raise SealingError(f"{self.name} holds half a character (a lone surrogate)") from None
        except (TypeError, ValueError, RecursionError):
            raise SealingError(f"{self.name} cannot be written as JSON") from None

    def decode(self, plain: bytes) -> Any:
        """The object."""
        return json.loads(plain)

    def formfield(self, **kwargs: Any) -> Any:
        """Django's JSON form field."""
        return super().formfield(**({"form_class": forms.JSONField} | kwargs))
