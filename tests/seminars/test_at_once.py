"""Many hands on few seats, against real PostgreSQL: no seat is sold twice, none is lost."""

from collections import Counter
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from common.audit.verify import verify
from common.mail import Mail
from seminars import services
from seminars.errors import AlreadyBooked, Full
from seminars.models import Registration, Seminar
from tests.consultations.together import at_once, posts
from tests.seminars.factories import SeminarFactory, person

pytestmark = pytest.mark.django_db(transaction=True)


def outcomes(results: list[Any]) -> Counter[str]:
    """What came of each; what nobody expects is raised."""
    for result in results:
        if isinstance(result, Exception) and not isinstance(result, AlreadyBooked | Full):
            raise result
    return Counter(type(result).__name__ for result in results)


def booked() -> int:
    """Seats that somebody has."""
    found: int = Registration.objects.filter(state="booked").count()
    return found


def test_thirty_people_on_five_seats() -> None:
    """Five get one, twenty-five are told; over HTTP, and every answer is one."""
    seminar = SeminarFactory(capacity=5)
    path = reverse("seminars:register", args=[seminar.pk])
    statuses = posts(Client(), path, [person(number) for number in range(30)])
    assert Counter(statuses) == {302: 5, 200: 25}
    assert booked() == Seminar.objects.get().taken == 5
    assert Mail.objects.count() == 5
    assert verify() == []


def test_one_person_who_presses_twenty_times() -> None:
    """One seat, one mail; nobody else's is lost."""
    seminar = SeminarFactory(capacity=5)
    path = reverse("seminars:register", args=[seminar.pk])
    statuses = posts(Client(), path, [person()] * 20)
    assert Counter(statuses) == {302: 1, 200: 19}
    assert booked() == Seminar.objects.get().taken == Mail.objects.count() == 1


def test_one_seat_given_back_twenty_times_is_one_seat() -> None:
    """Never fewer taken than booked."""
    seminar = SeminarFactory(capacity=5)
    kept = [services.register(seminar, **person(number)) for number in range(3)]
    at_once([partial(services.cancel, kept[0])] * 20)
    assert booked() == Seminar.objects.get().taken == 2


def test_giving_back_and_booking_at_once_never_oversells() -> None:
    """Full house: every seat given back is sold once again, at most."""
    seminar = SeminarFactory(capacity=5)
    kept = [services.register(seminar, **person(number)) for number in range(5)]
    works: list[Any] = [partial(services.cancel, registration) for registration in kept]
    works += [partial(services.register, seminar, **person(number)) for number in range(100, 115)]
    results = at_once(works)
    counted = outcomes(results)
    assert counted["Registration"] + counted["Full"] == 15
    assert booked() == Seminar.objects.get().taken == counted["Registration"] <= 5


def test_two_seminars_do_not_wait_for_each_other() -> None:
    """The same people, crosswise: nobody is stuck."""
    first, second = SeminarFactory(capacity=20), SeminarFactory(capacity=20)
    works = [
        partial(services.register, seminar, **person(number))
        for number in range(8)
        for seminar in ((first, second) if number % 2 else (second, first))
    ]
    assert outcomes(at_once(works)) == {"Registration": 16}
    assert [seminar.taken for seminar in Seminar.objects.all()] == [8, 8]
