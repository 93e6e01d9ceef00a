"""One whole portal for all fault tests, delivering its mails to a server of the test's own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.faults.sink import Sink
from tests.faults.whole import Whole
from tools import launch
from tools.browser import Person
from tools.demo import accounts
from tools.processes import COMMANDS
from tools.servers import free_port

#: What a portal of its own must not take over from the tests' environment.
FOREIGN = (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "DATA",
    "PORTAL_KEYRING",
)

#: The portal's own command, with the bad jobs and short limits of `tests.faults.worker`.
BAD_WORKER = COMMANDS["worker"].replace("portal.celery", "tests.faults.worker")


@contextmanager
def environment(**values: str) -> Iterator[None]:
    """These variables and none of the tests' own, for as long as a portal needs them to start."""
    kept = dict(os.environ)
    for name in FOREIGN:
        os.environ.pop(name, None)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(kept)


@pytest.fixture(scope="session")
def sink() -> Iterator[Sink]:
    """The mail server."""
    opened = Sink()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory, sink: Sink) -> Iterator[Whole]:
    """The portal, with the demonstration's people; mails leave."""
    folder = tmp_path_factory.mktemp("faults")
    folder.chmod(0o711)
    started = launch.portal(folder, free_port(), durable=False)
    with environment(
        PORTAL_ENV="development", PORTAL_DEMO="1", MAIL_URL=f"smtp://127.0.0.1:{sink.port}",
        LOG_LEVEL="DEBUG",
    ):  # fmt: skip
        url, processes = started.__enter__()
    portal = Whole(url, processes, folder)
    try:
        yield portal
    finally:
        portal.valkey.stop()
        started.__exit__(None, None, None)


@pytest.fixture(scope="session")
def people(whole: Whole) -> dict[str, Person]:
    """Those who handle a case, signed in once: a code is taken only once."""
    known = accounts()
    names = ("sme", "sme2", "staff", "expert", "reviewer")
    found = {n: Person(whole.url, f"{n}@demo.example", *known[n]) for n in names}
    for person in found.values():
        person.sign_in()
    return found


@pytest.fixture(autouse=True)
def well(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each test of the whole portal begins and ends with one that is well."""
    if "whole" not in request.fixturenames:
        yield
        return
    whole, sink = request.getfixturevalue("whole"), request.getfixturevalue("sink")
    whole.restart("web", "worker", "scheduler")
    yield
    sink.delay = 0.0
    whole.restart("web", "worker", "scheduler")


@pytest.fixture
def bad_worker(whole: Whole, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The worker that knows bad jobs, in place of the portal's own."""
    whole.settle()
    whole.stop("worker")
    with monkeypatch.context() as patch:
        patch.setitem(COMMANDS, "worker", BAD_WORKER)
        whole.start("worker")
        yield
        whole.stop("worker")
        whole.rows("DELETE FROM common_job WHERE kind LIKE 'faults.%%' AND state <> 'dead'")
    whole.start("worker")
