"""Inviting, withdrawing, accepting. Only the mail holds the token that accepts."""

import secrets
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import notifications
from accounts.enums import AuditKind
from accounts.errors import (
    AlreadyInOrganisation,
    InvitationClosed,
    InvitationForSomebodyElse,
    TooManyInvitations,
)
from accounts.models import (
    Invitation,
    Membership,
    Organisation,
    User,
    plain_address,
    token_digest,
)
from common import audit, mail
from common.errors import Refused
from common.policy import Role

#: A firm's invitations within a day; more would make the portal a sender of unwanted mail.
DAILY = 30


def invite_member(organisation: Organisation, *, email: str, actor: User) -> Invitation:
    """Invite an address into a firm; an earlier invitation of the address is withdrawn.

    Whether the address has an account is not told. Raises AlreadyInOrganisation for a member of
    this firm, TooManyInvitations.
    """
    address = plain_address(email)
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        members = Membership.objects.active().filter(organisation=organisation)
        if members.filter(user__email=address).exists():
            raise AlreadyInOrganisation(_("このアドレスの方は、すでにメンバーです。"))
        since = timezone.now() - timedelta(days=1)
        sent = Invitation.objects.filter(organisation=organisation, created_at__gt=since).count()
        if sent >= DAILY:
            raise TooManyInvitations(
                _("一日に送れる招待の数に達しました。明日もう一度お試しください。")
            )
        return _invite(address, Role.MEMBER, organisation, actor)


def invite_professional(*, email: str, role: Role, actor: User | None) -> Invitation:
    """Invite an address into a professional role. Raises Refused where it has an account.

    `actor` is None on the server's command line.
    """
    address = plain_address(email)
    if role in (Role.MEMBER, Role.VISITOR):
        raise ValueError("members are invited into a firm")
    with transaction.atomic():
        if User.objects.filter(email=address).exists():
            raise Refused(
                _("このアドレスにはすでにアカウントがあります。別のアドレスを入力してください。")
            )
        return _invite(address, role, None, actor)


def _invite(
    address: str, role: Role, organisation: Organisation | None, actor: User | None
) -> Invitation:
    """Make the invitation and its mail, within the caller's transaction."""
    token = secrets.token_urlsafe(32)
    earlier = Invitation.objects.waiting().filter(email=address, organisation=organisation)
    earlier.update(withdrawn_at=timezone.now())
    invitation: Invitation = Invitation.objects.create(
        digest=token_digest(token),
        email=address,
        role=role,
        organisation=organisation,
        invited_by=actor,
    )
    mail.send(
        notifications.INVITED,
        recipient=address,
        key=f"invitation:{invitation.pk}",
        url=reverse("accounts:accept_invitation", args=[token]),
        language=(actor.language if actor else get_language()),
    )
    audit.record(AuditKind.INVITATION_SENT, actor=actor, obj=invitation, role=role)
    return invitation


def withdraw_invitation(invitation: Invitation, *, actor: User) -> None:
    """Make an invitation useless. Raises InvitationClosed where it was accepted."""
    with transaction.atomic():
        stands = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if stands.withdrawn_at is not None:
            return
        if stands.accepted_at is not None:
            raise InvitationClosed(_("この招待はすでに使われています。"))
        stands.withdrawn_at = timezone.now()
        stands.save(update_fields=["withdrawn_at"])
        audit.record(AuditKind.INVITATION_WITHDRAWN, actor=actor, obj=stands)


def accept_invitation(invitation: Invitation, *, user: User) -> None:
    """Let a signed-in person join.

    Raises InvitationClosed, InvitationForSomebodyElse, AlreadyInOrganisation.
    """
    try:
        with transaction.atomic():
            stands = _open(invitation)
            if user.email != stands.email or user.role != stands.role:
                raise InvitationForSomebodyElse(
                    _(
                        "この招待は別のアドレス宛てです。"
                        "ログアウトし、招待を受け取ったアドレスでログインしてください。"
                    )
                )
            _accept(stands, user)
    except IntegrityError as error:
        if "membership_one_active" not in str(error):
            raise
        raise AlreadyInOrganisation(
            _("すでに別の企業に登録されています。先にその企業から抜けてください。")
        ) from None
    user.__dict__.pop("membership", None)


def join_by_invitation(
    invitation: Invitation, *, name: str, kana: str, password: str, language: str
) -> User:
    """Make an account for the invited address, which the mail has proved, and join.

    Raises InvitationClosed, InvitationForSomebodyElse where the address has an account by now.
    """
    try:
        with transaction.atomic():
            stands = _open(invitation)
            user = User.objects.create_user(
                stands.email, password, role=stands.role, name=name, kana=kana, language=language
            )
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
            _accept(stands, user)
    except IntegrityError as error:
        if "email" not in str(error):
            raise
        raise InvitationForSomebodyElse(
            _("このアドレスにはすでにアカウントがあります。ログインしてから参加してください。")
        ) from None
    return user


def _open(invitation: Invitation) -> Invitation:
    """The invitation, locked. Raises InvitationClosed."""
    found: Invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not found.is_open:
        raise InvitationClosed(
            _(
                "この招待は使えません。期限が過ぎたか、取り消されました。招待した方にご連絡ください。"
            )
        )
    return found


def _accept(invitation: Invitation, user: User) -> None:
    """Note the acceptance, tell who invited, and join the firm."""
    if invitation.organisation is not None:
        Membership.objects.create(user=user, organisation=invitation.organisation)
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    if invitation.invited_by is not None:
        page = "accounts:members" if invitation.organisation else "accounts:professionals"
        mail.send(
            notifications.INVITATION_ACCEPTED,
            recipient=invitation.invited_by,
            key=f"invitation-accepted:{invitation.pk}",
            url=reverse(page),
        )
    audit.record(AuditKind.INVITATION_ACCEPTED, actor=user, obj=invitation)
