"""The parent's side: hands HTML to a child process through a pipe, and ends it where it must."""

import base64
import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from common.pdf.errors import PdfFailed, PdfRefused, PdfTooLarge
from common.pdf.limits import HTML_CHARACTERS, Limits

#: All that the child learns of the environment: where fonts and their caches are.
PASSED_ON = (
    "PATH", "HOME", "LANG", "FONTCONFIG_PATH", "FONTCONFIG_FILE", "XDG_CACHE_HOME",
    "DYLD_FALLBACK_LIBRARY_PATH",
)  # fmt: skip
#: What the child's exit codes mean; a signal gives a negative one.
CODES: dict[int, PdfFailed] = {
    2: PdfRefused("address"),
    3: PdfTooLarge("memory"),
    4: PdfTooLarge("recursion"),
    5: PdfFailed("render"),
    7: PdfTooLarge("bytes"),
    -signal.SIGXCPU: PdfTooLarge("time"),
    -signal.SIGKILL: PdfTooLarge("killed"),
}


@dataclass(frozen=True)
class Attachment:
    """A file inside the PDF, as data that belongs to it (AFRelationship Data)."""

    name: str
    content: bytes
    mime: str
    description: str


def render_pdf(
    template: str,
    context: dict[str, Any],
    *,
    title: str,
    identifier: bytes,
    made_at: datetime,
    language: str = "ja",
    attachments: tuple[Attachment, ...] = (),
) -> bytes:
    """The unsealed PDF. The same input gives the same pages; nothing is written to disk.

    Raises PdfTooLarge where time, memory or length is exceeded, PdfFailed for everything else.
    """
    with translation.override(language):
        html = render_to_string(template, {**context, "language": language, "title": title})
    if len(html) > HTML_CHARACTERS:
        raise PdfTooLarge("length")
    order = {
        "html": html,
        "css": stylesheet(),
        "identifier": identifier.hex(),
        "made_at": made_at.isoformat(),
        "attachments": [
            {
                "name": a.name,
                "mime": a.mime,
                "description": a.description,
                "content": base64.b64encode(a.content).decode(),
            }
            for a in attachments
        ],
    }
    return in_child(json.dumps(order).encode())


def stylesheet() -> str:
    """The one style of all documents."""
    return Path(settings.BASE_DIR, "static", "pdf", "document.css").read_text(encoding="utf-8")


def in_child(order: bytes, *, limits: Limits = Limits()) -> bytes:  # noqa: B008 - frozen
    """Run the child on an order. Raises PdfRefused, PdfTooLarge, PdfFailed."""
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    with subprocess.Popen(  # noqa: S603 - fixed command, nothing of the document in it
        [sys.executable, "-m", "common.pdf.child", str(os.getpid()), *limits.as_arguments()],
        cwd=settings.BASE_DIR,
        env=environment | {"PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as child:
        try:
            pdf, _errors = child.communicate(order, timeout=limits.wall_seconds)
        except subprocess.TimeoutExpired:
            raise PdfTooLarge("time") from None
        finally:
            end(child)
    if child.returncode == 0 and pdf.startswith(b"%PDF-"):
        return pdf
    found = CODES.get(child.returncode, PdfFailed("crashed"))
    raise type(found)(found.code)


def end(child: "subprocess.Popen[bytes]") -> None:
    """Kill the child and whatever it started."""
    if child.returncode is None:
        # Its number is still its own: it has not been waited for.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
