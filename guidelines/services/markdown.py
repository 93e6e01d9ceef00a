"""Restricted Markdown as safe HTML: three inline references, no raw HTML, nothing fetched."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import nh3
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline

from guidelines.errors import ContentBroken
from guidelines.models import Edition, Provision, Section, Term
from guidelines.reports.reading import REFERENCE

_TAGS = {
    "p", "ul", "ol", "li", "strong", "em", "a", "h3", "h4", "blockquote", "table", "thead",
    "tbody", "tr", "th", "td", "br", "code", "hr",
}  # fmt: skip
#: Where a text's references are kept; "references" is markdown-it's own, for `[x]: address`.
_OURS = "ours"
#: Longest text of one section that is read, in characters.
LONGEST = 40_000


@dataclass
class References:
    """What `[[s:…]]`, `[[t:…]]` and `[[law:…]]` may name, and which of it was named."""

    language: str
    sections: Mapping[str, tuple[str, str]]
    terms: Mapping[str, Term]
    provisions: Mapping[str, Provision]
    used_terms: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, edition: Edition, headings: Mapping[str, str]) -> "References":
        """For an edition whose sections (by key) have these headings."""
        language = edition.publication.language
        ids = Section.objects.filter(publication_id=edition.publication.original_id)
        known = dict(ids.values_list("key", "id"))
        return cls(
            language,
            {key: (known[key], heading) for key, heading in headings.items() if key in known},
            {term.key: term for term in Term.objects.all()},
            provisions_as_of(edition.law_as_of),
        )

    def link(self, kind: str, key: str, words: str | None) -> str:
        """One reference as HTML. Raises ContentBroken for a name that does not exist."""
        with translation.override(self.language):
            if kind == "s" and key in self.sections:
                pk, heading = self.sections[key]
                return _anchor(reverse("guidelines:section", args=[pk]), words or heading)
            if kind == "t" and key in self.terms:
                self.used_terms.append(key)
                url = reverse("guidelines:glossary") + f"#{key}"
                return _anchor(url, words or self.terms[key].word(self.language))
            if kind == "law" and key in self.provisions:
                provision = self.provisions[key]
                url = reverse("guidelines:statutes") + f"#{provision.anchor}"
                return _anchor(url, words or provision.place(self.language))
        raise ContentBroken(f"[[{kind}:{key}]]")


def provisions_as_of(day: date) -> dict[str, Provision]:
    """Each provision as it stood that day."""
    return {provision.key: provision for provision in Provision.objects.as_of(day)}


def _anchor(url: str, words: str) -> str:
    return f'<a href="{escape(url)}">{escape(words)}</a>'


def _macro(state: StateInline, silent: bool) -> bool:
    """markdown-it's rule for the references."""
    found = REFERENCE.match(state.src, state.pos)
    if not found:
        return False
    if not silent:
        token = state.push("html_inline", "", 0)
        references: References | None = state.env.get(_OURS)
        kind, key, words = found.groups()
        token.content = references.link(kind, key, words) if references else escape(words or key)
    state.pos = found.end()
    return True


def parser() -> MarkdownIt:
    """CommonMark with tables and our references; raw HTML is shown as text."""
    reader = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable("table")
    reader.inline.ruler.before("link", "reference", _macro)
    reader.core.ruler.push("headings", _lower_headings)
    return reader


def _lower_headings(state: StateCore) -> None:
    """A text's headings stand below the section's own: h3 and h4, whatever was typed."""
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h3" if token.tag <= "h3" else "h4"


def to_html(source: str, references: References | None = None) -> str:
    """Markdown as safe HTML. Raises ContentBroken for a reference to nothing, or too long a text."""
    if len(source) > LONGEST:
        raise ContentBroken(f"{len(source)} > {LONGEST}")
    raw = parser().render(source, {_OURS: references})
    clean = nh3.clean(
        raw,
        tags=_TAGS,
        attributes={"*": set(), "a": {"href"}},
        url_schemes={"https", "mailto", "tel"},
        link_rel=None,
    )
    return _dressed(clean)


def _dressed(html: str) -> str:
    """Tables that scroll by themselves, with headers that say so."""
    html = html.replace("<th>", '<th scope="col">')
    frame = '<div class="table-frame" tabindex="0"><table class="table">'
    return html.replace("<table>", frame).replace("</table>", "</table></div>")
