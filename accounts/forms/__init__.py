"""Forms of accounts, firms and invitations."""

from accounts.forms.fields import AddressField, KanaField, corporate_number_fits
from accounts.forms.invitations import InviteMemberForm, InviteProfessionalForm, JoinForm
from accounts.forms.organisations import OrganisationForm
from accounts.forms.profile import ProfileForm

__all__ = [
    "AddressField",
    "InviteMemberForm",
    "InviteProfessionalForm",
    "JoinForm",
    "KanaField",
    "OrganisationForm",
    "ProfileForm",
    "corporate_number_fits",
]
