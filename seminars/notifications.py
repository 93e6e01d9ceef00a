"""Mails about registrations; they name neither the seminar nor the person."""

from django.utils.translation import gettext_lazy as _

from common.mail import Notice, register

BOOKED = register(
    Notice(
        "seminars.booked",
        _("セミナーのお申し込みを受け付けました"),
        [_("お申し込みの内容の確認と取り消しは、次のページでできます。")],
    )
)
