"""Cards on people's start pages: each app offers its own in `cards.py`, the portal shows them."""

from collections.abc import Callable
from dataclasses import dataclass

from common.policy import AnyUser, Role
from common.registry import Registry


@dataclass(frozen=True)
class Card:
    """What a start page shows of one app: a template fragment and its context, in the given order."""

    template: str
    context: dict[str, object]


@dataclass(frozen=True)
class CardSource:
    """Which roles see a card, in which place, and how it is made; None leaves it out."""

    roles: frozenset[Role]
    order: int
    build: Callable[[AnyUser], Card | None]


cards: Registry[CardSource] = Registry("dashboard cards")


def cards_for(user: AnyUser, role: Role) -> list[Card]:
    """The cards of this person's start page, in order."""
    sources = sorted((s for s in cards if role in s.roles), key=lambda source: source.order)
    return [card for source in sources if (card := source.build(user)) is not None]
