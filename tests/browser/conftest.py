"""A whole portal with demonstration data, and browsers signed in to it."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tools import launch
from tools.browser import Person
from tools.demo import Job, accounts
from tools.servers import free_port

SERVERS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a portal with its own servers, worker and scheduler."""
    kept = {name: os.environ.pop(name, None) for name in (*SERVERS, "SECRET_KEY", "DATA")}
    set_before = {name: os.environ.get(name) for name in ("PORTAL_ENV", "PORTAL_DEMO")}
    os.environ.update({"PORTAL_ENV": "development", "PORTAL_DEMO": "1"})
    try:
        folder = tmp_path_factory.mktemp("portal")
        folder.chmod(0o711)
        with launch.portal(folder, free_port(), durable=False) as (url, _processes):
            yield url
    finally:
        for name, value in (kept | set_before).items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


@pytest.fixture(scope="session")
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


@pytest.fixture(scope="session")
def people(portal: str) -> dict[str, Person]:
    """Everybody of the demonstration, signed in over HTTP once: a code is taken only once."""
    signed_in = {}
    for name, (password, seed) in accounts().items():
        signed_in[name] = Person(portal, f"{name}@demo.example", password, seed)
        signed_in[name].sign_in()
    return signed_in


@pytest.fixture(scope="session")
def finished(portal: str, people: dict[str, Person]) -> str:
    """The path of a case that went all the way to its PDF."""
    job = Job(portal, "", people=people)
    job.file()
    job.hand_out()
    job.talk()
    job.advise()
    job.fetch_bytes()
    return job.case


@pytest.fixture(scope="session")
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


@pytest.fixture
def downloads(tmp_path: Path) -> Path:
    """Where a browser's downloads go."""
    return tmp_path
