"""A virus scanner for tests: speaks INSTREAM as clamd does, and answers as it is told."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

#: Reads everything and never answers; hangs up in the middle with an answer, or without one.
FROZEN = b"frozen"


@dataclass
class Scanner:
    """Where it listens, and what it was sent."""

    url: str = ""
    received: list[bytes] = field(default_factory=list)


@contextmanager
def scanner(
    answer: bytes, *, limit: int | None = None, path: Path | None = None
) -> Iterator[Scanner]:
    """Runs one; over `limit` bytes it answers at once and hangs up, like clamd's StreamMaxLength."""
    if path is not None:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(path))
        listener.listen()
        made = Scanner(f"unix:{path}")
    else:
        listener = socket.create_server(("127.0.0.1", 0))
        made = Scanner(f"tcp://127.0.0.1:{listener.getsockname()[1]}")
    with listener:
        stop = threading.Event()

        def accept() -> None:
            while True:
                try:
                    connection, _address = listener.accept()
                except OSError:
                    return
                threading.Thread(
                    target=_serve, args=(connection, made, answer, limit, stop), daemon=True
                ).start()

        threading.Thread(target=accept, daemon=True).start()
        yield made
        stop.set()


def _serve(
    connection: socket.socket,
    made: Scanner,
    answer: bytes,
    limit: int | None,
    stop: threading.Event,
) -> None:
    with connection:
        try:
            read = _reader(connection)
            if read(10) != b"zINSTREAM\0":
                return
            content = b""
            while size := int.from_bytes(read(4), "big"):
                content += read(size)
                if limit is not None and len(content) > limit:
                    connection.sendall(answer)
                    return
            made.received.append(content)
            if answer == FROZEN:
                stop.wait(5)
            else:
                connection.sendall(answer)
        except OSError:
            return


def _reader(connection: socket.socket) -> Callable[[int], bytes]:
    def read(size: int) -> bytes:
        got = b""
        while len(got) < size:
            part = connection.recv(size - len(got))
            if not part:
                raise OSError
            got += part
        return got

    return read
