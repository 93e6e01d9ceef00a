"""The redline: both texts rebuilt to the letter, readable in Japanese, for eyes and for ears."""

import io
import re
from typing import Any

import pytest
from django.test import Client
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from guidelines import services
from guidelines.models import Edition
from guidelines.reports.redline import (
    Line,
    Row,
    compare,
    compare_line,
    likeness,
    readable,
    redline,
    sentences,
)
from guidelines.reports.word import redline_document
from tests.accounts.factories import UserFactory
from tests.guidelines.desk import fresh, in_draft, note, published, revision, rewrite
from tests.guidelines.factories import CHOOSE, JOIN, LEAVE, MARK, library

WORDS = st.sampled_from(
    ["営業秘密", "を", "漏えい", "し", "ない", "。", "「社外秘」", "クラウド", "A社", "2026年", "、", "\n",
     "！", "？」", "（例）", "ｶﾅ", "𠮷野家", "葛󠄀", "ー", " ", "　", "https://example.jp/a?b=1", "①", "👍🏽"]
)  # fmt: skip
TEXT = st.lists(WORDS, max_size=40).map("".join) | st.text(max_size=80)


def told(line: Line) -> str:
    """A line's letters."""
    return "".join(piece.text for piece in line)


def left(row: Row) -> str:
    """The old text, out of the line that shows both."""
    return "".join(piece.text for piece in row.inline if piece.kind != "ins")


def right(row: Row) -> str:
    """The new one."""
    return "".join(piece.text for piece in row.inline if piece.kind != "del")


@given(TEXT, TEXT)
def test_a_line_holds_both_texts_to_the_letter(old: str, new: str) -> None:
    """Beside each other and in one line."""
    row = compare_line(old, new)
    assert (told(row.old), told(row.new)) == (old, new)
    assert (left(row), right(row)) == (old, new)
    assert {piece.kind for piece in row.old} <= {"same", "del"}
    assert {piece.kind for piece in row.new} <= {"same", "ins"}
    assert row.changed is (old != new)


@settings(deadline=None)
@given(TEXT, TEXT)
def test_all_rows_together_hold_both_texts(old: str, new: str) -> None:
    """Every sentence once, in order; only lines without a letter are left out."""
    rows = compare(old, new)
    assert [told(r.old) for r in rows if r.old] == [s for s in sentences(old) if s]
    assert [told(r.new) for r in rows if r.new] == [s for s in sentences(new) if s]
    for row in rows:
        assert (left(row), right(row)) == (told(row.old), told(row.new))


@given(TEXT)
def test_a_text_with_itself_has_no_change(text: str) -> None:
    """Not one piece is marked."""
    assert not any(row.changed for row in compare(text, text))


@given(TEXT)
def test_sentences_lose_nothing_but_empty_lines(text: str) -> None:
    """Whatever people paste."""
    kept = "".join(sentences(text))
    assert re.sub(r"\s", "", kept) == re.sub(r"\s", "", text)


@given(TEXT, TEXT)
def test_likeness_is_a_share(old: str, new: str) -> None:
    """Between nothing and all; all for the same words."""
    assert 0 <= likeness(old, new) <= 1
    assert likeness(old, old) == (1 if old else 0)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("一です。二です。", ["一です。", "二です。"]),
        ("「一です。」と言います。", ["「一です。」", "と言います。"]),
        ("本当？！」と聞きます。", ["本当？！」", "と聞きます。"]),
        ("見出し\n本文です。\n\n次", ["見出し", "本文です。", "次"]),
        ("終わりの句点なし", ["終わりの句点なし"]),
        ("", []), ("\n \n", []),
    ],
)  # fmt: skip
def test_sentences_end_where_readers_stop(text: str, parts: list[str]) -> None:
    """At 。！？ with the brackets that close after them, and at line ends."""
    assert sentences(text) == parts


def marked(old: str, new: str) -> str:
    """[-deleted-]{+inserted+}"""
    shown = {"same": "{}", "del": "[-{}-]", "ins": "{{+{}+}}"}
    rows = compare(old, new)
    return "".join(shown[p.kind].format(p.text) for row in rows for p in row.inline)


SAMPLES = [
    ("社外の人に見せてはいけません。", "社外の人に開示してはいけません。",
     "社外の人に[-見せ-]{+開示し+}てはいけません。"),
    ("秘密情報の漏洩を防ぎます。", "秘密情報の漏えいを防ぎます。",
     "秘密情報の[-漏洩を-]{+漏えいを+}防ぎます。"),
    ("罰金は1,000万円以下です。", "罰金は2,000万円以下です。", "罰金は[-1,000-]{+2,000+}万円以下です。"),
    ("メールで送ります。", "クラウドで渡します。", "[-メールで送ります。-]{+クラウドで渡します。+}"),
    ("一です。二です。", "一です。新しい文です。二です。", "一です。{+新しい文です。+}二です。"),
    ("一です。消える文です。二です。", "一です。二です。", "一です。[-消える文です。-]二です。"),
]  # fmt: skip


