"""Upcoming seminars, for the search."""

from collections.abc import Iterator

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from common import search
from seminars.models import Seminar


def entries() -> Iterator[search.Entry]:
    """Each upcoming seminar in each language."""
    for seminar in Seminar.objects.upcoming():
        for language, text in seminar.texts.items():
            with translation.override(language):
                url = seminar.get_absolute_url()
            yield search.Entry(
                key=str(seminar.pk), title=text["title"], body=text["summary"], url=url,
                language=language,
            )  # fmt: skip


search.register(search.SearchSource("seminars", _("セミナー"), entries))
