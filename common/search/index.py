"""Filling the index."""

from django.contrib.postgres.search import SearchVectorField
from django.db import connection, transaction
from django.db.models import Value
from django.db.models.functions import Cast

from common import jobs
from common.enums import JobKind
from common.search.lexemes import vector
from common.search.models import SearchEntry
from common.search.sources import sources


def changed(source: str) -> None:
    """Have a worker make the source's entries anew; called in the transaction of the change."""
    jobs.enqueue(JobKind.REINDEX, source)


def reindex(source: str) -> int:
    """Make all entries of a source anew; returns how many. Raises KeyError for an unknown one."""
    with transaction.atomic(), connection.cursor() as cursor:
        # One at a time: what the second reads is then at least as new as what the first wrote.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"search:{source}"])
        rows = [
            SearchEntry(
                source=source,
                key=entry.key,
                language=entry.language,
                title=entry.title[:300],
                body=entry.body,
                url=entry.url,
                vector=Cast(Value(vector(entry.title, entry.body)), SearchVectorField()),
            )
            for entry in sources[source].rows()
        ]
        SearchEntry.objects.filter(source=source).delete()
        SearchEntry.objects.bulk_create(rows, batch_size=200)
    return len(rows)


def reindex_all() -> int:
    """All sources."""
    return sum(reindex(name) for name in sources.names())
