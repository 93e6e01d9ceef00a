"""People and firms for benchmarks, and their signed-in sessions."""

import time

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.test import Client

from accounts.enums import Industry, Prefecture, SizeBand
from accounts.models import User
from accounts.services import OrganisationDetails, register_organisation
from common.policy import PROFESSIONALS, Role


def person(number: int, role: Role = Role.MEMBER) -> User:
    """Somebody with a proved address; a member owns a firm of their own."""
    user: User = User.objects.create_user(
        f"{role}{number}@bench.example", role=role, name=f"計測 {number}郎"
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if role is Role.MEMBER:
        details = OrganisationDetails(
            name=f"計測{number}製作所", prefecture=Prefecture.NAGANO, industry=Industry.E,
            size=SizeBand.UP_TO_50,
        )  # fmt: skip
        register_organisation(details, actor=user)
    return user


def signed_in(user: User) -> str:
    """The Cookie header of a complete session, with the second factor where the role needs it."""
    client = Client()
    client.force_login(user)
    session = client.session
    records: list[dict[str, object]] = [{"at": time.time(), "method": "password"}]
    if user.role in PROFESSIONALS:
        records.append({"at": time.time(), "method": "mfa", "type": "totp"})
    session["account_authentication_methods"] = records
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    UserSession.objects.update_or_create(
        session_key=session.session_key,
        defaults={"user": user, "ip": "127.0.0.1", "user_agent": "bench"},
    )
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
