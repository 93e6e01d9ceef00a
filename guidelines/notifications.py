"""Mails about changes of guidelines."""

from django.utils.translation import gettext_lazy as _

from common.mail import Notice, register

CHANGED = register(
    Notice(
        "guidelines.changed",
        _("お申し込みのガイドラインが改訂されました"),
        [
            _("お知らせをお申し込みのガイドラインに、新しい版が公開されました。"),
            _("どの節がどう変わったかは、次のページでご覧いただけます。"),
        ],
    )
)
