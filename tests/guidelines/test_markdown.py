"""Markdown of editors: what it may become, and that nothing hostile in it becomes anything."""

import io
import time
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.template.loader import render_to_string
from django.test import Client
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from guidelines import services
from guidelines.errors import ContentBroken
from guidelines.reports.reading import chapters_of, section_views
from guidelines.reports.redline import redline
from guidelines.reports.word import document_of, redline_document
from guidelines.services import to_html
from guidelines.services.markdown import LONGEST
from tests.accounts.factories import UserFactory
from tests.guidelines.desk import fresh, note, published, rewrite
from tests.guidelines.factories import MARK, library, references
from tests.guidelines.vectors import VECTORS

#: Elements and attributes that a section's HTML may hold.
ALLOWED = {
    "p", "ul", "ol", "li", "strong", "em", "a", "h3", "h4", "blockquote", "table", "thead", "tbody",
    "tr", "th", "td", "br", "code", "hr", "div",
}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "th": {"scope"}, "div": {"class", "tabindex"}, "table": {"class"}}
#: What no page of ours holds anywhere: elements that run or fetch, and handlers.
FETCHING = {"iframe", "object", "embed", "base", "template", "video", "source", "math", "isindex",
            "style", "plaintext", "noscript", "animate"}  # fmt: skip


class Reader(HTMLParser):
    """Elements as a browser would make them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        """Every one, closed or not."""
        self.found.append((tag, dict(attrs)))


def elements(html: str) -> list[tuple[str, dict[str, str | None]]]:
    """Of a piece of HTML."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader.found


def assert_harmless(html: str) -> None:
    """Only what a text is made of, and links that lead to a page."""
    for tag, attributes in elements(html):
        assert tag in ALLOWED, html
        assert set(attributes) <= ATTRIBUTES.get(tag, set()), html
        if (href := attributes.get("href")) is not None:
            assert urlsplit(href).scheme in ("https", "mailto", "tel", ""), html


@pytest.mark.parametrize("place", range(len(VECTORS)))
def test_no_text_becomes_script(place: int) -> None:
    """With and without references at hand."""
    assert_harmless(to_html(VECTORS[place]))


@settings(deadline=None)
@given(
    st.lists(st.sampled_from([*VECTORS, "\n", "\n\n", " ", ">", "- ", "|", "**", "`"]), max_size=6)
)
def test_no_mixture_of_them_does(parts: list[str]) -> None:
    """One inside or behind another."""
    assert_harmless(to_html("".join(parts)))


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_gives_harmless_html(text: str) -> None:
    """Whatever it is, lone halves of characters aside: no form takes those."""
    text = text.encode("utf-8", "ignore").decode()
    assert_harmless(to_html(text))


@pytest.mark.django_db
def test_hostile_text_is_harmless_on_every_surface() -> None:
    """In headings, gists, steps, facts, notes, titles: pages, feed, docx, PDF's HTML."""
    assert len(VECTORS) > 75
    made, editor = library(), UserFactory(editor=True)
    draft = services.begin_draft(made.publication, by=editor)
    poison = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>"
    rewrite(
        draft, by=editor, source="\n\n".join(VECTORS).replace("\x01", ""), heading=f"見出し{poison}",
        gist=f"要点{poison}", checklist=[{"id": "a", "rev": 1, "text": f"する{poison}"}],
        facts=[{"id": "x", "label": poison, "value": poison, "source": poison, "as_of": "2026-11-22",
                "review_due": "2027-01-01"}],
        open_points=[poison],
    )  # fmt: skip
    note(draft, by=editor, note=f"説明{poison}", reason=poison)
    facts = {
        "title": f"題名{poison}",
        "summary": poison,
        "sources": [{"name": poison, "place": poison}],
    }
    chapters = [{**c, "title": f"{c['title']}{poison}"} for c in draft.chapters]
    services.save_outline(
        draft, facts=facts, chapters=chapters, by=editor, expected=fresh(draft).version
    )
    live = published(fresh(draft))
    client = Client()
    paths = [
        "/guidelines/", "/guidelines/sample/", "/guidelines/sample/editions/4/", f"/s/{MARK}/",
        "/guidelines/sample/diff/3..4/", "/guidelines/sample/diff/3..4/?view=table",
        "/guidelines/sample/changes/", f"/s/{MARK}/editions/1/",
    ]  # fmt: skip
    for path in paths:
        assert_page_is_ours(client.get(path).content.decode(), path)
    feed = client.get("/guidelines/sample/changes/atom/").content.decode()
    assert "<script" not in feed
    old = made.editions[3]
    views = section_views(live)
    context = {"edition": live, "chapters": chapters_of(live, views), "redline": redline(old, live),
               "view": views[1], "language": "ja", "title": live.title}  # fmt: skip
    for template in ("edition", "section", "redline"):
        html = render_to_string(f"guidelines/pdf/{template}.html", context)
        assert_page_is_ours(html, template)
    assert Document(io.BytesIO(redline_document(redline(old, live), language="ja")))


def assert_page_is_ours(html: str, where: str) -> None:
    """No element that runs or fetches but those of our own base page, no handler, no script link."""
    for tag, attributes in elements(html):
        assert tag not in FETCHING, where
        assert not [name for name in attributes if name.startswith("on")], where
        if tag in ("script", "img", "link"):
            address = attributes.get("src") or attributes.get("href") or ""
            assert address.startswith("/"), (where, tag, address)
        href = (attributes.get("href") or "").strip().lower()
        assert not href.startswith(("javascript:", "vbscript:", "data:", "file:", "blob:")), where


