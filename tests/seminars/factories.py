"""Makes seminars."""

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone

from common.vault import DataKey
from seminars.models import Seminar

TEXT = {"title": "営業秘密の守り方", "summary": "初めての方のために。", "place": "オンライン"}


class SeminarFactory(factory.django.DjangoModelFactory):
    """A coming one with forty seats, in Japanese."""

    class Meta:
        model = Seminar

    class Params:
        closed = factory.Trait(closes_at=factory.LazyFunction(timezone.now))
        over = factory.Trait(
            starts_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=2)),
            ends_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=1)),
            closes_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=3)),
        )

    texts = factory.LazyFunction(lambda: {"ja": dict(TEXT)})
    starts_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=14))
    ends_at = factory.LazyAttribute(lambda made: made.starts_at + timedelta(hours=2))
    closes_at = factory.LazyAttribute(lambda made: made.starts_at - timedelta(days=1))
    capacity = 40
    vault_key = factory.LazyFunction(lambda: DataKey.objects.create_key())


def person(number: int = 0, **changed: Any) -> dict[str, Any]:
    """What somebody fills in."""
    return {"name": f"参加 {number}子", "email": f"guest{number}@example.com", "firm": ""} | changed
