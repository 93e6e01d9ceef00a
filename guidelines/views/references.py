"""Glossary, statutes, countries and templates."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language

from common.policy import rule
from guidelines.enums import PublicationKind
from guidelines.models import Act, Edition, SectionVersion, TemplateVersion, Term
from guidelines.reports.reading import known_language
from guidelines.views.changes import WORD


@rule("guideline", "read")
def glossary(request: HttpRequest) -> HttpResponse:
    """All terms, by reading (Japanese) or by letter (English)."""
    language = known_language(get_language())
    order = "en" if language == "en" else "reading"
    terms = [
        {
            "key": term.key,
            "word": term.word(language),
            "other": term.ja if language == "en" else term.en,
            "reading": term.reading,
            "definition": term.definition(language),
            "also": term.also,
            "group": (term.en if language == "en" else term.reading)[:1].upper(),
        }
        for term in Term.objects.order_by(order, "key")
    ]
    return render(request, "guidelines/glossary.html", {"terms": terms})


@rule("guideline", "read")
def statutes(request: HttpRequest) -> HttpResponse:
    """Provisions in our own words, with the days between which each text applied."""
    language = known_language(get_language())
    acts = [
        {
            "name": act.name_en if language == "en" else act.name_ja,
            "number": act.number_en if language == "en" else act.number_ja,
            "provisions": [
                {
                    "row": row,
                    "place": row.place_en if language == "en" else row.place_ja,
                    "gist": row.gist(language),
                }
                for row in act.provisions.all()
            ],
        }
        for act in Act.objects.prefetch_related("provisions")
    ]
    return render(request, "guidelines/statutes.html", {"acts": acts})


@rule("guideline", "read")
def countries(request: HttpRequest) -> HttpResponse:
    """Country manuals in force, with the day on which each was checked."""
    today = timezone.localdate()
    manuals = [
        e
        for e in Edition.objects.in_force(today)
        if e.publication.kind == PublicationKind.COUNTRY_MANUAL
    ]
    facts = SectionVersion.objects.filter(edition__in=manuals).values_list("edition_id", "facts")
    rows: list[dict[str, Any]] = []
    for edition in manuals:
        dues = [
            fact["review_due"]
            for pk, values in facts
            if pk == edition.pk
            for fact in values
            if fact.get("review_due")
        ]
        rows.append({"edition": edition, "review_due": min(dues, default=None)})
    return render(request, "guidelines/countries.html", {"rows": rows, "today": today})


@rule("guideline", "read")
def templates(request: HttpRequest) -> HttpResponse:
    """The newest version of every template, in the reader's language."""
    language = known_language(get_language())
    rows = TemplateVersion.objects.filter(language=language).defer("docx", "source")
    newest = {row.key: row for row in rows.order_by("key", "number")}
    return render(request, "guidelines/templates.html", {"templates": list(newest.values())})


@rule("guideline", "read")
def template(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One template as a docx file."""
    language = known_language(get_language())
    found = get_object_or_404(TemplateVersion, key=key, number=number, language=language)
    response = HttpResponse(bytes(found.docx), content_type=WORD)
    name = f"{key}-{number}-{language}.docx"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
