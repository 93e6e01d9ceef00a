"""What start pages show of consultations, per role."""

from common.dashboard import Card, CardSource, cards
from common.policy import AnyUser, Role
from consultations.enums import State
from consultations.models import Consultation, Draft
from consultations.reports import lines_of
from consultations.reports.citations import outdated_for

SHOWN = 5
#: What waits for the secretariat.
_QUEUE = (State.SUBMITTED, State.TRIAGE)


def _own(user: AnyUser) -> Card:
    """A firm's open cases and drafts."""
    cases = Consultation.objects.visible_to(user).open().with_keys().newest_first()[:SHOWN]
    drafts = Draft.objects.visible_to(user).select_related("vault_key").latest_first()[:3]
    return Card(
        "consultations/_card_own.html", {"lines": lines_of(cases, user), "drafts": list(drafts)}
    )


def _queue(user: AnyUser) -> Card:
    """New cases and those without an expert, most urgent first."""
    waiting = Consultation.objects.visible_to(user).in_state(*_QUEUE)
    found = waiting.with_keys().most_urgent_first()[: 2 * SHOWN]
    return Card(
        "consultations/_card_queue.html",
        {"lines": lines_of(found, user), "total": waiting.count()},
    )


def _work(user: AnyUser) -> Card:
    """An expert's cases and offers."""
    cases = Consultation.objects.visible_to(user).open().with_keys().most_urgent_first()
    return Card("consultations/_card_work.html", {"lines": lines_of(cases[: 2 * SHOWN], user)})


def _outdated(user: AnyUser) -> Card | None:
    """An expert's reports whose grounds were revised; nothing where there is none."""
    rows = outdated_for(user)
    return Card("consultations/_card_outdated.html", {"rows": rows}) if rows else None


cards.register("consultations.own", CardSource(frozenset({Role.MEMBER}), 10, _own))
cards.register("consultations.queue", CardSource(frozenset({Role.STAFF}), 10, _queue))
cards.register("consultations.work", CardSource(frozenset({Role.EXPERT}), 10, _work))
cards.register("consultations.outdated", CardSource(frozenset({Role.EXPERT}), 20, _outdated))
