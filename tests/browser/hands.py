"""What people's hands do: fill in fields by their labels, press what they read, open their mail."""

import re
import time

from playwright.sync_api import Locator, Page

from tests.browser.axe import unsound
from tests.browser.world import PASSWORD
from tools.browser import totp
from tools.demo import accounts

MARK = r"\s*(※必須|任意)?"


def control(page: Page, label: str) -> Locator:
    """The control with exactly this label, whatever mark of need stands beside it."""
    return page.get_by_label(re.compile(rf"^\s*{re.escape(label)}{MARK}\s*$"))


def fill(page: Page, **texts: str) -> None:
    """Type into the fields with these labels."""
    for label, text in texts.items():
        control(page, label).fill(text)


def press(page: Page, name: str) -> None:
    """Press the button, or follow the link, that reads so."""
    page.get_by_role("button", name=name, exact=True).or_(
        page.get_by_role("link", name=name, exact=True)
    ).first.click()


def heading(page: Page) -> str:
    """The page's heading."""
    return page.locator("h1").inner_text()


def mailed_link(page: Page, address: str, kind: str) -> str:
    """The link of a kind in the newest mail to an address, as /dev/mail/ shows it."""
    page.goto("/dev/mail/")
    mail = page.locator(".card", has_text=address).filter(has_text=kind).first
    return mail.locator(f'a[href*="{kind}"]').first.get_attribute("href") or ""


def sign_in(page: Page, who: str, password: str = "") -> None:
    """By hand: address, password and, where there is a seed, the code of the authenticator app."""
    known, seed = accounts().get(who, (password or PASSWORD, ""))
    if "/login/" not in page.url:
        page.goto("/accounts/login/")
    fill(page, メールアドレス=f"{who}@demo.example" if "@" not in who else who, パスワード=known)
    press(page, "ログインする")
    if seed:
        # A code is taken once: somebody may have used this half minute's.
        while "/2fa/authenticate/" in page.url:
            control(page, "コード").fill(totp(seed))
            press(page, "ログインする")
            if page.locator(".field__error").count():
                time.sleep(30 - time.time() % 30 + 1)


def assert_sound(page: Page) -> None:
    """The page as it stands now breaks no rule in any mode."""
    wrong = unsound(page)
    assert not wrong, f"{page.url}\n" + "\n".join(wrong)


def choose(page: Page, label: str) -> None:
    """Tick the choice with this label."""
    page.get_by_label(label, exact=True).check()
