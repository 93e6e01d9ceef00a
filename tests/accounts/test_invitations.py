"""Invitations: for one address and one role, seven days, once; only the mail holds the key."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.errors import InvitationClosed, InvitationForSomebodyElse, TooManyInvitations
from accounts.models import Invitation, Membership, User
from accounts.services.invitations import DAILY
from common.audit.models import AuditEvent
from common.policy import Role
from tests.accounts.browsing import (
    NEW_PASSWORD,
    is_signed_in,
    link_of,
    log_in,
    mails,
)
from tests.accounts.factories import MembershipFactory, UserFactory, sign_in

pytestmark = pytest.mark.django_db
INVITE = "/accounts/members/invite/"
ADDRESS = "new@example.com"
JOIN = {
    "name": "作例 花子", "kana": "", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD,
}  # fmt: skip


@pytest.fixture
def owner(client: Client) -> User:
    """An owner, signed in."""
    user = MembershipFactory(is_owner=True).user
    sign_in(client, user)
    return user


def invited(client: Client, email: str = ADDRESS) -> str:
    """Invites a colleague; gives the mail's link."""
    answer = client.post(INVITE, {"email": email})
    assert answer["Location"] == reverse("accounts:members")
    return link_of("invited")


# --- Joining ------------------------------------------------------------------------------------


def test_an_invited_person_joins_with_a_new_account(client: Client, owner: User) -> None:
    """Signed in at once, with a proved address; who invited is told."""
    link = invited(client)
    guest = Client()
    page = guest.get(link).content.decode()
    assert ADDRESS in page
    answer = guest.post(link, JOIN)
    assert answer.status_code == 302
    user = User.objects.get(email=ADDRESS)
    assert (user.role, user.organisation) == (Role.MEMBER, owner.organisation)
    assert not user.membership.is_owner  # type: ignore[union-attr]
    assert EmailAddress.objects.get(user=user).verified
    assert is_signed_in(guest)
    assert mails()[-1] == ("accounts.invitation_accepted", owner.email)
    assert AuditEvent.objects.filter(verb="accounts.invitation_accepted").count() == 1


def test_an_invited_person_with_an_account_joins_after_signing_in(
    client: Client, owner: User
) -> None:
    """The link says so, and leads back to itself."""
    user = UserFactory(email=ADDRESS)
    link = invited(client)
    guest = Client()
    page = guest.get(link).content.decode()
    assert reverse("account_login") in page
    log_in(guest, ADDRESS)
    assert guest.get(link).status_code == 200
    assert guest.post(link)["Location"] == reverse("portal:start")
    user.refresh_from_db()
    assert user.organisation == owner.organisation


def test_looking_at_an_invitation_accepts_nothing(client: Client, owner: User) -> None:
    """Programs that follow links in mails change nothing."""
    user = UserFactory(email=ADDRESS)
    link = invited(client)
    guest = sign_in(Client(), user)
    for _ in range(2):
        guest.get(link)
    assert user.organisation is None
    assert Invitation.objects.get().accepted_at is None


