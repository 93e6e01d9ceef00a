"""Booking a seat without an account: once per address, behind a link of one's own."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from common.audit.models import AuditEvent
from common.jobs import Job
from common.mail import Mail
from common.mail.sending import message
from seminars import services
from seminars.errors import AlreadyBooked, Closed, Full
from seminars.models import Registration, Seminar
from tests.accounts.factories import UserFactory
from tests.consultations.walking import browser, seen
from tests.seminars.factories import TEXT, SeminarFactory, person

pytestmark = pytest.mark.django_db


def form_of(seminar: Seminar) -> str:
    """Where one registers."""
    return reverse("seminars:register", args=[seminar.pk])


def book(seminar: Seminar, number: int = 0, **changed: Any) -> Any:
    """Register as a visitor does."""
    return Client(raise_request_exception=False).post(form_of(seminar), person(number, **changed))


def test_whoever_registers_gets_a_page_of_their_own() -> None:
    """With what was booked, and a way to give it back."""
    seminar = SeminarFactory(capacity=2)
    page = seen(Client().get(seminar.get_absolute_url()))
    assert "2人（残り2席）" in page
    answer = book(seminar, firm="髙﨑商店")
    assert answer.status_code == 302
    own = seen(Client().get(answer["Location"]))
    assert "参加 0子" in own
    assert TEXT["title"] in own
    assert "申し込みを取り消す" in own
    assert "残り1席" in seen(Client().get(seminar.get_absolute_url()))
    kept = Registration.objects.get()
    assert (kept.name, kept.email, kept.firm) == ("参加 0子", "guest0@example.com", "髙﨑商店")


def test_one_mail_leads_to_the_own_page_and_names_neither_person_nor_seminar() -> None:
    """In the language in which was registered."""
    seminar = SeminarFactory()
    answer = Client().post("/en" + form_of(seminar), person(firm="髙﨑商店"))
    translation.activate("ja")
    mail = Mail.objects.get()
    assert (mail.notice, mail.address, mail.language) == (
        "seminars.booked", "guest0@example.com", "en",
    )  # fmt: skip
    assert answer["Location"] == mail.url
    sent = message(mail)
    raw = sent.subject + sent.body
    for words in ("参加", "髙﨑", TEXT["title"]):
        assert words not in raw
    assert Job.objects.filter(kind="common.mail", subject=str(mail.pk)).count() == 1
    path = re.search(r"https?://[^/]+(/\S+)", sent.body).group(1)  # type: ignore[union-attr]
    assert Client().get(path).status_code == 200


def test_nothing_of_a_registration_stands_in_clear() -> None:
    """Name, firm and address are sealed; only a keyed digest of the address is kept beside them."""
    book(SeminarFactory(), name="KANARIE", firm="KANARIE", email="kanarie@example.com")
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM seminars_registration t")
        (row,) = cursor.fetchone()  # type: ignore[misc]
    for words in ("KANARIE", "kanarie"):
        assert words not in row
        assert words.encode().hex() not in row


def test_the_digest_of_an_address_differs_from_seminar_to_seminar() -> None:
    """So lists of participants cannot be laid over each other."""
    first, second = SeminarFactory(), SeminarFactory()
    for seminar in (first, second):
        book(seminar)
    digests = set(Registration.objects.values_list("address_digest", flat=True))
    assert len(digests) == 2


@pytest.mark.parametrize(
    "again",
    [
        "guest0@example.com",
        "GUEST0@EXAMPLE.COM",
        " guest0@example.com ",
        "ｇｕｅｓｔ０＠ｅｘａｍｐｌｅ．ｃｏｍ",
    ],
)
def test_an_address_has_one_seat_however_it_is_typed(again: str) -> None:
    """The second time it is said beside the form, and what was typed stays."""
    seminar = SeminarFactory()
    book(seminar)
    answer = book(seminar, email=again, name="もう一度")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "すでに申し込み済みです。" in page
    assert "もう一度" in page
    assert Registration.objects.count() == 1
    assert Seminar.objects.get().taken == 1
    assert Mail.objects.count() == 1


def test_a_cancelled_seat_is_free_again() -> None:
    """For anybody, also for the same address; cancelling twice frees one."""
    seminar = SeminarFactory(capacity=1)
    own = book(seminar)["Location"]
    assert "満席になりました。" in seen(Client().get(seminar.get_absolute_url()))
    assert "満席になりました。" in seen(book(seminar, 1))
    for _ in range(3):
        assert Client().post(own)["Location"] == own
    assert Seminar.objects.get().taken == 0
    page = seen(Client().get(own))
    assert "このお申し込みは取り消されています" in page
    assert "申し込みを取り消す" not in page
    assert book(seminar).status_code == 302
    assert Seminar.objects.get().taken == 1
    assert Registration.objects.count() == 2
    verbs = list(AuditEvent.objects.order_by("seq").values_list("verb", flat=True))
    assert verbs.count("seminar.booked") == 2
    assert verbs.count("seminar.cancelled") == 1


def test_after_the_closing_time_nobody_registers() -> None:
    """The page says so; a form that was opened before keeps what was typed."""
    seminar = SeminarFactory(closed=True)
    assert "申し込みの受け付けは終わりました。" in seen(Client().get(seminar.get_absolute_url()))
    answer = book(seminar, name="遅れた人")
    assert answer.status_code == 200
    assert "申し込みの受け付けは終わりました。" in seen(answer)
    assert "遅れた人" in answer.content.decode()
    assert not Registration.objects.exists()
    with pytest.raises(Closed):
        services.register(seminar, name="名", email="a@example.com")


def test_what_is_over_is_not_listed_but_its_page_stays() -> None:
    """Links in mails still lead somewhere."""
    gone = SeminarFactory(over=True, texts={"ja": TEXT | {"title": "終わった会"}})
    coming = SeminarFactory(texts={"ja": TEXT | {"title": "これからの会"}})
    later = SeminarFactory(
        texts={"ja": TEXT | {"title": "その後の会"}}, starts_at=timezone.now() + timedelta(days=30)
    )
    page = seen(Client().get(reverse("seminars:list")))
    assert "終わった会" not in page
    assert page.index("これからの会") < page.index("その後の会")
    for seminar in (gone, coming, later):
        assert Client().get(seminar.get_absolute_url()).status_code == 200


def test_only_the_mailed_link_opens_a_registration() -> None:
    """Not a guess, not another seminar's, not an altered or foreign mark, nor another person's login."""
    seminar, other = SeminarFactory(), SeminarFactory()
    own = book(seminar)["Location"]
    token = own.rstrip("/").rsplit("/", 1)[1]
    kept = Registration.objects.get()
    forged = [
        token[:-1] + ("a" if token[-1] != "a" else "b"),
        token.swapcase(), str(kept.pk), "x", "漏", ":", "a:b:c", "x" * 4000,
        signing.dumps(str(kept.pk), salt="other"),
        signing.dumps("00000000-0000-0000-0000-000000000000", salt="seminars.registration"),
    ]  # fmt: skip
    for person_ in (Client(raise_request_exception=False), browser(UserFactory(staff=True))):
        for mark in forged:
            path = reverse("seminars:registration", args=[seminar.pk, mark])
            assert person_.get(path).status_code == 404, mark
            assert person_.post(path).status_code == 404, mark
        path = reverse("seminars:registration", args=[other.pk, token])
        assert person_.post(path).status_code == 404
    assert Registration.objects.get().state == "booked"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "入力してください。"),
        ("name", "あ" * 101, "100文字以内"),
        ("name", "a\nb", "1行で"),
        ("name", "左\u202e右", "向きを変える"),
        ("email", "", "入力してください。"),
        ("email", "a@b", "name@example.jp"),
        ("email", "a b@example.com", "name@example.jp"),
        ("email", "a@example.com\r\nBcc: b@example.com", "1行で"),
        ("email", "x" * 250 + "@example.com", "254文字以内"),
        ("firm", "あ" * 201, "200文字以内"),
    ],
)
def test_an_error_is_named_and_what_was_typed_stays(field: str, value: str, words: str) -> None:
    """In every field; no seat is taken."""
    seminar = SeminarFactory()
    answer = book(seminar, **{field: value})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert words in page
    assert "field--error" in page
    for name, typed in person(0, **{field: value}).items():
        if name != field:
            assert typed in page
    assert not Registration.objects.exists()
    assert Seminar.objects.get().taken == 0
    assert not Mail.objects.exists()


def test_the_database_sells_no_seat_twice() -> None:
    """Even where a service forgot it."""
    seminar = SeminarFactory(capacity=1)
    services.register(seminar, **person(0))
    with pytest.raises(IntegrityError, match="seminar_within_capacity"), transaction.atomic():
        Seminar.objects.update(taken=2)
    with pytest.raises(IntegrityError, match="seminar_within_capacity"), transaction.atomic():
        Seminar.objects.update(capacity=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Seminar.objects.update(taken=-1)
    kept = Registration.objects.get()
    with pytest.raises(IntegrityError, match="once_per_address"), transaction.atomic():
        Registration.objects.create(
            seminar=seminar, name="名", email="a@example.com", address_digest=kept.address_digest
        )
    with pytest.raises(AlreadyBooked):
        services.register(seminar, **person(0))
    with pytest.raises(Full):
        services.register(seminar, **person(1))


@pytest.mark.parametrize("pk", ["0", "999999", "9" * 30])
def test_a_seminar_that_is_none_is_not_there(pk: str) -> None:
    """Whatever its number."""
    for path in (f"/seminars/{pk}/", f"/seminars/{pk}/register/"):
        assert Client(raise_request_exception=False).get(path).status_code == 404
        assert Client(raise_request_exception=False).post(path).status_code == 404


def test_the_demonstrations_seminars_are_made_once() -> None:
    """And again when they are over."""
    services.load_demo()
    services.load_demo()
    assert Seminar.objects.count() == 2
    Seminar.objects.filter(slug="demo-basics").update(
        starts_at=timezone.now() - timedelta(days=2), ends_at=timezone.now() - timedelta(days=1)
    )
    services.load_demo()
    assert Seminar.objects.filter(slug="demo-basics").count() == 2
    assert Seminar.objects.upcoming().count() == 2
