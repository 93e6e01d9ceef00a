"""Makes people, firms and memberships, and signs people in."""

import time
from typing import Any

import factory
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.test import Client

from accounts.enums import Industry, Prefecture, SizeBand
from accounts.models import Membership, Organisation, User
from accounts.models.seeds import seal_seed
from common.policy import PROFESSIONALS, Role

PASSWORD = "Hoshi-Akari-4920"
SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


class UserFactory(factory.django.DjangoModelFactory):
    """A member with a proved address; professionals also have a second factor (TOTP, SEED)."""

    class Meta:
        model = User

    class Params:
        member = factory.Trait(role=Role.MEMBER)
        expert = factory.Trait(role=Role.EXPERT)
        staff = factory.Trait(role=Role.STAFF)
        editor = factory.Trait(role=Role.EDITOR)
        partner = factory.Trait(role=Role.PARTNER)
        auditor = factory.Trait(role=Role.AUDITOR)

    email = factory.Sequence(lambda n: f"person{n}@example.com")
    role = Role.MEMBER
    name = factory.Sequence(lambda n: f"試験 {n}郎")
    kana = "シケン"
    password = PASSWORD

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **fields: Any) -> User:
        verified = fields.pop("verified", True)
        second_factor = fields.pop("second_factor", fields["role"] in PROFESSIONALS)
        user: User = User.objects.create_user(fields.pop("email"), fields.pop("password"), **fields)
        EmailAddress.objects.create(user=user, email=user.email, verified=verified, primary=True)
        if second_factor:
            add_totp(user)
        return user


class OrganisationFactory(factory.django.DjangoModelFactory):
    """A firm without members."""

    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"試験{n}製作所")
    prefecture = Prefecture.TOKYO
    industry = Industry.E
    size = SizeBand.UP_TO_20


class MembershipFactory(factory.django.DjangoModelFactory):
    """A member of a firm; `is_owner=True` for one who manages it."""

    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)


def add_totp(user: User, seed: str = SEED) -> Authenticator:
    """Give a person an authenticator application."""
    made: Authenticator = Authenticator.objects.create(
        user=user, type=Authenticator.Type.TOTP, data={"secret": seal_seed(user, seed)}
    )
    return made


def code_now(seed: str = SEED, steps: int = 0) -> str:
    """The code an application shows now, or `steps` half minutes from now."""
    return format_hotp_value(hotp_value(seed, int(time.time()) // 30 + steps))


def sign_in(client: Client, user: User, *, recently: bool = True) -> Client:
    """A complete session: password, and for professionals the second factor.

    `recently`: exports ask nothing more, as within five minutes of a proof.
    """
    client.force_login(user)
    session = client.session
    proof = {"at": time.time(), "method": "password", "reauthenticated": recently}
    records: list[dict[str, Any]] = [proof]
    if user.role in PROFESSIONALS:
        records.append({**proof, "method": "mfa", "type": "totp"})
    session["account_authentication_methods"] = records
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    UserSession.objects.update_or_create(
        session_key=session.session_key,
        defaults={"user": user, "ip": "127.0.0.1", "user_agent": "tests"},
    )
    return client
