"""A whole portal with demonstration data, and browsers signed in to it.

Playwright keeps an event loop running in its thread, in which neither `asyncio.run` nor the ORM
works. Everything here therefore lives as long as this package: pytest takes it down before the
next test from elsewhere begins, in whatever order tests run (`test_alone.py` watches over it).
"""

import asyncio
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tools import launch
from tools.browser import Person
from tools.demo import Job, accounts
from tools.servers import free_port

#: Of the tests' own environment, nothing reaches the portal that is started here.
NOT_HANDED_ON = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY", "DATA")


@contextmanager
def environment() -> Iterator[None]:
    """A demonstration's environment, for as long as it takes to start."""
    before = dict(os.environ)
    for name in NOT_HANDED_ON:
        os.environ.pop(name, None)
    os.environ.update({"PORTAL_ENV": "development", "PORTAL_DEMO": "1"})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture(scope="package")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a portal with its own servers, worker and scheduler."""
    folder = tmp_path_factory.mktemp("portal")
    folder.chmod(0o711)
    started = launch.portal(folder, free_port(), durable=False)
    with environment():
        url, _processes = started.__enter__()
    try:
        yield url
    finally:
        started.__exit__(None, None, None)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The machine's Chromium."""
    found = next(
        path
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (path := shutil.which(name))
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()
    assert asyncio._get_running_loop() is None, "the browser's event loop outlives the browser"


@pytest.fixture(scope="package")
def people(portal: str) -> dict[str, Person]:
    """Everybody of the demonstration, signed in over HTTP once: a code is taken only once."""
    signed_in = {}
    for name, (password, seed) in accounts().items():
        signed_in[name] = Person(portal, f"{name}@demo.example", password, seed)
        signed_in[name].sign_in()
    return signed_in


@pytest.fixture(scope="package")
def finished(portal: str, people: dict[str, Person]) -> str:
    """The path of a case that went all the way to its PDF."""
    job = Job(portal, "", people=people)
    job.file()
    job.hand_out()
    job.talk()
    job.advise()
    job.fetch_bytes()
    return job.case


@pytest.fixture(scope="package")
def waiting(portal: str, people: dict[str, Person]) -> str:
    """The path of a case that nobody has taken in yet."""
    job = Job(portal, "", people=people)
    job.file()
    return job.case


Opens = Callable[..., Page]


@pytest.fixture
def opens(browser: Browser, portal: str, people: dict[str, Person]) -> Iterator[Opens]:
    """Opens a page of the portal as somebody, or as a visitor."""
    contexts: list[BrowserContext] = []

    def open_as(who: str, path: str, **options: object) -> Page:
        context = browser.new_context(locale="ja-JP", base_url=portal, **options)  # type: ignore[arg-type]
        contexts.append(context)
        if who:
            context.add_cookies(
                [
                    {"name": cookie.name, "value": cookie.value or "", "url": portal}
                    for cookie in people[who].jar
                ]
            )
        page = context.new_page()
        page.goto(path)
        return page

    yield open_as
    for context in contexts:
        context.close()
