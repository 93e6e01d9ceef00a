"""What is typed is kept while it is typed; two windows never overwrite each other unseen."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from consultations.models import Consultation, Draft
from tests.accounts.factories import MembershipFactory
from tests.consultations.factories import draft_of
from tests.consultations.walking import SENT, begun, browser, fill, of, seen

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> User:
    """Somebody who belongs to a firm."""
    user: User = MembershipFactory().user
    return user


@pytest.fixture
def window(member: User) -> Client:
    """Her browser."""
    return browser(member)


def saved(window: Client, draft: Draft, page: int, version: int, **fields: str) -> tuple[int, dict]:  # type: ignore[type-arg]
    """Status and facts of an autosave."""
    path = of("autosave", draft, page=page)
    answer = window.post(path, fields | {"draft_version": str(version)})
    return answer.status_code, json.loads(answer.content)


def test_each_save_counts_the_version_on(window: Client) -> None:
    """The page sends it back with the next save."""
    draft = begun(window)
    versions = []
    for text in ("先月", "先月から", "先月から今まで"):
        version = Draft.objects.get(pk=draft.pk).version
        status, facts = saved(window, draft, 2, version, title="件", situation=text)
        assert status == 200
        assert "T" in facts["saved_at"]
        versions.append(facts["version"])
    assert versions == [2, 3, 4]
    page = window.get(of("page", draft, page=2)).content.decode()
    assert "先月から今まで" in page
    assert 'name="draft_version" value="4"' in page


def test_saving_alone_never_finishes_a_page(window: Client) -> None:
    """Only going on does: a half-written sentence is not sent by accident."""
    draft = begun(window)
    saved(window, draft, 1, 1, category="leak", urgency="week")
    assert Draft.objects.get(pk=draft.pk).answers["pages_done"] == []
    assert window.post(of("check", draft))["Location"] == of("page", draft, page=1)


def test_text_that_is_wrong_is_kept_too(window: Client) -> None:
    """Too long, cleared or unreadable: it comes again, and the page counts as unfinished."""
    draft = begun(window)
    fill(window, draft)
    for wrong in ({"situation": "あ" * 20_001}, {"title": ""}, {"title": "件\u202e名"}):
        version = Draft.objects.get(pk=draft.pk).version
        status, _facts = saved(
            window, draft, 2, version, **({"title": "件", "situation": "何"} | wrong)
        )
        assert status == 200
        stands = Draft.objects.get(pk=draft.pk).answers
        assert {name: stands[name] for name in wrong} == wrong
        assert stands["pages_done"] == [1, 3]
        answer = window.post(of("check", draft))
        assert answer["Location"] == of("page", draft, page=2)
    assert not Consultation.objects.exists()
    again = {**SENT[2], "draft_version": str(Draft.objects.get(pk=draft.pk).version)}
    assert window.post(of("page", draft, page=2), again).status_code == 302
    assert window.post(of("check", draft)).status_code == 302
    assert Consultation.objects.get().title == SENT[2]["title"]


def test_a_choice_that_is_not_offered_is_not_kept(window: Client) -> None:
    """Codes stay clean."""
    draft = begun(window)
    status, _facts = saved(window, draft, 1, 1, category="theft", urgency="week")
    assert status == 200
    assert "category" not in Draft.objects.get(pk=draft.pk).answers


def test_a_second_window_gets_409_and_both_texts(window: Client, member: User) -> None:
    """Whoever saves later sees what is written twice, and neither is lost."""
    draft = begun(window)
    other = browser(member)
    first = {"title": "件", "situation": "はじめの窓の文", "draft_version": "1"}
    second = {"title": "件", "situation": "あとの窓の文", "draft_version": "1"}
    assert window.post(of("page", draft, page=2), first).status_code == 302
    answer = other.post(of("page", draft, page=2), second)
    assert answer.status_code == 409
    assert "はじめの窓の文" in seen(answer)
    assert "あとの窓の文" in seen(answer)
    assert of("page", draft, page=2) in answer.content.decode()
    assert Draft.objects.get(pk=draft.pk).answers["situation"] == "はじめの窓の文"
    status, facts = saved(other, draft, 2, 1, title="件", situation="あとの窓の文")
    assert (status, facts) == (409, {"error": "conflict"})


def test_the_same_words_sent_twice_are_no_conflict(window: Client) -> None:
    """A double click, or the autosave just before."""
    draft = begun(window)
    saved(window, draft, 2, 1, title="件", situation="同じ文")
    data = {"title": "件", "situation": "同じ文", "draft_version": "1"}
    for _ in range(2):
        assert window.post(of("page", draft, page=2), data).status_code == 302


def test_windows_on_different_pages_do_not_disturb_each_other(window: Client) -> None:
    """Each page's answers stand for themselves."""
    draft = begun(window)
    for page in (3, 1, 2):
        data = SENT[page] | {"draft_version": "1"}
        assert window.post(of("page", draft, page=page), data).status_code == 302
    answers = Draft.objects.get(pk=draft.pk).answers
    assert answers["pages_done"] == [1, 2, 3]
    assert (answers["parties"], answers["urgency"]) == ("見本機械", "now")


@pytest.mark.parametrize("junk", ["", "x", "-1", "１", "1.5", "9" * 400, "\x00", "²"])
def test_a_version_that_is_no_number_disturbs_nothing(window: Client, junk: str) -> None:
    """It counts as the version that stands."""
    draft = begun(window)
    data = SENT[1] | {"draft_version": junk}
    assert window.post(of("page", draft, page=1), data).status_code in (302, 400)
    assert window.post(of("autosave", draft, page=1), data).status_code in (200, 400)


def test_a_draft_that_was_sent_meanwhile_says_so(window: Client, member: User) -> None:
    """The other window's page is gone; the check leads to the case."""
    draft = draft_of(member)
    window.post(of("check", draft))
    case = Consultation.objects.get()
    for send in (window.get, window.post):
        answer = send(of("check", draft))
        assert answer["Location"] == reverse("consultations:detail", args=[case.ref])
    assert window.post(of("autosave", draft, page=1), SENT[1]).status_code == 404
    assert Consultation.objects.count() == 1


def test_autosaving_asks_for_a_post(window: Client) -> None:
    """An address that is only opened changes nothing."""
    draft = begun(window)
    assert window.get(of("autosave", draft, page=1)).status_code == 405
    assert window.get(of("discard", draft)).status_code == 405
