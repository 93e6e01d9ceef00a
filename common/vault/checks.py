"""System checks: the keyring file, and the keyring against the database."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import OperationalError

from common.vault.errors import KeyringInvalid
from common.vault.keyring import load
from common.vault.startup import check_ring


@checks.register("vault")
def check_file(**_options: Any) -> list[checks.CheckMessage]:
    """The file is there, closed to others, and every line is a key."""
    path = Path(settings.KEYRING_FILE)
    production = settings.PORTAL_ENV == "production"
    if not path.exists() and not production:
        hint = "`make run` makes one; data cannot be sealed until then."
        return [checks.Warning(f"{path} does not exist.", hint=hint, id="vault.W001")]
    try:
        load(path, strict=production)
    except KeyringInvalid as error:
        return [checks.Error(problem, id="vault.E001") for problem in error.problems]
    return []


@checks.register(checks.Tags.database)
def check_database(
    databases: Sequence[str] | None = None, **_options: Any
) -> list[checks.CheckMessage]:
    """The keyring opens what the database holds (`check --database default`)."""
    if not databases or not Path(settings.KEYRING_FILE).exists():
        return []
    try:
        check_ring()
    except KeyringInvalid as error:
        return [checks.Error(problem, id="vault.E002") for problem in error.problems]
    except OperationalError:
        return [checks.Error("The database cannot be reached.", id="vault.E003")]
    return []
