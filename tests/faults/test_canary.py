"""A word typed into every text and file is nowhere to be found but where it belongs."""

import os
import secrets
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import redis

from tests.faults.canary import traces
from tests.faults.everywhere import Everywhere, demo_secrets
from tests.faults.sink import Sink
from tests.faults.whole import Whole
from tools.browser import Person
from tools.servers import secret

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]


@contextmanager
def overheard(whole: Whole) -> Iterator[list[bytes]]:
    """Everything that is said to the broker."""
    heard: list[bytes] = []
    client = whole.broker()
    stop = threading.Event()

    def listen() -> None:
        with client.monitor() as monitor, suppress(redis.RedisError, OSError):
            while not stop.is_set():
                with suppress(redis.TimeoutError):
                    heard.append(str(monitor.next_command()["command"]).encode())

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield heard
    finally:
        stop.set()
        thread.join(5)


def dump(whole: Whole) -> bytes:
    """All tables as pg_dump writes them into a backup."""
    environment = {
        "PGPASSWORD": secret(whole.folder, "postgres-superuser"),
        "PATH": os.environ["PATH"],
    }
    done = subprocess.run(
        [whole.postgres.bin / "pg_dump", "-h", "127.0.0.1", "-p", str(whole.postgres.port),
         "-U", whole.postgres.superuser, "--inserts", "portal"],
        env=environment, capture_output=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def held_by_broker(whole: Whole) -> bytes:
    """All keys and values of Valkey."""
    client = whole.broker()
    return b"\n".join(
        bytes(key) + b" " + bytes(client.dump(key) or b"") for key in client.scan_iter()
    )


def files(whole: Whole) -> Iterator[tuple[str, bytes]]:
    """Everything under DATA but the secrets that open it: files, logs, tables, write-ahead log."""
    for path in sorted(whole.folder.rglob("*")):
        name = str(path.relative_to(whole.folder))
        if path.is_file() and not name.startswith("secrets/"):
            yield name, path.read_bytes()


def test_nothing_that_people_write_is_readable_anywhere(
    whole: Whole, sink: Sink, people: dict[str, Person]
) -> None:
    """Database and backup, files, broker, mails, and the logs of all processes, also after errors."""
    word = f"qz{secrets.token_hex(4)}かなりあ"
    said = Everywhere(whole, sink, dict(people), word)
    started = time.monotonic()
    with overheard(whole) as heard:
        said.case()
        said.drafts()
        said.newcomer()
        said.professional()
        said.visitor()
        whole.settle()
        before = traces(dump(whole), {"word": word} | said.secrets | demo_secrets())
        said.faults()
        said.dead_job()
        whole.settle()
    said.pulled_plug()
    whole.restart("web", "worker", "scheduler")
    whole.settle()
    for process in ("web", "worker", "scheduler"):
        assert (whole.folder / "logs" / f"{process}.log").stat().st_size
    wanted = {"word": word, "its beginning": word[:10]} | said.secrets | demo_secrets()
    wanted["address of a registration"] = f"se{said.address}"
    #: An account's address stands in the database in clear, in no log.
    in_logs = wanted | {"address": said.address}
    searched: dict[str, list[str]] = {
        "dump before the faults": before,
        "dump": traces(dump(whole), wanted),
        "broker": traces(held_by_broker(whole), wanted),
        "said to the broker": traces(b"\n".join(heard), wanted),
        "mails": traces(b"\n".join(sink.accepted), {"word": word}),
    }
    size = 0
    for name, content in files(whole):
        size += len(content)
        is_log = name.endswith(".log")
        searched[name] = traces(content, in_logs if is_log else wanted, unpack=is_log)
    found = [f"{name}: {line}" for name, lines in searched.items() for line in lines]
    print(f"\ncanary: {len(said.answers)} forms, {len(wanted)} words, {len(heard)} commands to the "
          f"broker, {len(searched)} places, {size >> 20} MB, {time.monotonic() - started:.0f} s: "
          f"{len(found)} found")  # fmt: skip
    assert heard, "the broker was not overheard"
    assert not found, "\n".join(found[:40])
    assert Path(whole.folder, "files").is_dir()