@pytest.mark.parametrize("place", range(len(VECTORS)))
def test_hostile_templates_become_documents_that_open(place: int) -> None:
    """Letters stay letters in Word."""
    source = VECTORS[place].replace("\x01", "")  # no content file may hold it
    content = document_of(source, title="題名", language="ja")
    text = "\n".join(p.text for p in Document(io.BytesIO(content)).paragraphs)
    assert text.startswith("題名")


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("# 一", "<h3>一</h3>"), ("## 一", "<h3>一</h3>"), ("### 一", "<h3>一</h3>"),
        ("#### 一", "<h4>一</h4>"), ("- 一\n- 二", "<ul>\n<li>一</li>\n<li>二</li>\n</ul>"),
        ("1. 一\n2. 二", "<ol>\n<li>一</li>\n<li>二</li>\n</ol>"), ("**一**", "<p><strong>一</strong></p>"),
        ("> 一", "<blockquote>\n<p>一</p>\n</blockquote>"),
        ("[一](https://example.jp/)", '<p><a href="https://example.jp/">一</a></p>'),
        ("[一](http://example.jp/)", "<p><a>一</a></p>"),
        ("![一](https://example.jp/x.png)", "<p></p>"),
    ],
)  # fmt: skip
def test_what_editors_write_becomes_what_they_mean(source: str, html: str) -> None:
    """No heading above a section's own; no picture from elsewhere."""
    assert to_html(source).strip() == html


def test_a_table_scrolls_by_itself_and_names_its_heads() -> None:
    """For narrow screens and for ears."""
    html = to_html("| 形 | 示し方 |\n|---|---|\n| 紙 | 印 |")
    assert '<div class="table-frame" tabindex="0"><table class="table">' in html
    assert html.count('<th scope="col">') == 2
    assert html.count("<div") == html.count("</div>") == 1


@pytest.mark.django_db
def test_references_become_links_with_the_words_of_their_target() -> None:
    """Headings as they are, terms and provisions as they stood; own words where given."""
    made = library()
    links = services.references_of(made.editions[1])
    html = to_html("[[s:mark]]と[[t:nda]]と[[law:ucpa/2-6]]、[[t:nda|契約書]]", links)
    assert f'<a href="/s/{MARK}/">見出し mark</a>' in html
    assert '<a href="/glossary/#nda">秘密保持契約</a>' in html
    assert '<a href="/statutes/#ucpa-2-6">不正競争防止法第2条第6項</a>' in html
    assert ">契約書</a>" in html
    assert links.used_terms == ["nda", "nda"]
    assert links.provisions["ucpa/2-6"].gist_ja == "以前"
    assert services.references_of(made.editions[3]).provisions["ucpa/2-6"].gist_ja == "いま"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "reference",
    ["[[s:none]]", "[[t:none]]", "[[law:none/1]]", "[[s:join]]", "[[law:ucpa]]", "[[s:bbbb33]]"],
)
def test_a_reference_to_nothing_is_named(reference: str) -> None:
    """Section join is not in edition 1."""
    made = library(upto=1)
    with pytest.raises(ContentBroken) as broken:
        to_html(f"前 {reference} 後", services.references_of(made.editions[1]))
    assert str(broken.value) == reference


@pytest.mark.parametrize(
    "text", ["[[x:mark]]", "[[s:]]", "[s:mark]", "[[s:MARK]]", "[[ s:mark ]]", "[[s:mark|]]"]
)
def test_what_is_no_reference_stays_text(text: str) -> None:
    """Letter by letter."""
    assert to_html(text).strip() == f"<p>{text}</p>"


@pytest.mark.django_db
def test_a_reference_in_code_stays_text() -> None:
    """As in this manual of ours."""
    references()
    made = library()
    html = to_html("`[[s:none]]`", services.references_of(made.editions[1]))
    assert html.strip() == "<p><code>[[s:none]]</code></p>"


HUGE = {
    "brackets": "[" * LONGEST,
    "open links": "[a](" * (LONGEST // 4),
    "references": "[[s:mark" * (LONGEST // 8),
    "emphasis": "*a " * (LONGEST // 3),
    "strong": "**a" * (LONGEST // 3),
    "underscores": "_a" * (LONGEST // 2),
    "quotes": ">" * LONGEST,
    "lists": "".join(f"{' ' * n}- a\n" for n in range(250)),
    "backticks": "".join("`" * n + " " for n in range(280)),
    "angles": "<" * LONGEST,
    "entities": "&#" * (LONGEST // 2),
    "table": "|a" * (LONGEST // 4) + "\n" + "|-" * (LONGEST // 4),
    "definitions": "".join(f"[{n}]: x\n" for n in range(4000)),
    "escapes": "\\" * LONGEST,
    "images": "![" * (LONGEST // 2),
}


@pytest.mark.parametrize("kind", HUGE)
def test_no_text_takes_long(kind: str) -> None:
    """An editor's page, and the start of the portal, wait for it."""
    begun = time.monotonic()
    assert_harmless(to_html(HUGE[kind][:LONGEST]))
    assert time.monotonic() - begun < 30


@pytest.mark.parametrize("length", [LONGEST + 1, 1_000_000])
def test_too_long_a_text_is_refused_before_it_is_read(length: int) -> None:
    """In no time."""
    begun = time.monotonic()
    with pytest.raises(ContentBroken):
        to_html("あ" * length)
    assert time.monotonic() - begun < 0.5
