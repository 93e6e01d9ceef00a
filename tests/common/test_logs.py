"""Logs: an allow-list of fields, ids and codes only, one JSON object a line."""

import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.db import DatabaseError, connection
from django.test import Client

from common.logs import FIELDS, ContextFilter, JsonFormatter
from common.request_context import RequestContext, current

SECRET = "図面の持ち出し"


def line(
    name: str = "common.jobs.run", message: Any = "job failed", *args: Any, **extra: Any
) -> Any:
    """One line as it is written, read back."""
    error = extra.pop("error", None)
    record = logging.getLogger(name).makeRecord(
        name, logging.ERROR, __file__, 1, message, args, error, extra=extra
    )
    ContextFilter().filter(record)
    text = JsonFormatter().format(record)
    assert "\n" not in text
    return json.loads(text)


def test_only_fields_on_the_list_are_written() -> None:
    """Whatever else somebody adds is dropped."""
    written = line(job="1", kind="common.mail", body=SECRET, user=SECRET, email="a@example.com")
    assert set(written) == {"at", "level", "logger", "message", "request", "job", "kind"}
    assert set(FIELDS).isdisjoint(
        {"body", "text", "title", "name", "email", "address", "url", "path"}
    )


def test_arguments_are_not_filled_in() -> None:
    """A message's own words are fixed; what is put into them may be content."""
    written = line("django.request", "Not Found: %s", f"/search/?q={SECRET}")
    assert written["message"] == "Not Found: %s"
    assert SECRET not in json.dumps(written, ensure_ascii=False)


def test_an_exception_leaves_its_class_and_its_place() -> None:
    """Its text may repeat what a person typed: PostgreSQL quotes the row."""
    try:
        raise ValueError(SECRET)
    except ValueError:
        written = line(error=sys.exc_info())
    assert written["exception"] == "ValueError"
    assert written["where"][0].startswith("test_logs.py:")
    assert SECRET not in json.dumps(written, ensure_ascii=False)


def test_a_message_that_is_no_text_is_named_by_its_class() -> None:
    """`logger.error(error)` must not write the error's words."""
    assert line(message=ValueError(SECRET))["message"] == "ValueError"


def test_what_django_says_of_an_attack_is_not_repeated() -> None:
    """It has filled in what was sent, before the line reaches us."""
    for name in ("django.security.DisallowedHost", "django.security.SuspiciousFileOperation"):
        assert line(name, f"Invalid: {SECRET}")["message"] == "refused"
        assert line(name, f"Invalid: {SECRET}")["logger"] == name


def test_servers_may_say_what_they_do() -> None:
    """gunicorn and celery speak of processes and task ids; never with an exception's text."""
    assert line("gunicorn.error", "Booting worker %s", 7)["message"] == "Booting worker 7"
    assert line("celery.worker", "broken %s %s", 1)["message"] == "broken %s %s"
    assert len(line("kombu", "x" * 2_000 + "%s", 1)["message"]) == 500
    try:
        raise ValueError(SECRET)
    except ValueError:
        written = line("celery.app.trace", "Task %s raised %s", 1, SECRET, error=sys.exc_info())
    assert SECRET not in json.dumps(written, ensure_ascii=False)


def test_a_line_names_its_request() -> None:
    """So that lines of one request are found together, and in the audit log too."""
    token = current.set(RequestContext("r" * 32, ""))
    try:
        assert line()["request"] == "r" * 32
    finally:
        current.reset(token)
    assert line()["request"] == ""


def test_a_field_that_is_no_text_is_written_all_the_same() -> None:
    """A line that cannot be written would hide the fault it tells of."""
    assert line(job=object())["job"].startswith("<object")


@pytest.fixture
def written() -> Iterator[Callable[[], str]]:
    """What the configured handler writes while the test runs."""
    handler: Any = next(
        h for h in logging.getLogger().handlers if isinstance(h.formatter, JsonFormatter)
    )
    assert any(isinstance(found, ContextFilter) for found in handler.filters)
    stream = io.StringIO()
    before = handler.setStream(stream)
    yield stream.getvalue
    handler.setStream(before)


@pytest.mark.django_db
def test_a_broken_row_is_not_quoted(written: Any, client: Client, monkeypatch: Any) -> None:
    """The database names the offending value; the line does not."""

    def broken(*_args: Any, **_options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::int", [SECRET])

    monkeypatch.setattr("portal.views.pages.render", broken)
    client.raise_request_exception = False
    assert client.get("/help/?q=" + SECRET).status_code == 500
    text = written()
    assert "DataError" in text
    assert SECRET not in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "error", [SuspiciousFileOperation(SECRET), DatabaseError(SECRET), ValueError(SECRET)]
)
def test_no_line_of_a_request_repeats_what_was_sent(
    written: Any, client: Client, monkeypatch: Any, error: Exception
) -> None:
    """Nor does a wrong host."""

    def broken(*_args: Any, **_options: Any) -> None:
        raise error

    monkeypatch.setattr("portal.views.pages.render", broken)
    client.raise_request_exception = False
    client.get("/help/", {"q": SECRET})
    client.get("/", headers={"host": "geheim.example"})
    client.post("/accounts/login/", {"login": SECRET, "password": "geheim"})
    text = written()
    assert type(error).__name__ in text
    assert SECRET not in text
    assert "geheim" not in text


def test_our_own_lines_are_fixed_words() -> None:
    """No f-string, no filled-in text, only known fields: read from the sources."""
    import ast
    from pathlib import Path

    from django.conf import settings

    from common.apps import OURS

    wrong = []
    for app in OURS:
        for path in (Path(settings.BASE_DIR) / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not (
                    isinstance(node, ast.Call) and ast.unparse(node.func).startswith("logger.")
                ):
                    continue
                fixed = len(node.args) == 1 and isinstance(node.args[0], ast.Constant)
                extra = [k.value for k in node.keywords if k.arg == "extra"]
                known = all(
                    isinstance(found, ast.Dict)
                    and {getattr(key, "value", None) for key in found.keys} <= set(FIELDS)
                    for found in extra
                )
                if not (fixed and known):
                    wrong.append(f"{path.name}:{node.lineno}")
    assert wrong == []
