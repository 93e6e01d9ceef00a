"""Every page of the portal and who opens it; `test_pages.py` demands an entry for each address.

Braces stand for what `world.py` makes: a case that went to its end, an invitation, a draft edition.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLResolver, get_resolver, resolve

from common.policy import Role

#: The demonstration's people by what they are; `equipped` is a member with every second factor.
ROLES = {
    "": Role.VISITOR, "sme": Role.MEMBER, "sme2": Role.MEMBER, "equipped": Role.MEMBER,
    "newcomer": Role.MEMBER, "expert": Role.EXPERT, "expert2": Role.EXPERT,
    "reviewer": Role.EXPERT, "staff": Role.STAFF, "editor": Role.EDITOR,
    "partner": Role.PARTNER, "auditor": Role.AUDITOR,
}  # fmt: skip
SIGNED_IN = ("sme", "expert", "staff", "editor", "partner", "auditor")

VISITOR = [
    "/", "/urgent/", "/help/", "/search/?q=漏洩", "/search/?q=ないことば", "/nothing-here/",
    "/cases/", "/cases/?pathway=x", "{leak_case}", "/seminars/", "/seminars/1/",
    "/seminars/1/register/", "{registration}", "/dev/mail/", "/dev/gallery/",
    "/guidelines/", "/guidelines/sme-guideline/",
    "/guidelines/sme-guideline/changes/",
    "/guidelines/sme-guideline/diff/", "/guidelines/sme-guideline/diff/1..2/",
    "/guidelines/sme-guideline/editions/2/pdf/",
    "/guidelines/sme-guideline/diff/1..2/pdf/", "/guidelines/templates/", "{section}",
    "{section}editions/1/", "{section}editions/1/pdf/", "{document}", "/glossary/", "/statutes/",
    "/countries/",
    "/accounts/login/", "/accounts/signup/", "/accounts/confirm-email/",
    "/accounts/confirm-email/wrong/", "/accounts/inactive/", "/accounts/password/reset/",
    "/accounts/password/reset/done/", "/accounts/password/reset/key/1-wrong/",
    "/accounts/password/reset/key/done/", "{invitation}", "/accounts/invitations/accept/wrong/",
    "/en/", "/en/urgent/", "/en/cases/", "/en/seminars/1/",
]  # fmt: skip
MEMBER = [
    "/my/", "/en/my/", "/consultations/", "/consultations/?state=closed", "/consultations/new/",
    "{draft}1/", "{draft}2/", "{draft}3/", "{draft}check/", "{finished}", "{waiting}",
    "/en{finished}", "/accounts/organisation/", "/accounts/organisation/edit/",
    "/accounts/members/", "/accounts/members/invite/", "{colleague}remove/", "{invitation}",
    "/staff/",
]  # fmt: skip
EXPERT = [
    "/expert/", "/consultations/", "{finished}", "{talking}", "{talking}advice/", "{offered}",
    "{offered}offer/", "{reviewed}", "/en{talking}advice/",
]  # fmt: skip
REVIEWER = ["{reviewed}", "{reviewed}advice/review/"]
STAFF = [
    "/staff/", "/consultations/", "{waiting}", "{waiting}triage/", "{triaged}assign/",
    "{finished}", "{finished}disclose/", "/accounts/professionals/",
    "/accounts/professionals/invite/", "/guidelines/desk/", "{edition}", "{edition}redline/",
    "{edition}preview/",
]  # fmt: skip
EDITOR = [
    "/staff/", "/guidelines/desk/", "{edition}", "{edition}outline/", "{edition}redline/",
    "{edition}preview/", "{edition_section}",
]  # fmt: skip
EQUIPPED = [
    "/accounts/2fa/", "/accounts/2fa/totp/deactivate/", "/accounts/2fa/recovery-codes/",
    "/accounts/2fa/webauthn/", "{passkey}edit/", "{passkey}remove/",
    "/accounts/2fa/reauthenticate/", "/accounts/2fa/webauthn/reauthenticate/",
]  # fmt: skip
#: What each signed-in person has. All modes for the first, one look for everybody else.
OWN = [
    "/accounts/profile/", "/accounts/sessions/", "/accounts/email/", "/accounts/logout/",
    "/accounts/password/change/", "/accounts/reauthenticate/", "/accounts/2fa/",
    "/accounts/2fa/totp/activate/", "/accounts/2fa/totp/deactivate/", "/accounts/2fa/webauthn/",
    "/accounts/2fa/webauthn/add/", "/accounts/2fa/recovery-codes/",
    "/accounts/2fa/recovery-codes/generate/", "/guidelines/checklist/",
]  # fmt: skip
PAGES: list[tuple[str, str]] = [
    *[("", path) for path in VISITOR],
    *[("sme", path) for path in MEMBER],
    *[("newcomer", path) for path in ("/my/", "/accounts/organisation/new/", "/consultations/")],
    *[("equipped", path) for path in EQUIPPED],
    *[("expert", path) for path in EXPERT],
    *[("reviewer", path) for path in REVIEWER],
    *[("staff", path) for path in STAFF],
    *[("editor", path) for path in EDITOR],
    ("partner", "/partner/"),
    ("auditor", "/audit/"),
    *[("sme", path) for path in OWN],
]
#: Seen once, on a desktop's screen: the same pages in somebody else's hands.
ONCE = [
    ("", "/guidelines/sme-guideline/?on=x"), ("", "/guidelines/sme-guideline/?on=1999-01-01"),
    ("", "/guidelines/sme-guideline/editions/1/"), ("", "/en/guidelines/sme-guideline/"),
    *[(who, path) for who in SIGNED_IN[1:] for path in OWN],
]  # fmt: skip

#: Addresses that answer a GET with something other than a page: files, data, ways elsewhere.
NO_PAGE: dict[str, tuple[str, str]] = {
    "healthz": ("", "/healthz"),
    "portal:audit-export": ("auditor", "/audit/export/"),
    "portal:start": ("sme", "/start/"),
    "mfa_authenticate": ("", "/accounts/2fa/authenticate/"),
    "mfa_login_webauthn": ("", "/accounts/2fa/webauthn/login/"),
    "mfa_download_recovery_codes": ("equipped", "/accounts/2fa/recovery-codes/download/"),
    "consultations:status": ("sme", "{finished}advice/status/"),
    "consultations:pdf": ("sme", "{finished}advice/pdf/"),
    "consultations:attachment": ("sme", "{attachment}"),
    "guidelines:feed": ("", "/guidelines/sme-guideline/changes/atom/"),
    "guidelines:diff-word": ("", "/guidelines/sme-guideline/diff/1..2/docx/"),
    "guidelines:document-status": ("", "{document}status/"),
    "guidelines:document-file": ("", "{document}file/"),
    "guidelines:template": ("", "{template}"),
    "guidelines:ticks": ("sme", "/guidelines/ticks/"),
}
#: Where the braces' paths lead, in form.
_UUID = "00000000-0000-4000-8000-000000000000"
_CASE = "/consultations/TS-0000-0000/"
FORMS = {
    "finished": _CASE, "waiting": _CASE, "talking": _CASE, "offered": _CASE, "reviewed": _CASE,
    "triaged": _CASE, "draft": f"/consultations/drafts/{_UUID}/",
    "attachment": f"{_CASE}files/{_UUID}/", "leak_case": f"/cases/{_UUID}/",
    "registration": "/seminars/1/registrations/x/", "invitation": "/accounts/invitations/accept/x/",
    "colleague": "/accounts/members/1/", "passkey": "/accounts/2fa/webauthn/keys/1/",
    "edition": "/guidelines/desk/1/", "edition_section": "/guidelines/desk/1/sections/x/",
    "section": "/s/x/", "document": "/guidelines/documents/1/",
    "template": "/guidelines/templates/x/1/",
}  # fmt: skip


def names_of(pages: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """(who, name of the address) of each page that exists."""
    for who, path in pages:
        plain = re.sub(r"\?.*", "", path.format(**FORMS)).removeprefix("/en")
        if plain == "/nothing-here/":
            continue
        yield who, resolve(plain).view_name


def views() -> dict[str, Callable[..., Any]]:
    """The view behind each name of an address."""
    return dict(_walk(get_resolver().url_patterns, ""))


def _walk(entries: list[Any], prefix: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    for entry in entries:
        if isinstance(entry, URLResolver):
            inside = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from _walk(entry.url_patterns, inside)
        else:
            yield f"{prefix}{entry.name}", entry.callback