@pytest.mark.parametrize(
    ("answers", "field"),
    [({"name": ""}, "id_name"), ({"password1": "short", "password2": "short"}, "id_password1"),
     ({"password2": "different-one"}, "id_password2"), ({"kana": "漢字"}, "id_kana"),
     ({"password1": ADDRESS, "password2": ADDRESS}, "id_password1")],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(
    client: Client, owner: User, answers: dict[str, str], field: str
) -> None:
    """Nothing else is lost; the invitation stays good."""
    link = invited(client)
    page = Client().post(link, {**JOIN, **answers}).content.decode()
    assert f'href="#{field}"' in page
    assert NEW_PASSWORD not in page
    assert not User.objects.filter(email=ADDRESS).exists()
    assert Invitation.objects.get().is_open


def test_joining_takes_no_other_role_or_firm(client: Client, owner: User) -> None:
    """Whatever is posted beside."""
    other = MembershipFactory().organisation
    link = invited(client)
    Client().post(
        link,
        {**JOIN, "role": "staff", "organisation": str(other.pk), "is_owner": "1", "email": "x@example.com",
         "is_staff": "1", "language": "xx"},
    )  # fmt: skip
    user = User.objects.get(email=ADDRESS)
    assert (user.role, user.organisation, user.language) == ("member", owner.organisation, "ja")
    assert not user.membership.is_owner  # type: ignore[union-attr]


# --- When it is no good -------------------------------------------------------------------------


def test_an_invitation_is_good_once(client: Client, owner: User) -> None:
    """A second person with the same link finds it closed."""
    link = invited(client)
    Client().post(link, JOIN)
    for guest in (Client(), sign_in(Client(), UserFactory())):
        for answer in (guest.get(link), guest.post(link, JOIN)):
            assert answer.status_code == 410
    assert Membership.objects.count() == 2


def test_an_invitation_is_good_for_seven_days(client: Client, owner: User) -> None:
    """Then it says so."""
    link = invited(client)
    invitation = Invitation.objects.get()
    assert timedelta(days=6, hours=23) < invitation.expires_at - timezone.now() <= timedelta(days=7)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = Client().get(link)
    assert answer.status_code == 410
    assert Client().post(link, JOIN).status_code == 410
    assert not User.objects.filter(email=ADDRESS).exists()


def test_a_withdrawn_invitation_is_no_good(client: Client, owner: User) -> None:
    """At once, and withdrawing twice changes nothing."""
    link = invited(client)
    address = reverse("accounts:withdraw_invitation", args=[Invitation.objects.get().pk])
    for _ in range(2):
        assert client.post(address)["Location"] == reverse("accounts:members")
    assert Client().get(link).status_code == 410
    assert AuditEvent.objects.filter(verb="accounts.invitation_withdrawn").count() == 1


def test_a_newer_invitation_makes_the_older_one_void(client: Client, owner: User) -> None:
    """One key a person."""
    first = invited(client)
    second = invited(client)
    assert first != second
    assert Client().get(first).status_code == 410
    assert Client().get(second).status_code == 200


def test_an_accepted_invitation_cannot_be_withdrawn(client: Client, owner: User) -> None:
    """The member is removed instead."""
    Client().post(invited(client), JOIN)
    invitation = Invitation.objects.get()
    with pytest.raises(InvitationClosed):
        services.withdraw_invitation(invitation, actor=owner)
    client.post(reverse("accounts:withdraw_invitation", args=[invitation.pk]))
    assert Invitation.objects.get().withdrawn_at is None


def test_another_person_cannot_accept(client: Client, owner: User) -> None:
    """The page says to which address it was sent, and that another account is needed."""
    link = invited(client)
    wrong = UserFactory(email="wrong@example.com")
    guest = sign_in(Client(), wrong)
    assert ADDRESS in guest.get(link).content.decode()
    assert guest.post(link).status_code == 409
    assert wrong.organisation is None
    with pytest.raises(InvitationForSomebodyElse):
        services.accept_invitation(Invitation.objects.get(), user=wrong)


def test_a_professional_does_not_become_a_member(client: Client, owner: User) -> None:
    """One account has one role."""
    link = invited(client)
    expert = UserFactory(email=ADDRESS, expert=True)
    guest = sign_in(Client(), expert)
    assert guest.post(link).status_code == 409
    assert not Membership.objects.filter(user=expert).exists()


def test_who_belongs_to_a_firm_has_to_leave_it_first(client: Client, owner: User) -> None:
    """Nobody is moved in silence."""
    user = MembershipFactory(user__email=ADDRESS).user
    guest = sign_in(Client(), user)
    answer = guest.post(invited(client))
    assert answer.status_code == 409
    assert "先にその企業から抜けて" in answer.content.decode()
    assert user.organisation != owner.organisation


@pytest.mark.parametrize("token", ["guessed", "x" * 43, "a" * 300, "%00", "٣", "..", "<script>"])
def test_a_link_that_is_not_ours_is_not_found(client: Client, token: str) -> None:
    """Signed in or not."""
    for guest in (Client(), sign_in(Client(), UserFactory())):
        answer = guest.get(f"/accounts/invitations/accept/{token}/")
        assert answer.status_code in (400, 404)


def test_an_account_made_in_between_is_no_second_one(client: Client, owner: User) -> None:
    """The person signed up while the invitation's page was open."""
    link = invited(client)
    invitation = Invitation.objects.get()
    UserFactory(email=ADDRESS)
    with pytest.raises(InvitationForSomebodyElse):
        services.join_by_invitation(
            invitation, name="x", kana="", password=NEW_PASSWORD, language="ja"
        )
    assert Client().post(link, JOIN).status_code == 200
    assert User.objects.filter(email=ADDRESS).count() == 1


def test_only_the_mail_holds_the_key(client: Client, owner: User) -> None:
    """The table holds a digest, the ledger a sealed link."""
    link = invited(client)
    token = link.rstrip("/").rsplit("/", 1)[1]
    with connection.cursor() as cursor:
        for table in ("accounts_invitation", "common_mail", "common_auditevent", "django_session"):
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} t")
            assert token not in cursor.fetchone()[0]
    assert len(token) >= 43


