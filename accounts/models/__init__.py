"""Users, organisations and who belongs to which, invitations."""

from accounts.models.invitations import Invitation, InvitationQuerySet, token_digest
from accounts.models.organisations import (
    Membership,
    MembershipQuerySet,
    Organisation,
    OrganisationQuerySet,
    OverseasBase,
)
from accounts.models.users import User, UserManager, UserQuerySet, plain_address, signed_in

__all__ = [
    "Invitation",
    "InvitationQuerySet",
    "Membership",
    "MembershipQuerySet",
    "Organisation",
    "OrganisationQuerySet",
    "OverseasBase",
    "User",
    "UserManager",
    "UserQuerySet",
    "plain_address",
    "signed_in",
    "token_digest",
]
