"""Who is told of a new edition: subscribers of exactly what changed, and firms it concerns."""

from django.db.models import Q
from django.urls import reverse

from accounts.models import OverseasBase, User
from common import mail
from guidelines import notifications
from guidelines.enums import Affected, PublicationKind
from guidelines.models import ChangeNote, Edition, Publication, SectionMove, Subscription


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
    """Active people whose subscriptions fit the edition."""
    touched = set(ChangeNote.objects.filter(edition=edition).values_list("section_id", flat=True))
    touched |= set(SectionMove.objects.filter(edition=edition).values_list("origin_id", flat=True))
    fitting = Q(section__in=touched) | Q(publication=edition.publication)
    asked = Subscription.objects.filter(fitting).values_list("user_id", flat=True)
    by_profile = Subscription.objects.filter(by_profile=True).values_list("user_id", flat=True)
    wanted = set(asked) | (set(by_profile) & concerned(edition))
    return list(User.objects.active().filter(pk__in=wanted).order_by("pk"))


def concerned(edition: Edition) -> set[object]:
    """Ids of members whose firm the changes concern, by what its profile says."""
    members = User.objects.active().filter(memberships__ended_at__isnull=True)
    publication = edition.publication
    if publication.kind == PublicationKind.COUNTRY_MANUAL:
        return _with_base(_in_country(publication))
    affects = {
        value
        for values in ChangeNote.objects.filter(edition=edition).values_list("affects", flat=True)
        for value in values
    }
    if affects - {Affected.OVERSEAS}:
        return set(members.values_list("pk", flat=True))
    return _with_base(OverseasBase.objects.values_list("organisation_id", flat=True))


def _in_country(publication: Publication) -> object:
    return OverseasBase.objects.filter(country=publication.jurisdiction).values_list(
        "organisation_id", flat=True
    )


def _with_base(organisations: object) -> set[object]:
    members = User.objects.active().filter(
        memberships__ended_at__isnull=True, memberships__organisation__in=organisations
    )
    return set(members.values_list("pk", flat=True))
