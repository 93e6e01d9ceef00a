"""How much one case may hold in files."""

from collections.abc import Iterable

from django.db.models import Sum

from common.uploads.errors import UploadRefused
from common.uploads.inspection import Inspected
from common.uploads.limits import MEGABYTE, TOGETHER_BYTES
from common.uploads.models import StoredFileQuerySet


def check_room(files: StoredFileQuerySet, added: Iterable[Inspected]) -> None:
    """Raises UploadRefused("quota") where the files that stand leave no room for the new ones.

    Called with the owner's row locked, so that two uploads at once cannot both find room.
    """
    stands: int = files.aggregate(bytes=Sum("size"))["bytes"] or 0
    new = sum(file.size for file in added)
    if new and stands + new > TOGETHER_BYTES:
        raise UploadRefused("quota", limit=TOGETHER_BYTES // MEGABYTE)
