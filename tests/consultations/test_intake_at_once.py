"""Intake under many hands at once, against real PostgreSQL with transactions that commit."""

from functools import partial

import pytest

from common.audit.models import AuditEvent
from common.audit.verify import verify
from common.errors import Conflict
from common.mail import Mail
from common.vault import DataKey
from consultations import services
from consultations.errors import NotNow
from consultations.models import Consultation, Draft, Transition
from tests.accounts.factories import MembershipFactory, UserFactory
from tests.consultations.factories import draft_of
from tests.consultations.together import at_once, posts
from tests.consultations.walking import browser, of

pytestmark = pytest.mark.django_db(transaction=True)


def test_send_posted_twenty_times_at_once_makes_one_case() -> None:
    """All twenty are led to it; one mail each, one row in every log."""
    member = MembershipFactory().user
    UserFactory(staff=True)
    draft = draft_of(member)
    statuses = posts(browser(member), of("check", draft), [{}] * 20)
    assert statuses == [302] * 20
    case = Consultation.objects.get()
    assert case.source_draft == draft.pk
    assert Transition.objects.count() == 1
    assert Mail.objects.count() == 2
    assert AuditEvent.objects.filter(verb="consultation.filed").count() == 1
    assert not Draft.objects.exists()
    assert verify() == []


def test_sending_and_discarding_at_once_does_one_of_them() -> None:
    """Never half of each: either a case, or nothing, and the key of the draft is gone."""
    for _ in range(4):
        member = MembershipFactory().user
        draft = draft_of(member)
        sent, discarded = at_once(
            [
                partial(services.file_consultation, draft, by=member),
                partial(services.discard_draft, draft),
            ]
        )
        assert isinstance(sent, NotNow) != isinstance(discarded, NotNow)
        filed = Consultation.objects.filter(source_draft=draft.pk).exists()
        assert filed is not isinstance(sent, NotNow)
        assert DataKey.objects.get(pk=draft.vault_key_id).destroyed_at is not None
        assert not Draft.objects.filter(pk=draft.pk).exists()


def test_of_ten_windows_that_save_at_once_one_wins_and_nine_hear_of_it() -> None:
    """No text is overwritten unseen."""
    draft = draft_of(MembershipFactory().user)
    texts = [f"窓{number}の文" for number in range(10)]
    works = [partial(services.save_draft, draft, {"situation": text}, version=1) for text in texts]
    results = at_once(works)
    conflicts = [result for result in results if isinstance(result, Conflict)]
    assert len(conflicts) == 9
    stands = Draft.objects.get(pk=draft.pk).answers["situation"]
    assert {conflict.theirs for conflict in conflicts} == {stands}
    assert {conflict.mine for conflict in conflicts} | {stands} == set(texts)


def test_three_pages_saved_at_once_are_all_there() -> None:
    """One window each, and none is lost."""
    draft = services.start_draft(MembershipFactory().user)
    answers = {1: {"category": "leak"}, 2: {"title": "件"}, 3: {"parties": "相手"}}
    results = at_once(
        [
            partial(services.save_draft, draft, fields, version=1, page=page, done=True)
            for page, fields in answers.items()
        ]
    )
    assert not [result for result in results if isinstance(result, Exception)]
    stands = Draft.objects.get(pk=draft.pk).answers
    assert stands["pages_done"] == [1, 2, 3]
    assert (stands["category"], stands["title"], stands["parties"]) == ("leak", "件", "相手")
