"""A mail server that keeps what it accepts, slowly, so that faults can hit the middle of a delivery."""

import socketserver
import threading
import time
from collections import Counter
from email import message_from_bytes
from email.message import Message


class Sink:
    """Listens on the loopback interface; `delay` is how long it thinks before it accepts a mail."""

    def __init__(self) -> None:
        self.delay = 0.0
        self.accepted: list[bytes] = []
        self._begun = 0.0
        self._server = _Server(("127.0.0.1", 0), _Dialogue)
        self._server.sink = self
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def is_deciding(self) -> bool:
        """Whether a mail was handed over a moment ago, and its receipt will not be confirmed yet."""
        return time.monotonic() - self._begun < self.delay / 3

    def messages(self) -> list[Message]:
        """Everything that was accepted."""
        return [message_from_bytes(raw) for raw in self.accepted]

    def deliveries(self) -> Counter[str]:
        """How often each Message-ID was accepted."""
        return Counter(str(message["Message-ID"]) for message in self.messages())

    def take(self, raw: bytes) -> None:
        """Think, then accept."""
        self._begun = time.monotonic()
        time.sleep(self.delay)
        self.accepted.append(raw)

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    sink: Sink

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed just goes away."""


class _Dialogue(socketserver.StreamRequestHandler):
    """As much of SMTP as a client needs (RFC 5321)."""

    server: _Server

    def handle(self) -> None:
        self._say("220 sink")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self._say("354 go on")
                self.server.sink.take(self._content())
                self._say("250 taken")
            elif word == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 well")

    def _content(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        return b"".join(lines)

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())
