"""The editors' desk: publications, one draft, its outline, legal check, schedule."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.errors import Refused
from common.policy import rule
from guidelines import services
from guidelines.errors import ContentBroken
from guidelines.forms import BeginForm, MoveForm, OutlineForm, ScheduleForm
from guidelines.models import Edition, Publication, SectionVersion
from guidelines.reports.desk import desk_rows, draft_view, due_facts, outdated_counts
from guidelines.reports.history import history_of
from guidelines.reports.redline import redline
from guidelines.services.pages import page_html
from guidelines.views.refusals import answers_refusals


def _draft(pk: int) -> Edition:
    """Something not published yet; published editions have their own pages."""
    return get_object_or_404(Edition.objects.unpublished(), pk=pk)


@rule("guideline", "preview")
def desk(request: HttpRequest) -> HttpResponse:
    """Every publication with its edition in force and its draft; what is outdated or due."""
    context = {
        "rows": desk_rows(), "form": BeginForm(), "outdated": outdated_counts(),
        "due": due_facts(),
    }  # fmt: skip
    return render(request, "guidelines/desk/list.html", context)


@rule("guideline", "edit")
@require_POST
@answers_refusals
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a draft from the newest published edition."""
    publication = get_object_or_404(Publication, pk=pk)
    form = BeginForm(request.POST)
    if not form.is_valid():
        raise Refused(_("版の種類を選んでください。"))
    draft = services.begin_draft(publication, by=request.user, kind=form.cleaned_data["kind"])  # type: ignore[arg-type]
    return redirect("guidelines:desk-draft", pk=draft.pk)


@rule("guideline", "preview")
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """One draft: its sections, what is missing, who cites what it touches."""
    return _show(request, _draft(pk))


def _show(
    request: HttpRequest, edition: Edition, form: Any = None, status: int = 200
) -> HttpResponse:
    view = draft_view(edition)
    person = request.user.pk
    context = view | {
        "wrote": edition.author_id == person or edition.writers.filter(pk=person).exists(),
        "schedule_form": form or ScheduleForm(),
        "form": form,
        "move_form": MoveForm(_sections(view)),
    }
    return render(request, "guidelines/desk/draft.html", context, status=status)


def _sections(view: dict[str, Any]) -> list[tuple[str, str]]:
    rows = [(row["version"].section_id, row["version"].heading) for row in view["rows"]]
    gone = [(row["change"].section_id, row["change"].heading) for row in view["gone"]]
    return rows + gone


@rule("guideline", "edit")
@answers_refusals
def outline(request: HttpRequest, pk: int) -> HttpResponse:
    """Title, dates, sources, order of chapters and sections."""
    edition = _draft(pk)
    headings = dict(SectionVersion.objects.of(edition).values_list("section_id", "heading"))
    form = OutlineForm(
        headings, request.POST or None, initial=OutlineForm.initial_of(edition, headings)
    )
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        expected, chapters = data.pop("version"), data.pop("chapters")
        services.save_outline(
            edition, facts=data, chapters=chapters, by=request.user, expected=expected,  # type: ignore[arg-type]
        )  # fmt: skip
        return redirect("guidelines:desk-draft", pk=pk)
    context = {"edition": edition, "form": form}
    return render(request, "guidelines/desk/outline.html", context)


@rule("guideline", "check")
@require_POST
@answers_refusals
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """A second person vouches for the text."""
    try:
        services.check_legally(_draft(pk), by=request.user)  # type: ignore[arg-type]
    except ContentBroken as error:
        raise Refused(_("本文の {name} が指すものがありません。").format(name=error)) from error
    return redirect("guidelines:desk-draft", pk=pk)


@rule("guideline", "publish")
@require_POST
@answers_refusals
def schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the time of publication and the day of effect."""
    edition, form = _draft(pk), ScheduleForm(request.POST)
    if not form.is_valid():
        return _show(request, edition, form)
    try:
        services.schedule(
            edition, by=request.user, publish_at=form.publish_at(),  # type: ignore[arg-type]
            effective_on=form.cleaned_data["effective_on"],
        )  # fmt: skip
    except Refused as error:
        form.add_error(None, error.message.split("\n"))
        return _show(request, edition, form)
    return redirect("guidelines:desk-draft", pk=pk)


@rule("guideline", "publish")
@require_POST
@answers_refusals
def unschedule(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw the schedule."""
    services.unschedule(_draft(pk), by=request.user)  # type: ignore[arg-type]
    return redirect("guidelines:desk-draft", pk=pk)


@rule("guideline", "edit")
@require_POST
@answers_refusals
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw the draft away."""
    services.discard_draft(_draft(pk), by=request.user)  # type: ignore[arg-type]
    return redirect("guidelines:desk")


@rule("guideline", "preview")
def draft_redline(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft against the edition it was begun from."""
    edition = _draft(pk)
    before = draft_view(edition)["before"]
    context = {
        "edition": edition,
        "redline": redline(before, edition) if before else None,
        "as_table": request.GET.get("view") == "table",
    }
    return render(request, "guidelines/desk/redline.html", context)


@rule("guideline", "preview")
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft as a reader will see it."""
    edition = _draft(pk)
    try:
        html, problem = page_html_of(edition), ""
    except ContentBroken as error:
        html, problem = "", str(error)
    context = {
        "edition": edition, "html": html, "problem": problem, **history_of(edition, edition),
    }  # fmt: skip
    return render(request, "guidelines/desk/preview.html", context)


def page_html_of(edition: Edition) -> Any:
    """The body, with every reference resolved now. Raises ContentBroken."""
    from django.utils.safestring import mark_safe

    return mark_safe(page_html(edition, fresh=True))  # noqa: S308 - our own template
