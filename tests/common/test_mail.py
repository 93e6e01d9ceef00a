"""Mails: one row per event and address, at most one leaves, and none says anything about a case."""

import re
import smtplib
import socket
import threading
from dataclasses import fields
from email.header import decode_header, make_header
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import override

from common import mail
from common.jobs import Job
from common.jobs.run import claim, run
from common.mail import Mail, MailState, Notice, notices
from common.mail.sending import message
from tests.accounts.factories import UserFactory
from tests.common.smtp import HANG_UP, SILENCE, MailServer, mail_server

NOTICE = "accounts.invited"
ADDRESS = "someone@example.com"


@pytest.fixture
def delivering(settings: Any) -> Any:
    """Have mails sent to a server of the test."""

    def to(server: MailServer) -> None:
        settings.MAIL_DELIVERS = True
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_TIMEOUT = 0.5

    return to


def written(**options: Any) -> Mail:
    """A mail in the ledger."""
    return mail.send(NOTICE, recipient=ADDRESS, key="event", **options)


def deliver(sent: Mail) -> Mail:
    """One attempt of the mail's job, due now; gives the row as it then stands."""
    Job.objects.filter(key=f"mail:{sent.pk}").update(not_before=Now())
    run(str(Job.objects.get(key=f"mail:{sent.pk}").pk))
    sent.refresh_from_db()
    return sent


def job_of(sent: Mail) -> Job:
    """The job that delivers it."""
    found: Job = Job.objects.get(key=f"mail:{sent.pk}")
    return found


# --- One row, one mail --------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_event_writes_to_an_address_once() -> None:
    """However often the service that tells of it runs."""
    assert written().pk == written().pk
    assert (Mail.objects.count(), Job.objects.count()) == (1, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("notice", "address", "key"),
    [(NOTICE, ADDRESS, "other"), (NOTICE, "b@example.com", "event"),
     ("accounts.password_changed", ADDRESS, "event")],
    ids=["event", "address", "notice"],
)  # fmt: skip
def test_another_event_address_or_notice_is_another_mail(
    notice: str, address: str, key: str
) -> None:
    """Each of the three counts."""
    written()
    mail.send(notice, recipient=address, key=key)
    assert Mail.objects.count() == 2


@pytest.mark.django_db
def test_the_database_refuses_a_second_row() -> None:
    """Whoever writes it."""
    first = written()
    values = {name: getattr(first, name) for name in ("event", "notice", "address")}
    with pytest.raises(IntegrityError), transaction.atomic():
        Mail.objects.create(**values)


