"""What people do with the pages of accounts: fill in forms, open the links of mails."""

import re
from typing import Any
from urllib.parse import urlsplit

from django.test import Client
from django.urls import reverse

from common.mail import Mail
from tests.accounts.factories import PASSWORD, code_now

NEW_PASSWORD = "Mori-Shizuku-7781"
ANSWERS = {
    "name": "作例 太郎",
    "kana": "さくれい",
    "email": "new@example.com",
    "password1": NEW_PASSWORD,
    "password2": NEW_PASSWORD,
}


def log_in(client: Client, email: str, password: str = PASSWORD, **options: Any) -> Any:
    """Address and password, by the form."""
    return client.post(reverse("account_login"), {"login": email, "password": password}, **options)


def log_in_with_code(client: Client, email: str, steps: int = 0) -> Any:
    """Both steps, by the forms."""
    log_in(client, email)
    return client.post(reverse("mfa_authenticate"), {"code": code_now(steps=steps)})


def is_signed_in(client: Client) -> bool:
    """Whether a page for people with an account opens."""
    return client.get(reverse("accounts:profile")).status_code == 200


def last_mail(notice: str) -> Mail:
    """The newest mail of a kind."""
    found: Mail = Mail.objects.filter(notice=f"accounts.{notice}").newest()[0]
    return found


def link_of(notice: str) -> str:
    """The path that the newest mail of a kind leads to."""
    parts = urlsplit(last_mail(notice).url)
    assert not parts.netloc, "a mail's link is a path: its host is the portal's own"
    return parts.path + (f"?{parts.query}" if parts.query else "")


def mails() -> list[tuple[str, str]]:
    """(notice, address) of all mails, in order."""
    return [(mail.notice, mail.address) for mail in Mail.objects.order_by("created_at", "pk")]


def plain(answer: Any) -> str:
    """A page without what is different at every call: the form's mark."""
    text: str = answer.content.decode()
    return re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]*', r"\1", text)