@pytest.mark.parametrize("place", range(len(SAMPLES)))
def test_changes_are_marked_by_words_not_by_letters(place: int) -> None:
    """No word is cut in its middle; a sentence that shares little stands as a whole."""
    old, new, shown = SAMPLES[place]
    assert marked(old, new) == shown


def test_a_single_letter_between_two_changes_is_not_left_standing() -> None:
    """「を」 alone between two marks only confuses."""
    assert "を[-" not in marked("書類を保管し、鍵を掛ける。", "データを保存し、鍵を掛ける。")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>一</p>\n<p>二</p>", "一\n二"),
        ("<ul>\n<li>一</li>\n<li>二</li>\n</ul>", "一\n二"),
        ('<tr>\n<th scope="col">形</th>\n<th scope="col">示し方</th>\n</tr>\n<tr><td>紙</td><td>印</td></tr>',
         "形／示し方\n紙／印"),
        ('<p>&lt;b&gt; &amp; <a href="/s/x/">節</a></p>', "<b> & 節"),
        ("一<br>二<br />三", "一\n二\n三"),
    ],
)  # fmt: skip
def test_html_is_compared_in_the_words_that_readers_saw(html: str, text: str) -> None:
    """A table's row is one line."""
    assert readable(html) == text


@pytest.mark.parametrize("size", [700, 4_000])
def test_texts_without_end_are_compared_in_time(size: int) -> None:
    """Thousands of short lines on either side end at all, and still to the letter."""
    old = "\n".join(f"い{n % 7}ろ" for n in range(size))
    new = "\n".join(f"い{n % 5}は" for n in range(size))
    rows = compare(old, new)
    assert "\n".join(told(row.old) for row in rows if row.old) == old
    assert "\n".join(told(row.new) for row in rows if row.new) == new


pages = pytest.mark.django_db


def page(path: str, **headers: str) -> str:
    """The text of a page that opens."""
    answer = Client().get(path, headers=headers)
    assert answer.status_code == 200, path
    return answer.content.decode()


@pages
def test_the_page_shows_what_changed_and_counts_what_did_not() -> None:
    """With the notes of all editions in between."""
    library()
    shown = page("/guidelines/sample/diff/1..3/")
    assert "変わった節は3つです。" in shown
    assert "ほかの1節は一字も変わっていません。" in shown
    assert "markが変わりました。" in shown
    assert "（第2版）" in shown
    assert "（第3版）" in shown
    assert "新設" in shown
    assert 'id="aaaa22"' not in shown


@pages
def test_readers_who_listen_hear_where_a_change_begins_and_ends() -> None:
    """Inline and in the table; and colour is never alone."""
    library()
    for view in ("", "?view=table"):
        shown = page(f"/guidelines/sample/diff/2..3/{view}")
        for kind, words in (("del", "削除"), ("ins", "追加")):
            begins = f'<{kind}><span class="visually-hidden">【{words}】</span>'
            ends = f'<span class="visually-hidden">【{words}ここまで】</span></{kind}>'
            assert begins in shown
            assert ends in shown
            marks = shown.count(f"<{kind}>")
            # One more explains the marks above the text.
            assert marks == shown.count(f"</{kind}>") - 1 == shown.count(ends)


@pages
def test_unchanged_sentences_are_folded_and_can_be_opened() -> None:
    """Long ones only; without a script."""
    made, editor = library(), UserFactory(editor=True)
    long = "".join(f"同じ文の{n}つめです。" for n in range(1, 9))
    for text in (f"{long}終わり。", f"{long}終わりません。"):
        draft = services.begin_draft(made.publication, by=editor)
        rewrite(draft, by=editor, source=text)
        note(draft, by=editor)
        number = max(made.editions) + 1
        made.editions[number] = published(draft, effective_on=_day(made.editions[number - 1]))
    shown = page("/guidelines/sample/diff/4..5/")
    assert "<details" in shown
    assert "変わっていない文 " in shown
    assert "同じ文の5つめです。" in shown
    assert "同じ文の5つめです。" not in page("/guidelines/sample/diff/4..5/?view=table")


def _day(before: Edition) -> Any:
    from datetime import timedelta

    from django.utils import timezone

    return max(before.effective_on or timezone.localdate(), timezone.localdate()) + timedelta(1)


@pages
def test_an_edition_with_itself_differs_nowhere() -> None:
    """Said in words; as docx too."""
    library()
    assert "一字も違いません" in page("/guidelines/sample/diff/2..2/")
    assert Client().get("/guidelines/sample/diff/2..2/docx/").status_code == 200


