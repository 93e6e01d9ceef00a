"""Form fields: what cannot be kept is named, never dropped; what can be kept is not changed."""

from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from common.forms import (
    LONGEST_TEXT,
    REVERSED,
    UNREADABLE,
    CodeField,
    LineField,
    PickField,
    PlainTextField,
)

FIELDS = [PlainTextField, LineField, CodeField]


def refused(field: forms.Field, value: Any) -> str:
    """The code of the error; empty where the value is taken."""
    try:
        field.clean(value)
    except ValidationError as error:
        return error.error_list[0].code or "?"
    return ""


#: NUL, controls, halves of characters, and what stands for a character that was broken.
UNHOLDABLE = [
    0x00,
    0x01,
    0x08,
    0x0B,
    0x0C,
    0x1B,
    0x7F,
    0x85,
    0x9F,
    0xD800,
    0xDFFF,
    0xFFFD,
    0xFFFE,
    0xFFFF,
]


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("code", UNHOLDABLE, ids=hex)
def test_what_no_text_can_hold_is_named(field: type, code: int) -> None:
    """Not dropped: who sent it may have meant another character."""
    with pytest.raises(ValidationError) as error:
        field().clean(f"図面{chr(code)}一式")
    assert error.value.messages == [str(UNREADABLE)]


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(
    "code", [0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)
def test_what_reverses_writing_is_named(field: type, code: int) -> None:
    """A text must not look like another one."""
    with pytest.raises(ValidationError) as error:
        field().clean(f"gnp.{chr(code)}exe")
    assert error.value.messages == [str(REVERSED)]


@pytest.mark.parametrize(
    "text",
    ["髙﨑𠮷野葛󠄀城邉", "半角ｶﾅと全角ＡＢＣ", "が（NFD）は、が", "①㈱㍿℡～−‐", "👨‍👩‍👧 👍🏽",
     "Nguyễn Thị Hồng Đào", "สมชาย ใจดี", "ﷺ שלום", "<script>alert(1)</script>", "{{ 7*7 }} {% debug %}",
     "' OR 1=1 --", "\tタブ", "=cmd|' /C calc'!A0", "a\u00a0b\u3000c", "\u200bゼロ幅"],
)  # fmt: skip
def test_whatever_people_write_is_kept_as_it_is(text: str) -> None:
    """Names are never rewritten; nothing is taken for a program."""
    assert PlainTextField(strip=False).clean(text) == text
    assert LineField(strip=False).clean(text) == text


def test_lines_end_in_one_way() -> None:
    """So that the length is what the browser counted."""
    assert PlainTextField().clean("一\r\n二\r三\n四") == "一\n二\n三\n四"


def test_a_text_ends_at_its_limit() -> None:
    """The message says both numbers; an emoji and 𠮷 are one character, a line end is one."""
    field = PlainTextField()
    assert field.clean("𠮷" * LONGEST_TEXT) == "𠮷" * LONGEST_TEXT
    assert refused(field, "あ\r\n" * (LONGEST_TEXT // 2)) == ""
    with pytest.raises(ValidationError, match=r"20,000文字以内.*20,001文字") as error:
        field.clean("あ" * (LONGEST_TEXT + 1))
    assert len(error.value.messages) == 1


def test_no_control_cuts_off_what_is_pasted() -> None:
    """A `maxlength` would, without a word."""
    assert "maxlength" not in str(PlainTextField().get_bound_field(forms.Form(), "x"))
    assert PlainTextField().widget.attrs["data-max"] == "20000"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_line_is_one_line(end: str) -> None:
    """Said so, not joined in silence."""
    assert refused(LineField(), f"一{end}二") == "lines"
    assert refused(LineField(), f"一{end}") == ""


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("empty", ["", "   ", "　", "\n\n", None])
def test_nothing_is_not_an_answer(field: type, empty: Any) -> None:
    """Blank spaces neither; where no answer is needed, nothing is fine."""
    assert refused(field(), empty) == "required"
    assert field(required=False).clean(empty) == ""


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("１２３４５６７８９０１２３", "1234567890123"), ("1234-5678-90123", "1234567890123"),
     ("０３ー１２３４ー５６７８", "0312345678"), ("123 456　789", "123456789"),
     ("12−34‐56―78—90–1", "12345678901"), ("ａｂｃ-Ⅳ", "abcIV"), ("٣٤", "٣٤")],
)  # fmt: skip
def test_a_code_may_be_typed_in_any_width(typed: str, kept: str) -> None:
    """With whatever dashes and spaces; other scripts' digits stay, to be refused by their field."""
    assert CodeField().clean(typed) == kept


def test_a_pick_outside_the_list_is_named() -> None:
    """Whoever made the request."""
    field = PickField(choices=[("a", "A")])
    assert refused(field, "b") == "invalid_choice"
    assert refused(field, "") == "required"
    assert refused(field, "a\x00") == "invalid_choice"


@given(st.text(max_size=300))
def test_any_text_is_kept_whole_or_refused(text: str) -> None:
    """Never a part of it; spaces at the ends and the kind of line end apart."""
    field = PlainTextField(required=False)
    if refused(field, text):
        with pytest.raises(ValidationError) as error:
            field.clean(text)
        assert error.value.messages[0] in (str(UNREADABLE), str(REVERSED))
    else:
        assert field.clean(text) == text.strip().replace("\r\n", "\n").replace("\r", "\n")
