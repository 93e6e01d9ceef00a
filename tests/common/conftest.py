"""A kind of job for tests alone, and a second connection to the database."""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections

from common.jobs.handlers import Handler, handlers

KIND = "tests.work"


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Declares a kind whose work is the given function; gives its name."""

    def declare(work: Any = lambda subject, run: None, *, queue: str = "default") -> str:
        monkeypatch.setitem(import_module("common.jobs.handlers").kinds, KIND, "試験")
        monkeypatch.setitem(handlers._entries, KIND, Handler(work, queue))
        return KIND

    return declare


@pytest.fixture
def as_owner() -> Iterator[Callable[..., list[Any]]]:
    """Runs SQL as the owner of the tables, who can do what the application cannot."""
    other = connections.create_connection("default")
    wanted = {name: settings.DATABASE_OWNER[name] for name in ("USER", "PASSWORD", "OPTIONS")}
    other.settings_dict = connection.settings_dict | wanted

    def execute(sql: str, *parameters: Any) -> list[Any]:
        with other.cursor() as cursor:
            cursor.execute(sql, parameters or None)
            return cursor.fetchall() if cursor.description else []

    yield execute
    other.close()


@pytest.fixture
def elsewhere() -> Iterator[Callable[..., Any]]:
    """Reads one value over a connection of its own: only what was committed is seen."""
    other = connections.create_connection("default")
    other.settings_dict = connection.settings_dict
    other.inc_thread_sharing()

    def value(sql: str, *parameters: Any) -> Any:
        with other.cursor() as cursor:
            cursor.execute(sql, parameters)
            row = cursor.fetchone()
        return row[0] if row else None

    yield value
    other.close()
