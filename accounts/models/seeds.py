"""Seeds of second factors, sealed under their owner's data key and bound to the owner.

The sign-in package calls its encryption hooks without saying whose seed it is. So each stored seed
is wrapped, as its row is loaded, in a string that knows the row's owner (`accounts.receivers`).
"""

import base64
import binascii

from accounts.models.users import User
from common.vault import VaultRefused


class OwnedSeed(str):
    """A stored seed that knows whose row it was read from."""

    __slots__ = ("owner_id",)
    owner_id: object

    @classmethod
    def of(cls, stored: str, owner_id: object) -> "OwnedSeed":
        """The same text, with its owner."""
        seed = cls(stored)
        seed.owner_id = owner_id
        return seed


def _context(owner_id: object) -> bytes:
    """What a seed is bound to."""
    return f"mfa_authenticator|data|{owner_id}".encode()


def seal_seed(owner: User, plain: str) -> str:
    """The seed as it is stored. Raises KeyDestroyed."""
    blob = owner.vault_key.seal(_context(owner.pk), plain.encode("ascii"))
    return base64.b64encode(blob).decode("ascii")


def open_seed(stored: str) -> str:
    """The plain seed. Raises VaultError where it is altered or stands in another person's row."""
    owner_id = getattr(stored, "owner_id", None)
    owner = User.objects.select_related("vault_key").filter(pk=owner_id).first()
    if owner is None:
        raise VaultRefused("a seed without an owner")
    try:
        blob = base64.b64decode(stored, validate=True)
    except binascii.Error:
        raise VaultRefused("not a sealed seed") from None
    seed: bytes = owner.vault_key.open(_context(owner.pk), blob)
    return seed.decode("ascii")
