"""Signing in and out: lock-outs that lock nobody out, links that lead nowhere else, sessions that end."""

import time
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts import services
from accounts.services.sessions import SEEN_AT, SIGNED_IN_AT
from common.audit.models import AuditEvent
from common.mail import Mail
from common.mail.sending import message
from tests.accounts.browsing import (
    NEW_PASSWORD,
    is_signed_in,
    last_mail,
    link_of,
    log_in,
    log_in_with_code,
    mails,
)
from tests.accounts.factories import PASSWORD, UserFactory, sign_in

pytestmark = pytest.mark.django_db


def verbs() -> list[str]:
    """What the audit log holds, in order."""
    return list(AuditEvent.objects.order_by("seq").values_list("verb", flat=True))


# --- In and out ---------------------------------------------------------------------------------


def test_signing_in_makes_a_new_session(client: Client) -> None:
    """A key that somebody planted before is worth nothing after."""
    user = UserFactory()
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = "1"
    session.save()
    before = session.session_key
    log_in(client, user.email)
    assert is_signed_in(client)
    assert client.session.session_key != before
    assert not Session.objects.filter(pk=before).exists()


def test_signing_in_and_out_is_noted(client: Client) -> None:
    """By which means."""
    user = UserFactory(expert=True)
    log_in_with_code(client, user.email)
    client.post(reverse("account_logout"))
    signed_in, signed_out = AuditEvent.objects.filter(actor_id=user.pk).order_by("seq")
    assert (signed_in.verb, signed_in.related) == ("accounts.signed_in", {"by": "password+totp"})
    assert signed_out.verb == "accounts.signed_out"


def test_signing_out_kills_the_session_on_the_server(client: Client) -> None:
    """A copy of the cookie opens nothing; a link alone signs nobody out."""
    user = UserFactory()
    log_in(client, user.email)
    client.get(reverse("account_logout"))
    assert is_signed_in(client)
    thief = Client()
    thief.cookies["session"] = client.cookies["session"].value
    assert is_signed_in(thief)
    client.post(reverse("account_logout"))
    assert not is_signed_in(client)
    assert not is_signed_in(thief)
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    "typed", ["PERSON@example.com", "ｐｅｒｓｏｎ＠ｅｘａｍｐｌｅ．ｃｏｍ", " person@example.com "]
)
def test_an_address_may_be_typed_in_any_width_and_case(client: Client, typed: str) -> None:
    """As Japanese keyboards leave it."""
    UserFactory(email="person@example.com")
    log_in(client, typed)
    assert is_signed_in(client)


def test_a_password_is_taken_as_it_is_typed(client: Client) -> None:
    """Spaces at its ends and full-width letters belong to it."""
    user = UserFactory(password=" ひみつ の ＡＢＣ ")
    log_in(client, user.email, "ひみつ の ＡＢＣ")
    assert not is_signed_in(client)
    log_in(client, user.email, " ひみつ の ＡＢＣ ")
    assert is_signed_in(client)


