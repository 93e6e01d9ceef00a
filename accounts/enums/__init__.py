"""Fixed words of the accounts: audit verbs, trades, sizes, places."""

from accounts.enums.audit import AuditKind
from accounts.enums.firms import Industry, SizeBand
from accounts.enums.places import Country, Prefecture

__all__ = ["AuditKind", "Country", "Industry", "Prefecture", "SizeBand"]
