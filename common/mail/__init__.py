"""Mails without content: what happened in general terms, and a link. One ledger row each."""

from common.mail.models import Mail, MailState
from common.mail.notices import Notice, notices, register
from common.mail.sending import send

__all__ = ["Mail", "MailState", "Notice", "notices", "register", "send"]
