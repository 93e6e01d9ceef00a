"""How uploaded files arrive: never under a name on disk, never more of them than is allowed."""

import tempfile
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http.multipartparser import MultiPartParser

from common.uploads.limits import FILE_BYTES, MEGABYTE


class SpoolingUploadHandler(FileUploadHandler):
    """Keeps up to 1 MB in memory and the rest in a file without a name.

    Django's own temporary files stay behind, in plain, where the process is killed; these cannot.
    Bytes beyond the limit are counted, not kept: the size alone has the file refused.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self.file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=MEGABYTE)  # noqa: SIM115

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece that lies within the limit."""
        if start + len(raw_data) <= FILE_BYTES:
            self.file.write(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[bytes]":
        """The file, rewound."""
        self.file.seek(0)
        return UploadedFile(
            file=self.file,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )

    def upload_interrupted(self) -> None:
        """Let go of what has come so far."""
        if hasattr(self, "file"):
            self.file.close()


class SpaceKeepingParser(MultiPartParser):
    """Django drops the ideographic space from file names; 「見積　最終.pdf」 keeps a plain one."""

    def sanitize_file_name(self, file_name: str) -> str | None:
        """The last part of a path, as Django's."""
        return super().sanitize_file_name(file_name.replace("\u3000", " "))


def keep_spaces_in_file_names() -> None:
    """Have requests parsed by SpaceKeepingParser; called once, when the apps are ready."""
    from django.http import request

    request.MultiPartParser = SpaceKeepingParser  # type: ignore[attr-defined]
