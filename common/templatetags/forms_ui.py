"""Fields and errors: a label, a hint, the error and the control, tied together for everybody."""

from typing import Any

from django.forms import BaseForm, BoundField, CheckboxInput, RadioSelect
from django.forms.widgets import CheckboxSelectMultiple
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

_GROUPS = (RadioSelect, CheckboxSelectMultiple)


def field(bound: BoundField) -> SafeString:
    """One field of a form, with whatever its kind needs around it."""
    if bound.is_hidden:
        return mark_safe(str(bound))  # noqa: S308 - Django's own escaped markup
    widget = bound.field.widget
    kind = "line"
    if isinstance(widget, _GROUPS):
        kind = "group"
    elif isinstance(widget, CheckboxInput):
        kind = "check"
    context = {"field": bound, "errors": list(bound.errors), "required": bound.field.required}
    return mark_safe(render_to_string(f"components/field_{kind}.html", context))  # noqa: S308


def form_fields(form: BaseForm) -> SafeString:
    """All fields of a form, in order."""
    return mark_safe("".join(field(bound) for bound in form))  # noqa: S308 - made above


def _rows(form: Any) -> list[tuple[str, str]]:
    """(id of the control, message) of a form's errors; no id for those of the whole form."""
    rows = [("", message) for message in form.non_field_errors()]
    for bound in form:
        target = bound.id_for_label or bound.auto_id
        if isinstance(bound.field.widget, _GROUPS):
            target = f"{bound.auto_id}_0"
        rows += [(target, f"{bound.label}：{message}") for message in bound.errors]
    return rows


def _all_rows(forms: tuple[Any, ...]) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for form in forms:
        if not form:
            continue
        if hasattr(form, "forms"):
            rows += [("", message) for message in form.non_form_errors()]
            for part in form.forms:
                rows += _rows(part) if part.is_bound else []
        elif form.is_bound:
            rows += _rows(form)
    return rows


def error_summary(*forms: Any) -> SafeString:
    """All errors in one place above the form, each a link to its field; nothing where none is."""
    rows = _all_rows(forms)
    if not rows:
        return mark_safe("")
    return mark_safe(render_to_string("components/error_summary.html", {"rows": rows}))  # noqa: S308


def error_title(context: dict[str, Any]) -> str:
    """The start of the page's title where its form has errors, for those who hear the page."""
    form = context.get("form")
    return _("エラー：") if _all_rows((form,)) else ""
