"""Mails about consultations. None says what a case is about."""

from django.utils.translation import gettext_lazy as _

from common.mail import Notice, register

FILED = register(
    Notice(
        "consultations.filed",
        _("ご相談を受け付けました"),
        [_("ご相談を受け付けました。進み具合は、次のページでご覧いただけます。")],
    )
)
NEW_CASE = register(
    Notice(
        "consultations.new_case",
        _("新しい相談が届いています"),
        [_("新しい相談が届きました。一覧から担当の専門家を選んでください。")],
    )
)
OFFERED = register(
    Notice(
        "consultations.offered",
        _("担当の打診が届いています"),
        [_("利益相反がないことを確かめて、お引き受けいただけるかお答えください。")],
    )
)
DECLINED = register(
    Notice(
        "consultations.declined",
        _("打診が辞退されました"),
        [_("打診した専門家が辞退しました。ほかの専門家を選んでください。")],
    )
)
ANSWERED = register(
    Notice(
        "consultations.message",
        _("新しいメッセージがあります"),
        [_("相談に新しいメッセージが届きました。次のページでお読みください。")],
    )
)
STARTED = register(
    Notice(
        "consultations.started",
        _("専門家が対応を始めました"),
        [_("専門家が、利益相反がないことを確かめたうえで対応を始めました。")],
    )
)
REVIEW = register(
    Notice(
        "consultations.review",
        _("査読をお願いします"),
        [_("助言書の査読をお待ちしています。")],
    )
)
RETURNED = register(
    Notice(
        "consultations.returned",
        _("助言書が差し戻されました"),
        [_("査読者の意見をお読みのうえ、直してください。")],
    )
)
ISSUED = register(
    Notice(
        "consultations.issued",
        _("助言書ができました"),
        [_("ご相談への助言書ができました。次のページからダウンロードできます。")],
    )
)
