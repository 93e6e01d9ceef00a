"""The only writers of accounts, firms, memberships, invitations and sessions."""

from accounts.services.invitations import (
    accept_invitation,
    invite_member,
    invite_professional,
    join_by_invitation,
    withdraw_invitation,
)
from accounts.services.mails import tell
from accounts.services.members import promote_member, remove_member
from accounts.services.organisations import (
    BaseDetails,
    OrganisationDetails,
    change_organisation,
    register_organisation,
)
from accounts.services.people import change_profile, close_account, reopen_account
from accounts.services.sessions import (
    begin_session,
    end_session,
    end_sessions,
    expire_session,
    note_activity,
    session_overdue,
)

__all__ = [
    "BaseDetails",
    "OrganisationDetails",
    "accept_invitation",
    "begin_session",
    "change_organisation",
    "change_profile",
    "close_account",
    "end_session",
    "end_sessions",
    "expire_session",
    "invite_member",
    "invite_professional",
    "join_by_invitation",
    "note_activity",
    "promote_member",
    "register_organisation",
    "remove_member",
    "reopen_account",
    "session_overdue",
    "tell",
    "withdraw_invitation",
]
