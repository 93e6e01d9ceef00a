"""Orders for the process that draws PDFs."""

import json

from common.pdf import Limits
from common.pdf.render import in_child, stylesheet

PAGE = (
    '<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>試験</title>{head}</head>'
    "<body><h1>見出し</h1>{body}</body></html>"
)
#: Quick to reach; the usual ones take a minute.
SHORT = Limits(cpu_seconds=3, wall_seconds=15)
#: Pages without end, as far as anyone would wait.
ENDLESS = "<p>あ</p>" * 190_000


def order(body: str = "<p>本文</p>", head: str = "") -> bytes:
    """What the child is told to draw."""
    return json.dumps(
        {
            "html": PAGE.format(head=head, body=body),
            "css": stylesheet(),
            "identifier": "00" * 16,
            "made_at": "2026-11-24T14:30:00+09:00",
            "attachments": [],
        }
    ).encode()


def drawn(body: str = "<p>本文</p>", head: str = "", limits: Limits = SHORT) -> bytes:
    """The PDF of a page."""
    return in_child(order(body, head), limits=limits)
