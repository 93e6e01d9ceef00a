"""Step-up: what leaves the portal in bulk asks once more who is there."""

from collections.abc import Callable
from typing import Any

from allauth.account.decorators import reauthentication_required

View = Callable[..., Any]


def recently_authenticated(view: View) -> View:
    """Demand the password or the second factor within the last five minutes.

    Put it below `@rule`. The request is taken up again after the proof, posts too. For a class,
    `method_decorator(recently_authenticated, name="dispatch")`. The time is
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT.
    """
    guarded: View = reauthentication_required(view)
    return guarded
