"""Signing up: a proved address, a member's role whatever is posted, and no word of who has an account."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, connection
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, User
from common.audit.models import AuditEvent
from common.policy import Role
from tests.accounts.browsing import (
    ANSWERS,
    NEW_PASSWORD,
    is_signed_in,
    last_mail,
    link_of,
    log_in,
    mails,
    plain,
)
from tests.accounts.factories import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
SIGN_UP = "/accounts/signup/"


def sign_up(client: Client, **answers: Any) -> Any:
    """The form, sent."""
    return client.post(SIGN_UP, {**ANSWERS, **answers})


def test_signing_up_ends_with_the_mails_link(client: Client) -> None:
    """Before it nobody is signed in; opening it is not enough, a button is pressed."""
    answer = sign_up(client)
    assert answer["Location"] == reverse("account_email_verification_sent")
    user = User.objects.get(email="new@example.com")
    assert (user.name, user.kana, user.role) == ("作例 太郎", "サクレイ", Role.MEMBER)
    assert not is_signed_in(client)
    link = link_of("confirm_sign_up")
    assert client.get(link).status_code == 200
    assert not EmailAddress.objects.get(user=user).verified
    client.post(link)
    assert EmailAddress.objects.get(user=user).verified
    log_in(client, "new@example.com", NEW_PASSWORD)
    assert is_signed_in(client)


def test_without_the_proof_a_password_opens_nothing(client: Client) -> None:
    """The link is sent again instead."""
    sign_up(client)
    answer = log_in(client, "new@example.com", NEW_PASSWORD)
    assert answer["Location"] == reverse("account_email_verification_sent")
    assert not is_signed_in(client)


@pytest.mark.parametrize("key", ["guessed", "MQ:1tAbcd:xxxx", "a" * 300, "٣"])
def test_a_link_that_is_not_ours_says_so(client: Client, key: str) -> None:
    """And confirms nothing."""
    sign_up(client)
    answer = client.get(f"/accounts/confirm-email/{key}/")
    assert answer.status_code in (200, 404)
    client.post(f"/accounts/confirm-email/{key}/")
    assert not EmailAddress.objects.filter(verified=True).exists()


def test_what_a_form_does_not_ask_for_is_not_taken(client: Client) -> None:
    """Role, staff, firm, activity: everybody who signs up is a member of nothing."""
    firm = MembershipFactory().organisation
    sign_up(
        client, role="staff", is_staff="1", is_superuser="1", is_active="0", verified="1",
        organisation=str(firm.pk), membership="1", language="en", vault_key="1", id="1",
    )  # fmt: skip
    user = User.objects.get(email="new@example.com")
    assert (user.role, user.is_staff, user.is_active) == (Role.MEMBER, False, True)
    assert user.organisation is None
    assert Membership.objects.count() == 1
    assert not EmailAddress.objects.get(user=user).verified


def test_the_account_speaks_the_language_of_the_page(client: Client) -> None:
    """So that its first mail can be read."""
    client.post("/en" + SIGN_UP, ANSWERS)
    assert User.objects.get(email="new@example.com").language == "en"
    assert last_mail("confirm_sign_up").language == "en"


@pytest.mark.parametrize(
    "typed", ["ＮＥＷ＠example．com", "New@Example.COM", "  new@example.com　"]
)
def test_an_address_is_one_however_it_is_typed(client: Client, typed: str) -> None:
    """Width, case and spaces around do not make another account."""
    sign_up(client, email=typed)
    assert User.objects.filter(email="new@example.com").count() == 1
    sign_up(Client(), email="new@example.com")
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"name": ""}, "id_name"), ({"kana": "漢字"}, "id_kana"), ({"email": ""}, "id_email"),
        ({"email": "no address"}, "id_email"), ({"email": "a@b@c.example"}, "id_email"),
        ({"password1": "short", "password2": "short"}, "id_password1"),
        ({"password1": "password12345", "password2": "password12345"}, "id_password1"),
        ({"password1": "new@example.com", "password2": "new@example.com"}, "id_password1"),
        ({"password2": "another-password"}, "id_password2"), ({"name": "あ" * 101}, "id_name"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    client: Client, answers: dict[str, str], field: str
) -> None:
    """Passwords excepted, which are never sent back."""
    answer = sign_up(client, **answers)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'href="#{field}"' in page
    assert f'id="{field}_error"' in page
    for name, value in {**ANSWERS, **answers}.items():
        if "password" not in name and value:
            assert f'value="{value}"' in page
    assert NEW_PASSWORD not in page
    assert not User.objects.exists()
    assert "エラー：" in page[: page.index("</title>")]


def test_a_password_is_kept_as_a_hash_alone(client: Client) -> None:
    """And names are sealed: a look into the table."""
    sign_up(client)
    with connection.cursor() as cursor:
        cursor.execute("SELECT password, row_to_json(u)::text FROM accounts_user u")
        password, row = cursor.fetchone()
    assert password.startswith("argon2$argon2id$")
    assert NEW_PASSWORD not in row
    assert "作例" not in row


# --- Who has an account is not told -------------------------------------------------------------


def test_an_address_that_is_taken_is_answered_like_any_other(client: Client) -> None:
    """The same page; only the mail, which its owner alone reads, says more."""
    UserFactory(email="known@example.com")
    fresh = sign_up(Client(), email="fresh@example.com")
    taken = sign_up(Client(), email="known@example.com")
    assert (fresh.status_code, fresh["Location"]) == (taken.status_code, taken["Location"])
    pages = [plain(client.get(answer["Location"])) for answer in (fresh, taken)]
    assert pages[0] == pages[1]
    assert User.objects.count() == 2
    assert mails() == [
        ("accounts.confirm_sign_up", "fresh@example.com"),
        ("accounts.account_exists", "known@example.com"),
    ]


def test_an_address_that_waits_for_its_proof_is_answered_like_any_other() -> None:
    """Who signs up twice is told so by mail alone."""
    first, second = sign_up(Client()), sign_up(Client(), name="別の人")
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert User.objects.get().name == "作例 太郎"


def test_two_who_sign_up_with_one_address_at_once_are_answered_alike(
    client: Client, monkeypatch: Any
) -> None:
    """The database decides; the second sees the same page."""

    def taken(*_args: Any, **_options: Any) -> None:
        raise IntegrityError('duplicate key value violates "accounts_user_email_key"')

    monkeypatch.setattr(User, "save", taken)
    answer = sign_up(client)
    assert answer["Location"] == reverse("account_email_verification_sent")


def test_an_unknown_address_and_a_wrong_password_look_the_same() -> None:
    """As does the account of somebody whose role needs a second factor, or that is closed."""
    UserFactory(email="known@example.com")
    UserFactory(email="expert@example.com", expert=True)
    UserFactory(email="closed@example.com", is_active=False)
    UserFactory(email="unproved@example.com", verified=False)
    addresses = ["known", "expert", "closed", "unproved", "unknown"]
    pages = {
        plain(log_in(Client(), f"{name}@example.com", "wrong-password")).replace(name, "")
        for name in addresses
    }
    assert len(pages) == 1
    assert "メールアドレスまたはパスワードが違います" in pages.pop()


def test_resetting_a_password_is_answered_alike() -> None:
    """Whether the address is known, unknown, closed or unproved."""
    UserFactory(email="known@example.com")
    UserFactory(email="closed@example.com", is_active=False)
    answers = [
        Client().post("/accounts/password/reset/", {"email": f"{name}@example.com"})
        for name in ("known", "closed", "unknown")
    ]
    assert {(a.status_code, a["Location"]) for a in answers} == {
        (302, reverse("account_reset_password_done"))
    }
    assert mails()[0] == ("accounts.password_reset", "known@example.com")
    assert ("accounts.unknown_account", "unknown@example.com") in mails()


def test_a_failed_sign_in_is_noted_without_the_address() -> None:
    """By the account's id where there is one."""
    user = UserFactory(email="known@example.com")
    for name in ("known", "unknown"):
        log_in(Client(), f"{name}@example.com", "wrong-password")
    events = AuditEvent.objects.filter(verb="accounts.sign_in_failed").order_by("seq")
    assert [event.related for event in events] == [{"account": str(user.pk)}, {}]
    assert "example" not in str([event.__dict__ for event in events])