def test_the_session_cookie_is_for_this_portal_alone(client: Client) -> None:
    """Unreadable for scripts, not sent from other sites' forms, gone with the browser."""
    log_in(client, UserFactory().email)
    cookie = client.cookies["session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert not cookie["domain"]
    assert cookie["max-age"] == ""


# --- Where links lead ---------------------------------------------------------------------------

ELSEWHERE = [
    "https://evil.example/", "http://evil.example", "//evil.example/", "///evil.example",
    "/\\evil.example", "\\\\evil.example", "https:evil.example", "javascript:alert(1)",
    "data:text/html,x", "http:///evil.example", "//evil.example%2f@testserver/", "/%09/evil.example",
    "https://testserver@evil.example/", "\t//evil.example", "//testserver.evil.example/",
    "https://evil.example/?x=https://testserver/", "ftp://testserver/",
]  # fmt: skip


@pytest.mark.parametrize("address", ELSEWHERE)
def test_signing_in_leads_nowhere_else(client: Client, address: str) -> None:
    """Whatever stands in the address that brought one here."""
    user = UserFactory()
    page = reverse("account_login")
    answer = client.post(
        page, {"login": user.email, "password": PASSWORD, "next": address},
        query_params={"next": address},
    )  # fmt: skip
    there = answer["Location"]
    assert there.startswith("/")
    assert not there.startswith(("//", "/\\"))
    assert "evil" not in there or there.startswith("/%09")
    out = client.post(reverse("account_logout"), {"next": address})
    assert out["Location"].startswith("/")
    assert not out["Location"].startswith(("//", "/\\"))


def test_signing_in_leads_back_to_where_one_was(client: Client) -> None:
    """With the question mark's part, in one's language."""
    user = UserFactory()
    answer = client.get("/en/accounts/profile/?a=1")
    there = answer["Location"]
    answer = client.post(there, {"login": user.email, "password": PASSWORD})
    assert answer["Location"] == "/en/accounts/profile/?a=1"


@pytest.mark.parametrize(
    "headers",
    [{"host": "evil.example"}, {"host": "testserver:80@evil.example"}, {"host": "testserver.evil.example"},
     {"host": "testserver/evil"}, {"host": "a b"}, {"host": "\x00"}],
)  # fmt: skip
def test_another_host_is_answered_with_no(client: Client, headers: dict[str, str]) -> None:
    """Before anything is made of it."""
    answer = client.post(
        "/accounts/password/reset/", {"email": UserFactory().email}, headers=headers
    )
    assert answer.status_code == 400
    assert not Mail.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [{"x-forwarded-host": "evil.example"}, {"forwarded": "host=evil.example"},
     {"x-host": "evil.example"}, {"host": "localhost"}, {"x-forwarded-proto": "https"}],
)  # fmt: skip
def test_a_mails_link_leads_to_the_portals_own_address(
    client: Client, settings: Any, headers: dict[str, str]
) -> None:
    """Whatever host was asked for by whoever sent the request."""
    client.post("/accounts/password/reset/", {"email": UserFactory().email}, headers=headers)
    letter = message(last_mail("password_reset"))
    assert "evil" not in letter.body
    assert f"\n{settings.PORTAL_ORIGIN}/accounts/password/reset/key/" in letter.body


# --- Too many attempts --------------------------------------------------------------------------


def fail(client: Client, email: str, times: int, **options: Any) -> Any:
    """Wrong passwords."""
    for _ in range(times):
        answer = log_in(client, email, "wrong-password", **options)
    return answer


def test_five_wrong_passwords_lock_an_account_for_a_while(client: Client) -> None:
    """The right one is not tried either, and the person is told once, by mail."""
    user = UserFactory()
    fail(client, user.email, 5)
    answer = log_in(client, user.email)
    assert "しばらくログインできません" in answer.content.decode()
    assert "パスキー" in answer.content.decode()
    assert not is_signed_in(client)
    fail(client, user.email, 2)
    assert mails() == [("accounts.sign_in_locked", user.email)]


def test_the_lock_of_an_unknown_address_looks_the_same(client: Client) -> None:
    """And writes to nobody."""
    user = UserFactory(email="known@example.com")
    pages = []
    for email in (user.email, "unknown@example.com"):
        answer = fail(Client(REMOTE_ADDR=f"192.0.2.{len(pages)}"), email, 6)
        pages.append("しばらくログインできません" in answer.content.decode())
    assert pages == [True, True]
    assert mails() == [("accounts.sign_in_locked", user.email)]


def test_a_locked_account_ends_no_session_that_is_good(client: Client) -> None:
    """Whoever is inside stays inside."""
    user = UserFactory()
    log_in(client, user.email)
    fail(Client(), user.email, 6)
    assert is_signed_in(client)


def test_a_locked_password_can_be_reset(client: Client) -> None:
    """The way out for whoever really forgot it."""
    user = UserFactory()
    fail(client, user.email, 6)
    client.post("/accounts/password/reset/", {"email": user.email})
    assert ("accounts.password_reset", user.email) in mails()


