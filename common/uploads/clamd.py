"""Asking clamd about a file (INSTREAM), over TCP or a Unix socket."""

import re
import socket
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.conf import settings

from common.uploads.enums import ScanDetail, ScanState
from common.vault.stream import Readable

CONNECT_SECONDS = 5.0
READ_SECONDS = 30.0
CHUNK_BYTES = 64 * 1024


@dataclass(frozen=True)
class Verdict:
    """What is known of a file now. Whatever is not clearly clean is not clean."""

    state: ScanState
    detail: str = ScanDetail.NONE

    @property
    def is_final(self) -> bool:
        """Whether another attempt would tell nothing new."""
        return self.state is not ScanState.PENDING


def has_scanner() -> bool:
    """Whether a scanner is configured."""
    return urlsplit(settings.CLAMD_URL).scheme != "none"


def scan(file: Readable) -> Verdict:
    """Have the file scanned. A scanner that is away, slow or refuses is a verdict, no exception."""
    if not has_scanner():
        return Verdict(ScanState.PENDING, ScanDetail.NO_SCANNER)
    try:
        with _connect() as connection:
            connection.settimeout(READ_SECONDS)
            return _judge(_ask(connection, file))
    except TimeoutError:
        return Verdict(ScanState.PENDING, ScanDetail.TIMEOUT)
    except OSError:
        return Verdict(ScanState.PENDING, ScanDetail.UNREACHABLE)


def _connect() -> socket.socket:
    """A connection to CLAMD_URL. Raises OSError."""
    url = urlsplit(settings.CLAMD_URL)
    if url.scheme == "unix":
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(CONNECT_SECONDS)
        try:
            connection.connect(unquote(url.path))
        except OSError:
            connection.close()
            raise
        return connection
    return socket.create_connection((url.hostname or "", url.port or 3310), CONNECT_SECONDS)


def _ask(connection: socket.socket, file: Readable) -> bytes:
    """Send the file, give back the answer. A scanner that hangs up early may have said why."""
    try:
        connection.sendall(b"zINSTREAM\0")
        while chunk := file.read(CHUNK_BYTES):
            connection.sendall(len(chunk).to_bytes(4, "big") + chunk)
        connection.sendall(bytes(4))
    except ConnectionError:
        answer = _receive(connection)
        if not answer:
            raise
        return answer
    return _receive(connection)


def _receive(connection: socket.socket) -> bytes:
    """Everything up to the closing NUL."""
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < 4096:
        part = connection.recv(4096)
        if not part:
            break
        answer += part
    return answer.rstrip(b"\0")


def _judge(answer: bytes) -> Verdict:
    """Clean only for the one answer that says so."""
    if answer == b"stream: OK":
        return Verdict(ScanState.CLEAN)
    found = re.fullmatch(rb"stream: (.+) FOUND", answer)
    if found:
        # Limits that were exceeded come as a finding, but the rest of the file was not looked at.
        if found[1].startswith(b"Heuristics.Limits.Exceeded"):
            return Verdict(ScanState.ERROR, ScanDetail.TOO_LARGE)
        name = re.sub(r"[^\w.\-]", "_", found[1].decode("ascii", "replace"), flags=re.ASCII)
        return Verdict(ScanState.INFECTED, name[:60])
    if b"size limit exceeded" in answer:
        return Verdict(ScanState.ERROR, ScanDetail.TOO_LARGE)
    if not answer:
        return Verdict(ScanState.PENDING, ScanDetail.UNREACHABLE)
    return Verdict(ScanState.ERROR, ScanDetail.REFUSED)
