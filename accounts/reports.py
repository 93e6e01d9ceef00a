"""What is shown of the devices that are signed in."""

import re
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.utils.translation import gettext as _

from accounts.models import User

#: In this order: browsers name each other in their lines.
BROWSERS = (
    ("Edge", r"Edg(e|A|iOS)?/"),
    ("Opera", r"OPR/|Opera"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/|Chromium/"),
    ("Safari", r"Safari/"),
)
SYSTEMS = (
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("Mac", r"Macintosh|Mac OS X"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux|X11"),
)


@dataclass(frozen=True)
class DeviceLine:
    """One session, as its owner recognises it."""

    pk: int
    family: str
    started_at: datetime
    seen_at: datetime
    is_current: bool


def family(user_agent: str) -> str:
    """Browser and system by their common names; no version, which identifies more than it tells."""
    browser = next((name for name, mark in BROWSERS if re.search(mark, user_agent)), "")
    system = next((name for name, mark in SYSTEMS if re.search(mark, user_agent)), "")
    if browser and system:
        return _("%(system)sの%(browser)s") % {"system": system, "browser": browser}
    return browser or system or _("不明な端末")


def sessions_of(user: User, current_key: str | None) -> list[DeviceLine]:
    """The sessions that are still good: the present one first, then the latest seen."""
    lines = [
        DeviceLine(
            pk=session.pk,
            family=family(session.user_agent),
            started_at=session.created_at,
            seen_at=session.last_seen_at,
            is_current=session.session_key == current_key,
        )
        for session in UserSession.objects.purge_and_list(user)
    ]
    return sorted(lines, key=lambda line: (not line.is_current, -line.seen_at.timestamp()))
