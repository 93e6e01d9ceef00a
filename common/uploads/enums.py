"""States of the virus scan."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ScanState(TextChoices):
    """What is known of a file. Only a clean one is served (and see `may_serve`)."""

    PENDING = "pending", _("検査待ち")
    CLEAN = "clean", _("検査済み")
    INFECTED = "infected", _("ウイルスを検出")
    ERROR = "error", _("検査できません")


class ScanDetail(TextChoices):
    """Why a file is pending or in error; an infected one has the signature's name instead."""

    NONE = "", ""
    NO_SCANNER = "no_scanner", _("検査の仕組みが設定されていません")
    UNREACHABLE = "unreachable", _("検査の仕組みにつながりません")
    TIMEOUT = "timeout", _("検査が時間内に終わりませんでした")
    TOO_LARGE = "too_large", _("大きすぎて検査できません")
    REFUSED = "refused", _("検査の仕組みが断りました")
    UNREADABLE = "unreadable", _("保管したファイルを開けません")
