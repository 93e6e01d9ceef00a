"""Editing one section of a draft, with its redline against the edition in force."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.errors import Refused
from common.policy import rule
from guidelines import services
from guidelines.errors import ContentBroken
from guidelines.forms import ItemFormSet, MoveForm, NoteForm, RemoveForm, SectionForm
from guidelines.models import ChangeNote, Edition, SectionVersion, TemplateVersion
from guidelines.reports.changes import edition_before
from guidelines.reports.checklists import item_ids
from guidelines.reports.redline import section_redline
from guidelines.services import SectionText
from guidelines.views.refusals import answers_refusals


def _version(pk: int, section: str) -> SectionVersion:
    return get_object_or_404(
        SectionVersion.objects.select_related("edition__publication").exclude(
            edition__state="published"
        ),
        edition=pk,
        section=section,
    )


def _old(version: SectionVersion) -> SectionVersion | None:
    before = edition_before(version.edition)
    found: SectionVersion | None = SectionVersion.objects.filter(
        edition=before, section=version.section_id
    ).first()
    return found


@rule("guideline", "edit")
@answers_refusals
def section(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    """The text, its checklist, and what changed since the edition in force."""
    version = _version(pk, section)
    form = SectionForm(
        version.edition, request.POST or None, initial=SectionForm.initial_of(version)
    )
    items = ItemFormSet(request.POST or None, initial=version.checklist, prefix="items")
    if request.method == "POST" and form.is_valid() and items.is_valid():
        answer = _save(request, version, form, items)
        if answer is not None:
            return answer
    return _show(request, version, form, items)


def _save(
    request: HttpRequest, version: SectionVersion, form: SectionForm, items: Any
) -> HttpResponse | None:
    """Keep it and stay on the page; None where a reference in the text leads nowhere."""
    data = form.cleaned_data
    text = _text(version, data, items)
    try:
        services.save_section(
            version, text, by=request.user, expected=data["version"],  # type: ignore[arg-type]
            templates=TemplateVersion.objects.filter(pk__in=data["templates"]),
        )  # fmt: skip
    except ContentBroken as error:
        form.add_error("source", _("{name} が指すものがありません。").format(name=error))
        return None
    return redirect("guidelines:desk-section", pk=version.edition_id, section=version.section_id)


def _text(version: SectionVersion, data: dict[str, Any], items: Any) -> SectionText:
    known = {item["id"]: item["rev"] for item in version.checklist}
    return SectionText(
        heading=data["heading"],
        gist=data["gist"],
        source=data["source"],
        checklist=items.items(known, item_ids(version.section_id)),
        statutes=data["statutes"],
        facts=version.facts,
        open_points=version.open_points,
    )


def _show(
    request: HttpRequest, version: SectionVersion, form: SectionForm, items: Any,
    note_form: NoteForm | None = None,
) -> HttpResponse:  # fmt: skip
    note = ChangeNote.objects.filter(edition=version.edition, section=version.section_id).first()
    initial = (
        {"kind": note.kind, "note": note.note, "reason": note.reason, "affects": note.affects}
        if note
        else {"affects": ["all"], "kind": "substance" if _old(version) else "new"}
    )
    context = {
        "edition": version.edition, "version": version, "form": form, "items": items,
        "note": note, "note_form": note_form or NoteForm(initial=initial),
        "remove_form": RemoveForm(),
        "section": section_redline(version.section_id, _old(version), version),
    }  # fmt: skip
    return render(request, "guidelines/desk/section.html", context)


@rule("guideline", "edit")
@require_POST
def live(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    """The redline of what is typed and not saved yet, for the script of the page."""
    version = _version(pk, section)
    form = SectionForm(version.edition, request.POST)
    items = ItemFormSet(request.POST, initial=version.checklist, prefix="items")
    if not form.is_valid() or not items.is_valid():
        return HttpResponse(status=204)
    typed = _text(version, form.cleaned_data, items)
    for name, value in vars(typed).items():
        setattr(version, name, value)
    version.sha256 = version.digest()
    try:
        version.html = services.to_html(version.source, services.references_of(version.edition))
    except ContentBroken:
        return HttpResponse(status=204)
    context = {"section": section_redline(section, _old(version), version)}
    return render(request, "guidelines/_redline_section.html", context)


@rule("guideline", "edit")
@require_POST
@answers_refusals
def note(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    """What readers are told of the change."""
    version = _version(pk, section)
    form = NoteForm(request.POST)
    if request.POST.get("forget"):
        services.forget_note(version.edition, section, by=request.user)  # type: ignore[arg-type]
        return redirect("guidelines:desk-section", pk=pk, section=section)
    if form.is_valid():
        services.save_note(version.edition, section, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        return redirect("guidelines:desk-section", pk=pk, section=section)
    shown = SectionForm(version.edition, initial=SectionForm.initial_of(version))
    items = ItemFormSet(initial=version.checklist, prefix="items")
    return _show(request, version, shown, items, form)


@rule("guideline", "edit")
@require_POST
@answers_refusals
def remove(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    """Leave the section out of the draft."""
    version, form = _version(pk, section), RemoveForm(request.POST)
    if not form.is_valid():
        raise Refused(_("読者への説明を書いてください。"))
    services.remove_section(version, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
    return redirect("guidelines:desk-draft", pk=pk)


@rule("guideline", "edit")
@require_POST
@answers_refusals
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """A new, still empty section at the end of a chapter."""
    edition = get_object_or_404(Edition.objects.unpublished(), pk=pk)
    chapter = request.POST.get("chapter", "")
    if not chapter.isascii() or not chapter.isdigit():
        raise Refused(_("一覧にある章を選んでください。"))
    text = SectionText(heading=_("新しい節"), gist="", source="")
    made = services.add_section(edition, chapter=int(chapter[:4]), text=text, by=request.user)  # type: ignore[arg-type]
    return redirect("guidelines:desk-section", pk=pk, section=made.section_id)


@rule("guideline", "edit")
@require_POST
@answers_refusals
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Note where a section went: moved, split, merged; or take such a note back."""
    edition = get_object_or_404(Edition.objects.unpublished(), pk=pk)
    forgotten = request.POST.get("forget", "")
    if forgotten.isascii() and forgotten.isdigit():
        services.forget_move(edition, int(forgotten[:15]), by=request.user)  # type: ignore[arg-type]
        return redirect("guidelines:desk-draft", pk=pk)
    before = edition_before(edition)
    known = SectionVersion.objects.filter(edition__in=[edition, before]).values_list(
        "section_id", "heading"
    )
    form = MoveForm([(key, heading) for key, heading in known], request.POST)
    if not form.is_valid():
        raise Refused(_("もとの節と、いまの節を選んでください。"))
    services.note_move(edition, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
    return redirect("guidelines:desk-draft", pk=pk)
