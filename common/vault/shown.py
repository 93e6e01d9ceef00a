"""Sealed text for lists, which must not fail as a whole because one row was damaged."""

import logging

from django.utils.translation import gettext as _

from common.vault.errors import VaultError
from common.vault.sealed import SealedModel

logger = logging.getLogger(__name__)


def readable(row: SealedModel, name: str) -> str:
    """The text, or words in its place where it cannot be opened; what was refused is logged by its kind."""
    try:
        return str(getattr(row, name))
    except VaultError as error:
        kind = f"{row._meta.label_lower}.{name}"
        logger.error("sealed text refused", extra={"kind": kind, "code": type(error).__name__})
        return _("（開けません。壊れているか、書き換えられています）")
