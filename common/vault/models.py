"""Data keys, each wrapped under a key-encryption key, and what proves the keyring."""

import uuid
import weakref
from typing import Any, ClassVar

from django.db import connection, models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common.vault.blob import Blob
from common.vault.enums import DestroyReason
from common.vault.errors import KeyDestroyed, KeyringInvalid, UnknownKek, VaultRefused
from common.vault.keyring import KeyRing, ring
from common.vault.secret import Secret

#: Shared by those who make keys, exclusive for the end of a rotation ("vault" in ASCII).
ROTATION_LOCK = 0x7661756C74
SENTINEL = b"the portal's keyring"
_proved: "weakref.WeakSet[KeyRing]" = weakref.WeakSet()


class KekSentinel(models.Model):
    """A known text sealed under a key-encryption key: tells a wrong key of the right name."""

    kek_id = models.CharField(primary_key=True, max_length=40)
    sealed = models.BinaryField()

    objects: ClassVar[Any] = models.Manager()

    def __str__(self) -> str:
        return self.kek_id

    def opens_with(self, kek: Secret) -> bool:
        """Whether this is the key that sealed the sentinel."""
        try:
            return kek.decrypt(bytes(self.sealed), b"sentinel|" + self.kek_id.encode()) == SENTINEL
        except VaultRefused:
            return False

    @classmethod
    def prove(cls, rings: KeyRing) -> None:
        """Leave a sentinel of the active key, or check the one that stands.

        Once per ring and process. Raises KeyringInvalid, so that no data key is ever wrapped under
        a wrong key of the right name.
        """
        if rings in _proved:
            return
        name = rings.active_id
        sealed = rings.active.encrypt(SENTINEL, b"sentinel|" + name.encode())
        cls.objects.bulk_create([cls(kek_id=name, sealed=sealed)], ignore_conflicts=True)
        if not cls.objects.get(pk=name).opens_with(rings.active):
            raise KeyringInvalid(
                [f"{name} is another key than the one this database was made with."]
            )
        _proved.add(rings)


class DataKeyManager(models.Manager["DataKey"]):
    """Makes data keys."""

    def create_key(self) -> "DataKey":
        """A new random data key, wrapped under the active key. Raises KeyringInvalid."""
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [ROTATION_LOCK])
            rings = ring()
            KekSentinel.prove(rings)
            key = DataKey(kek_id=rings.active_id)
            secret = Secret.random()
            key.wrapped = rings.active.wrap(secret, key.bound(rings.active_id))
            key.save(force_insert=True)
            key._secret = secret
        return key


class DataKey(models.Model):
    """One 256-bit key, usually of one case. Destroying it makes all it sealed unreadable."""

    policy_resource = "data_key"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kek_id = models.CharField(max_length=40, db_index=True, editable=False)
    wrapped = models.BinaryField(null=True)
    created_at = models.DateTimeField(_("作成"), db_default=Now(), editable=False)
    destroyed_at = models.DateTimeField(_("破棄"), null=True, editable=False)
    destroyed_for = models.CharField(
        _("破棄の理由"), max_length=20, choices=DestroyReason.choices, blank=True, default=""
    )

    objects: ClassVar[DataKeyManager] = DataKeyManager()
    #: The unwrapped key, on this instance alone.
    _secret: Secret | None = None

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(wrapped__isnull=False, destroyed_at__isnull=True)
                | Q(wrapped__isnull=True, destroyed_at__isnull=False),
                name="data_key_wrapped_or_destroyed",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def __getstate__(self) -> dict[str, Any]:
        """Without the unwrapped key, so that no pickle, copy or cache holds it."""
        state: dict[str, Any] = super().__getstate__()
        state.pop("_secret", None)
        return state

    def bound(self, kek_id: str) -> bytes:
        """What the wrapping is bound to."""
        return b"datakey|" + str(self.pk).encode() + b"|" + kek_id.encode()

    def seal(self, context: bytes, plain: bytes) -> Blob:
        """Seal under this key, bound to the context. Raises KeyDestroyed, UnknownKek."""
        return Blob.pack(self.pk, self.secret().encrypt(plain, context))

    def open(self, context: bytes, blob: bytes) -> bytes:
        """The plain bytes. Raises VaultRefused for another key's, altered or misplaced ones."""
        key_id, encrypted = Blob(blob).unpack()
        if key_id != self.pk:
            raise VaultRefused("sealed under another key")
        return self.secret().decrypt(encrypted, context)

    def secret(self) -> Secret:
        """The key, kept on this instance. Raises KeyDestroyed, UnknownKek, VaultRefused."""
        if self._secret is None:
            try:
                self._secret = self._unwrap()
            except UnknownKek:
                # Another process may have re-wrapped the key since this row was read.
                self.refresh_from_db(fields=["kek_id", "wrapped", "destroyed_at"])
                self._secret = self._unwrap()
        return self._secret

    def _unwrap(self) -> Secret:
        if self.wrapped is None:
            raise KeyDestroyed("the data key was destroyed")
        return ring().key(self.kek_id).unwrap(bytes(self.wrapped), self.bound(self.kek_id))

    def rewrap(self, rings: KeyRing) -> None:
        """Wrap under the ring's active key; the caller holds the row's lock and saves."""
        secret = rings.key(self.kek_id).unwrap(bytes(self.wrapped or b""), self.bound(self.kek_id))
        self.wrapped = rings.active.wrap(secret, self.bound(rings.active_id))
        self.kek_id = rings.active_id

    def destroy(self, reason: DestroyReason) -> None:
        """Forget the key. Idempotent; nothing brings it back.

        A backup still holds the wrapped key: it is out of reach there once the key-encryption key
        of that time has been rotated out and its copies are gone (`manage.py rotate_keyring`).
        """
        type(self).objects.filter(pk=self.pk, wrapped__isnull=False).update(
            wrapped=None, destroyed_at=Now(), destroyed_for=reason
        )
        self._secret = None
        self.refresh_from_db()
