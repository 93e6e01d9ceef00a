"""Reading: by day, by edition, by section; what replaced a text; English behind Japanese."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from guidelines.models import Edition
from tests.guidelines.factories import CHOOSE, JOIN, LEAVE, MARK, library

pytestmark = pytest.mark.django_db
PAGE = "/guidelines/sample/"


def get(path: str, **headers: str) -> str:
    """The page as text; it must answer 200."""
    answer = Client().get(path, headers=headers)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def test_the_edition_in_force_is_shown_with_number_gist_and_checklist() -> None:
    """Numbers are computed; a reference to a section is a link with its heading."""
    library()
    page = get(PAGE)
    assert "いま適用されている版" in page
    assert "社外秘" in page
    assert "1-2" in page
    assert "一言でいうと" in page
    assert f'<a href="/s/{MARK}/">見出し mark</a>' in page


@pytest.mark.parametrize(
    ("on", "words", "number"),
    [
        ("2016-01-01", "「秘密」と書きます", 1),
        ("2019-06-30", "「秘密」と書きます", 1),
        ("2019-07-01", "「秘密」と表示します", 2),
        ("2026-11-01", "「社外秘」と表示します", 3),
        ("2099-01-01", "「社外秘」と表示します", 3),
    ],
)
def test_a_day_shows_the_text_in_force_that_day(on: str, words: str, number: int) -> None:
    """From the effective date on, whatever was published when."""
    library()
    page = get(f"{PAGE}?on={on}")
    assert words in page
    assert f"第{number}版" in page


@pytest.mark.parametrize("on", ["2015-12-31", "x", "2026-13-45", "", "9999-12-31", "令和8年"])
def test_an_odd_day_never_fails(on: str) -> None:
    """Before the first edition: said so. Unreadable: said beside the field."""
    library()
    page = get(f"{PAGE}?on={on}")
    if on == "2015-12-31":
        assert "適用されていた版はありません" in page
    if on in ("x", "2026-13-45", "令和8年"):
        assert "2026-11-24 のように" in page


def test_an_old_section_says_what_replaced_it_and_how() -> None:
    """Its text stays under its address."""
    library()
    page = get(f"/s/{MARK}/editions/1/")
    assert "「秘密」と書きます" in page
    assert "置きかえられました" in page
    assert "実質の変更" in page
    assert "字句の変更" in page
    assert "/guidelines/sample/diff/1..3/" in page


def test_an_unchanged_old_section_is_not_called_replaced() -> None:
    """Same words, same hash."""
    library()
    page = get(f"/s/{CHOOSE}/editions/1/")
    assert "置きかえられました" not in page
    assert "現行" in page


def test_a_split_section_leads_to_where_it_went() -> None:
    """Moves are shown with the headings they have now."""
    library()
    assert f"/s/{JOIN}/" in get(f"/s/{LEAVE}/editions/1/")


def test_every_section_lists_the_editions_it_stands_in() -> None:
    """Newest first, with notes."""
    library()
    page = get(f"/s/{LEAVE}/")
    assert page.index("第3版") < page.rindex("第1版")
    assert "面談し" in page


@pytest.mark.parametrize(
    "path",
    [
        "/guidelines/nothing/", "/guidelines/sample/editions/9/", "/s/zzzzzz/", f"/s/{JOIN}/editions/1/",
        "/guidelines/sample/diff/1..9/", "/guidelines/nothing/changes/", "/guidelines/sample/diff/0..1/docx/",
        "/guidelines/templates/none/1/", "/guidelines/documents/999/", "/guidelines/sample/editions/9/pdf/",
        f"/s/{JOIN}/editions/1/pdf/",
    ],
)  # fmt: skip
def test_what_does_not_exist_is_404(path: str) -> None:
    """For everybody."""
    library()
    assert Client().get(path).status_code == 404


def test_a_coming_edition_is_announced_before_its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Public from its publication, in force from its day."""
    made = library()
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_a: date(2026, 10, 1))
    page = get(PAGE)
    assert "次の版が公開されています" in page
    assert "第2版" in page
    assert made.editions[3].get_absolute_url() in page


def test_english_says_which_japanese_edition_it_translates_and_when_it_is_behind() -> None:
    """A twin of edition 3; then one of edition 2 only; then none."""
    library(english=3)
    assert "A translation of edition 3 in Japanese" in get("/en" + PAGE)
    library("behind", english=2)
    page = get("/en/guidelines/behind/")
    assert (
        Edition.objects.filter(publication__slug="behind", publication__language="en").count() == 2
    )
    assert "notice--warning" in page
    library("without")
    assert 'lang="ja"' in get("/en/guidelines/without/")


def test_visitors_get_a_stored_page_in_one_query(django_assert_num_queries: object) -> None:
    """And 304 while nothing changed; a member gets their own navigation."""
    library()
    client = Client()
    first = client.get(PAGE)
    with django_assert_num_queries(1):  # type: ignore[operator]
        again = client.get(PAGE)
    assert again.content == first.content
    etag = first.headers["ETag"]
    with django_assert_num_queries(1):  # type: ignore[operator]
        unchanged = client.get(PAGE, headers={"if-none-match": etag})
    assert unchanged.status_code == 304
    assert client.get(PAGE, headers={"if-none-match": '"other"'}).status_code == 200


def test_references_and_lists_open() -> None:
    """Glossary, statutes, countries, templates, list, feed, changes."""
    library()
    for name in ("list", "glossary", "statutes", "countries", "templates"):
        get(reverse(f"guidelines:{name}"))
    assert "以前の内容" in get(reverse("guidelines:statutes"))
    assert "秘密保持契約" in get(reverse("guidelines:glossary"))
    assert "markが変わりました" in get("/guidelines/sample/changes/")
    feed = Client().get("/guidelines/sample/changes/atom/")
    assert feed.headers["Content-Type"].startswith("application/atom+xml")
    assert "markが変わりました" in feed.content.decode()
