"""Finds stored files that are lost, damaged or without a row."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.uploads.errors import FileLost
from common.uploads.storing import columns, orphans, prove_at, storage
from common.vault import KeyDestroyed, VaultError


class Command(BaseCommand):
    """Opens every stored file to its end."""

    help = "Checks that every stored file is there and opens. Ends with code 1 where one is not."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do with files that no row names."""
        parser.add_argument(
            "--remove-orphans",
            action="store_true",
            help="delete files that no row names; not while a backup is being restored",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check all tables, then the storage."""
        whole = destroyed = 0
        bad: list[str] = []
        for model, path, size in columns():
            for row in model.objects.exclude(**{path: ""}).order_by("pk").iterator(200):
                try:
                    prove_at(getattr(row, path), row, getattr(row, size))
                    whole += 1
                except KeyDestroyed:
                    destroyed += 1
                except (FileLost, VaultError) as error:
                    bad.append(f"{model._meta.label} {row.pk}: {error}")
        for line in bad:
            self.stderr.write(line)
        self._tell_orphans(remove=options["remove_orphans"])
        self.stdout.write(f"{whole} files whole, {destroyed} destroyed on purpose, {len(bad)} bad")
        if bad:
            raise CommandError("stored files are lost or damaged: restore them from a backup")

    def _tell_orphans(self, *, remove: bool) -> None:
        """Name files without a row; they come from uploads that were broken off."""
        for path in list(orphans()):
            if remove:
                storage().delete(path)
            self.stdout.write(f"{'removed' if remove else 'no row names'} {path}")
