"""What happens to accounts, as the audit log names it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AuditKind(TextChoices):
    """Verbs of this app."""

    SIGNED_UP = "accounts.signed_up", _("利用登録をした")
    SIGNED_IN = "accounts.signed_in", _("ログインした")
    SIGN_IN_FAILED = "accounts.sign_in_failed", _("ログインに失敗した")
    SECOND_FACTOR_FAILED = "accounts.second_factor_failed", _("二段階認証に失敗した")
    SIGNED_OUT = "accounts.signed_out", _("ログアウトした")
    ADDRESS_CONFIRMED = "accounts.address_confirmed", _("メールアドレスを確認した")
    ADDRESS_CHANGED = "accounts.address_changed", _("メールアドレスを変えた")
    PASSWORD_CHANGED = "accounts.password_changed", _("パスワードを変えた")
    SECOND_FACTOR_ADDED = "accounts.second_factor_added", _("二段階認証の手段を加えた")
    SECOND_FACTOR_REMOVED = "accounts.second_factor_removed", _("二段階認証の手段を外した")
    RECOVERY_CODES_RENEWED = "accounts.recovery_codes_renewed", _("復旧コードを作り直した")
    SESSION_ENDED = "accounts.session_ended", _("端末のログインを終了した")
    SESSION_EXPIRED = "accounts.session_expired", _("時間切れでログインが終わった")
    PROFILE_CHANGED = "accounts.profile_changed", _("氏名などを変えた")
    ACCOUNT_CLOSED = "accounts.account_closed", _("アカウントを停止した")
    ACCOUNT_REOPENED = "accounts.account_reopened", _("アカウントの停止を解いた")
    ORGANISATION_REGISTERED = "accounts.organisation_registered", _("企業を登録した")
    ORGANISATION_CHANGED = "accounts.organisation_changed", _("企業の情報を変えた")
    INVITATION_SENT = "accounts.invitation_sent", _("招待を送った")
    INVITATION_ACCEPTED = "accounts.invitation_accepted", _("招待に応じて参加した")
    INVITATION_WITHDRAWN = "accounts.invitation_withdrawn", _("招待を取り消した")
    MEMBER_REMOVED = "accounts.member_removed", _("メンバーを外した")
    MEMBER_LEFT = "accounts.member_left", _("企業から抜けた")
    OWNER_ADDED = "accounts.owner_added", _("企業の管理者を加えた")
