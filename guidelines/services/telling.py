"""Who is told of a new edition: subscribers of exactly what changed, and firms it concerns."""

from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.models import OverseasBase, User
from common import mail
from guidelines import notifications
from guidelines.enums import Affected, PublicationKind
from guidelines.models import ChangeNote, Edition, SectionMove, Subscription


def tell_subscribers(edition: Edition) -> int:
    """One mail each, however many subscriptions fit; returns to how many people."""
    people = recipients(edition)
    url = reverse("guidelines:changes", args=[edition.publication.slug])
    for person in people:
        mail.send(
            notifications.CHANGED.name, recipient=person, key=f"edition:{edition.pk}", url=url
        )
    return len(people)


def recipients(edition: Edition) -> list[User]:
    """Active people whose subscriptions fit the edition; of a translation, those who read it."""
    publication = edition.publication
    touched = set(ChangeNote.objects.filter(edition=edition).values_list("section_id", flat=True))
    touched |= set(SectionMove.objects.filter(edition=edition).values_list("origin_id", flat=True))
    fitting = Q(section__in=touched) | Q(publication=publication.original_id)
    asked = Subscription.objects.filter(fitting).values_list("user_id", flat=True)
    by_profile = Subscription.objects.filter(by_profile=True).values_list("user_id", flat=True)
    wanted = set(asked) | (set(by_profile) & concerned(edition))
    people = User.objects.active().filter(pk__in=wanted)
    if publication.twin_of_id is not None:
        people = people.filter(language=publication.language)
    return list(people.order_by("pk"))


def concerned(edition: Edition) -> set[object]:
    """Ids of members whose firm the changes concern, by what its profile says."""
    publication, bases = edition.publication, OverseasBase.objects.all()
    if publication.kind == PublicationKind.COUNTRY_MANUAL:
        return _members(bases.filter(country=publication.jurisdiction))
    affects = {
        value
        for values in ChangeNote.objects.filter(edition=edition).values_list("affects", flat=True)
        for value in values
    }
    return _members(bases if affects == {Affected.OVERSEAS} else None)


def _members(bases: QuerySet[OverseasBase] | None) -> set[object]:
    """Who belongs to a firm today; given bases, to one that has such a base."""
    belonging = Q(memberships__ended_at__isnull=True, memberships__isnull=False)
    if bases is not None:
        belonging &= Q(memberships__organisation__in=bases.values("organisation"))
    return set(User.objects.active().filter(belonging).values_list("pk", flat=True))