@pages
def test_the_later_number_first_is_turned_round() -> None:
    """In the address; files come in order by themselves."""
    library()
    answer = Client().get("/guidelines/sample/diff/3..1/?view=table")
    assert (answer.status_code, answer["Location"]) == (
        302,
        "/guidelines/sample/diff/1..3/?view=table",
    )
    assert Client().get("/guidelines/sample/diff/3..1/docx/").status_code == 200


@pages
@pytest.mark.parametrize(
    "numbers", ["1..4", "4..1", "4..4", "0..1", "9..9", "1..99999999999999999999"]
)
@pytest.mark.parametrize("form", ["", "docx/", "pdf/"])
def test_a_draft_or_an_unknown_number_is_not_compared(numbers: str, form: str) -> None:
    """Edition 4 is a draft: 404, before and after it is scheduled, whoever asks."""
    revision(library())
    path = f"/guidelines/sample/diff/{numbers}/{form}"
    answer = Client(raise_request_exception=False).get(path, follow=True)
    assert answer.status_code == 404


@pages
@pytest.mark.parametrize("path", ["a..b", "1..", "..2", "1...2", "1..2..3", "-1..2", "1.2"])
def test_an_address_that_is_none_is_not_found(path: str) -> None:
    """Nothing is guessed."""
    library()
    assert Client().get(f"/guidelines/sample/diff/{path}/").status_code == 404


@pages
def test_two_publications_are_not_compared() -> None:
    """No address leads there; the report refuses it."""
    first, second = library(), library("other")
    with pytest.raises(ValueError, match="two publications"):
        redline(first.editions[1], second.editions[2])


@pages
def test_the_form_leads_to_a_comparison_and_says_what_is_wrong() -> None:
    """Any two, in any order."""
    revision(library())
    client = Client(raise_request_exception=False)
    path = "/guidelines/sample/diff/"
    assert client.get(path, {"a": "3", "b": "1"})["Location"] == "/guidelines/sample/diff/1..3/"
    for sent in ({"a": "1"}, {"a": "1", "b": "4"}, {"a": "x", "b": "1"}, {"a": "1", "b": "９"}):
        answer = client.get(path, sent)
        assert answer.status_code == 200
        assert "入力を確かめてください" in answer.content.decode()
    assert client.get(path).status_code == 200


@pages
def test_a_moved_a_split_and_a_deleted_section_say_where_they_went() -> None:
    """By heading, as links, on the page and in the file."""
    made, editor = library(), UserFactory(editor=True)
    draft = revision(made, by=editor)
    services.remove_section(in_draft(draft, JOIN), note="まとめた", reason="", by=editor)
    services.note_move(draft, kind="merged", origin=JOIN, target=MARK, by=editor)
    live = published(fresh(draft))
    shown = page("/guidelines/sample/diff/3..4/")
    assert "なくなった節" in shown
    assert f'移動先：<a href="/s/{MARK}/">1-2 見出し mark</a>' in shown
    assert f'ここへ移ったもの：<a href="/s/{JOIN}/">2-2 見出し join</a>' in shown
    text = words_of(redline_document(redline(made.editions[3], live), language="ja"))
    assert "移動先：1-2 見出し mark" in text
    assert f'移動先：<a href="/s/{JOIN}/">' in page("/guidelines/sample/diff/1..2/") or LEAVE


def words_of(content: bytes) -> str:
    """All text of a docx file, tables included."""
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)


@pages
def test_the_docx_opens_and_holds_both_texts() -> None:
    """As a table, struck out and underlined, with a head that is repeated."""
    made = library()
    answer = Client().get("/guidelines/sample/diff/1..3/docx/")
    assert "attachment" in answer["Content-Disposition"]
    assert "sample-1-3.docx" in answer["Content-Disposition"]
    document = Document(io.BytesIO(answer.content))
    text = words_of(answer.content)
    for line in (
        "書類に「秘密」と書きます。",
        "書類とデータに「社外秘」と表示します。",
        "鍵をかけます。",
    ):
        assert line in text
    runs = [
        run
        for table in document.tables
        for row in table.rows
        for cell in row.cells
        for paragraph in cell.paragraphs
        for run in paragraph.runs
    ]
    assert "".join(r.text for r in runs if r.font.strike)
    assert "".join(r.text for r in runs if r.font.underline)
    assert not any(r.font.strike and r.font.underline for r in runs)
    assert all("tblHeader" in t.rows[0]._tr.xml for t in document.tables)
    assert len(document.tables) == len(redline(made.editions[1], made.editions[3]).changed)
    assert document.core_properties.title.startswith("守り方の見本")
    assert CHOOSE not in text
