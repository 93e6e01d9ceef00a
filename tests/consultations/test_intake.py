"""From the first word to the receipt number: nothing is lost, mixed, shown in clear, or sent twice."""

import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Membership, User
from common.audit.models import AuditEvent
from common.mail import Mail
from common.vault import DataKey, KeyDestroyed
from consultations import services
from consultations.enums import State
from consultations.models import Consultation, Draft
from tests.accounts.factories import MembershipFactory, UserFactory
from tests.consultations.factories import draft_of
from tests.consultations.walking import SENT, at, begun, browser, fill, of, seen

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


def test_three_pages_and_a_check_make_a_case_with_a_receipt_number(
    window: Client, member: User
) -> None:
    """The journey as it is meant."""
    draft = begun(window)
    assert fill(window, draft)["Location"] == of("check", draft)
    overview = seen(window.get(of("check", draft)))
    for words in (
        "漏えいが起きた・疑いがある", "今まさに起きている", "ベトナム", "図面の件", "記録があります。",
        "見本機械", "いいえ",
    ):  # fmt: skip
        assert words in overview
    answer = window.post(of("check", draft))
    case = Consultation.objects.get()
    assert answer["Location"] == at("detail", case)
    assert case.state == State.SUBMITTED
    assert (case.title, case.category, case.urgency, case.country) == (
        "図面の件",
        "leak",
        "now",
        "VN",
    )
    assert case.answers["situation"] == "先月のことです。\n記録があります。"
    assert (case.filed_by, case.organisation) == (member, member.organisation)
    assert not case.shared_in_firm
    page = seen(window.get(at("detail", case)))
    assert case.ref in page
    assert "ご相談を受け付けました。" in page
    assert not Draft.objects.exists()


def test_a_case_keeps_nothing_of_the_drafts_own_notes(window: Client) -> None:
    """Pages done and saves counted are the draft's business."""
    draft = begun(window)
    fill(window, draft)
    window.post(of("check", draft))
    kept = set(Consultation.objects.get().answers)
    assert kept == {name for fields in SENT.values() for name in fields} - {"title"}


def test_the_firm_and_the_secretariat_are_told_without_a_word_of_the_case(
    window: Client, member: User
) -> None:
    """One mail each, and the log has one event."""
    staff = UserFactory(staff=True)
    UserFactory(staff=True, is_active=False)
    draft = begun(window)
    fill(window, draft)
    window.post(of("check", draft))
    case = Consultation.objects.get()
    told = {(mail.notice, mail.address) for mail in Mail.objects.all()}
    assert told == {
        ("consultations.filed", member.email),
        ("consultations.new_case", staff.email),
    }
    assert all(mail.url == at("detail", case) for mail in Mail.objects.all())
    events = AuditEvent.objects.about("consultation", case.pk)
    assert [event.verb for event in events] == ["consultation.filed"]


@pytest.mark.parametrize(
    ("page", "fields", "words"),
    [
        (1, {"category": "", "urgency": "week", "country": ""}, "どれか一つを選んでください。"),
        (1, {"category": "theft", "urgency": "week"}, "一覧にあるものから選んでください。"),
        (1, {"category": "leak", "urgency": "week", "country": "XX"}, "一覧にあるものから"),
        (2, {"title": "", "situation": "何か"}, "入力してください。"),
        (2, {"title": "件\n名", "situation": "何か"}, "1行で書いてください。"),
        (2, {"title": "あ" * 101, "situation": "何か"}, "100文字以内で書いてください（今は101文字"),
        (2, {"title": "件", "situation": "い" * 20_001}, "20,000文字以内で書いてください（今は20,001"),
        (3, {"parties": "う" * 2001}, "2,000文字以内"),
    ],
)  # fmt: skip
def test_an_error_is_named_at_the_field_and_what_was_typed_stays(
    window: Client, page: int, fields: dict[str, str], words: str
) -> None:
    """The page comes again, with everything on it, and goes no further."""
    draft = begun(window)
    answer = window.post(of("page", draft, page=page), fields | {"draft_version": "1"})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert words in text
    assert "エラー：" in re.search(r"<title>(.*?)</title>", text, re.S).group(1)  # type: ignore[union-attr]
    for name in {"title", "situation", "parties"} & set(fields):
        assert fields[name] in text
    assert Draft.objects.get(pk=draft.pk).version == 1


def test_text_of_exactly_the_longest_length_is_taken(window: Client) -> None:
    """Line ends count as the browser counts them: one character."""
    draft = begun(window)
    longest = "あ" * 19_998 + "\r\n" + "い"
    data = {"title": "件", "situation": longest, "draft_version": "1"}
    assert window.post(of("page", draft, page=2), data).status_code == 302
    assert len(Draft.objects.get(pk=draft.pk).answers["situation"]) == 20_000


