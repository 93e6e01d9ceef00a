"""The search as its users meet it: other spellings, short words, and marks on the words as written."""

from collections.abc import Iterator
from typing import Any

import pytest

from common import search
from common.search import Entry, SearchSource, sources

pytestmark = pytest.mark.django_db

PAGES = (
    Entry(
        "leak",
        "漏えいに気づいたら",
        "退職者が図面を持ち出した疑いがあるときは、記録を残します。",
        "/leak/",
    ),
    Entry(
        "nda",
        "秘密保持契約の結び方",
        "取引先と契約するときの注意。NDA のひな形があります。",
        "/nda/",
    ),
    Entry(
        "vietnam", "ベトナムの拠点", "ハノイ（Hà Nội）とホーチミン。サーバーの管理。", "/vietnam/"
    ),
    Entry(
        "names", "髙橋と山﨑の例", "𠮷野家ではなく、ﾊﾝｶｸ の カタカナ、か\u3099ｶﾞ と ㈱。", "/names/"
    ),
    Entry("evil", "<b>太字</b>", "<script>alert('図')</script> & \"引用\"", "/evil/"),
    Entry(
        "leak", "If something leaks", "Keep the records of a former employee.", "/en/leak/", "en"
    ),
)


@pytest.fixture(autouse=True)
def pages() -> Iterator[None]:
    """A source of its own for the tests."""
    kept = dict(sources._entries)
    sources._entries.clear()
    search.register(SearchSource("tests", "試験のページ", lambda: PAGES))
    search.reindex_all()
    yield
    sources._entries.clear()
    sources._entries.update(kept)


def keys(question: str, language: str = "ja") -> list[str]:
    """What is found, best first."""
    hits, total = search.find(question, language=language)
    assert total == len(hits)
    return [hit.url.strip("/") for hit in hits]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("漏えい", "leak"), ("漏洩", "leak"), ("ろうえい", "leak"),
        ("機密保持契約", "nda"), ("nda", "nda"), ("ＮＤＡ", "nda"),
        ("べとなむ", "vietnam"), ("ヴェトナム", "vietnam"), ("ﾍﾞﾄﾅﾑ", "vietnam"),
        ("サーバ", "vietnam"), ("hà nội", "vietnam"), ("HÀ", "vietnam"),
        ("高橋", "names"), ("山崎", "names"), ("吉野家", "names"), ("ハンカク", "names"),
        ("かたかな", "names"), ("持出し", "leak"), ("離職者", "leak"),
    ],
)  # fmt: skip
def test_another_spelling_finds_the_page(question: str, found: str) -> None:
    """Width, kana, case, old forms of characters, synonyms."""
    assert found in keys(question)


@pytest.mark.parametrize(
    ("question", "found"),
    [("図面", ["leak"]), ("契約", ["nda"]), ("拠点", ["vietnam"]), ("疑い", ["leak"])],
)
def test_a_word_of_two_characters_is_found(question: str, found: list[str]) -> None:
    """Most Japanese words are that short."""
    assert keys(question) == found


def test_a_word_of_one_character_is_found() -> None:
    """By what begins with it."""
    assert "evil" in keys("図")


def test_all_words_are_wanted() -> None:
    """In whatever order and place."""
    assert keys("図面 退職者") == ["leak"]
    assert keys("図面　契約") == []


def test_characters_that_are_not_neighbours_are_no_word() -> None:
    """図 and 面 both there is not 面図."""
    assert keys("面図") == []


def test_a_title_counts_more_than_a_mention() -> None:
    """Whoever asks for a thing wants the page about it."""
    extra = Entry("mention", "その他", "漏えい という言葉。" + "別の話。" * 30, "/mention/")
    sources._entries.clear()
    search.register(SearchSource("tests", "試験のページ", lambda: (*PAGES, extra)))
    search.reindex_all()
    assert keys("漏えい") == ["leak", "mention"]


def test_each_language_has_its_pages() -> None:
    """English words on English pages."""
    assert keys("records", "en") == ["en/leak"]
    assert keys("records", "ja") == []


@pytest.mark.parametrize(
    ("question", "marked"),
    [
        ("漏洩", "漏えい"),
        ("べとなむ", "ベトナム"),
        ("高橋", "髙橋"),
        ("ハンカク", "ﾊﾝｶｸ"),
        ("ﾍﾞﾄﾅﾑ", "ベトナム"),
        ("ガガ", "か\u3099ｶﾞ"),
        ("株", "㈱"),
    ],
)
def test_marks_stand_on_the_words_as_they_are_written(question: str, marked: str) -> None:
    """Not as they were asked for."""
    hits, _total = search.find(question, language="ja")
    text = "".join(f"{hit.title}{hit.excerpt}" for hit in hits)
    assert f"<mark>{marked}</mark>" in text


def test_what_a_page_says_is_text() -> None:
    """Never markup, with marks in the middle of it."""
    hits, _total = search.find("太字", language="ja")
    assert hits[0].title == "&lt;b&gt;<mark>太字</mark>&lt;/b&gt;"
    assert "<script" not in hits[0].excerpt


@pytest.mark.parametrize(
    "question",
    ["", "   ", "　", "!!!", "'", '"', "\\", "& | ! <-> ( )", "図面 & !契約", "a:*", "%", "_",
     "''); DROP TABLE x; --", "図" * 5_000, "a" * 50_000 + "!", "\ud800", "\u202e図面",
     "😀", "٣", "(" * 500, "a " * 200],
    ids=lambda q: ascii(q[:20]),
)  # fmt: skip
def test_no_question_is_an_error(question: str) -> None:
    """Signs of the database's own query language are only signs."""
    hits, total = search.find(question, language="ja")
    assert total >= len(hits)


def test_a_long_list_comes_in_pages() -> None:
    """With the number of all."""
    many = [Entry(f"p{n:03}", f"図面 {n}", "", f"/p{n}/") for n in range(45)]
    sources._entries.clear()
    search.register(SearchSource("tests", "試験のページ", lambda: many))
    search.reindex_all()
    first, total = search.find("図面", language="ja", limit=20)
    last, _total = search.find("図面", language="ja", limit=20, offset=40)
    assert (len(first), len(last), total) == (20, 5, 45)
    assert not {hit.url for hit in first} & {hit.url for hit in last}


def test_one_source_may_be_asked_alone() -> None:
    """Guidelines only, say."""
    other = [Entry("x", "図面", "", "/x/")]
    search.register(SearchSource("other", "ほか", lambda: other))
    search.reindex("other")
    assert {hit.url for hit in search.find("図面", language="ja")[0]} == {"/leak/", "/x/"}
    assert {hit.url for hit in search.find("図面", language="ja", source="other")[0]} == {"/x/"}


def test_what_was_taken_back_is_found_no_more() -> None:
    """A page leaves the index with its source's next round, queued in the change's transaction."""
    from common.jobs import Job
    from common.jobs.run import run

    sources._entries.clear()
    search.register(SearchSource("tests", "試験のページ", lambda: PAGES[1:]))
    search.changed("tests")
    job: Any = Job.objects.get(kind="common.reindex")
    run(str(job.pk))
    assert keys("漏えい") == []
