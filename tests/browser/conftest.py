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
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.world import Kept, cookies_of, made, newcomer
from tools import launch
from tools.browser import Person
from tools.demo import accounts
from tools.servers import free_port

#: Of the tests' own environment, nothing reaches the portal that is started here.
NOT_HANDED_ON = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY", "DATA")


@contextmanager
def environment(**more: str) -> Iterator[None]:
    """A demonstration's environment, for as long as it takes to start."""
    before = dict(os.environ)
    for name in NOT_HANDED_ON:
        os.environ.pop(name, None)
    os.environ.update({"PORTAL_ENV": "development", "PORTAL_DEMO": "1"} | more)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture(scope="package")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a portal with its own servers, worker and scheduler.

    By name, not by number: a passkey belongs to a name.
    """
    folder = tmp_path_factory.mktemp("portal")
    folder.chmod(0o711)
    port = free_port()
    origin = f"http://localhost:{port}"
    started = launch.portal(folder, port, durable=False)
    with environment(PORTAL_ORIGIN=origin):
        started.__enter__()
    try:
        yield origin
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
    """Everybody of the demonstration, signed in over HTTP once: a code is taken only once.

    `expert2` is left to the test that signs in by hand.
    """
    signed_in = {}
    for name, (password, seed) in accounts().items():
        if name != "expert2":
            signed_in[name] = Person(portal, f"{name}@demo.example", password, seed)
            signed_in[name].sign_in()
    return signed_in


@pytest.fixture(scope="package")
def world(portal: str, people: dict[str, Person]) -> dict[str, str]:
    """Paths of things that pages need."""
    return made(portal, people)


@pytest.fixture(scope="package")
def finished(world: dict[str, str]) -> str:
    """The path of a case that went all the way to its PDF."""
    return world["finished"]


Cookies = dict[str, Kept]


@pytest.fixture(scope="package")
def cookies(portal: str, people: dict[str, Person]) -> Cookies:
    """What makes a browser somebody's."""
    known = people | {"newcomer": newcomer(portal)}
    return {who: cookies_of(person) for who, person in known.items()}


Opens = Callable[..., Page]


@pytest.fixture
def opens(browser: Browser, portal: str, cookies: Cookies) -> Iterator[Opens]:
    """Opens a page of the portal as somebody, or as a visitor, in a browser of its own."""
    contexts: list[BrowserContext] = []

    def open_as(who: str, path: str, **options: Any) -> Page:
        context = browser.new_context(locale="ja-JP", base_url=portal, **options)
        contexts.append(context)
        if who:
            context.add_cookies(cookies[who])  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(path)
        return page

    yield open_as
    for context in contexts:
        context.close()