# --- Who invites --------------------------------------------------------------------------------


def test_whether_an_address_has_an_account_is_not_told(client: Client, owner: User) -> None:
    """Only whether it belongs to one's own firm."""
    UserFactory(email="known@example.com")
    MembershipFactory(user__email="elsewhere@example.com")
    pages = []
    for name in ("known", "elsewhere", "unknown"):
        answer = client.post(INVITE, {"email": f"{name}@example.com"}, follow=True)
        pages.append((answer.redirect_chain, "招待のメールを送りました" in answer.content.decode()))
    assert pages[0] == pages[1] == pages[2]
    page = client.post(INVITE, {"email": owner.email}).content.decode()
    assert "すでにメンバーです" in page


@pytest.mark.parametrize(
    "email", ["", "x", "a@b", "a@example.com\r\nBcc: b@x.example", "a" * 255 + "@x.example"]
)
def test_an_address_that_is_none_is_refused(client: Client, owner: User, email: str) -> None:
    """And nothing is sent."""
    page = client.post(INVITE, {"email": email}).content.decode()
    assert 'href="#id_email"' in page
    assert mails() == []


def test_invitations_are_bounded_by_the_day(owner: User) -> None:
    """The portal must not send unwanted mail for anybody."""
    assert owner.organisation is not None
    for number in range(DAILY):
        services.invite_member(owner.organisation, email=f"a{number}@example.com", actor=owner)
    with pytest.raises(TooManyInvitations):
        services.invite_member(owner.organisation, email="more@example.com", actor=owner)
    assert len(mails()) == DAILY
    Invitation.objects.update(created_at=timezone.now() - timedelta(days=1, minutes=1))
    services.invite_member(owner.organisation, email="more@example.com", actor=owner)


def test_a_member_who_is_no_owner_invites_nobody(client: Client) -> None:
    """Nor sees or withdraws invitations."""
    firm = MembershipFactory(is_owner=True).organisation
    owner_client = sign_in(Client(), firm.memberships.get().user)
    owner_client.post(INVITE, {"email": ADDRESS})
    invitation = Invitation.objects.get()
    sign_in(client, MembershipFactory(organisation=firm).user)
    assert client.post(INVITE, {"email": "b@example.com"}).status_code == 403
    assert ADDRESS not in client.get(reverse("accounts:members")).content.decode()
    withdraw = reverse("accounts:withdraw_invitation", args=[invitation.pk])
    assert client.post(withdraw).status_code in (403, 404)
    stranger = sign_in(Client(), MembershipFactory(is_owner=True).user)
    assert stranger.post(withdraw).status_code == 404
    assert Invitation.objects.get().is_open


