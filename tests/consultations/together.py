"""Doing the same thing many times at once: real threads, each with a connection of its own."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.cookies import SimpleCookie
from typing import Any, TypeVar

from django.db import connections
from django.test import Client

T = TypeVar("T")


def at_once(works: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """What each gave or raised; none begins before all are ready."""
    ready = threading.Barrier(len(works))

    def one(work: Callable[[], T]) -> T | Exception:
        try:
            ready.wait(timeout=20)
            return work()
        except Exception as error:  # noqa: BLE001 - what was raised is what is asked for
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(one, works))


def another_window(client: Client) -> Client:
    """The same browser, to be used by another thread."""
    twin = Client(raise_request_exception=False)
    twin.cookies = SimpleCookie(client.cookies.output(header="", sep=";"))
    return twin


def posts(client: Client, path: str, fields: list[dict[str, Any]]) -> list[int]:
    """The statuses of as many posts at once as there are sets of fields."""
    works = [partial(_post, another_window(client), path, data) for data in fields]
    statuses = at_once(works)
    for status in statuses:
        if isinstance(status, Exception):
            raise status
    return [status for status in statuses if isinstance(status, int)]


def _post(window: Client, path: str, data: dict[str, Any]) -> int:
    return window.post(path, data).status_code
