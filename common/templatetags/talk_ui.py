"""Times, messages, timelines, and how far a job is."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

_WEEKDAYS = "月火水木金土日"


def _day(value: date) -> str:
    """2026年11月24日（火） or 24 Nov 2026 (Tue)."""
    if (get_language() or "ja").startswith("ja"):
        return f"{value.year}年{value.month}月{value.day}日（{_WEEKDAYS[value.weekday()]}）"
    return date_format(value, "j M Y (D)")


def when(value: datetime | None) -> SafeString:
    """A time with its zone; nothing where there is none yet."""
    if value is None:
        return SafeString("")
    local = timezone.localtime(value)
    return format_html(
        '<time datetime="{}">{} {}{}</time>',
        local.isoformat(timespec="minutes"),
        _day(local.date()),
        local.strftime("%H:%M"),
        _("（日本時間）"),
    )


def day(value: date | datetime | None) -> SafeString:
    """A day; of a time, the day in Japan."""
    if value is None:
        return SafeString("")
    found = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return format_html('<time datetime="{}">{}</time>', found.isoformat(), _day(found))


def timeline(content: SafeString) -> SafeString:
    """What happened, in order."""
    return format_html('<ol class="timeline">{}</ol>', content)


def timeline_item(content: SafeString, heading: Any, *, at: datetime, who: Any = "") -> SafeString:
    """One event."""
    return format_html(
        '<li><p class="timeline__heading">{}</p><p class="timeline__at">{}{}</p>{}</li>',
        heading,
        when(at),
        format_html("　{}", who) if who else "",
        content,
    )


def message_card(
    content: SafeString, *, author: Any, role: Any, at: datetime, mine: bool = False
) -> SafeString:
    """One message of a talk; one's own side stands to the right."""
    return format_html(
        '<article class="message{}"><header class="message__head"><strong>{}</strong>　{}<br>{}'
        '</header><div class="message__body">{}</div></article>',
        " message--mine" if mine else "",
        author,
        role,
        when(at),
        content,
    )


def job_progress(job: Any) -> SafeString:
    """How far a job is; a script asks again, without one the page is loaded anew."""
    facts = job if isinstance(job, dict) else _facts(job)
    asking = "" if facts["done"] else format_html(' data-progress="{}"', facts["url"])
    bar = (
        "" if facts["done"] else format_html('<progress aria-label="{}"></progress>', _("進み具合"))
    )
    return format_html(
        '<div class="progress progress--{}"{}><p role="status">{}</p>{}</div>',
        facts["state"],
        asking,
        facts["label"],
        bar,
    )


def _facts(job: Any) -> dict[str, Any]:
    return {
        "state": job.state,
        "label": job.get_state_display(),
        "done": not job.is_open,
        "url": "",
    }
