"""Who is told of a revision: whom it touches, once each, without a word of content."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import services as accounts_services
from accounts.models import Membership, OverseasBase, User
from common.mail import Mail
from common.mail.sending import message
from guidelines import services
from guidelines.models import Edition, Publication, Section, Subscription
from guidelines.services.sections import SectionText
from guidelines.services.telling import recipients
from tests.accounts.factories import MembershipFactory, UserFactory, sign_in
from tests.guidelines.desk import fresh, in_draft, note, published, revision, rewrite
from tests.guidelines.factories import CHOOSE, JOIN, LEAVE, MARK, library, publish

pytestmark = pytest.mark.django_db


def section(pk: str) -> Section:
    """By its id."""
    found: Section = Section.objects.get(pk=pk)
    return found


def member(*countries: str, **fields: Any) -> User:
    """Somebody whose firm has bases in these countries, and who asked for what concerns it."""
    membership = MembershipFactory(user=UserFactory(**fields))
    for country in countries:
        OverseasBase.objects.create(organisation=membership.organisation, country=country)
    services.subscribe(membership.user)
    user: User = membership.user
    return user


def test_exactly_the_subscribers_of_touched_sections_are_told() -> None:
    """Changed, new by a split, left out, moved; not of what stayed as it was."""
    made, editor = library(), UserFactory(editor=True)
    people = {pk: UserFactory() for pk in (CHOOSE, MARK, LEAVE, JOIN)}
    for pk, person in people.items():
        services.subscribe(person, section=section(pk))
    draft = revision(made, by=editor)
    assert recipients(draft) == [people[MARK]]
    services.remove_section(in_draft(draft, JOIN), note="まとめた", reason="", by=editor)
    assert set(recipients(draft)) == {people[MARK], people[JOIN]}
    services.note_move(draft, kind="merged", origin=LEAVE, target=MARK, by=editor)
    assert set(recipients(draft)) == {people[MARK], people[JOIN], people[LEAVE]}


def test_subscribers_of_the_publication_are_told_and_those_of_another_are_not() -> None:
    """Of every edition."""
    made, other = library(), library("other")
    here, there = UserFactory(), UserFactory()
    services.subscribe(here, publication=made.publication)
    services.subscribe(there, publication=other.publication)
    assert recipients(revision(made)) == [here]


def test_one_mail_a_person_however_many_subscriptions_fit() -> None:
    """Three subscriptions, one mail; telling again sends none."""
    made, person = library(), member()
    services.subscribe(person, section=section(MARK))
    services.subscribe(person, publication=made.publication)
    live = published(revision(made))
    for _ in range(2):
        assert services.tell_subscribers(live) == 1
    assert Mail.objects.filter(event=f"edition:{live.pk}").count() == 1


def test_a_change_for_all_is_told_to_every_firm_that_asked() -> None:
    """Firms that did not ask are not told; nor is who belongs to no firm."""
    made = library()
    at_home, abroad = member(), member("TH")
    MembershipFactory()
    alone, expert = UserFactory(), UserFactory(expert=True)
    services.subscribe(alone)
    services.subscribe(expert)
    assert set(recipients(revision(made))) == {at_home, abroad}


@pytest.mark.parametrize(
    ("affects", "all_firms"),
    [
        (["overseas"], False), (["overseas", "leavers"], True), (["leavers"], True), (["all"], True),
    ],
)  # fmt: skip
def test_a_change_for_overseas_bases_only_is_told_to_firms_that_have_one(
    affects: list[str], all_firms: bool
) -> None:
    """Wherever the base is."""
    made, editor = library(), UserFactory(editor=True)
    at_home, abroad = member(), member("VN", "CN")
    draft = revision(made, by=editor)
    note(draft, by=editor, affects=affects)
    assert set(recipients(draft)) == ({at_home, abroad} if all_firms else {abroad})


def test_a_section_left_out_concerns_everybody() -> None:
    """Nobody is asked whom a removal affects."""
    made, editor = library(), UserFactory(editor=True)
    at_home = member()
    draft = services.begin_draft(made.publication, by=editor)
    services.remove_section(in_draft(draft, JOIN), note="まとめた", reason="", by=editor)
    assert recipients(draft) == [at_home]


def test_a_country_manual_is_told_to_firms_with_a_base_there() -> None:
    """Whatever its notes say."""
    made, editor = library(kind="country_manual", jurisdiction="TH"), UserFactory(editor=True)
    in_thailand = member("TH")
    both = member("VN", "TH")
    member("VN")
    member()
    draft = revision(made, by=editor)
    assert set(recipients(draft)) == {in_thailand, both}


def test_ended_members_and_closed_accounts_are_told_nothing() -> None:
    """Of what concerns a firm that is no longer theirs; of nothing at all once closed."""
    made = library()
    left, closed, staff = member(), member(), UserFactory(staff=True)
    Membership.objects.filter(user=left).update(ended_at=timezone.now())
    services.subscribe(closed, section=section(MARK))
    services.subscribe(closed, publication=made.publication)
    accounts_services.close_account(closed, actor=staff)
    assert recipients(revision(made)) == []


def test_who_changed_firms_is_told_of_the_new_one() -> None:
    """A base of the former firm counts no more."""
    made = library(kind="country_manual", jurisdiction="TH")
    moved = member("TH")
    Membership.objects.filter(user=moved).update(ended_at=timezone.now())
    MembershipFactory(user=moved)
    assert recipients(revision(made)) == []


def test_a_translation_is_told_to_those_who_read_it() -> None:
    """Readers of Japanese heard of the change already; subscriptions are those of the original."""
    made, editor = library(english=2), UserFactory(editor=True)
    english, japanese = (UserFactory(language=code) for code in ("en", "ja"))
    for person in (english, japanese):
        services.subscribe(person, section=section(MARK))
        services.subscribe(person, publication=made.publication)
    twin = Publication.objects.get(language="en")
    edition = publish(twin, 3, based_on=made.editions[3])
    assert recipients(edition) == [english]
    assert set(recipients(revision(made, by=editor))) == {english, japanese}


def test_the_mail_says_nothing_of_the_content() -> None:
    """General words and one address, in the reader's language, that opens."""
    made, editor = library(english=3), UserFactory(editor=True)
    people = [UserFactory(language="ja"), UserFactory(language="en")]
    for person in people:
        services.subscribe(person, publication=made.publication)
    draft = services.begin_draft(made.publication, by=editor)
    rewrite(draft, by=editor, heading="見出しの合言葉", source="本文の合言葉", gist="要点の合言葉")
    note(draft, by=editor, note="説明の合言葉", reason="理由の合言葉")
    services.save_outline(
        draft, facts={"title": "題名の合言葉"}, chapters=draft.chapters, by=editor,
        expected=fresh(draft).version,
    )  # fmt: skip
    live = published(fresh(draft))
    services.tell_subscribers(live)
    mails = Mail.objects.filter(event=f"edition:{live.pk}").order_by("language")
    for mail, path in zip(mails, ("/en/guidelines/sample/changes/", CHANGES), strict=True):
        letter = message(mail)
        assert "合言葉" not in letter.subject + letter.body
        assert path in letter.body
        assert Client().get(path).status_code == 200


