"""The mail that tells the secretariat that background work has failed."""

from django.utils.translation import gettext_lazy as _

from common.mail import Notice, register

JOB_DEAD = register(
    Notice(
        "portal.job_dead",
        _("自動の作業が失敗しました"),
        [
            _("3回試しましたが、自動の作業が終わりませんでした。"),
            _("次のページで種類を確かめ、原因が分かったらやり直してください。"),
        ],
    )
)
