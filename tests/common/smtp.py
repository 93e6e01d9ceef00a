"""A mail server for tests, which accepts, refuses, stays silent or hangs up as it is told."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message

#: Instead of an answer: close the connection, or say nothing.
HANG_UP, SILENCE = "hang up", "silence"


@dataclass
class MailServer:
    """What it answers to each command, and the mails it took."""

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    mails: list[Message] = field(default_factory=list)
    #: Called while the mail's text is being received.
    meanwhile: Callable[[], None] = lambda: None

    def answer(self, command: str, usual: str) -> str:
        """As told, or as usual."""
        return self.answers.get(command, usual)


@contextmanager
def mail_server(**answers: str) -> Iterator[MailServer]:
    """Runs one, with answers by command (`rcpt="550 nobody"`); `data_end` follows the text."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = MailServer(listener.getsockname()[1], dict(answers))
        open_ones: list[socket.socket] = []

        def accept() -> None:
            while True:
                try:
                    connection, _address = listener.accept()
                except OSError:
                    return
                open_ones.append(connection)
                threading.Thread(target=_talk, args=(server, connection), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield server
        for connection in open_ones:
            connection.close()


def _talk(server: MailServer, connection: socket.socket) -> None:
    """One connection's conversation."""
    try:
        with connection, connection.makefile("rb") as lines:
            if not _say(connection, server.answer("connect", "220 ready")):
                return
            for line in lines:
                command = line[:4].decode("ascii", "replace").strip().lower()
                usual = {"data": "354 go on", "quit": "221 bye"}.get(command, "250 ok")
                told = server.answer(command, usual)
                if not _say(connection, told):
                    return
                if (
                    command == "data"
                    and told.startswith("354")
                    and not _take(server, connection, lines)
                ):
                    return
                if command == "quit":
                    return
    except OSError:
        return


def _take(server: MailServer, connection: socket.socket, lines: Iterator[bytes]) -> bool:
    """Receive the mail's text; kept only where it is accepted."""
    text = b""
    for line in lines:
        if line == b".\r\n":
            break
        text += line
    server.meanwhile()
    told = server.answer("data_end", "250 taken")
    if told.startswith("250") or told == HANG_UP:
        server.mails.append(message_from_bytes(text))
    return _say(connection, told)


def _say(connection: socket.socket, answer: str) -> bool:
    """Whether the conversation goes on."""
    if answer == HANG_UP:
        return False
    if answer == SILENCE:
        threading.Event().wait(2)
        return False
    connection.sendall(answer.encode() + b"\r\n")
    return True
