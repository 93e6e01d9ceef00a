"""Waking workers: nobody waits for Redis, whatever state it is in, and no wake-up ends the thread."""

import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import redis
from django.conf import settings as configured
from kombu.exceptions import OperationalError

from common.jobs import poke

pytestmark = pytest.mark.xdist_group("broker")
JOB = "3f0f3b1e-0000-4000-8000-000000000000"
#: No answer of ours may take longer than this, however Redis behaves (SECURITY.md).
NOBODY_WAITS = 0.2


@contextmanager
def broker(answer: bytes | None) -> Iterator[str]:
    """A server on a port of its own: silent for None, else giving this answer to everything."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        held: list[socket.socket] = []

        def serve(connection: socket.socket) -> None:
            try:
                while connection.recv(4096):
                    if answer is not None:
                        connection.sendall(answer)
            except OSError:
                pass

        def accept() -> None:
            while True:
                try:
                    connection, _address = server.accept()
                except OSError:
                    return
                held.append(connection)
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"
        for connection in held:
            connection.close()


@contextmanager
def nobody() -> Iterator[str]:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    yield f"redis://127.0.0.1:{port}/0"


BROKERS: dict[str, Callable[[], Any]] = {
    "frozen": lambda: broker(None),
    "dead": nobody,
    "another password": lambda: broker(b"-NOAUTH Authentication required.\r\n"),
    "out of memory": lambda: broker(b"-OOM command not allowed\r\n"),
    "something else": lambda: broker(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
}


@pytest.fixture
def own_thread(monkeypatch: Any) -> None:
    """A publishing thread and a backlog for this test alone."""
    monkeypatch.setattr(poke, "_thread", None)
    monkeypatch.setattr(poke, "_waiting", poke.queue.Queue(poke.BACKLOG))


def wait_until(true: Callable[[], bool]) -> None:
    """At most five seconds."""
    until = time.monotonic() + 5
    while not true() and time.monotonic() < until:
        time.sleep(0.01)
    assert true()


@pytest.mark.parametrize("kind", BROKERS)
def test_nobody_waits_for_a_broker(kind: str, settings: Any, own_thread: None) -> None:
    """A request hands its wake-up to a thread and goes on."""
    with BROKERS[kind]() as url:
        settings.REDIS_URL, settings.BROKER_TIMEOUT = url, 0.3
        begun = time.monotonic()
        for _ in range(20):
            poke.wake(JOB, "default")
        assert time.monotonic() - begun < NOBODY_WAITS


@pytest.mark.parametrize("kind", ["frozen", "dead"])
def test_a_broker_that_is_away_is_given_up_in_time(kind: str, settings: Any) -> None:
    """By the time-out on connecting and on reading."""
    with BROKERS[kind]() as url:
        settings.REDIS_URL, settings.BROKER_TIMEOUT = url, 0.3
        begun = time.monotonic()
        with pytest.raises((OperationalError, OSError)):
            poke.publish(JOB, "default")
        assert time.monotonic() - begun < 2


def test_the_time_limit_is_two_seconds() -> None:
    """Longer, and the scheduler's round would stand still."""
    assert 0 < configured.BROKER_TIMEOUT <= 2


@pytest.mark.parametrize("kind", BROKERS)
def test_the_thread_survives_every_broker(
    kind: str, settings: Any, own_thread: None, monkeypatch: Any
) -> None:
    """It says so in the log, forgets what waits, and goes on when Redis is back."""
    with BROKERS[kind]() as url:
        settings.REDIS_URL, settings.BROKER_TIMEOUT = url, 0.1
        poke.wake(JOB, "default")
        thread = poke._thread
        assert thread is not None
        wait_until(poke._waiting.empty)
        time.sleep(0.3)
    published: list[Any] = []
    monkeypatch.setattr(poke, "publish", lambda *told: published.append(told))
    poke.wake(JOB, "mail")
    wait_until(lambda: (JOB, "mail") in published)
    assert poke._thread is thread
    assert thread.is_alive()


def test_a_wake_up_reaches_the_queue(own_thread: None) -> None:
    """As a message with the job's id and nothing else about it."""
    name = f"tests-{uuid.uuid4().hex}"
    client = redis.Redis.from_url(configured.REDIS_URL)
    try:
        poke.wake(JOB, name)
        wait_until(lambda: client.llen(name) == 1)
        message = client.lpop(name)
        assert isinstance(message, bytes)
        assert poke.TASK.encode() in message
    finally:
        client.delete(name)
        client.close()


def test_too_many_wake_ups_are_dropped_not_waited_for(monkeypatch: Any) -> None:
    """The rows are there; the scheduler wakes for them."""
    monkeypatch.setattr(poke, "_ensure_thread", lambda: None)
    monkeypatch.setattr(poke, "_waiting", poke.queue.Queue(2))
    for _ in range(5):
        poke.wake(JOB, "default")
    assert poke._waiting.qsize() == 2


def test_a_forked_process_starts_a_thread_of_its_own(own_thread: None, monkeypatch: Any) -> None:
    """A fork keeps no threads, and must not publish its parent's backlog again."""
    published: list[Any] = []
    monkeypatch.setattr(poke, "publish", lambda *told: published.append(told))
    monkeypatch.setattr(poke, "_pid", os.getpid() + 1)
    poke._waiting.put(("of the parent", "default"))
    poke.wake(JOB, "default")
    wait_until(lambda: bool(published))
    assert published == [(JOB, "default")]