@pytest.mark.django_db(transaction=True)
def test_two_who_tell_of_one_event_write_one_mail() -> None:
    """At the same moment."""
    start = threading.Barrier(6)

    def teller() -> None:
        start.wait()
        with transaction.atomic():
            written()
        connections.close_all()

    threads = [threading.Thread(target=teller) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (Mail.objects.count(), Job.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_a_mail_goes_with_its_transaction() -> None:
    """Nobody is told of what was rolled back."""
    with transaction.atomic():
        written()
        transaction.set_rollback(True)
    assert not Mail.objects.exists()
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_a_notice_that_nobody_registered_is_refused() -> None:
    """It would have no words."""
    with pytest.raises(ValueError, match="not registered"):
        mail.send("accounts.guessed", recipient=ADDRESS, key="event")


# --- Delivering ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_mail_is_sent_once(delivering: Any) -> None:
    """A second delivery of its job finds it sent."""
    with mail_server() as server:
        delivering(server)
        sent = deliver(written(url="/help/"))
        assert (sent.state, sent.error_code) == (MailState.SENT, "")
        assert sent.sent_at is not None
        Job.objects.update(state="queued", finished_at=None)
        deliver(sent)
        assert len(server.mails) == 1
        assert job_of(sent).state == "done"


@pytest.mark.django_db
def test_a_mail_has_the_headers_it_needs(delivering: Any, settings: Any) -> None:
    """One recipient, the same Message-ID in every attempt, and the mark of an automatic mail."""
    with mail_server() as server:
        delivering(server)
        sent = deliver(written())
        (taken,) = server.mails
    assert taken["To"] == ADDRESS
    assert taken["From"] == settings.DEFAULT_FROM_EMAIL
    assert taken["Message-ID"] == f"<{sent.pk}@{settings.ORIGIN.host}>"
    assert taken["Message-ID"] == message(sent).extra_headers["Message-ID"]
    assert taken["Auto-Submitted"] == "auto-generated"
    assert str(make_header(decode_header(taken["Subject"]))) == str(notices[NOTICE].subject)
    assert not {"Cc", "Bcc", "Reply-To"} & set(taken.keys())


@pytest.mark.django_db(transaction=True)
def test_sending_is_committed_before_the_server_is_spoken_to(
    delivering: Any, elsewhere: Any
) -> None:
    """So that a crash in between is known to be a crash in between."""
    seen: list[str] = []
    with mail_server() as server:
        delivering(server)
        server.meanwhile = lambda: seen.append(elsewhere("SELECT state FROM common_mail"))
        deliver(written())
    assert seen == ["sending"]


@pytest.mark.django_db
def test_a_mail_that_was_being_sent_in_a_crash_is_never_sent_again(delivering: Any) -> None:
    """Nobody knows whether it left; the secretariat is shown that."""
    sent = written()
    claim(str(job_of(sent).pk))
    Mail.objects.update(state=MailState.SENDING)
    Job.objects.update(state="queued", lease_until=None)
    with mail_server() as server:
        delivering(server)
        deliver(sent)
        assert (sent.state, sent.error_code) == (MailState.UNCERTAIN, "WorkerLost")
        assert server.mails == []
    assert job_of(sent).state == "done"
    assert list(Mail.objects.needing_attention()) == [sent]


@pytest.mark.django_db
@pytest.mark.parametrize("answer", [HANG_UP, SILENCE])
def test_a_server_that_does_not_confirm_leaves_it_uncertain(delivering: Any, answer: str) -> None:
    """It may have taken the mail: sending again could make two."""
    with mail_server(data_end=answer) as server:
        delivering(server)
        sent = deliver(written())
        assert sent.state == MailState.UNCERTAIN
        assert job_of(sent).state == "done"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "answers",
    [{"rcpt": "550 no such user"}, {"data_end": "554 refused"}, {"mail": "550 not you"}],
    ids=["recipient", "text", "sender"],
)
def test_a_refusal_for_good_is_not_tried_again(delivering: Any, answers: dict[str, str]) -> None:
    """It is kept with its kind, and shown."""
    with mail_server(**answers) as server:
        delivering(server)
        sent = deliver(written())
        assert sent.state == MailState.FAILED
        assert sent.error_code.startswith("SMTP")
        assert server.mails == []
    assert job_of(sent).state == "done"
    assert list(Mail.objects.needing_attention()) == [sent]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "answers",
    [{"rcpt": "451 try later"}, {"data_end": "452 full"}, {"connect": "421 closing"},
     {"connect": HANG_UP}, {"connect": SILENCE}, {"ehlo": "502 no", "helo": "421 no"}],
    ids=["recipient", "text", "busy", "hangs up", "silent", "no greeting"],
)  # fmt: skip
def test_a_server_that_is_not_ready_is_tried_again(
    delivering: Any, answers: dict[str, str]
) -> None:
    """The mail certainly did not leave; the second attempt sends it, once."""
    sent = written()
    with mail_server(**answers) as server:
        delivering(server)
        assert deliver(sent).state == MailState.QUEUED
        assert sent.error_code
        assert job_of(sent).state == "queued"
    with mail_server() as server:
        delivering(server)
        assert deliver(sent).state == MailState.SENT
        assert len(server.mails) == 1


@pytest.mark.django_db
def test_a_server_that_is_away_costs_three_attempts_then_the_secretariat_decides(
    delivering: Any,
) -> None:
    """The mail is still there; reviving its job sends it."""
    from common import jobs

    sent = written()
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    delivering(MailServer(port))
    for _ in range(4):
        deliver(sent)
    assert sent.state == MailState.QUEUED
    assert (job_of(sent).state, job_of(sent).attempts) == ("dead", 3)
    jobs.revive(job_of(sent), actor=UserFactory(staff=True))
    with mail_server() as server:
        delivering(server)
        assert deliver(sent).state == MailState.SENT
        assert len(server.mails) == 1


@pytest.mark.django_db
def test_a_wrong_password_at_the_mail_server_loses_no_mail(delivering: Any, settings: Any) -> None:
    """The operator's mistake is no refusal of the recipient."""
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "portal", "wrong"
    with mail_server(ehlo="250-hello\r\n250 AUTH PLAIN", auth="535 no") as server:
        delivering(server)
        sent = deliver(written())
    assert sent.state == MailState.QUEUED
    assert sent.error_code == smtplib.SMTPAuthenticationError.__name__


