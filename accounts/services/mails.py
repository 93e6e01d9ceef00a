"""Mails that no other service writes: those the sign-in package asks for."""

from django.db import transaction

from common import mail


def tell(notice: str, *, email: str, url: str, language: str, event: str) -> None:
    """Put one mail into the ledger; the same event and address never twice."""
    with transaction.atomic():
        mail.send(notice, recipient=email, key=f"{notice}:{event}", url=url, language=language)
