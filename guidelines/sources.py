"""Sections of the editions in force, for the search."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from common import search
from guidelines.models import Edition, SectionText


def entries() -> Iterator[search.Entry]:
    """Each section in each language."""
    today = timezone.localdate()
    editions = [edition.pk for edition in Edition.objects.in_force(today)]
    for text in SectionText.objects.filter(edition__in=editions).order_by("pk"):
        with translation.override(text.language):
            url = reverse("guidelines:section", args=[text.section_id])
        yield search.Entry(
            key=text.section_id, title=text.heading, body=text.source, url=url,
            language=text.language,
        )  # fmt: skip


search.register(search.SearchSource("guidelines", _("ガイドライン"), entries))