def test_many_addresses_from_one_network_are_stopped(client: Client) -> None:
    """Ten failures a minute, whichever accounts were tried, whatever the sender says of itself."""
    for number in range(10):
        fail(client, f"a{number}@example.com", 1, HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")
    user = UserFactory()
    answer = log_in(client, user.email, HTTP_X_FORWARDED_FOR="203.0.113.99")
    assert not is_signed_in(client)
    assert answer.status_code in (200, 429)
    elsewhere = Client(REMOTE_ADDR="192.0.2.77")
    log_in(elsewhere, user.email)
    assert is_signed_in(elsewhere)


def test_behind_a_proxy_its_word_counts_and_nobody_elses(client: Client, settings: Any) -> None:
    """The address that our proxy added stands last."""
    settings.PROXY_COUNT = 1
    for number in range(10):
        forwarded = f"203.0.113.{number}, 198.51.100.7"
        fail(client, f"a{number}@example.com", 1, HTTP_X_FORWARDED_FOR=forwarded)
    user = UserFactory()
    log_in(client, user.email, HTTP_X_FORWARDED_FOR="203.0.113.200, 198.51.100.7")
    assert not is_signed_in(client)
    log_in(client, user.email, HTTP_X_FORWARDED_FOR="198.51.100.7, 198.51.100.8")
    assert is_signed_in(client)


def test_a_proxy_that_adds_nothing_is_no_error_of_ours(client: Client, settings: Any) -> None:
    """A wrong count is the operator's mistake, not a page that breaks."""
    settings.PROXY_COUNT = 3
    user = UserFactory()
    log_in(client, user.email, HTTP_X_FORWARDED_FOR="198.51.100.7")
    assert is_signed_in(client)


# --- Passwords ----------------------------------------------------------------------------------


def test_changing_the_password_ends_all_sessions(client: Client) -> None:
    """This one too: whoever changed it signs in with the new one."""
    user = UserFactory()
    other = Client()
    log_in(other, user.email)
    log_in(client, user.email)
    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )
    assert not is_signed_in(client)
    assert not is_signed_in(other)
    assert mails() == [("accounts.password_changed", user.email)]
    assert "accounts.password_changed" in verbs()
    log_in(client, user.email, NEW_PASSWORD)
    assert is_signed_in(client)


