"""The mails of this app: what happened, in general terms."""

from django.utils.translation import gettext_lazy as _

from common import mail

CONFIRM_SIGN_UP = mail.register(
    mail.Notice(
        name="accounts.confirm_sign_up",
        subject=_("メールアドレスの確認"),
        lines=[
            _("営業秘密 相談窓口への登録を受け付けました。"),
            _("次のリンクを開き、メールアドレスを確認してください。リンクは3日間使えます。"),
        ],
    )
).name
CONFIRM_ADDRESS = mail.register(
    mail.Notice(
        name="accounts.confirm_address",
        subject=_("メールアドレスの確認"),
        lines=[
            _("次のリンクを開き、メールアドレスを確認してください。リンクは3日間使えます。"),
        ],
    )
).name
ACCOUNT_EXISTS = mail.register(
    mail.Notice(
        name="accounts.account_exists",
        subject=_("すでに登録されています"),
        lines=[
            _("このメールアドレスで登録の申し込みがありましたが、すでにアカウントがあります。"),
            _("パスワードを忘れたときは、次のページで設定し直せます。"),
        ],
    )
).name
UNKNOWN_ACCOUNT = mail.register(
    mail.Notice(
        name="accounts.unknown_account",
        subject=_("アカウントが見つかりません"),
        lines=[
            _("このメールアドレスのパスワード再設定を求められましたが、アカウントがありません。"),
            _("別のアドレスで登録していないか、お確かめください。登録は次のページからできます。"),
        ],
    )
).name
PASSWORD_RESET = mail.register(
    mail.Notice(
        name="accounts.password_reset",
        subject=_("パスワードの再設定"),
        lines=[_("次のリンクを開き、新しいパスワードを設定してください。")],
    )
).name
PASSWORD_CHANGED = mail.register(
    mail.Notice(
        name="accounts.password_changed",
        subject=_("パスワードが変わりました"),
        lines=[
            _("アカウントのパスワードが変わりました。"),
            _("お心当たりがないときは、すぐに次のページからログインし、設定し直してください。"),
        ],
    )
).name
ADDRESS_CHANGED = mail.register(
    mail.Notice(
        name="accounts.address_changed",
        subject=_("ログインに使うメールアドレスが変わりました"),
        lines=[
            _("アカウントのメールアドレスが変わりました。"),
            _("お心当たりがないときは、事務局にお知らせください。"),
        ],
    )
).name
SECOND_FACTOR_CHANGED = mail.register(
    mail.Notice(
        name="accounts.second_factor_changed",
        subject=_("二段階認証の設定が変わりました"),
        lines=[
            _("アカウントの二段階認証の設定が変わりました。"),
            _("お心当たりがないときは、すぐに次のページからログインし、設定をお確かめください。"),
        ],
    )
).name
SECURITY_CHANGED = mail.register(
    mail.Notice(
        name="accounts.security_changed",
        subject=_("アカウントの設定が変わりました"),
        lines=[
            _("アカウントの設定が変わりました。次のページからログインし、お確かめください。"),
        ],
    )
).name
SIGN_IN_LOCKED = mail.register(
    mail.Notice(
        name="accounts.sign_in_locked",
        subject=_("ログインの失敗が続いています"),
        lines=[
            _("ログインの失敗が続いたため、パスワードでのログインを数分間止めています。"),
            _("ご自身でないときは、次のページでパスワードを設定し直すことができます。"),
        ],
    )
).name
INVITED = mail.register(
    mail.Notice(
        name="accounts.invited",
        subject=_("参加の招待"),
        lines=[
            _("営業秘密 相談窓口に招待されました。"),
            _("次のリンクを開くと、招待の内容を確かめて参加できます。リンクは7日間使えます。"),
        ],
    )
).name
INVITATION_ACCEPTED = mail.register(
    mail.Notice(
        name="accounts.invitation_accepted",
        subject=_("招待した方が参加しました"),
        lines=[_("招待した方が参加しました。次のページでお確かめください。")],
    )
).name
MEMBERSHIP_ENDED = mail.register(
    mail.Notice(
        name="accounts.membership_ended",
        subject=_("企業の登録から外れました"),
        lines=[
            _("企業のメンバーから外れました。企業の相談は開けなくなりました。"),
            _("アカウントは残っています。"),
        ],
    )
).name

#: The sign-in package's mail template → the notice that goes out in its place.
BY_TEMPLATE = {
    "account/email/email_confirmation_signup": CONFIRM_SIGN_UP,
    "account/email/email_confirmation": CONFIRM_ADDRESS,
    "account/email/account_already_exists": ACCOUNT_EXISTS,
    "account/email/unknown_account": UNKNOWN_ACCOUNT,
    "account/email/password_reset_key": PASSWORD_RESET,
    "account/email/password_reset": PASSWORD_CHANGED,
    "account/email/password_changed": PASSWORD_CHANGED,
    "account/email/password_set": PASSWORD_CHANGED,
    "account/email/email_changed": ADDRESS_CHANGED,
    "account/email/email_deleted": ADDRESS_CHANGED,
    "mfa/email/totp_activated": SECOND_FACTOR_CHANGED,
    "mfa/email/totp_deactivated": SECOND_FACTOR_CHANGED,
    "mfa/email/recovery_codes_generated": SECOND_FACTOR_CHANGED,
    "mfa/email/webauthn_added": SECOND_FACTOR_CHANGED,
    "mfa/email/webauthn_removed": SECOND_FACTOR_CHANGED,
}
