"""Copies of a database: one for each benchmark, so that none sees another's rows."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db.utils import ConnectionHandler


def as_owner(statement: str, database: str | None = None) -> None:
    """Run a statement outside any transaction as the role that owns tables and databases."""
    target: dict[str, Any] = dict(settings.DATABASE_OWNER or settings.DATABASES["default"])
    target["NAME"] = database or target["NAME"]
    link = ConnectionHandler({"default": target})["default"]
    try:
        with link.cursor() as cursor:
            cursor.execute(statement)
    finally:
        link.close()


@contextmanager
def copied(name: str) -> Iterator[dict[str, str]]:
    """Copy the database this process was given; yields the environment of a process that uses it.

    Nobody may be connected to it at that moment.
    """
    template = settings.DATABASES["default"]["NAME"]
    copy = f"bench_{os.getpid()}_{name.replace('.', '_')}"[:60]
    as_owner(f'CREATE DATABASE "{copy}" TEMPLATE "{template}"', "postgres")
    try:
        yield dict(os.environ) | {
            name: _renamed(os.environ[name], copy)
            for name in ("DATABASE_URL", "DATABASE_OWNER_URL")
        }
    finally:
        as_owner(f'DROP DATABASE "{copy}" WITH (FORCE)', "postgres")


def _renamed(url: str, database: str) -> str:
    """The same server and role, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))
