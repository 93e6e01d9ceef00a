"""What mails may say. Each app registers its notices in `notifications.py`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from common.registry import Registry


@dataclass(frozen=True)
class Notice:
    """A mail's fixed words (translated lazily): no field takes any content."""

    name: str
    subject: Any
    lines: Sequence[Any]

    def text(self, url: str) -> str:
        """The body in the language that is active."""
        paragraphs = [str(line) for line in self.lines]
        if url:
            paragraphs.append(url)
        paragraphs.append(
            _(
                "このメールに相談の内容は書いていません。内容はログインしてご覧ください。\n"
                "お心当たりがない場合は、リンクを開かずにこのメールを削除してください。"
            )
        )
        return "\n\n".join(paragraphs) + "\n\n-- \n" + _("営業秘密 相談窓口") + "\n"


notices: Registry[Notice] = Registry("mail notices")


def register(notice: Notice) -> Notice:
    """Add an app's notice. Raises ValueError where the name is taken."""
    return notices.register(notice.name, notice)
