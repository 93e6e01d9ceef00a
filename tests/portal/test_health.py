"""/healthz: 200 where every part works, else 503 that names the ones that do not."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.models.functions import Now
from django.test import Client

from common.jobs.models import Pulse
from portal import alive
from portal.celery import PulsingScheduler, _pulse
from portal.views import health

pytestmark = pytest.mark.django_db


@pytest.fixture
def pulses() -> None:
    """Worker and scheduler have just shown themselves."""
    for name in ("worker", "scheduler"):
        Pulse.beat(name)


def parts(client: Client) -> tuple[int, dict[str, str]]:
    """Status, and each part's state."""
    answer = client.get("/healthz")
    return answer.status_code, answer.json()


@contextmanager
def frozen() -> Iterator[str]:
    """A broker that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


def test_all_is_well(client: Client, pulses: None) -> None:
    """Every part by its name, and nothing else."""
    assert parts(client) == (
        200, {"database": "ok", "broker": "ok", "worker": "ok", "scheduler": "ok"},
    )  # fmt: skip


@pytest.mark.parametrize("name", ["worker", "scheduler"])
def test_a_part_that_is_silent_for_a_minute_is_down(
    client: Client, pulses: None, name: str
) -> None:
    """As is one that never showed itself."""
    Pulse.objects.filter(name=name).update(at=Now() - timedelta(seconds=61))
    status, found = parts(client)
    assert (status, found[name]) == (503, "down")
    assert sorted(found.values()) == ["down", "ok", "ok", "ok"]
    Pulse.objects.filter(name=name).update(at=Now() - timedelta(seconds=50))
    assert parts(client)[0] == 200
    Pulse.objects.filter(name=name).delete()
    assert parts(client)[1][name] == "down"


def test_a_broker_that_is_away_is_named(client: Client, pulses: None, settings: Any) -> None:
    """Dead at once, frozen within two seconds."""
    with frozen() as url:
        settings.REDIS_URL = url
        begun = time.monotonic()
        assert parts(client) == (
            503, {"database": "ok", "broker": "down", "worker": "ok", "scheduler": "ok"},
        )  # fmt: skip
        assert time.monotonic() - begun < 3
    assert parts(client)[1]["broker"] == "down"


def test_a_database_that_is_away_is_named(client: Client, monkeypatch: Any) -> None:
    """What only the database knows is unknown then."""

    def away() -> None:
        raise OperationalError

    monkeypatch.setattr(health.connection, "cursor", away)
    assert parts(client) == (
        503, {"database": "down", "broker": "ok", "worker": "unknown", "scheduler": "unknown"},
    )  # fmt: skip


def test_it_tells_no_secret_and_needs_no_session(client: Client, pulses: None) -> None:
    """Whoever asks."""
    answer = client.get("/healthz")
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies
    assert client.get("/en/healthz").status_code == 404


def test_a_container_asks_for_its_own_part(pulses: None) -> None:
    """Worker and scheduler by their pulse."""
    assert alive.pulse("worker")
    Pulse.objects.filter(name="scheduler").update(at=Now() - timedelta(minutes=2))
    assert not alive.pulse("scheduler")


@pytest.mark.parametrize(
    ("answer", "lives"),
    [
        (b"HTTP/1.0 200 OK\r\n\r\n{}", True),
        (b'HTTP/1.0 503 X\r\n\r\n{"database": "ok", "worker": "down"}', True),
        (b'HTTP/1.0 503 X\r\n\r\n{"database": "down"}', False),
        (b"HTTP/1.0 500 X\r\n\r\nbroken", False),
        (b"", False),
    ],
    ids=["well", "worker down", "database down", "broken", "no answer"],
)
def test_the_web_server_lives_while_it_reaches_the_database(
    monkeypatch: Any, answer: bytes, lives: bool
) -> None:
    """A dead worker is no reason to restart it."""
    import threading

    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("PORT", str(server.getsockname()[1]))

        def serve() -> None:
            connection, _address = server.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        assert alive.web() is lives
        thread.join()
    assert not alive.web()


def test_a_scheduler_notes_its_pulse_and_survives_the_database(monkeypatch: Any) -> None:
    """A database that is away must not end it."""
    Pulse.objects.all().delete()
    monkeypatch.setattr(connection, "close", lambda: None)
    _pulse("scheduler")
    assert Pulse.objects.filter(name="scheduler").exists()

    def away(_name: str) -> None:
        raise OperationalError

    monkeypatch.setattr(Pulse, "beat", away)
    _pulse("scheduler")
    assert PulsingScheduler.pulsed_at == 0.0
