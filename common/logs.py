"""Log lines as JSON from an allow-list of fields; never a request body, never an exception's text."""

import json
import logging
import traceback
from datetime import UTC, datetime

from common.request_context import current

#: Extra fields that may appear; ids, codes and counts only.
FIELDS = (
    "view",
    "job",
    "kind",
    "attempt",
    "code",
    "queue",
    "status_code",
    "count",
    "mail",
    "seconds",
)


class ContextFilter(logging.Filter):
    """Adds the request's id."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current.get().request_id
        return True


class JsonFormatter(logging.Formatter):
    """One JSON object a line.

    An exception's message can repeat what a person typed (PostgreSQL quotes the offending row), so
    only its class and the places in our code are written.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
            "request": getattr(record, "request_id", ""),
        }
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        line |= _arguments(record)
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])[-8:]
            line["where"] = [f"{f.filename.rsplit('/', 2)[-1]}:{f.lineno} {f.name}" for f in frames]
        return json.dumps(line, ensure_ascii=False, default=str)


def _message(record: logging.LogRecord) -> str:
    """The fixed words of a line, before any argument is filled in."""
    if record.name.startswith("django.security"):
        # Here Django fills in what was sent, host and file names among it, by itself.
        return "refused"
    if record.name.startswith("gunicorn") and str(record.msg).startswith("Invalid request"):
        # A line that is no HTTP may be a piece of what somebody wrote.
        return "invalid request"
    return record.msg if isinstance(record.msg, str) else type(record.msg).__name__


def _arguments(record: logging.LogRecord) -> dict[str, object]:
    """Arguments of messages by the servers we run are harmless; those of Django's may be content."""
    ours = record.name.startswith(("gunicorn", "celery", "kombu"))
    if ours and record.args and not record.exc_info:
        try:
            return {"message": record.getMessage()[:500]}
        except (TypeError, ValueError):
            return {}
    return {}
