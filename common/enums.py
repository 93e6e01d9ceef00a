"""The kernel's job kinds and audit verbs."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class JobKind(TextChoices):
    """Background work of the kernel."""

    MAIL = "common.mail", _("メールの送信")
    REINDEX = "common.reindex", _("検索の更新")
    ANCHOR = "common.anchor", _("監査の記録の控え")


class AuditKind(TextChoices):
    """What the kernel writes to the audit log."""

    LOG_READ = "audit.read", _("監査の記録を閲覧した")
    LOG_EXPORTED = "audit.exported", _("監査の記録を書き出した")
    JOB_REVIVED = "job.revived", _("失敗した作業をやり直させた")
    ACCESS_DENIED = "policy.denied", _("権限のない操作を断った")
    CONTENT_REFUSED = "vault.refused", _("封印が合わない内容を開かなかった")
