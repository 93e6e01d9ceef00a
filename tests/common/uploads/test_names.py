"""File names: readable, harmless on every system, and never a reason to refuse."""

import unicodedata
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.uploads import clean_name
from common.uploads.serving import disposition

CASES = {
    "../../etc/passwd.pdf": "passwd.pdf",
    "..\\..\\windows\\win.ini.pdf": "win.ini.pdf",
    "C:\\Users\\a\\見積.pdf": "見積.pdf",
    "C:evil.pdf": "C_evil.pdf",
    "CON.pdf": "_CON.pdf",
    "nul.tar.pdf": "_nul.tar.pdf",
    "com¹.pdf": "_com¹.pdf",
    "COM1 .pdf": "_COM1.pdf",
    "evil\u202efdp.exe.pdf": "evilfdp.exe.pdf",
    "a\x00b\x1fc.pdf": "abc.pdf",
    "a\r\nSet-Cookie: x.pdf": "a Set-Cookie_ x.pdf",
    "名前;filename=x.pdf": "名前;filename=x.pdf",
    'quote".pdf': "quote_.pdf",
    "trailing . .pdf": "trailing.pdf",
    "....pdf": "file.pdf",
    "<b>太字</b>.pdf": "b_.pdf",
    "a|b?c*.pdf": "a_b_c_.pdf",
    "😀契約書👨‍👩‍👧.pdf": "😀契約書👨👩👧.pdf",
    "見積　　最終.pdf": "見積 最終.pdf",
    "\u200b\ufeff空白.pdf": "空白.pdf",
    "神\ufa19社.pdf": "神\ufa19社.pdf",
    "𠮷野家.pdf": "𠮷野家.pdf",
    "ｶﾀｶﾅ．ａ.pdf": "ｶﾀｶﾅ．ａ.pdf",
    "葛\U000e0100城.pdf": "葛\U000e0100城.pdf",
    "\ud800lone.pdf": "lone.pdf",
}


@pytest.mark.parametrize("name", CASES, ids=lambda name: ascii(name))
def test_a_name_is_made_harmless_and_stays_readable(name: str) -> None:
    """Names of people and firms are never rewritten."""
    assert clean_name(name, "pdf") == CASES[name]


def test_a_long_name_is_cut_before_its_ending() -> None:
    """At 120 characters."""
    made = clean_name("長" * 300 + ".docx", "docx")
    assert len(made) == 120
    assert made.endswith("長.docx")


@given(st.text(max_size=200), st.sampled_from(["pdf", "docx", "csv"]))
def test_any_name_becomes_one_that_no_system_stumbles_over(name: str, extension: str) -> None:
    """Whatever is typed, the result is clean, short, and stays the same when cleaned again."""
    made = clean_name(f"{name}.{extension}", extension)
    assert made.endswith(f".{extension}")
    assert 5 <= len(made) <= 120
    assert not set(made) & set('<>:"/\\|?*\r\n\t\0')
    assert all(unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in made)
    assert not made.startswith((" ", "."))
    assert clean_name(made, extension) == made


@given(st.text(max_size=60))
def test_any_name_makes_one_header_line(name: str) -> None:
    """`attachment` for every browser, the exact name for new ones, in letters of ASCII alone."""
    made = clean_name(f"{name}.pdf", "pdf")
    header = disposition(made)
    assert header.isascii()
    assert header.isprintable()
    assert header.startswith('attachment; filename="')
    assert unquote(header.rpartition("UTF-8''")[2]) == made
    plain = header.split('"')[1]
    assert plain == made or plain == "file.pdf"


def test_a_plain_name_is_there_for_old_browsers() -> None:
    """Without the characters that end it early."""
    assert disposition("plan-2.pdf").startswith('attachment; filename="plan-2.pdf"; ')
    for name in ("図面.pdf", 'a"b.pdf', "a%41.pdf", "a;b.pdf"):
        assert 'filename="file.pdf"' in disposition(name)