def test_names_are_kept_as_they_were_typed(window: Client) -> None:
    """No letter of a name is another one: width, variants, composition."""
    for name in ("髙﨑𠮷商店", "葛󠄀城", "ｶﾌﾞｼｷ　ガイシャ", "か\u3099", "สมชาย Nguyễn", "👨‍👩‍👧"):
        draft = begun(window)
        fill(window, draft, title=name, parties=name)
        answers = Draft.objects.get(pk=draft.pk).answers
        assert (answers["title"], answers["parties"]) == (name, name)


def test_several_drafts_side_by_side_never_mix(window: Client) -> None:
    """Filled in by turns in several windows, each becomes its own case."""
    drafts = [begun(window) for _ in range(3)]
    for page in (1, 2, 3):
        for number, draft in enumerate(drafts):
            fields = SENT[page] | ({"title": f"件{number}"} if page == 2 else {})
            fields |= {"parties": f"相手{number}"} if page == 3 else {}
            version = Draft.objects.get(pk=draft.pk).version
            window.post(of("page", draft, page=page), fields | {"draft_version": version})
    for draft in reversed(drafts):
        window.post(of("check", draft))
    found = {(case.title, case.answers["parties"]) for case in Consultation.objects.all()}
    assert found == {("件0", "相手0"), ("件1", "相手1"), ("件2", "相手2")}


def test_waiting_drafts_are_offered_again(window: Client, member: User) -> None:
    """On the page where one begins and on the start page; others' are not."""
    draft_of(MembershipFactory().user, title="よその件")
    mine = [draft_of(member, title=f"私の件{number}") for number in range(7)]
    page = window.get(reverse("consultations:new"))
    for number, draft in enumerate(mine):
        assert f"私の件{number}" in seen(page)
        assert of("check", draft) in page.content.decode()
    assert "よその件" not in seen(page)
    start = seen(window.get(reverse("portal:my")))
    assert "私の件6" in start
    assert "よその件" not in start


def test_a_draft_is_taken_up_where_it_was_left(window: Client, member: User) -> None:
    """Also from another computer, in another language, days later."""
    draft = begun(window)
    window.post(of("page", draft, page=1), SENT[1] | {"draft_version": "1"})
    later = browser(member)
    first = later.get(of("page", draft, page=1)).content.decode()
    assert re.search(r'value="leak"[^>]*checked', first)
    overview = later.get("/en" + of("check", draft))
    assert overview.status_code == 200
    translation.activate("ja")
    assert later.post(of("check", draft))["Location"] == of("page", draft, page=2)
    fill(later, draft)
    assert later.post(of("check", draft)).status_code == 302
    assert Consultation.objects.get().category == "leak"


def test_what_is_unfinished_is_not_sent(window: Client) -> None:
    """The check says so, and leads to the first page that lacks something."""
    draft = begun(window)
    window.post(of("page", draft, page=2), SENT[2] | {"draft_version": "1"})
    overview = seen(window.get(of("check", draft)))
    assert "まだ送れません" in overview
    assert overview.count("未記入があります") == 3
    answer = window.post(of("check", draft))
    assert answer["Location"] == of("page", draft, page=1)
    assert not Consultation.objects.exists()


def test_the_category_may_come_from_a_door_of_the_home_page_and_nothing_else(
    window: Client,
) -> None:
    """What stands in an address is nobody's secret: codes only."""
    new = reverse("consultations:new")
    window.post(new + "?category=overseas&title=盗まれた&situation=x&parties=y")
    assert Draft.objects.latest("saved_at").answers == {"category": "overseas"}
    window.post(new + "?category=<script>")
    drafts = [draft.answers for draft in Draft.objects.all()]
    assert {} in drafts
    assert len(drafts) == 2


def test_the_page_where_the_secret_could_slip_in_says_not_to_write_it(window: Client) -> None:
    """And the page before it too."""
    assert "秘密の中身は書かないでください" in seen(window.get(reverse("consultations:new")))
    draft = begun(window)
    assert "秘密の中身は書かないでください" in seen(window.get(of("page", draft, page=2)))


def test_who_has_no_firm_registers_it_first(member: User) -> None:
    """And whoever has lost it cannot send what was written before; nothing is lost either."""
    alone = browser(UserFactory())
    for send in (alone.get, alone.post):
        answer = send(reverse("consultations:new"))
        assert answer["Location"] == reverse("accounts:new_organisation")
    draft = draft_of(member)
    Membership.objects.filter(user=member).update(ended_at=timezone.now())
    answer = browser(member).post(of("check", draft))
    assert answer.status_code == 409
    assert "企業の情報の登録" in seen(answer)
    assert Draft.objects.filter(pk=draft.pk).exists()
    assert not Consultation.objects.exists()


def test_pages_beyond_the_three_are_not_there(window: Client) -> None:
    """Whatever the number."""
    draft = begun(window)
    for page in (0, 4, 99, 10**30):
        assert window.get(of("page", draft, page=page)).status_code == 404
        assert window.post(of("autosave", draft, page=page), SENT[1]).status_code == 404


