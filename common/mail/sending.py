"""Writing mails into the ledger within the event's transaction, and delivering them once."""

import smtplib
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models.functions import Now
from django.urls import Resolver404, resolve, translate_url
from django.utils import translation

from common import jobs
from common.enums import JobKind
from common.jobs.run import Run
from common.mail.models import Mail, MailState
from common.mail.notices import notices


class Recipient(Protocol):
    """Somebody with an account."""

    email: str
    language: str


class NotSent(Exception):
    """The mail certainly did not leave; the job may try again."""


def send(
    notice: str, *, recipient: Recipient | str, key: str, url: str = "", language: str | None = None
) -> Mail:
    """Write the mail into the ledger; it leaves after the commit, once per (event, recipient).

    `key` names the event ("report-issued:<id>"); `url` is a path of ours.
    Raises ValueError for a notice that is not registered, and for an address of several lines.
    """
    if notice not in notices:
        raise ValueError(f"mail notice {notice!r} is not registered")
    address = recipient if isinstance(recipient, str) else recipient.email
    if not address.isprintable():
        raise ValueError("a mail address is one line")
    spoken = language or (
        translation.get_language() if isinstance(recipient, str) else recipient.language
    )
    mail: Mail
    mail, created = Mail.objects.get_or_create(
        digest=Mail.digest_of(key, notice, address),
        defaults={
            "event": key,
            "notice": notice,
            "address": address,
            "url": url,
            "language": (spoken or settings.LANGUAGE_CODE)[:2],
        },
    )
    if created:
        jobs.enqueue(JobKind.MAIL, mail.pk, key=f"mail:{mail.pk}")
    return mail


def message(mail: Mail) -> EmailMessage:
    """The mail as it leaves, in the recipient's language."""
    notice = notices[mail.notice]
    with translation.override(mail.language):
        url = mail.url
        if url.startswith("/"):
            url = settings.PORTAL_ORIGIN + in_language(url, mail.language)
        return EmailMessage(
            subject=str(notice.subject),
            body=notice.text(url),
            to=[mail.address],
            headers={
                # The same in every attempt, so that a mail server can drop a second copy.
                "Message-ID": f"<{mail.pk}@{settings.ORIGIN.host}>",
                "Auto-Submitted": "auto-generated",
            },
        )


def in_language(path: str, language: str) -> str:
    """The path of the same page in the given language, whichever one it was made in.

    An address is only found under the prefix of the language that is active.
    """
    for code, _label in settings.LANGUAGES:
        with translation.override(code):
            try:
                resolve(urlsplit(path).path)
            except Resolver404:
                continue
            return translate_url(path, language)
    return path


def deliver(mail_id: str, run: Run) -> None:
    """Send one mail, at most once. `sending` is committed before the mail server is spoken to.

    A mail that was `sending` when a worker died may have left: it becomes `uncertain` and is never
    sent again. Raises NotSent where it certainly did not leave.
    """
    with transaction.atomic():
        mail = Mail.objects.select_for_update().get(pk=mail_id)
        state = mail.state
        if state == MailState.QUEUED:
            # Written first: a mail that cannot even be written has certainly not left.
            letter = message(mail)
            if settings.MAIL_DELIVERS:
                Mail.objects.filter(pk=mail.pk).update(state=MailState.SENDING)
    if state == MailState.QUEUED:
        outcome, code = _deliver(mail, letter) if settings.MAIL_DELIVERS else (MailState.KEPT, "")
    elif state == MailState.SENDING:
        outcome, code = MailState.UNCERTAIN, "WorkerLost"
    else:
        return
    with run.finishing():
        Mail.objects.filter(pk=mail.pk).update(state=outcome, error_code=code, sent_at=Now())


def _deliver(mail: Mail, letter: EmailMessage) -> tuple[MailState, str]:
    """Speak to the mail server. Raises NotSent, having put the mail back, where that is certain."""
    connection = get_connection(fail_silently=False)
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        _put_back(mail, error)
    try:
        connection.send_messages([letter])
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
        if _is_permanent(error):
            return MailState.FAILED, type(error).__name__
        _put_back(mail, error)
    except (OSError, smtplib.SMTPException) as error:
        return MailState.UNCERTAIN, type(error).__name__
    finally:
        connection.close()
    return MailState.SENT, ""


def _is_permanent(error: smtplib.SMTPException) -> bool:
    """Whether the mail server said that it will never take the mail (5xx)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500


def _put_back(mail: Mail, error: Exception) -> None:
    """Queue the mail again and let the job fail, to be tried later."""
    Mail.objects.filter(pk=mail.pk, state=MailState.SENDING).update(
        state=MailState.QUEUED, error_code=type(error).__name__
    )
    raise NotSent from error
