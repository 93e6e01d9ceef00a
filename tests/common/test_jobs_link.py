"""The connection that wakes workers is kept while it is used, and never trusted longer than that."""

import contextlib
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from django.conf import settings as configured
from django.test import override_settings
from kombu.exceptions import OperationalError

from common.jobs import poke

#: Cuts every connection to the server that all tests share: never beside another test of it.
pytestmark = pytest.mark.xdist_group("broker")
JOB = "3f0f3b1e-0000-4000-8000-000000000000"


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """No connection of another test."""
    poke._drop_link()
    yield
    poke._drop_link()


@pytest.fixture
def queue() -> Iterator[str]:
    """A queue of this test alone."""
    name = f"tests-{uuid.uuid4().hex}"
    yield name
    with redis.Redis.from_url(configured.REDIS_URL) as client:
        client.delete(name)


def arrived(queue: str) -> int:
    """How many wake-ups wait in the queue."""
    with redis.Redis.from_url(configured.REDIS_URL) as client:
        return int(client.llen(queue))  # type: ignore[arg-type]


def cut_all() -> None:
    """What a restart of Redis does to whoever is connected."""
    # It may cut the one who asks, too.
    with (
        contextlib.suppress(redis.ConnectionError),
        redis.Redis.from_url(configured.REDIS_URL) as client,
    ):
        client.client_kill_filter(skipme=True, _type="normal")


def test_wake_ups_share_a_connection(queue: str) -> None:
    """Opening one costs ten times as much as the wake-up."""
    poke.publish(JOB, queue)
    link = poke._kept.link
    poke.publish(JOB, queue)
    assert poke._kept.link is link
    assert arrived(queue) == 2


def test_after_a_cut_the_next_wake_ups_arrive(queue: str) -> None:
    """At most the one that finds out is left to the scheduler."""
    poke.publish(JOB, queue)
    cut_all()
    try:
        poke.publish(JOB, queue)
    except (OperationalError, OSError):
        assert poke._kept.link is None
    before = arrived(queue)
    poke.publish(JOB, queue)
    assert arrived(queue) == before + 1


def test_a_connection_long_unused_is_opened_anew(queue: str, monkeypatch: Any) -> None:
    """In quiet times no wake-up is lost to a restart of Redis."""
    poke.publish(JOB, queue)
    link = poke._kept.link
    monkeypatch.setattr(poke, "KEPT", 0)
    cut_all()
    poke.publish(JOB, queue)
    assert poke._kept.link is not link
    assert arrived(queue) == 2


def test_another_process_opens_its_own(queue: str, monkeypatch: Any) -> None:
    """A forked one must not speak on its parent's, nor close it."""
    poke.publish(JOB, queue)
    link = poke._kept.link
    with monkeypatch.context() as forked:
        forked.setattr(poke.os, "getpid", lambda: 1)
        poke.publish(JOB, queue)
        assert poke._kept.link is not link
    assert link.connected
    link.release()


def test_a_failed_wake_up_leaves_no_connection_behind(queue: str) -> None:
    """The next one begins afresh."""
    poke.publish(JOB, queue)
    with override_settings(REDIS_URL="redis://127.0.0.1:1/0"):
        with pytest.raises((OperationalError, OSError)):
            poke.publish(JOB, queue)
        assert poke._kept.link is None
    poke.publish(JOB, queue)
    assert arrived(queue) == 2
