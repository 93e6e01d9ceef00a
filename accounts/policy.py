"""Who may do what with accounts and firms, and the rules of the sign-in package's own addresses."""

from common.policy import EVERYONE, SIGNED_IN, Relation, Role, Table, only

_OWNER = only(Role.MEMBER, by=(Relation.OWNER,))
_STAFF = only(Role.STAFF)
_SELF = {role: frozenset({Relation.OWN}) for role in SIGNED_IN}
_FIRM = {Role.MEMBER: frozenset({Relation.OWN, Relation.FIRM, Relation.OWNER})}

RULES: Table = {
    # Signing up, signing in, resetting a password: for whoever comes.
    ("sign_in", "use"): EVERYONE,
    # One's own password, address, second factor.
    ("sign_in", "manage"): SIGNED_IN,
    # Addresses of the package that the portal has no use for: nobody.
    ("sign_in", "unused"): {},
    ("user", "read"): {**_SELF, **_FIRM, **_STAFF},
    ("user", "change"): _SELF,
    ("user", "close"): _STAFF,
    ("profile", "change"): SIGNED_IN,
    ("session", "list"): SIGNED_IN,
    ("session", "end"): SIGNED_IN,
    # The page of one's own firm, which leads to registering it where there is none.
    ("own_organisation", "read"): only(Role.MEMBER),
    ("organisation", "create"): only(Role.MEMBER),
    ("organisation", "read"): {
        Role.MEMBER: frozenset({Relation.FIRM, Relation.OWNER}),
        **_STAFF,
    },
    ("organisation", "change"): _OWNER,
    ("organisation", "invite"): _OWNER,
    ("membership", "list"): only(Role.MEMBER),
    ("membership", "read"): {**_FIRM, **_STAFF},
    # OWN: to leave the firm oneself.
    ("membership", "remove"): only(Role.MEMBER, by=(Relation.OWN, Relation.OWNER)),
    ("membership", "promote"): _OWNER,
    ("invitation", "read"): {**_OWNER, **_STAFF},
    ("invitation", "withdraw"): {**_OWNER, **_STAFF},
    ("invitation", "accept"): EVERYONE,
    ("professional", "list"): _STAFF,
    ("professional", "invite"): _STAFF,
}

_USE = ("sign_in", "use")
_MANAGE = ("sign_in", "manage")
_UNUSED = ("sign_in", "unused")

#: Address names of the sign-in package (all of `include("allauth.urls")`).
EXTERNAL = {
    "account_login": _USE,
    "account_logout": _USE,
    "account_inactive": _USE,
    "account_signup": _USE,
    "account_email_verification_sent": _USE,
    "account_confirm_email": _USE,
    "account_reset_password": _USE,
    "account_reset_password_done": _USE,
    "account_reset_password_from_key": _USE,
    "account_reset_password_from_key_done": _USE,
    "account_reauthenticate": _MANAGE,
    "account_email": _MANAGE,
    "account_change_password": _MANAGE,
    "account_set_password": _UNUSED,
    "account_confirm_login_code": _UNUSED,
    "account_request_login_code": _UNUSED,
    "mfa_authenticate": _USE,
    "mfa_login_webauthn": _USE,
    "mfa_index": _MANAGE,
    "mfa_reauthenticate": _MANAGE,
    "mfa_reauthenticate_webauthn": _MANAGE,
    "mfa_activate_totp": _MANAGE,
    "mfa_deactivate_totp": _MANAGE,
    "mfa_view_recovery_codes": _MANAGE,
    "mfa_generate_recovery_codes": _MANAGE,
    "mfa_download_recovery_codes": _MANAGE,
    "mfa_list_webauthn": _MANAGE,
    "mfa_add_webauthn": _MANAGE,
    "mfa_edit_webauthn": _MANAGE,
    "mfa_remove_webauthn": _MANAGE,
    "mfa_trust": _UNUSED,
    "mfa_signup_webauthn": _UNUSED,
    "account_signup_by_passkey": _UNUSED,
    # The portal has a page of its own (accounts:sessions).
    "usersessions_list": _UNUSED,
}
