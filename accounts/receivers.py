"""Hears the sign-in package: audit, session limits, sealed seeds."""

from typing import Any

from allauth.account import signals as account
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import post_init
from django.dispatch import receiver

from accounts import services
from accounts.enums import AuditKind
from accounts.models import User, plain_address
from accounts.models.seeds import OwnedSeed
from common import audit


@receiver(post_init, sender=Authenticator)
def name_the_owner(instance: Authenticator, **_kwargs: Any) -> None:
    """Let stored seeds know whose row they were read from."""
    if "data" not in instance.__dict__ or not isinstance(instance.data, dict):
        return
    for name in ("secret", "seed"):
        if isinstance(instance.data.get(name), str):
            instance.data[name] = OwnedSeed.of(instance.data[name], instance.user_id)


@receiver(user_logged_in)
def begin(request: Any, **_kwargs: Any) -> None:
    """Note when the session began."""
    services.begin_session(request.session)


@receiver(account.user_signed_up)
def signed_up(user: User, **_kwargs: Any) -> None:
    """A new account."""
    audit.record(AuditKind.SIGNED_UP, actor=user, obj=user)


@receiver(account.user_logged_in)
def signed_in(request: Any, user: User, **_kwargs: Any) -> None:
    """By which means, without the address."""
    methods = {
        record.get("type", record["method"]) for record in get_authentication_records(request, user)
    }
    audit.record(AuditKind.SIGNED_IN, actor=user, obj=user, by="+".join(sorted(methods)))


@receiver(user_login_failed)
def sign_in_failed(credentials: dict[str, Any], **_kwargs: Any) -> None:
    """Whose account was tried, by its id, where there is one."""
    address = plain_address(str(credentials.get("email") or ""))
    account_id = User.objects.filter(email=address).values_list("pk", flat=True).first()
    audit.record(AuditKind.SIGN_IN_FAILED, actor=AnonymousUser(), account=account_id)


@receiver(user_logged_out)
def signed_out(user: User | None, **_kwargs: Any) -> None:
    """By the person."""
    if user is not None:
        audit.record(AuditKind.SIGNED_OUT, actor=user, obj=user)


@receiver(account.password_changed)
@receiver(account.password_reset)
@receiver(account.password_set)
def password_changed(user: User, **_kwargs: Any) -> None:
    """Changed or set anew; every session ends, this one included."""
    services.end_sessions(user, actor=user)
    audit.record(AuditKind.PASSWORD_CHANGED, actor=user, obj=user)


@receiver(account.email_confirmed)
def address_confirmed(email_address: Any, **_kwargs: Any) -> None:
    """The person has shown to hold the address."""
    user = email_address.user
    audit.record(AuditKind.ADDRESS_CONFIRMED, actor=user, obj=user)


@receiver(account.email_changed)
def address_changed(user: User, **_kwargs: Any) -> None:
    """The address used to sign in."""
    audit.record(AuditKind.ADDRESS_CHANGED, actor=user, obj=user)


@receiver(mfa.authenticator_added)
def second_factor_added(
    request: Any, user: User, authenticator: Authenticator, **_kwargs: Any
) -> None:
    """Whoever has just set it up has used it; sessions elsewhere have not, and end."""
    kind = authenticator.type
    if kind == Authenticator.Type.RECOVERY_CODES:
        return
    # As good as a proof asked for once more: the page demanded a fresh one, and the new factor was
    # used. So the recovery codes are shown without another question.
    record_authentication(
        request, user, "mfa", id=authenticator.pk, type=kind, reauthenticated=True
    )
    services.end_sessions(user, actor=user, keep=request.session.session_key)
    audit.record(AuditKind.SECOND_FACTOR_ADDED, actor=user, obj=user, type=kind)


@receiver(mfa.authenticator_removed)
def second_factor_removed(user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    """Removed by the person."""
    kind = authenticator.type
    audit.record(AuditKind.SECOND_FACTOR_REMOVED, actor=user, obj=user, type=kind)


@receiver(mfa.authenticator_reset)
def recovery_codes_renewed(user: User, **_kwargs: Any) -> None:
    """New recovery codes; the old ones are void."""
    audit.record(AuditKind.RECOVERY_CODES_RENEWED, actor=user, obj=user)


@receiver(mfa.authentication_failed)
def second_factor_failed(user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    """A wrong code."""
    audit.record(
        AuditKind.SECOND_FACTOR_FAILED, actor=AnonymousUser(), obj=user, type=authenticator.type
    )