def test_changing_the_password_needs_the_present_one(client: Client) -> None:
    """An unlocked computer is not enough."""
    user = UserFactory()
    log_in(client, user.email)
    client.post(
        reverse("account_change_password"),
        {"oldpassword": "wrong", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert is_signed_in(client)


def test_a_reset_link_sets_a_new_password_once_and_ends_all_sessions(client: Client) -> None:
    """Used, it is worth nothing; and it signs nobody in past the second factor."""
    user = UserFactory(expert=True)
    other = Client()
    log_in_with_code(other, user.email)
    client.post("/accounts/password/reset/", {"email": user.email})
    link = link_of("password_reset")
    form = client.get(link, follow=True)
    address = form.redirect_chain[-1][0] if form.redirect_chain else link
    answers = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    client.post(address, answers)
    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)
    assert not is_signed_in(other)
    assert not is_signed_in(client)
    late = Client()
    page = late.get(link, follow=True).content.decode()
    assert "このリンクは使えません" in page
    assert ("accounts.password_changed", user.email) in mails()


@pytest.mark.parametrize("key", ["1-guessed", "x-x", "1-set-password", "zz-" + "a" * 200, "-"])
def test_a_reset_link_that_is_not_ours_says_so(client: Client, key: str) -> None:
    """Whatever it is made of."""
    answer = client.get(f"/accounts/password/reset/key/{key}/", follow=True)
    assert answer.status_code in (200, 404)
    if answer.status_code == 200:
        assert "このリンクは使えません" in answer.content.decode()


def test_the_address_one_signs_in_with_is_changed_by_a_link(client: Client) -> None:
    """Sent to the new one; both are told, and nothing changes before."""
    user = UserFactory(email="old@example.com")
    sign_in(client, user)
    client.post(reverse("account_email"), {"email": "ｎｅｗ@example.com", "action_add": ""})
    user.refresh_from_db()
    assert user.email == "old@example.com"
    client.post(link_of("confirm_address"))
    user.refresh_from_db()
    assert user.email == "new@example.com"
    assert ("accounts.confirm_address", "new@example.com") in mails()
    assert any(address == "old@example.com" for _notice, address in mails())


def test_changing_to_somebody_elses_address_tells_nothing(client: Client) -> None:
    """Neither on the page nor by taking it."""
    UserFactory(email="taken@example.com")
    user = UserFactory()
    sign_in(client, user)
    pages = []
    for email in ("taken@example.com", "fresh@example.com"):
        answer = client.post(reverse("account_email"), {"email": email, "action_add": ""})
        pages.append((answer.status_code, answer.headers.get("Location")))
        client.post(reverse("account_email"), {"email": email, "action_remove": ""})
    assert pages[0] == pages[1]
    user.refresh_from_db()
    assert user.email != "taken@example.com"


# --- How long a session lasts -------------------------------------------------------------------


def age(client: Client, *, signed_in: float = 0, seen: float = 0) -> None:
    """The session is so many seconds older, and so long idle."""
    session = client.session
    session[SIGNED_IN_AT] -= signed_in
    session[SEEN_AT] -= seen
    session.save()


@pytest.mark.parametrize(
    ("role", "idle", "total", "ends"),
    [
        ("expert", 29 * 60, 0, False), ("expert", 31 * 60, 0, True), ("staff", 31 * 60, 0, True),
        ("auditor", 31 * 60, 0, True), ("member", 31 * 60, 0, False),
        ("member", 0, 12 * 3600 - 60, False), ("member", 0, 12 * 3600 + 60, True),
        ("expert", 0, 12 * 3600 + 60, True),
    ],
)  # fmt: skip
def test_a_session_ends_after_30_idle_minutes_or_12_hours(
    client: Client, role: str, idle: int, total: int, ends: bool
) -> None:
    """A professional's by idleness; anybody's by its age."""
    user = UserFactory(**{role: True})
    sign_in(client, user)
    assert is_signed_in(client)
    age(client, signed_in=total, seen=idle)
    assert is_signed_in(client) is not ends
    assert ("accounts.session_expired" in verbs()) is ends
    assert UserSession.objects.filter(user=user).exists() is not ends


def test_the_lengths_are_what_the_documents_say(settings: Any) -> None:
    """Half an hour and half a day; the cookie is no longer good than the session."""
    assert settings.SESSION_IDLE.total_seconds() == 1800
    assert settings.SESSION_ABSOLUTE.total_seconds() == settings.SESSION_COOKIE_AGE == 43_200


def test_work_keeps_a_session_alive_until_its_absolute_end(client: Client) -> None:
    """Every click counts; noted once a minute at most."""
    sign_in(client, UserFactory(expert=True))
    is_signed_in(client)
    age(client, seen=1700)
    before = client.session[SEEN_AT]
    assert is_signed_in(client)
    assert client.session[SEEN_AT] > before
    noted = client.session[SEEN_AT]
    assert is_signed_in(client)
    assert client.session[SEEN_AT] == noted
    session: dict[str, float] = {}
    services.note_activity(session)
    assert session[SIGNED_IN_AT] <= time.time()


def test_what_is_typed_when_the_session_ends_is_given_back(client: Client) -> None:
    """On the page that says so."""
    sign_in(client, UserFactory(expert=True))
    is_signed_in(client)
    age(client, seen=1900)
    answer = client.post(reverse("accounts:profile"), {"name": "書きかけの名前", "kana": ""})
    assert answer.status_code == 401
    assert "書きかけの名前" in answer.content.decode()


def test_a_closed_account_is_out_at_once(client: Client) -> None:
    """In a session that goes on, and however its row was changed."""
    user = UserFactory(expert=True)
    sign_in(client, user)
    assert is_signed_in(client)
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    assert not is_signed_in(client)
    log_in(client, user.email)
    assert not is_signed_in(client)
