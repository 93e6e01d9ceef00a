"""Input that no honest form sends, and text that wants to be more than text."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_from_bytes

from django.test import Client

FORM = "application/x-www-form-urlencoded"
#: As raw bytes of one field's value, before they are escaped for the form.
BYTES: dict[str, bytes] = {
    "NUL": b"a\x00b",
    "lone surrogate": b"a\xed\xa0\x80b",
    "reversed surrogates": b"\xed\xb0\x80\xed\xa0\x80",
    "half a character": "漏".encode()[:2],
    "overlong": b"\xc0\xaf\xe0\x80\xaf",
    "Shift_JIS": "漏えいの疑い".encode("cp932"),
    "EUC-JP": "漏えいの疑い".encode("euc_jp"),
    "UTF-16": "漏えい".encode("utf-16"),
    "bidi override": "見積\u202excod.exe".encode(),
    "bidi isolate": "\u2066a\u2069".encode(),
    "control": b"a\x07\x1b[31mb",
    "noncharacter": "a\ufffeb\uffff".encode(),
    "20,001 characters": "あ".encode() * 20_001,
    "full-width digits": "１２３４５６７".encode(),
    "other digits": "٣٤٥".encode(),
    "emoji family": "👨‍👩‍👧‍👦𠮷髙葛󠄀".encode(),
    "decomposed": "か\u3099ナ\u3099".encode(),
    "combining": b"e" + "\u0301".encode() * 500,
    "SQL": b"'); DROP TABLE consultations_consultation; --",
    "template": b"{{7*7}}{% debug %}${7*7}#{7*7}",
    "header": b"x\r\nBcc: a@example.com\r\nSet-Cookie: a=b",
    "number": b"-9223372036854775809",
    "infinite": b"1e309",
    "list": b"[]",
    "path": b"../../../../etc/passwd",
    "spaces": "\u3000\u00a0 \t".encode(),
}
#: Input that a text of ours never holds: it must be refused with words.
REFUSED = {
    "NUL", "lone surrogate", "reversed surrogates", "half a character", "overlong", "Shift_JIS",
    "EUC-JP", "UTF-16", "bidi override", "bidi isolate", "control", "noncharacter",
    "20,001 characters",
}  # fmt: skip
#: Fields that somebody might add, hoping that they are believed.
EXTRA = {
    "status": "closed", "state": "closed", "organisation": "{other}", "is_staff": "on", "role": "staff",
    "filed_by": "{other}", "expert": "{other}", "author": "{other}", "created_at": "1999-01-01",
    "filed_at": "1999-01-01", "ref": "TS-0000-0000", "id": "{other}", "pk": "{other}",
    "shared_in_firm": "on", "from_expert": "on", "number": "99", "issued_at": "1999-01-01",
    "reviewer": "{other}", "pdf_path": "aa/b", "taken": "0", "capacity": "999", "address_digest": "x",
}  # fmt: skip
#: Stored by one person, shown to another.
SCRIPTS = (
    "<script>alert(1)</script>",
    "</title></textarea></style><script>alert(2)</script>",
    '"><img src=x onerror=alert(3)>',
    "'><svg/onload=alert(4)>",
    '<a href="javascript:alert(5)">x</a>',
    "<iframe srcdoc='<script>alert(6)</script>'>",
    '<math><mi//xlink:href="data:x,<script>alert(7)</script>">',
    "{{constructor.constructor('alert(8)')()}}",
    "<b onmouseover=alert(9)>太字</b>",
    "<link rel=attachment href='file:///etc/passwd'>",
    "&lt;script&gt;alert(10)&lt;/script&gt;",
    "<!--<script>alert(11)</script>-->",
    "＜script＞alert(12)＜/script＞",
    "<ScRiPt\x0c>alert(13)</sCrIpT>",
    "javascript:/*--></title></style></textarea></script>*/alert(14)",
    "<body/onpageshow=alert(15)><base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<form action=//evil.example><button>送る</button></form>",
    "a\u2028b\u2029<u>c</u>",
)
_FOUND = re.compile(
    r"<script>alert|<img src=x|<svg/|<iframe srcdoc|<math>|<b onmouse|<link rel=attach|<!--<script|"
    r"<body/|<meta http-equiv=refresh|<form action=//|href=\"javascript:|<u>c|(?-i:<ScRiPt)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Form:
    """One address that takes a form, with fields that it would take."""

    path: str
    fields: dict[str, Any]
    #: Fields of free text, whose words must come again where they are refused.
    texts: tuple[str, ...] = ()


def body(fields: dict[str, Any], **raw: bytes) -> bytes:
    """A form's body, in which some fields hold raw bytes."""
    given = {name: str(value).encode() for name, value in fields.items()} | raw
    return b"&".join(
        f"{name}={quote_from_bytes(value)}".encode() for name, value in given.items()
    )  # fmt: skip


def send(window: Client, path: str, content: bytes, kind: str = FORM) -> Any:
    """Post a raw body."""
    return window.generic("POST", path, content, content_type=kind)


def markup_in(html: str) -> list[str]:
    """What of SCRIPTS stands in the page as markup."""
    return _FOUND.findall(html)
