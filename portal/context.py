"""What every page shows around its content."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve, reverse, translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.policy import Role, may, role_of

START = {
    Role.MEMBER: "portal:my",
    Role.EXPERT: "portal:expert",
    Role.STAFF: "portal:staff",
    Role.EDITOR: "portal:staff",
    Role.PARTNER: "portal:partner",
    Role.AUDITOR: "portal:audit",
}


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Navigation, language links that keep the page, and where this person starts."""
    role = role_of(request.user) if hasattr(request, "user") else Role.VISITOR
    return {
        "navigation": SimpleLazyObject(lambda: _items(request, role)),
        "language_links": SimpleLazyObject(lambda: _languages(request)),
        "start_url": reverse(START[role]) if role in START else None,
        "demo": settings.PORTAL_DEMO,
    }


def _items(request: HttpRequest, role: Role) -> list[dict[str, Any]]:
    """At most five entries."""
    entries = [
        (_("守り方"), reverse("guidelines:list")),
        (_("事例"), reverse("casebook:list")),
        (_("セミナー"), reverse("seminars:list")),
    ]
    if role is Role.VISITOR or may(role, "consultation", "list"):
        entries.append((_("相談"), reverse("consultations:list")))
    if role in START:
        entries.append((_("マイページ"), reverse(START[role])))
    return [
        {"label": label, "url": url, "current": request.path.startswith(url)}
        for label, url in entries
    ]


def _languages(request: HttpRequest) -> list[dict[str, Any]]:
    """The same page in each language; the question mark's part stays too."""
    here = request.get_full_path()
    try:
        resolve(request.path)
    except Resolver404:
        here = reverse("portal:home")
    return languages(here)


def languages(here: str) -> list[dict[str, Any]]:
    """The page at this path in each language."""
    return [
        {
            "code": code,
            "label": label,
            "url": translate_url(here, code),
            "current": code == get_language(),
        }
        for code, label in (("ja", "日本語"), ("en", "English"))
    ]
