"""Moves every data key under the keyring's first key; the portal may run meanwhile."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.vault.errors import VaultError
from common.vault.keyring import ring
from common.vault.rotation import BATCH, remaining, rotate


class Command(BaseCommand):
    """Re-wraps data keys in small transactions; broken off, it goes on where it stopped."""

    help = (
        "Re-wraps all data keys under the first key of the keyring. 1. Put the new key second and "
        "bring the file to every machine. 2. Put it first, everywhere. 3. Run this. 4. Remove the "
        "old line, everywhere; keep the old key offline as long as backups from its time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """How many keys one transaction takes."""
        parser.add_argument("--batch", type=int, default=BATCH, help="keys per transaction")

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate, saying how far it is."""
        try:
            active, total, done = ring().active_id, remaining(), 0
            for count in rotate(batch=max(1, options["batch"])):
                done += count
                self.stdout.write(f"{done} of {max(total, done)} data keys")
        except VaultError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"All data keys are under {active}; the other lines may be removed.")
