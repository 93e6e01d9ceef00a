"""How files arrive: in memory or in files without a name, bounded, whatever browsers do."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import TooManyFilesSent
from django.core.files.uploadhandler import StopUpload
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils.datastructures import MultiValueDictKeyError

from common.uploads.handlers import SpoolingUploadHandler
from common.uploads.limits import FILE_BYTES

LINE = "x" * 30


def sent(body: bytes) -> HttpRequest:
    """A post of parts, as they are on the wire."""
    kind = f"multipart/form-data; boundary={LINE}"
    return RequestFactory().generic("POST", "/", body, content_type=kind)


def part(head: str, content: bytes = b"x") -> bytes:
    """One part."""
    return f"--{LINE}\r\n{head}\r\n\r\n".encode() + content + b"\r\n"


def file_part(name: str, content: bytes = b"x", head: str = "") -> bytes:
    """One file, under a name that the browser gives."""
    disposition = f'Content-Disposition: form-data; name="file"; filename="{name}"'
    return part(disposition + head, content)


END = f"--{LINE}--\r\n".encode()


def test_uploads_go_through_our_handler(settings: Any) -> None:
    """And no other: Django's own would write whole files under a name."""
    assert settings.FILE_UPLOAD_HANDLERS == ["common.uploads.handlers.SpoolingUploadHandler"]


@pytest.mark.parametrize("size", [1, 2_000_000])
def test_no_file_has_a_name_on_the_disk(size: int, tmp_path: Path, monkeypatch: Any) -> None:
    """So a killed process leaves none behind."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    request = sent(file_part("図面.txt", b"a" * size) + END)
    file = request.FILES["file"]
    assert list(tmp_path.iterdir()) == []
    assert (file.name, file.size, file.read()) == ("図面.txt", size, b"a" * size)


def test_bytes_beyond_the_limit_are_counted_and_not_kept() -> None:
    """The size alone has the file refused."""
    handler = SpoolingUploadHandler()
    handler.new_file("file", "a.txt", "text/plain", None)
    for place in range(0, FILE_BYTES + 3_000_000, 1_000_000):
        handler.receive_data_chunk(b"a" * 1_000_000, place)
    file = handler.file_complete(FILE_BYTES + 3_000_000)
    assert file.size == FILE_BYTES + 3_000_000
    kept = len(file.read())
    assert FILE_BYTES - 1_000_000 < kept <= FILE_BYTES


def test_an_interrupted_upload_is_let_go() -> None:
    """Before and after it has begun."""
    handler = SpoolingUploadHandler()
    handler.upload_interrupted()
    handler.new_file("file", "a.txt", "text/plain", None)
    handler.upload_interrupted()
    assert handler.file.closed


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("見積　最終.pdf", "見積 最終.pdf"), ("C:\\fakepath\\図面.pdf", "図面.pdf"),
     ("../../x.pdf", "x.pdf"), ("a&quot;b.pdf", 'a"b.pdf')],
)  # fmt: skip
def test_a_name_keeps_its_spaces_and_loses_its_path(typed: str, kept: str) -> None:
    """Django drops the ideographic space."""
    assert sent(file_part(typed) + END).FILES["file"].name == kept


@pytest.mark.parametrize(
    "body",
    [
        b"", b"junk", END, file_part("a.pdf")[:-20], part("Content-Disposition: form-data"),
        part('Content-Disposition: form-data; name="file"; filename=""') + END,
        part('Content-Disposition: form-data; name="file"; filename=".."') + END,
        file_part("a.pdf", b"x", "\r\nContent-Type: \xff") + END,
        file_part("a.pdf", b"x" * 100)[:60],
    ],
)  # fmt: skip
def test_broken_posts_are_no_files_and_no_errors(body: bytes) -> None:
    """A connection that breaks off, a program that writes nonsense."""
    request = sent(body)
    with pytest.raises(MultiValueDictKeyError):
        request.FILES["missing"]
    for file in request.FILES.values():
        file.read()


def test_the_number_of_files_is_bounded() -> None:
    """Ten in one post."""
    assert len(sent(file_part("a.pdf") * 10 + END).FILES.getlist("file")) == 10
    with pytest.raises(TooManyFilesSent):
        sent(file_part("a.pdf") * 11 + END).FILES  # noqa: B018 - reading them is the test


def test_a_handler_of_ours_stops_nothing_by_itself() -> None:
    """A refusal is a message at the field, never a connection that is cut."""
    assert not issubclass(SpoolingUploadHandler, StopUpload)
