"""Every page that exists, for everybody who may open it: no violation of WCAG 2.2 AA, in any mode."""

import re
from functools import partial

import pytest
from playwright.sync_api import ConsoleMessage

from tests.browser.axe import own_rules, violations
from tests.browser.conftest import Opens

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("portal")]

VISITOR = [
    "/", "/urgent/", "/help/", "/search/?q=漏洩", "/search/?q=ないことば", "/guidelines/",
    "/guidelines/sme-guideline/", "/guidelines/sme-guideline/?on=x", "/guidelines/sme-guideline/?on=1999-01-01",
    "/guidelines/sme-guideline/editions/1/", "/cases/", "/cases/?pathway=x", "/seminars/", "/seminars/1/",
    "/seminars/1/register/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/",
    "/accounts/password/reset/done/", "/accounts/confirm-email/", "/nothing-here/", "/dev/mail/",
    "/dev/gallery/", "/en/", "/en/urgent/", "/en/guidelines/sme-guideline/",
]  # fmt: skip
MEMBER = [
    "/my/", "/consultations/", "/consultations/new/", "{finished}", "/accounts/organisation/",
    "/accounts/organisation/edit/", "/accounts/members/", "/accounts/members/invite/",
    "/accounts/profile/", "/accounts/sessions/", "/accounts/email/", "/accounts/2fa/",
    "/accounts/logout/", "/staff/",
]  # fmt: skip
STAFF = [
    "/staff/", "/consultations/", "{waiting}", "{waiting}triage/", "{finished}", "{finished}disclose/",
    "{waiting}assign/", "/accounts/professionals/", "/accounts/professionals/invite/",
]  # fmt: skip
EXPERT = ["/expert/", "/consultations/", "{finished}", "/accounts/2fa/", "/accounts/profile/"]
PAGES = [
    *[("", path) for path in VISITOR],
    *[("sme", path) for path in MEMBER],
    *[("staff", path) for path in STAFF],
    *[("expert", path) for path in EXPERT],
    ("partner", "/partner/"),
    ("editor", "/staff/"),
    ("auditor", "/audit/"),
]
MODES = {
    "desktop": {"viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": {"width": 320, "height": 640}},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "forced colours": {"viewport": {"width": 1280, "height": 900}, "forced_colors": "active"},
    "no script": {"viewport": {"width": 320, "height": 640}},
}


def note_refusal(found: list[str], line: ConsoleMessage) -> None:
    """Keep what the browser says of the content security policy."""
    if "Content Security" in line.text:
        found.append(line.text)


@pytest.mark.parametrize("mode", MODES)
def test_no_page_breaks_wcag(opens: Opens, finished: str, waiting: str, mode: str) -> None:
    """One browser context per person and mode; all of that person's pages in it."""
    found: list[str] = []
    for who in dict.fromkeys(who for who, _path in PAGES):
        paths = [path for owner, path in PAGES if owner == who]
        page = opens(who, paths[0], **MODES[mode])
        if mode == "no script":
            # Ours are not loaded; switched off altogether, axe could not run either.
            page.context.route("**/*.js", lambda route: route.abort())
        page.on("console", partial(note_refusal, found))
        for path in paths:
            address = path.format(finished=finished, waiting=waiting)
            answer = page.goto(address)
            assert answer is not None, address
            assert answer.status < 500, address
            found += [f"{who or 'visitor'} {address}: {line}" for line in violations(page)]
            found += [f"{who or 'visitor'} {address}: {line}" for line in own_rules(page)]
    assert not found, "\n".join(found)


def test_intake_pages_and_their_errors_break_nothing(opens: Opens) -> None:
    """The three pages of intake, empty and wrongly filled in, at 320 pixels."""
    page = opens("sme", "/consultations/new/", **MODES["phone"])
    page.locator("main form button").click()
    found: list[str] = []
    start = page.url
    for number in (1, 2, 3):
        page.goto(re.sub(r"/1/$", f"/{number}/", start))
        found += violations(page) + own_rules(page)
    page.goto(start)
    page.get_by_role("button", name="保存して次へ").click()
    assert page.title().startswith("エラー：")
    assert page.locator(".error-summary a").count() == 2
    found += violations(page) + own_rules(page)
    assert not found, "\n".join(found)
