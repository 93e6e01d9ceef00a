"""The vault: envelope encryption of what firms confide, under keys held outside the database."""

from common.vault import checks as checks
from common.vault.blob import Blob
from common.vault.enums import DestroyReason
from common.vault.errors import (
    KeyDestroyed,
    KeyringInvalid,
    SealingError,
    UnknownKek,
    VaultError,
    VaultRefused,
)
from common.vault.fields import SealedJSONField, SealedTextField
from common.vault.models import DataKey
from common.vault.sealed import SealedModel, SealedQuerySet
from common.vault.services import destroy_key
from common.vault.shown import readable
from common.vault.startup import check_ring, verify_at_start
from common.vault.stream import open_stream, seal_stream, sealed_size

__all__ = [
    "Blob",
    "DataKey",
    "DestroyReason",
    "KeyDestroyed",
    "KeyringInvalid",
    "SealedJSONField",
    "SealedModel",
    "SealedQuerySet",
    "SealedTextField",
    "SealingError",
    "UnknownKek",
    "VaultError",
    "VaultRefused",
    "check_ring",
    "destroy_key",
    "open_stream",
    "readable",
    "seal_stream",
    "sealed_size",
    "verify_at_start",
]
