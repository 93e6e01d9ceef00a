"""Released cases, for the search."""

from collections.abc import Iterator

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from casebook.models import LeakCase
from common import search


def entries() -> Iterator[search.Entry]:
    """Each released case in each language."""
    for case in LeakCase.objects.released().order_by("pk"):
        for language, text in case.texts.items():
            with translation.override(language):
                url = case.get_absolute_url()
            body = "\n".join(text[part] for part in ("happened", "noticed", "done", "lesson"))
            yield search.Entry(
                key=str(case.pk), title=text["title"], body=body, url=url, language=language
            )


search.register(search.SearchSource("casebook", _("事例"), entries))
