"""Who belongs to a firm and who works for the portal: leaving ends access at once."""

import threading
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from accounts import services
from accounts.errors import LastOwner
from accounts.models import Membership, User
from common.audit.models import AuditEvent
from common.errors import Refused
from tests.accounts.browsing import is_signed_in, log_in, mails
from tests.accounts.factories import MembershipFactory, OrganisationFactory, UserFactory, sign_in
from tests.consultations.factories import scene

pytestmark = pytest.mark.django_db
MEMBERS = "/accounts/members/"


def pair() -> tuple[Membership, Membership]:
    """An owner and a clerk of one firm."""
    firm = OrganisationFactory()
    return (
        MembershipFactory(organisation=firm, is_owner=True),
        MembershipFactory(organisation=firm),
    )


def remove(client: Client, membership: Membership) -> Any:
    """The page's button."""
    return client.post(reverse("accounts:remove_member", args=[membership.pk]), follow=True)


# --- Leaving ------------------------------------------------------------------------------------


def test_a_removed_member_is_out_at_once(client: Client) -> None:
    """In a session that was going on; told by mail, noted with both."""
    owner, clerk = pair()
    theirs = Client()
    log_in(theirs, clerk.user.email)
    assert theirs.get(MEMBERS).status_code == 200
    remove(sign_in(client, owner.user), clerk)
    assert not is_signed_in(theirs)
    assert ("accounts.membership_ended", clerk.user.email) in mails()
    event = AuditEvent.objects.get(verb="accounts.member_removed")
    assert (event.actor_id, event.related) == (owner.user.pk, {"member": str(clerk.user.pk)})
    log_in(theirs, clerk.user.email)
    assert is_signed_in(theirs)
    assert theirs.get(MEMBERS)["Location"] == reverse("accounts:new_organisation")


def test_a_removed_member_sees_no_case_of_the_firm() -> None:
    """Shared ones neither, by their address."""
    made = scene(shared_in_firm=True)
    owner = MembershipFactory(organisation=made.firm, is_owner=True)
    address = reverse("consultations:detail", args=[made.case.ref])
    theirs = sign_in(Client(), made.colleague)
    assert theirs.get(address).status_code == 200
    remove(sign_in(Client(), owner.user), Membership.objects.get(user=made.colleague))
    sign_in(theirs, made.colleague)
    assert theirs.get(address).status_code == 404


def test_a_member_may_leave_and_stays_signed_in(client: Client) -> None:
    """By the same page; nobody is sent a mail about it."""
    _owner, clerk = pair()
    remove(sign_in(client, clerk.user), clerk)
    clerk.refresh_from_db()
    assert clerk.ended_at is not None
    assert is_signed_in(client)
    assert mails() == []
    assert AuditEvent.objects.filter(verb="accounts.member_left").exists()


def test_removing_is_asked_about_before_it_is_done(client: Client) -> None:
    """Opening the page removes nobody."""
    owner, clerk = pair()
    page = sign_in(client, owner.user).get(reverse("accounts:remove_member", args=[clerk.pk]))
    assert clerk.user.name in page.content.decode()
    clerk.refresh_from_db()
    assert clerk.ended_at is None


