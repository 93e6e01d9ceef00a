"""Addresses of accounts and firms, beside those of the sign-in package."""

from django.urls import path

from accounts.views import invitations, members, organisations, professionals, profile, sessions

app_name = "accounts"
urlpatterns = [
    path("organisation/", organisations.organisation, name="organisation"),
    path("organisation/new/", organisations.new_organisation, name="new_organisation"),
    path("organisation/edit/", organisations.edit_organisation, name="edit_organisation"),
    path("members/", members.member_list, name="members"),
    path("members/invite/", members.invite, name="invite_member"),
    path("members/<int:pk>/remove/", members.remove, name="remove_member"),
    path("members/<int:pk>/promote/", members.promote, name="promote_member"),
    path("invitations/<int:pk>/withdraw/", invitations.withdraw, name="withdraw_invitation"),
    path("invitations/accept/<str:token>/", invitations.accept, name="accept_invitation"),
    path("profile/", profile.profile, name="profile"),
    path("sessions/", sessions.session_list, name="sessions"),
    path("sessions/<int:pk>/end/", sessions.end, name="end_session"),
    path("sessions/end-others/", sessions.end_others, name="end_other_sessions"),
    path("professionals/", professionals.professional_list, name="professionals"),
    path("professionals/invite/", professionals.invite, name="invite_professional"),
    path("professionals/<uuid:pk>/close/", professionals.close, name="close_account"),
    path("professionals/<uuid:pk>/reopen/", professionals.reopen, name="reopen_account"),
]
