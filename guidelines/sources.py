"""Sections of the editions in force, for the search."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from common import search
from guidelines.models import Edition, SectionVersion
from guidelines.reports.redline import readable


def entries() -> Iterator[search.Entry]:
    """Each section in each language."""
    today = timezone.localdate()
    for language in ("ja", "en"):
        editions = list(Edition.objects.in_force(today, language=language))
        versions = SectionVersion.objects.filter(edition__in=editions)
        for version in versions.select_related("edition").defer("source").order_by("pk"):
            with translation.override(language):
                url = reverse("guidelines:section", args=[version.section_id])
            yield search.Entry(
                key=version.section_id,
                title=f"{version.label} {version.heading}",
                body=f"{version.gist}\n{readable(version.html)}",
                url=url,
                language=language,
            )


search.register(search.SearchSource("guidelines", _("ガイドライン"), entries))
