"""Lists, tables and ways through them."""

from typing import Any

from django.core.paginator import Page
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _


def task_list(content: SafeString) -> SafeString:
    """Tasks with their states."""
    return format_html('<ul class="tasks">{}</ul>', content)


def task(content: SafeString, title: Any, href: Any, *, status: str = "todo") -> SafeString:
    """One task: done, todo or later."""
    words = {"done": _("済み"), "todo": _("書きかけ"), "later": _("あとで")}
    return format_html(
        '<li class="task"><div><a href="{}">{}</a><p class="task__note">{}</p></div>'
        '<span class="badge badge--{}">{}</span></li>',
        href,
        title,
        content,
        "neutral" if status != "todo" else "info",
        words[status],
    )


def summary_list(content: SafeString) -> SafeString:
    """Questions and answers, or facts of one thing."""
    return format_html('<dl class="summary">{}</dl>', content)


def summary_row(content: SafeString, label: Any, *, change_href: Any = "") -> SafeString:
    """One fact; with `change_href` a link that says what it changes."""
    change = (
        format_html(
            '<dd class="summary__change"><a href="{}">{}<span class="visually-hidden">（{}）</span>'
            "</a></dd>",
            change_href,
            _("直す"),
            label,
        )
        if change_href
        else ""
    )
    return format_html(
        '<div class="summary__row"><dt>{}</dt><dd>{}</dd>{}</div>', label, content, change
    )


def data_table(content: SafeString, caption: Any, *, stack: bool = False) -> SafeString:
    """A table with a caption, in a frame that scrolls and can be reached by keyboard.

    With `stack`, each row becomes a block on a phone; its cells then need `data-label`.
    """
    return format_html(
        '<div class="table-frame" role="region" aria-label="{}" tabindex="0">'
        '<table class="table{}"><caption>{}</caption>{}</table></div>',
        caption,
        " table--stack" if stack else "",
        caption,
        content,
    )


def breadcrumbs(content: SafeString) -> SafeString:
    """The way here."""
    return format_html(
        '<nav class="breadcrumbs" aria-label="{}"><ol>{}</ol></nav>', _("現在の位置"), content
    )


def crumb(label: Any, href: Any = "") -> SafeString:
    """One step of the way; the last one has no link."""
    if href:
        return format_html('<li><a href="{}">{}</a></li>', href, label)
    return format_html('<li aria-current="page">{}</li>', label)


def steps(*, current: int, total: int, title: Any) -> SafeString:
    """Where one is in a series of pages, as words, as the page's heading."""
    return format_html(
        '<p class="steps">{}</p><h1>{}</h1>',
        _("{total}ページ中 {current}ページ目").format(total=total, current=current),
        title,
    )


def pagination(context: dict[str, Any], page_obj: Page[Any]) -> SafeString:
    """Ways to other pages of a list, keeping the filters; nothing where there is one page."""
    if page_obj.paginator.num_pages < 2:
        return mark_safe("")
    asked = context["request"].GET.copy()
    asked.pop("page", None)
    data = {"page_obj": page_obj, "rest": asked.urlencode()}
    return mark_safe(render_to_string("components/pagination.html", data))  # noqa: S308