def test_somebody_without_a_firm_invites_nobody(client: Client) -> None:
    """There is nothing to join."""
    sign_in(client, UserFactory())
    assert client.post(INVITE, {"email": ADDRESS}).status_code == 404
    assert mails() == []


# --- Professionals ------------------------------------------------------------------------------

STAFF_INVITE = "/accounts/professionals/invite/"


@pytest.mark.parametrize("role", ["expert", "staff", "editor", "partner", "auditor"])
def test_the_secretariat_invites_into_professional_roles(client: Client, role: str) -> None:
    """Who joins sets up a second factor before anything opens."""
    sign_in(client, UserFactory(staff=True))
    client.post(STAFF_INVITE, {"email": ADDRESS, "role": role})
    guest = Client()
    guest.post(link_of("invited"), JOIN)
    user = User.objects.get(email=ADDRESS)
    assert user.role == role
    assert guest.get(reverse("portal:start"))["Location"] == reverse("mfa_index")
    event = AuditEvent.objects.get(verb="accounts.invitation_sent")
    assert event.related == {"role": role}


@pytest.mark.parametrize("role", ["member", "visitor", "admin", "", "staff\x00"])
def test_no_other_role_is_given_by_invitation(client: Client, role: str) -> None:
    """Neither by the form nor by the service."""
    staff = UserFactory(staff=True)
    sign_in(client, staff)
    assert client.post(STAFF_INVITE, {"email": ADDRESS, "role": role}).status_code in (200, 400)
    assert not Invitation.objects.exists()
    for refused in (Role.MEMBER, Role.VISITOR):
        with pytest.raises(ValueError, match="members"):
            services.invite_professional(email=ADDRESS, role=refused, actor=staff)


def test_an_address_with_an_account_gets_no_second_role(client: Client) -> None:
    """Said to the secretariat, which sees all accounts anyway."""
    UserFactory(email=ADDRESS)
    sign_in(client, UserFactory(staff=True))
    page = client.post(STAFF_INVITE, {"email": ADDRESS, "role": "expert"}).content.decode()
    assert "すでにアカウントがあります" in page
    assert f'value="{ADDRESS}"' in page


@pytest.mark.parametrize("role", ["member", "expert", "editor", "partner", "auditor"])
def test_nobody_but_the_secretariat_invites_professionals(client: Client, role: str) -> None:
    """Nor sees who they are."""
    sign_in(client, UserFactory(**{role: True}))
    assert client.post(STAFF_INVITE, {"email": ADDRESS, "role": "staff"}).status_code == 403
    assert client.get(reverse("accounts:professionals")).status_code == 403
    assert not Invitation.objects.exists()


def test_nobody_signs_up_into_a_professional_role(client: Client) -> None:
    """By no field of the form."""
    answers = {**JOIN, "email": ADDRESS}
    for extra in ({"role": "staff"}, {"role": ["member", "staff"]}, {"is_professional": "1"}):
        client.post("/accounts/signup/", {**answers, **extra})
    assert {user.role for user in User.objects.all()} == {"member"}


def test_the_first_of_the_secretariat_is_invited_on_the_command_line(capsys: Any) -> None:
    """Before anybody is there who could."""
    from django.core.management import CommandError, call_command

    call_command("invite_staff", "Ｆｉｒｓｔ@example.com")
    assert "on its way" in capsys.readouterr().out
    assert Invitation.objects.get().role == "staff"
    guest = Client()
    guest.post(link_of("invited"), JOIN)
    assert User.objects.get(email="first@example.com").role == Role.STAFF
    for wrong in ("no address", "first@example.com"):
        with pytest.raises(CommandError):
            call_command("invite_staff", wrong)
