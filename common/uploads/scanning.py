"""Scanning stored files, and the one rule of which of them may be served."""

from typing import Any

from django.conf import settings
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common.uploads.clamd import Verdict, has_scanner, scan
from common.uploads.enums import ScanDetail, ScanState
from common.uploads.errors import FileLost
from common.uploads.models import StoredFile
from common.uploads.storing import read_proved
from common.vault import VaultError


class PieceReader:
    """read(n) over an iterator of pieces."""

    def __init__(self, pieces: Any) -> None:
        self._pieces = pieces
        self._rest = b""

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes; nothing at the end."""
        if not self._rest:
            self._rest = next(self._pieces, b"")
        end = len(self._rest) if size < 0 else size
        part, self._rest = self._rest[:end], self._rest[end:]
        return part


def scan_sealed(row: StoredFile) -> Verdict:
    """Scan a stored file and keep the verdict in its row; a verdict that stands is not asked again.

    Where `is_final` is false, try again later. A file that cannot be opened is in error.
    """
    stands = type(row).objects.get(pk=row.pk)
    if stands.scan_state in (ScanState.CLEAN, ScanState.INFECTED):
        return Verdict(ScanState(stands.scan_state), stands.scan_detail)
    try:
        verdict = (
            scan(PieceReader(read_proved(row))) if has_scanner() else scan(PieceReader(iter(())))
        )
    except (FileLost, VaultError):
        verdict = Verdict(ScanState.ERROR, ScanDetail.UNREADABLE)
    type(row).objects.filter(pk=row.pk).exclude(
        scan_state__in=(ScanState.CLEAN, ScanState.INFECTED)
    ).update(
        scan_state=verdict.state,
        scan_detail=verdict.detail,
        scanned_at=Now() if verdict.is_final else None,
    )
    row.refresh_from_db(fields=["scan_state", "scan_detail", "scanned_at"])
    return verdict


def may_serve(file: StoredFile) -> bool:
    """Whether people may download the file: clean ones.

    Outside production and without a scanner also unscanned ones, which say 未検査.
    """
    return file.scan_state == ScanState.CLEAN or is_unscanned(file)


def is_unscanned(file: StoredFile) -> bool:
    """Whether the file is served although nobody scanned it."""
    return (
        file.scan_state == ScanState.PENDING
        and settings.PORTAL_ENV != "production"
        and not has_scanner()
    )


def scan_label(file: StoredFile) -> str:
    """What to show beside the file's name."""
    if file.scan_state == ScanState.PENDING and not has_scanner():
        return str(_("未検査"))
    return str(ScanState(file.scan_state).label)