@pytest.mark.django_db
def test_a_mail_that_cannot_be_written_was_not_sent(delivering: Any) -> None:
    """A notice that a release dropped: no attempt makes it `uncertain`."""
    sent = written()
    Mail.objects.update(notice="accounts.dropped")
    with mail_server() as server:
        delivering(server)
        deliver(sent)
        deliver(sent)
    assert sent.state == MailState.QUEUED


@pytest.mark.django_db
def test_without_a_mail_server_mails_stay_in_the_ledger(settings: Any) -> None:
    """As in a demonstration, where /dev/mail/ shows them."""
    settings.MAIL_DELIVERS = False
    sent = deliver(written())
    assert sent.state == MailState.KEPT
    assert list(Mail.objects.newest()) == [sent]


# --- What mails say -----------------------------------------------------------------------------

NAMES = sorted(notices.names())


def test_every_app_has_its_notices() -> None:
    """The checks below look at all of them."""
    assert {name.split(".")[0] for name in NAMES} >= {"accounts", "consultations", "seminars"}
    assert len(NAMES) > 20


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_a_notice_has_no_place_for_content(name: str, language: str) -> None:
    """No field to fill: neither name, number, title nor text of anybody's can be in it."""
    with override(language):
        notice = notices[name]
        words = [str(notice.subject), *map(str, notice.lines)]
    for text in words:
        assert text.strip()
        assert not re.search(r"[{}]|%[(sd]|%\w|\$\w|<[a-z]", text)
        assert "\n" not in str(words[0])


def test_a_notice_takes_nothing_but_fixed_words() -> None:
    """Its text is made of them and one link."""
    assert [field.name for field in fields(Notice)] == ["name", "subject", "lines"]
    notice = notices[NOTICE]
    with override("ja"):
        text = notice.text("https://portal.example/x/")
        bare = notice.text("")
    assert text.count("https://portal.example/x/") == 1
    assert text.replace("https://portal.example/x/\n\n", "") == bare


@pytest.mark.django_db
def test_the_recipients_name_is_in_no_mail(delivering: Any) -> None:
    """Nor anything else that is known of the person but the address."""
    user = UserFactory(name="作例 花子", kana="サクレイ")
    with mail_server() as server:
        delivering(server)
        deliver(mail.send(NOTICE, recipient=user, key="event", url="/my/"))
        (taken,) = server.mails
    whole = str(make_header(decode_header(taken["Subject"]))) + taken.as_string()
    whole += taken.get_payload(decode=True).decode()
    assert "作例" not in whole
    assert "サクレイ" not in whole


@pytest.mark.django_db
@pytest.mark.parametrize("made_in", ["ja", "en"])
@pytest.mark.parametrize(("language", "path"), [("ja", "/s"), ("en", "/en/s")])
def test_a_mail_speaks_its_recipients_language(
    settings: Any, made_in: str, language: str, path: str
) -> None:
    """Words and link, whatever language the page was in that caused it."""
    user = UserFactory(language=language)
    with override(made_in):
        link = reverse("portal:search") + "?q=1"
        letter = message(mail.send(NOTICE, recipient=user, key="event", url=link))
    with override(language):
        assert letter.subject == str(notices[NOTICE].subject)
        assert str(notices[NOTICE].lines[0]) in letter.body
    assert f"{settings.PORTAL_ORIGIN}{path}earch/?q=1\n" in letter.body


@pytest.mark.django_db
def test_an_address_without_an_account_is_written_to_in_the_pages_language() -> None:
    """A seminar's visitor, say."""
    with override("en"):
        assert written().language == "en"


@pytest.mark.django_db
def test_the_link_is_sealed_in_the_database() -> None:
    """It may carry a token that opens an account."""
    written(url="/accounts/invitations/accept/SECRET-TOKEN/")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(m)::text, m.url FROM common_mail m")
        text, sealed = cursor.fetchone()
    assert "SECRET-TOKEN" not in text
    assert b"SECRET-TOKEN" not in bytes(sealed)


@pytest.mark.django_db
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x00"])
def test_line_ends_reach_no_header(end: str) -> None:
    """Not by the address, the only thing in a header that somebody typed."""
    with pytest.raises(ValueError, match="one line"):
        mail.send(NOTICE, recipient=f"a@example.com{end}Bcc: b@example.com", key="event")
    user = UserFactory(name=f"作例{end}Bcc: b@example.com")
    letter = message(mail.send(NOTICE, recipient=user, key="event", url="/my/"))
    text = letter.message().as_string()
    assert "b@example.com" not in text
    assert "Bcc" not in text
