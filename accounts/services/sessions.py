"""How long a session lasts, and ending it."""

import time
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction

from accounts.enums import AuditKind
from accounts.models import User
from common import audit

SIGNED_IN_AT, SEEN_AT = "signed_in_at", "seen_at"
#: Seconds between two notes of activity; spares a write on every request.
NOTE_EVERY = 60


def begin_session(session: Any) -> None:
    """Note when a person signed in."""
    session[SIGNED_IN_AT] = session[SEEN_AT] = int(time.time())


def session_overdue(session: Any, user: User) -> bool:
    """Whether a session is past the absolute limit, or a professional's past the idle one."""
    now = time.time()
    if now - session.get(SIGNED_IN_AT, now) > settings.SESSION_ABSOLUTE.total_seconds():
        return True
    idle = now - session.get(SEEN_AT, now)
    return user.is_professional and idle > settings.SESSION_IDLE.total_seconds()


def note_activity(session: Any) -> None:
    """Note that the person is there, at most once a minute."""
    now = int(time.time())
    session.setdefault(SIGNED_IN_AT, now)
    if now - session.get(SEEN_AT, 0) >= NOTE_EVERY:
        session[SEEN_AT] = now


def expire_session(session: Any, user: User) -> None:
    """End a session that is past its limits."""
    with transaction.atomic():
        UserSession.objects.filter(session_key=session.session_key).delete()
        session.flush()
        audit.record(AuditKind.SESSION_EXPIRED, actor=user, obj=user)


def end_session(user_session: UserSession, *, actor: User) -> None:
    """End one session, on whatever device it is."""
    with transaction.atomic():
        number = user_session.pk
        user_session.end()
        audit.record(AuditKind.SESSION_ENDED, actor=actor, obj=user_session.user, session=number)


def end_sessions(user: User, *, actor: User | None, keep: str | None = None) -> int:
    """End all sessions of a person but the one with the key `keep`; gives how many."""
    with transaction.atomic():
        ended = 0
        for user_session in UserSession.objects.filter(user=user).exclude(session_key=keep or ""):
            user_session.end()
            ended += 1
        if ended:
            audit.record(AuditKind.SESSION_ENDED, actor=actor, obj=user, sessions=ended)
    return ended