def test_a_discarded_draft_can_be_read_by_nobody_any_more(window: Client, member: User) -> None:
    """Its key is destroyed: what a backup holds of it stays shut."""
    draft = draft_of(member)
    kept = Draft.objects.select_related("vault_key").get(pk=draft.pk)
    assert window.post(of("discard", draft)).status_code == 302
    assert window.get(of("check", draft)).status_code == 404
    assert window.post(of("discard", draft)).status_code == 404
    key = DataKey.objects.get(pk=kept.vault_key_id)
    assert key.destroyed_at is not None
    kept.vault_key = key
    with pytest.raises(KeyDestroyed):
        _ = kept.answers
    event = AuditEvent.objects.about("data_key", key.pk).get()
    assert (event.verb, event.actor_id) == ("vault.key_destroyed", member.pk)


def test_a_sent_drafts_key_is_destroyed_and_the_case_has_its_own(member: User) -> None:
    """So a backup of the draft says no more than the case does."""
    draft = draft_of(member)
    case = services.file_consultation(draft, by=member)
    assert DataKey.objects.get(pk=draft.vault_key_id).destroyed_at is not None
    assert case.vault_key_id != draft.vault_key_id
    assert case.vault_key.destroyed_at is None


def test_answers_stand_nowhere_in_clear(window: Client, member: User) -> None:
    """Neither draft nor case nor mail nor job nor session, read as raw rows; only codes do."""
    canary = "KANARIENVOGEL-4711"
    draft = begun(window)
    fill(window, draft, title=canary, situation=canary, wish=canary, parties=canary)
    assert holding(canary) == []
    window.post(of("check", draft))
    assert Consultation.objects.get().title == canary
    window.get(at("detail", Consultation.objects.get()))
    assert holding(canary) == []
    assert "consultations_consultation" in holding("submitted")


def holding(text: str) -> list[str]:
    """Tables with a row that holds this text, bytes included."""
    found = []
    forms = [text, text.encode().hex()]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            name = connection.ops.quote_name(table)
            cursor.execute(
                f"SELECT count(*) FROM {name} t WHERE t::text LIKE ANY(%s)",
                [[f"%{form}%" for form in forms]],
            )
            if cursor.fetchone()[0]:  # type: ignore[index]
                found.append(table)
    return found


def test_receipt_numbers_cannot_be_counted_or_guessed(member: User) -> None:
    """Forty random bits, no letter that reads like a digit, and no order."""
    refs = [services.file_consultation(draft_of(member), by=member).ref for _ in range(40)]
    assert len(set(refs)) == 40
    assert all(re.fullmatch(r"TS-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", ref) for ref in refs)
    assert refs != sorted(refs)
    assert len({ref[3:5] for ref in refs}) > 20
    letters = {letter for ref in refs for letter in ref[3:] if letter != "-"}
    assert len(letters) > 24


def test_a_receipt_number_is_found_in_small_letters_too(member: User) -> None:
    """As it may be typed from a note."""
    case = services.file_consultation(draft_of(member), by=member)
    path = reverse("consultations:detail", args=[case.ref.lower()])
    assert browser(member).get(path).status_code == 200


def test_another_persons_draft_is_not_there(member: User) -> None:
    """A colleague's neither: a draft is one person's."""
    draft = draft_of(member)
    firm = Membership.objects.get(user=member).organisation
    others = [MembershipFactory(organisation=firm).user, MembershipFactory().user]
    unknown = Draft(pk=uuid.uuid4())
    for other in others:
        window = browser(other)
        for name in ("check", "page", "autosave", "discard"):
            extra = {"page": 1} if name in ("page", "autosave") else {}
            answer = window.post(of(name, draft, **extra), SENT[1])
            none = window.post(of(name, unknown, **extra), SENT[1])
            assert (answer.status_code, none.status_code) == (404, 404)
    assert Draft.objects.get(pk=draft.pk).version == 1


def test_extra_fields_change_nothing(window: Client, member: User) -> None:
    """Whoever adds them to the form gets what everybody gets."""
    other = MembershipFactory()
    extra: dict[str, Any] = {
        "state": "closed", "status": "closed", "organisation": str(other.organisation_id),
        "filed_by": str(other.user_id), "author": str(other.user_id), "is_staff": "on",
        "created_at": "1999-01-01", "filed_at": "1999-01-01", "ref": "TS-0000-0000", "pages_done": "1",
        "source_draft": str(uuid.uuid4()), "vault_key": "1", "version": "99", "touched": "x",
    }  # fmt: skip
    draft = begun(window)
    for page, fields in SENT.items():
        version = Draft.objects.get(pk=draft.pk).version
        window.post(of("page", draft, page=page), extra | fields | {"draft_version": version})
    window.post(of("check", draft), extra)
    case = Consultation.objects.get()
    assert (case.state, case.filed_by, case.organisation) == (
        State.SUBMITTED, member, member.organisation,
    )  # fmt: skip
    assert case.filed_at.year > 2000
    assert case.ref != "TS-0000-0000"
    assert case.source_draft == draft.pk
    assert not set(extra) & set(case.answers)
