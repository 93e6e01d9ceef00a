"""Moving every data key under the active key-encryption key, while the portal runs."""

import time
from collections.abc import Iterator

from django.db import connection, transaction

from common.vault.errors import VaultError
from common.vault.keyring import ring
from common.vault.models import ROTATION_LOCK, DataKey, KekSentinel

BATCH = 100


class RotationBusy(VaultError):
    """Other transactions held keys or the lock all the time; nothing is lost, run it again."""


def rotate(*, batch: int = BATCH, patience: float = 60.0) -> Iterator[int]:
    """Re-wrap all data keys, giving the number done after each small transaction.

    May be broken off and run again. Ends only when no key is wrapped under another key and no
    running transaction can still make one; then the other keys' sentinels are gone, and their
    lines may leave the file. Raises UnknownKek, VaultRefused, RotationBusy (after `patience`
    seconds without progress).
    """
    KekSentinel.prove(ring())
    deadline = time.monotonic() + patience
    while True:
        done = _rewrap_some(batch)
        if done:
            deadline = time.monotonic() + patience
            yield done
        elif _finish():
            return
        elif time.monotonic() > deadline:
            raise RotationBusy("data keys are held by other transactions; run it again")
        else:
            time.sleep(0.1)


def remaining() -> int:
    """Data keys not yet under the active key."""
    return DataKey.objects.filter(wrapped__isnull=False).exclude(kek_id=ring().active_id).count()


def _rewrap_some(batch: int) -> int:
    """One small transaction; keys that others hold are left for the next round."""
    with transaction.atomic():
        rings = ring()
        keys = list(
            DataKey.objects.select_for_update(skip_locked=True, no_key=True)
            .filter(wrapped__isnull=False)
            .exclude(kek_id=rings.active_id)
            .order_by("pk")[:batch]
        )
        for key in keys:
            key.rewrap(rings)
            key.save(update_fields=["kek_id", "wrapped"])
    return len(keys)


def _finish() -> bool:
    """Whether nothing is left: no row, and nobody in the middle of making one."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ROTATION_LOCK])
            (alone,) = cursor.fetchone() or (False,)
        if not alone or remaining():
            return False
        KekSentinel.objects.exclude(pk=ring().active_id).delete()
    return True
