"""What start pages show of guidelines: drafts and outdated citations for editors."""

from common.dashboard import Card, CardSource, cards
from common.policy import AnyUser, Role
from guidelines.models import Edition
from guidelines.reports.desk import due_facts, outdated_counts


def _desk(_user: AnyUser) -> Card:
    """Drafts, what waits for its day, what is due."""
    return Card(
        "guidelines/_card_desk.html",
        {
            "drafts": list(Edition.objects.unpublished().order_by("pk")),
            "outdated": outdated_counts(),
            "due": due_facts(),
        },
    )


cards.register("guidelines.desk", CardSource(frozenset({Role.EDITOR}), 10, _desk))