def test_the_last_owner_cannot_leave(client: Client) -> None:
    """Nobody could manage the firm then; the page says what to do first."""
    owner, clerk = pair()
    page = remove(sign_in(client, owner.user), owner).content.decode()
    assert "先に別の方を管理者に" in page
    owner.refresh_from_db()
    assert owner.ended_at is None
    services.promote_member(clerk, actor=owner.user)
    remove(client, owner)
    owner.refresh_from_db()
    assert owner.ended_at is not None


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_leave_at_once_leave_one_behind() -> None:
    """The firm's row decides who was first."""
    firm = OrganisationFactory()
    owners = [MembershipFactory(organisation=firm, is_owner=True) for _ in range(2)]
    start, refused = threading.Barrier(2), []

    def leave(membership: Membership) -> None:
        start.wait()
        try:
            services.remove_member(membership, actor=membership.user)
        except LastOwner:
            refused.append(membership)
        connections.close_all()

    threads = [threading.Thread(target=leave, args=(owner,)) for owner in owners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert Membership.objects.active().owners().count() == 1


def test_removing_twice_changes_nothing(client: Client) -> None:
    """Two owners press at once."""
    owner, clerk = pair()
    for _ in range(2):
        services.remove_member(clerk, actor=owner.user)
    assert AuditEvent.objects.filter(verb="accounts.member_removed").count() == 1


# --- Owners -------------------------------------------------------------------------------------


def test_an_owner_makes_another_one(client: Client) -> None:
    """Who then invites, changes and removes."""
    owner, clerk = pair()
    sign_in(client, owner.user).post(reverse("accounts:promote_member", args=[clerk.pk]))
    clerk.refresh_from_db()
    assert clerk.is_owner
    assert AuditEvent.objects.filter(verb="accounts.owner_added").count() == 1
    services.promote_member(clerk, actor=owner.user)
    assert AuditEvent.objects.filter(verb="accounts.owner_added").count() == 1


def test_a_clerk_manages_nobody(client: Client) -> None:
    """Neither others nor himself upward."""
    owner, clerk = pair()
    sign_in(client, clerk.user)
    assert remove(client, owner).status_code == 403
    for membership in (owner, clerk):
        address = reverse("accounts:promote_member", args=[membership.pk])
        assert client.post(address).status_code == 403
    clerk.refresh_from_db()
    assert not clerk.is_owner
    assert Membership.objects.active().count() == 2


@pytest.mark.parametrize("name", ["accounts:remove_member", "accounts:promote_member"])
def test_members_of_other_firms_are_not_found(client: Client, name: str) -> None:
    """As are those who have left, and numbers that are none."""
    owner, clerk = pair()
    stranger = MembershipFactory()
    sign_in(client, owner.user)
    services.remove_member(clerk, actor=owner.user)
    for number in (stranger.pk, clerk.pk, 0, 2**31, 2**63, 10**18):
        assert client.post(reverse(name, args=[number])).status_code == 404
    stranger.refresh_from_db()
    assert stranger.ended_at is None
    assert not stranger.is_owner


def test_the_list_shows_ones_own_firm_alone(client: Client) -> None:
    """Everybody in it, nobody else; buttons for owners."""
    owner, clerk = pair()
    stranger = MembershipFactory()
    page = sign_in(client, owner.user).get(MEMBERS).content.decode()
    assert clerk.user.email in page or clerk.user.name in page
    assert stranger.user.name not in page
    assert stranger.user.email not in page
    assert reverse("accounts:promote_member", args=[clerk.pk]) in page
    page = sign_in(client, clerk.user).get(MEMBERS).content.decode()
    assert reverse("accounts:promote_member", args=[clerk.pk]) not in page
    assert reverse("accounts:remove_member", args=[owner.pk]) not in page


def test_a_long_list_costs_no_more_questions(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    """Names are sealed under a key each, which come with them."""
    owner, _clerk = pair()
    for _ in range(20):
        MembershipFactory(organisation=owner.organisation)
    sign_in(client, owner.user)
    with django_assert_max_num_queries(25):
        client.get(MEMBERS)


# --- The portal's people ------------------------------------------------------------------------


def test_the_secretariat_ends_a_professionals_access_at_once(client: Client) -> None:
    """In a session that goes on; cases are out of reach, nothing is deleted; and opens it again."""
    made = scene()
    address = reverse("consultations:detail", args=[made.case.ref])
    theirs = sign_in(Client(), made.adviser)
    assert theirs.get(address).status_code == 200
    sign_in(client, made.staff).post(reverse("accounts:close_account", args=[made.adviser.pk]))
    assert theirs.get(address).status_code == 302
    assert User.objects.filter(pk=made.adviser.pk, is_active=False).exists()
    assert AuditEvent.objects.filter(verb="accounts.account_closed").count() == 1
    client.post(reverse("accounts:reopen_account", args=[made.adviser.pk]))
    assert sign_in(theirs, made.adviser).get(address).status_code == 200
    assert AuditEvent.objects.filter(verb="accounts.account_reopened").count() == 1


def test_nobody_closes_ones_own_account(client: Client) -> None:
    """Or the last of the secretariat would lock everybody out."""
    staff = UserFactory(staff=True)
    sign_in(client, staff)
    page = client.post(
        reverse("accounts:close_account", args=[staff.pk]), follow=True
    ).content.decode()
    assert "自分のアカウントは停止できません" in page
    with pytest.raises(Refused):
        services.close_account(staff, actor=staff)
    assert User.objects.get(pk=staff.pk).is_active


def test_closing_and_opening_twice_changes_nothing() -> None:
    """And is noted once."""
    staff, expert = UserFactory(staff=True), UserFactory(expert=True)
    for act in (services.close_account, services.reopen_account):
        for _ in range(2):
            act(expert, actor=staff)
    assert list(AuditEvent.objects.values_list("verb", flat=True).order_by("seq")) == [
        "accounts.account_closed",
        "accounts.account_reopened",
    ]


def test_a_firms_member_is_not_closed_on_the_page_of_professionals(client: Client) -> None:
    """The firm decides about its own people."""
    member = MembershipFactory().user
    sign_in(client, UserFactory(staff=True))
    assert client.post(reverse("accounts:close_account", args=[member.pk])).status_code == 404
    assert User.objects.get(pk=member.pk).is_active


@pytest.mark.parametrize("role", ["member", "expert", "editor", "partner", "auditor"])
def test_nobody_else_closes_accounts(client: Client, role: str) -> None:
    """By address either."""
    expert = UserFactory(expert=True)
    sign_in(client, UserFactory(**{role: True}))
    for name in ("accounts:close_account", "accounts:reopen_account"):
        assert client.post(reverse(name, args=[expert.pk])).status_code == 403
    assert User.objects.get(pk=expert.pk).is_active


def test_the_list_of_professionals_shows_who_is_closed(client: Client) -> None:
    """And the invitations that wait; no members of firms."""
    staff, closed = UserFactory(staff=True), UserFactory(expert=True, is_active=False)
    member = MembershipFactory().user
    services.invite_professional(email="wait@example.com", role=closed.role, actor=staff)
    page = sign_in(client, staff).get(reverse("accounts:professionals")).content.decode()
    assert closed.email in page
    assert "wait@example.com" in page
    assert member.email not in page
    assert reverse("accounts:reopen_account", args=[closed.pk]) in page


# --- One's own particulars ----------------------------------------------------------------------


def test_a_person_changes_name_reading_and_language(client: Client) -> None:
    """The page goes on in the chosen language."""
    user = UserFactory()
    sign_in(client, user)
    answer = client.post(
        "/accounts/profile/", {"name": "髙﨑 𠮷子", "kana": "ﾀｶｻｷ", "language": "en"}
    )
    assert answer["Location"] == "/en/accounts/profile/"
    user = User.objects.select_related("vault_key").get(pk=user.pk)
    assert (user.name, user.kana, user.language) == ("髙﨑 𠮷子", "タカサキ", "en")
    assert '<html lang="en">' in client.get(answer["Location"]).content.decode()
    assert AuditEvent.objects.filter(verb="accounts.profile_changed").count() == 1


def test_nothing_else_of_ones_account_is_changed_there(client: Client) -> None:
    """Neither role nor address nor anybody else's."""
    other = UserFactory()
    user = UserFactory()
    sign_in(client, user)
    client.post(
        "/accounts/profile/",
        {"name": "新しい名前", "kana": "", "language": "ja", "role": "staff", "email": "x@example.com",
         "is_active": "0", "is_staff": "1", "organisation": "1", "id": str(other.pk), "user": str(other.pk),
         "password": "x", "vault_key": "1", "created_at": "2001-01-01"},
    )  # fmt: skip
    stands = User.objects.select_related("vault_key").get(pk=user.pk)
    assert stands.name == "新しい名前"
    for name in ("role", "email", "is_active", "password", "vault_key_id", "created_at"):
        assert getattr(stands, name) == getattr(user, name)
    assert User.objects.select_related("vault_key").get(pk=other.pk).name == other.name


def test_the_wrong_language_is_named(client: Client) -> None:
    """The typed name stays."""
    sign_in(client, UserFactory())
    page = client.post(
        "/accounts/profile/", {"name": "新しい名前", "kana": "", "language": "xx"}
    ).content.decode()
    assert "一覧にあるものから選んで" in page
    assert 'value="新しい名前"' in page


def test_demonstration_accounts_are_those_of_the_readme(settings: Any, client: Client) -> None:
    """Address, password and seed, for everybody; loading twice makes nobody twice."""
    import re

    from accounts import demo
    from tests.accounts.factories import code_now

    for _ in range(2):
        demo.load()
    assert User.objects.count() == len(demo.ACCOUNTS)
    readme = (settings.BASE_DIR / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"\| `(\S+@demo\.example)` \| `(\S+)` \| (?:`(\S+)` )?\|", readme)
    assert {(email, password, seed) for email, password, seed in rows} == {
        (account.email, account.password, account.seed) for account in demo.ACCOUNTS
    }
    for email, password, seed in rows:
        guest = Client(REMOTE_ADDR=f"192.0.2.{rows.index((email, password, seed))}")
        log_in(guest, email, password)
        if seed:
            guest.post(reverse("mfa_authenticate"), {"code": code_now(seed)})
        assert is_signed_in(guest), email
