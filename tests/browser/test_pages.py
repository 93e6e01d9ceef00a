"""Every page that exists, for everybody who may open it: no violation of WCAG 2.2 AA, in any mode."""

from functools import partial

import pytest
from django.test import RequestFactory
from playwright.sync_api import Browser, ConsoleMessage, Page

from common.policy import Role, may
from common.policy.table import rule_of
from tests.browser.axe import look, own_rules, unsound, violations
from tests.browser.conftest import Cookies, Opens
from tests.browser.pages import NO_PAGE, ONCE, PAGES, ROLES, names_of, views
from tests.browser.world import equip, proved

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("portal")]
PERSONS = list(dict.fromkeys(who for who, _path in PAGES))


def allowed(name: str) -> set[Role]:
    """The roles that may use an address, in whatever relation."""
    rule = rule_of(views()[name], name)
    return {role for role in Role if rule and may(role, *rule)}


def answers_get(name: str) -> bool:
    """Whether anybody may open it and it is not for POST alone."""
    if not allowed(name):
        return False
    try:
        answer = views()[name](RequestFactory().get("/"))
    except Exception:  # noqa: BLE001
        # It went on to do its work, and lacks an argument, a person, or the database.
        return True
    return bool(answer.status_code != 405)


def test_every_address_that_shows_a_page_has_an_entry() -> None:
    """A new page is looked at from its first day: add it to tests/browser/pages.py."""
    covered = {name for _who, name in names_of(PAGES + ONCE)} | set(NO_PAGE)
    missing = [name for name in views() if name not in covered and answers_get(name)]
    assert not missing


def test_every_role_that_may_open_a_page_opens_it() -> None:
    """What a visitor sees is one page for all; behind the sign-in each role is looked at."""
    seen: dict[str, set[Role]] = {}
    for who, name in names_of(PAGES + ONCE):
        # A page of second factors that not every demonstration account has: one stands for all.
        seen.setdefault(name, set()).update(allowed(name) if who == "equipped" else {ROLES[who]})
    missing = {}
    for name, roles in seen.items():
        wanted = set() if Role.VISITOR in allowed(name) else allowed(name)
        if wanted - roles:
            missing[name] = sorted(wanted - roles)
    assert not missing


@pytest.fixture(scope="module")
def equipped(
    browser: Browser, portal: str, cookies: Cookies, world: dict[str, str]
) -> dict[str, str]:
    """All paths, and somebody with an authenticator app, recovery codes and a passkey."""
    passkey, cookies["equipped"] = equip(browser, portal)
    return world | {"passkey": passkey}


def opened(page: Page, who: str, path: str) -> None:
    """Open a page; every answer but an error of ours is a page to look at."""
    answer = page.goto(path)
    assert answer is not None, path
    assert answer.status < 500, path
    proved(page, who)


def note_refusal(found: list[str], line: ConsoleMessage) -> None:
    """Keep what the browser says of the content security policy, and errors of our scripts."""
    if "Content Security" in line.text or (
        line.type == "error" and "Failed to load" not in line.text
    ):
        found.append(line.text)


@pytest.mark.parametrize("who", PERSONS, ids=lambda who: who or "visitor")
def test_no_page_breaks_wcag(opens: Opens, equipped: dict[str, str], who: str) -> None:
    """Desktop, dark, forced colours, 320 pixels; zoomed to 200 %; with a reader's own spacing."""
    found: list[str] = []
    page = opens(who, "/help/")
    page.on("console", partial(note_refusal, found))
    page.on("pageerror", lambda error: found.append(str(error)))
    for path in [path for owner, path in PAGES if owner == who]:
        opened(page, who, path.format(**equipped))
        found += [f"{path}: {line}" for line in unsound(page)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("who", PERSONS, ids=lambda who: who or "visitor")
def test_no_page_breaks_wcag_without_scripts(
    opens: Opens, equipped: dict[str, str], who: str
) -> None:
    """Ours are not loaded; switched off altogether, axe could not run either."""
    found: list[str] = []
    page = opens(who, "/help/")
    page.context.route("**/*.js", lambda route: route.abort())
    look(page, size=(320, 640))
    for path in [path for owner, path in PAGES if owner == who]:
        opened(page, who, path.format(**equipped))
        found += [f"{path}: {line}" for line in violations(page, colours=False) + own_rules(page)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("who", dict.fromkeys(who for who, _path in ONCE))
def test_everybodys_own_pages_are_sound_in_every_role(
    opens: Opens, equipped: dict[str, str], who: str
) -> None:
    """The same pages with another role's header, and the second factor that is a must there."""
    found: list[str] = []
    page = opens(who, "/help/")
    look(page, size=(1280, 900))
    for path in [path for owner, path in ONCE if owner == who]:
        opened(page, who, path.format(**equipped))
        found += [f"{path}: {line}" for line in violations(page) + own_rules(page)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", NO_PAGE)
def test_what_has_no_entry_shows_no_page(opens: Opens, equipped: dict[str, str], name: str) -> None:
    """Files, data and redirects: whatever shows a page belongs into the table."""
    who, path = NO_PAGE[name]
    page = opens(who, "/help/")
    answer = page.request.get(path.format(**equipped), max_redirects=0)
    kind = answer.headers.get("content-type", "")
    assert answer.status < 500
    assert answer.status != 404
    assert 300 <= answer.status < 400 or answer.status == 403 or not kind.startswith("text/html"), (
        answer.status,
        kind,
    )
