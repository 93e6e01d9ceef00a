"""Proof that the keyring opens what the database holds; without it the portal does not start."""

import logging
import sys
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, connection

from common.vault.errors import KeyringInvalid, VaultError
from common.vault.keyring import KeyRing, load
from common.vault.models import DataKey, KekSentinel

logger = logging.getLogger(__name__)
#: Gunicorn's "this worker cannot boot": with any other code it would start workers for ever.
EXIT_CODE = 3


def check_ring() -> None:
    """Open the sentinel and a sample of data keys of every key-encryption key in use.

    Raises KeyringInvalid naming all problems. A database without the tables is in order.
    """
    rings = load(Path(settings.KEYRING_FILE), strict=settings.PORTAL_ENV == "production")
    if KekSentinel._meta.db_table not in connection.introspection.table_names():
        return
    KekSentinel.prove(rings)
    problems = [problem for kek_id in _in_use() if (problem := _problem(rings, kek_id))]
    if problems:
        raise KeyringInvalid(problems)


def verify_at_start() -> None:
    """End the process with a plain sentence where the keyring is wrong (SystemExit, code 3).

    A database that is away is no reason: `DataKey` proves the keyring again before it wraps.
    """
    try:
        check_ring()
    except KeyringInvalid as error:
        print(error, file=sys.stderr, flush=True)  # noqa: T201 - read by whoever starts the portal
        raise SystemExit(EXIT_CODE) from error
    except OperationalError:
        logger.warning("the database is away; the keyring could not be proved against it")


def _in_use() -> list[str]:
    """Names under which data keys are wrapped, or a sentinel stands."""
    wrapped = DataKey.objects.filter(wrapped__isnull=False).order_by().values("kek_id").distinct()
    names = {row["kek_id"] for row in wrapped}
    return sorted(names | set(KekSentinel.objects.values_list("kek_id", flat=True)))


def _problem(rings: KeyRing, kek_id: str) -> str | None:
    """What is wrong with one key-encryption key, if anything."""
    keys = DataKey.objects.filter(kek_id=kek_id, wrapped__isnull=False)
    if kek_id not in rings.keys:
        return (
            f"{kek_id} is missing, and {keys.count()} data keys are wrapped under it: put its line "
            "back after the first, then run `manage.py rotate_keyring`."
        )
    sentinel = KekSentinel.objects.filter(pk=kek_id).first()
    if sentinel is not None and not sentinel.opens_with(rings.keys[kek_id]):
        return f"{kek_id} is another key than the one this database was made with."
    for key in [*keys.order_by("created_at", "id")[:1], *keys.order_by("-created_at", "-id")[:1]]:
        try:
            rings.keys[kek_id].unwrap(bytes(key.wrapped or b""), key.bound(kek_id))
        except VaultError:
            return f"{kek_id} does not open data key {key.pk}."
    return None
