"""One Japanese search for all sources, on plain PostgreSQL."""

from common.search.folding import fold
from common.search.index import changed, reindex, reindex_all
from common.search.models import SearchEntry
from common.search.query import Hit, find
from common.search.sources import Entry, SearchSource, register, sources

__all__ = [
    "Entry",
    "Hit",
    "SearchEntry",
    "SearchSource",
    "changed",
    "find",
    "fold",
    "register",
    "reindex",
    "reindex_all",
    "sources",
]
