"""What the vault raises. None of these messages holds plain text or key material."""


class VaultError(Exception):
    """Base of everything the vault raises."""


class KeyringInvalid(VaultError):
    """The keyring file is missing, readable by others, malformed or does not fit the database.

    `problems` names all of them at once, each with what to do.
    """

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("Wrong keyring:\n" + "\n".join(f"  - {line}" for line in problems))


class UnknownKek(VaultError):
    """A data key is wrapped under a key-encryption key that the keyring does not hold."""


class VaultRefused(VaultError):
    """A sealed value does not belong where it was found, or was altered or cut off."""


class KeyDestroyed(VaultError):
    """The data key was destroyed on purpose; what it sealed can never be read again."""


class SealingError(VaultError, ValueError):
    """A value cannot be sealed as asked: lone surrogates, too long, a half-written version."""
