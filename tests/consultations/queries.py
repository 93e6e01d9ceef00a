"""What a page asks of the database, in a form that can be read and compared."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

_TABLE = re.compile(r'(?:FROM|JOIN|INTO|UPDATE)\s+"([a-z_]+)"')


def told(sql: str) -> str:
    """The verb and the tables of a statement: no columns, so that a new field changes nothing."""
    verb = sql.split(maxsplit=1)[0].rstrip(";")
    tables = list(dict.fromkeys(_TABLE.findall(sql)))
    if verb == "SELECT" and sql.startswith("SELECT COUNT"):
        verb = "COUNT"
    return " ".join([verb, *tables])


#: What every request does before its page, and what only brackets it.
FRAME = {
    "SELECT django_session", "SELECT accounts_user", "SELECT usersessions_usersession",
    "UPDATE usersessions_usersession", "UPDATE django_session", "SAVEPOINT", "RELEASE",
}  # fmt: skip


@contextmanager
def asked() -> Iterator[list[str]]:
    """All statements of pages within, in order."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as queries:
        yield found
    found += [line for query in queries if (line := told(query["sql"])) not in FRAME]
