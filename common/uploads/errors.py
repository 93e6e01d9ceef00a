"""Why a file is not taken, in words that tell people what to do."""

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

MESSAGES: Final[dict[str, Any]] = {
    "empty": _("ファイルが空です。中身のあるファイルを選んでください。"),
    "too_large": _("ファイルが{limit}MBを超えています。分けるか小さくしてから、送ってください。"),
    "quota": _(
        "この相談に添えられるのは、合わせて{limit}MBまでです。"
        "小さくしてから送るか、メッセージで渡し方をご相談ください。"
    ),
    "no_extension": _("ファイル名に拡張子（.pdf など）がありません。拡張子を付けてください。"),
    "type": _(
        "この種類のファイルは受け取れません。PDF、Word・Excel・PowerPoint（docx・xlsx・pptx）、"
        "画像（JPEG・PNG）、テキスト（txt・csv）のどれかにしてください。"
    ),
    "photo": _("この画像の形式は受け取れません。JPEGかPNGで保存し直してください。"),
    "old_office": _(
        "古い形式のOffice文書は受け取れません。docx・xlsx・pptxかPDFで保存し直してください。"
    ),
    "archive": _("圧縮ファイルは受け取れません。中のファイルを一つずつ送ってください。"),
    "mismatch": _(
        "拡張子と中身が合っていません。中身は{found}のようです。"
        "元のアプリで開いて保存し直してください。"
    ),
    "damaged": _(
        "ファイルが壊れているようです。元のアプリで開けることを確かめ、保存し直してください。"
    ),
    "encrypted": _("パスワードや制限の付いたファイルは検査できません。外してから送ってください。"),
    "macro": _("マクロを含む文書は受け取れません。マクロなしの形式かPDFで保存し直してください。"),
    "embedded": _(
        "文書にほかのファイルが埋め込まれています。埋め込みを外すか、PDFで保存し直してください。"
    ),
    "external": _(
        "文書が外部のファイルを読み込みます。リンクを解除するか、PDFで保存し直してください。"
    ),
    "container": _(
        "文書の内部の作りが通常と違います。元のアプリで保存し直すか、PDFにしてください。"
    ),
    "bomb": _("文書の中身が大きすぎます。分けるか、PDFで保存し直してください。"),
    "pdf_active": _(
        "PDFに動くプログラムが含まれています。「印刷」から「PDFとして保存」で作り直してください。"
    ),
    "pdf_embedded": _(
        "PDFにほかのファイルが埋め込まれています。"
        "「印刷」から「PDFとして保存」で作り直してください。"
    ),
    "image_size": _("画像の縦横が大きすぎます。縮小してから送ってください。"),
    "text": _("文字として読めません。UTF-8かShift_JISのテキストで保存し直してください。"),
    "program": _(
        "プログラムやウェブページは受け取れません。必要な内容はWordかPDFにまとめてください。"
    ),
}


class UploadRefused(ValidationError):
    """A file breaks a rule of `common.uploads`. `code` names the rule, `message` says what to do.

    A form that lets it pass from `clean` shows the message at the field.
    """

    message: Any
    code: str

    def __init__(self, code: str, **values: Any) -> None:
        message = MESSAGES[code]
        super().__init__(format_lazy(message, **values) if values else message, code=code)


class FileLost(Exception):
    """The storage does not hold the file that a row names."""
