"""What start pages show of firms and people, per role."""

from accounts.models import User
from common.dashboard import Card, CardSource, cards
from common.policy import AnyUser, Role, can


def _no_firm(user: AnyUser) -> Card | None:
    """The first step of somebody who has signed up: the firm. It comes before everything else."""
    if not isinstance(user, User) or user.organisation is not None:
        return None
    return Card("accounts/_card_no_firm.html", {})


def _firm(user: AnyUser) -> Card | None:
    """The firm and its members."""
    if not isinstance(user, User) or (firm := user.organisation) is None:
        return None
    return Card("accounts/_card_firm.html", {"firm": firm, "may_invite": can(user, "invite", firm)})


def _people(_user: AnyUser) -> Card:
    """The way to experts and staff."""
    return Card("accounts/_card_people.html", {})


cards.register("accounts.no_firm", CardSource(frozenset({Role.MEMBER}), 5, _no_firm))
cards.register("accounts.firm", CardSource(frozenset({Role.MEMBER}), 50, _firm))
cards.register("accounts.people", CardSource(frozenset({Role.STAFF}), 80, _people))
