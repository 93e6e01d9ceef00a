"""The answer that carries a file: to be saved, never shown, never kept by caches."""

from collections.abc import Iterator
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.http import StreamingHttpResponse

from common.uploads.models import StoredFile
from common.uploads.scanning import may_serve

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Accept-Ranges": "none",
}


def response(file: StoredFile, plain: Iterator[bytes]) -> StreamingHttpResponse:
    """A download of the file. Raises PermissionDenied for one that may not be served.

    `plain` is best `read_proved(file)`, so that a damaged file raises before the answer begins.
    """
    if not may_serve(file):
        raise PermissionDenied
    answer = StreamingHttpResponse(plain, content_type=file.content_type)
    answer.headers["Content-Length"] = str(file.size)
    answer.headers["Content-Disposition"] = disposition(file.name)
    for name, value in HEADERS.items():
        answer.headers[name] = value
    return answer


def disposition(name: str) -> str:
    """`attachment` with the name for every browser (RFC 6266) and a plain one for old ones."""
    extension = name.rpartition(".")[2]
    plain = name if name.isascii() and not set(name) & set('"\\%;') else f"file.{extension}"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
