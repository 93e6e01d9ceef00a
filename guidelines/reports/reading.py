"""An edition as it is read: chapters, sections, their terms, provisions and templates."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from guidelines.models import Edition, Provision, SectionVersion, TemplateVersion, Term
from guidelines.models.publications import LANGUAGES

#: `[[s:key]]`, `[[t:key|words]]`, `[[law:act/article]]`
REFERENCE = re.compile(r"\[\[(s|t|law):([a-z0-9/-]+)(?:\|([^\[\]|]{1,80}))?\]\]")
_TERM = re.compile(r"\[\[t:([a-z0-9-]+)")
_LAW = re.compile(r"\[\[law:([a-z0-9/-]+)")


@dataclass(frozen=True)
class TermView:
    """A term with its meaning, in the edition's language."""

    key: str
    word: str
    definition: str


@dataclass(frozen=True)
class ProvisionView:
    """A provision as it stood on the edition's day, in its language."""

    anchor: str
    place: str
    gist: str


@dataclass(frozen=True)
class SectionView:
    """All that a page shows of one section."""

    version: SectionVersion
    terms: list[TermView]
    provisions: list[ProvisionView]
    templates: list[TemplateVersion]

    @property
    def html(self) -> SafeString:
        """Made of restricted Markdown and cleaned when the text was saved."""
        return mark_safe(self.version.html)  # noqa: S308 - cleaned by nh3

    @property
    def facts(self) -> list[dict[str, Any]]:
        """With days as dates; `due` where a fact should have been checked again by now."""
        return [
            fact
            | {
                name: date.fromisoformat(fact[name])
                for name in ("as_of", "valid_from", "review_due")
                if fact.get(name)
            }
            for fact in self.version.facts
        ]


@dataclass(frozen=True)
class ChapterView:
    """A chapter's number, title and sections."""

    number: int
    title: str
    sections: list[SectionView] = field(default_factory=list)


def section_views(
    edition: Edition, versions: Sequence[SectionVersion] | None = None
) -> list[SectionView]:
    """Sections in reading order; four queries, whatever their number."""
    language = edition.publication.language
    if versions is None:
        versions = list(SectionVersion.objects.of(edition).prefetch_related("templates"))
    terms = {term.key: term for term in Term.objects.filter(key__in=_named(versions, _TERM))}
    laws = _named(versions, _LAW) | {key for version in versions for key in version.statutes}
    provisions = {
        row.key: row for row in Provision.objects.as_of(edition.law_as_of).filter(key__in=laws)
    }
    return [
        SectionView(
            version,
            [
                TermView(key, terms[key].word(language), terms[key].definition(language))
                for key in dict.fromkeys(_TERM.findall(version.source))
                if key in terms
            ],
            _provisions(version, provisions, language),
            list(version.templates.all()),
        )
        for version in versions
    ]


def _named(versions: Sequence[SectionVersion], pattern: re.Pattern[str]) -> set[str]:
    return {key for version in versions for key in pattern.findall(version.source)}


def _provisions(
    version: SectionVersion, known: dict[str, Provision], language: str
) -> list[ProvisionView]:
    keys = dict.fromkeys([*version.statutes, *_LAW.findall(version.source)])
    return [
        ProvisionView(known[key].anchor, known[key].place(language), known[key].gist(language))
        for key in keys
        if key in known
    ]


def chapters_of(edition: Edition, views: Sequence[SectionView]) -> list[ChapterView]:
    """The sections under their chapters."""
    by_id = {view.version.section_id: view for view in views}
    return [
        ChapterView(
            number,
            chapter["title"],
            [by_id[pk] for pk in chapter["sections"] if pk in by_id],
        )
        for number, chapter in enumerate(edition.chapters, start=1)
    ]


def known_language(code: str | None) -> str:
    """ja or en."""
    short = (code or "ja")[:2]
    return short if short in dict(LANGUAGES) else "ja"
