"""What the services of this app refuse; each message says what to do next."""

from common.errors import Refused


class AlreadyInOrganisation(Refused):
    """The person belongs to a firm already; a person belongs to one at a time."""


class LastOwner(Refused):
    """A firm keeps at least one owner."""


class InvitationClosed(Refused):
    """The invitation was used, withdrawn, or is past its date."""


class InvitationForSomebodyElse(Refused):
    """The signed-in account has another address or role than the invitation."""


class TooManyInvitations(Refused):
    """More open invitations than a firm needs."""