CHANGES = "/guidelines/sample/changes/"


def test_subscribing_and_ending_on_the_pages() -> None:
    """Twice is once; each page offers what fits."""
    library()
    person = UserFactory()
    client = sign_in(Client(), person)
    path = reverse("guidelines:subscribe")
    for sent in ({"section": MARK}, {"section": MARK}, {"publication": "sample"}, {}):
        assert client.post(path, sent).status_code == 302
    assert Subscription.objects.filter(user=person).count() == 3
    page = client.get(reverse("guidelines:checklist")).content.decode()
    assert "見出し mark" in page
    assert "守り方の見本" in page
    assert "やめる" in client.get(f"/s/{MARK}/").content.decode()
    for sent in ({"section": MARK}, {"publication": "sample"}, {}, {}):
        assert client.post(path, sent | {"end": "1"}).status_code == 302
    assert not Subscription.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [
        {"section": "zzzzzz"}, {"section": "\x00"}, {"section": "x" * 5000}, {"section": "' OR 1=1"},
        {"publication": "none"}, {"publication": "\x00"}, {"publication": "../sample"},
        {"section": "new"}, {"publication": "draft-only"},
    ],
)  # fmt: skip
def test_what_is_not_published_cannot_be_subscribed(sent: dict[str, str]) -> None:
    """Nor can its existence be asked for."""
    made, editor = library(), UserFactory(editor=True)
    hidden = Publication.objects.create(slug="draft-only", language="ja", kind="guideline")
    Edition.objects.create(
        publication=hidden, number=1, title="x", summary="x", law_as_of=date(2026, 1, 1),
        as_of=date(2026, 1, 1),
    )  # fmt: skip
    draft = services.begin_draft(made.publication, by=editor)
    text = SectionText("秘密の節", "要点", "本文")
    added = services.add_section(draft, chapter=0, text=text, by=editor)
    if sent.get("section") == "new":
        sent = {"section": added.section_id}
    client = sign_in(Client(raise_request_exception=False), UserFactory())
    assert client.post(reverse("guidelines:subscribe"), sent).status_code == 404
    assert not Subscription.objects.exists()
