"""Writing sections, publishing an edition for good, citing it."""

from typing import Any, TypeVar

import nh3
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from common import audit, search
from common.policy import AnyUser
from guidelines.enums import AuditKind, EditionState
from guidelines.errors import NotPublishable
from guidelines.models import Citation, Edition, Section, SectionText
from guidelines.signals import edition_published

C = TypeVar("C", bound=Citation)
_TAGS = {
    "p", "ul", "ol", "li", "strong", "em", "a", "h3", "h4", "blockquote", "table", "thead",
    "tbody", "tr", "th", "td", "br", "code", "hr",
}  # fmt: skip


def to_html(source: str) -> str:
    """Markdown as safe HTML; raw HTML in it is shown as text."""
    raw = MarkdownIt("commonmark", {"html": False}).enable("table").render(source)
    return nh3.clean(
        raw,
        tags=_TAGS,
        attributes={"a": {"href"}, "th": {"scope"}},
        url_schemes={"https", "mailto", "tel"},
        link_rel=None,
    )


def write_section(
    edition: Edition, section: Section, *, language: str, position: int, heading: str, source: str
) -> SectionText:
    """Put a section's text into an edition that is not published yet."""
    if edition.state != EditionState.DRAFT:
        raise NotPublishable(_("公開した版は変えられません。新しい版を作ってください。"))
    text: SectionText
    text, _created = SectionText.objects.update_or_create(
        edition=edition,
        section=section,
        language=language,
        defaults={
            "position": position,
            "heading": heading,
            "source": source,
            "html": to_html(source),
            "sha256": SectionText.digest(heading, source),
        },
    )
    return text


def publish_edition(edition: Edition, *, by: AnyUser | None) -> None:
    """Publish for good. Raises NotPublishable where a language lacks a section or days collide."""
    with transaction.atomic():
        sections = {
            language: set(
                SectionText.objects.of(edition, language).values_list("section", flat=True)
            )
            for language in ("ja", "en")
        }
        if not sections["ja"] or sections["ja"] != sections["en"]:
            raise NotPublishable(_("日本語と英語の節がそろっていません。"))
        try:
            with transaction.atomic():
                Edition.objects.filter(pk=edition.pk, state=EditionState.DRAFT).update(
                    state=EditionState.PUBLISHED, published_at=Now()
                )
        except IntegrityError as error:
            raise NotPublishable(_("同じ日に始まる版がすでにあります。")) from error
        edition.refresh_from_db()
        edition_published.send(Edition, edition=edition)
        search.changed("guidelines")
        audit.record(AuditKind.PUBLISHED, actor=by, obj=edition.guideline, number=edition.number)


def cite(model: type[C], text: SectionText, **owner: Any) -> C:
    """Keep which words are cited: section, edition and hash, in the citing app's own table."""
    citation: C = model.objects.create(
        section_id=text.section_id,
        edition_id=text.edition_id,
        sha256=text.sha256,
        **owner,
    )
    return citation
