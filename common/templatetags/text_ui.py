"""Buttons, notices, badges, cards."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

#: A page that says nothing about the reader: the weather.
NEUTRAL_PAGE = "https://www.jma.go.jp/bosai/forecast/"


def button(label: Any, *, variant: str = "primary", name: str = "", value: Any = "") -> SafeString:
    """A submit button: primary, secondary, quiet or danger."""
    named = format_html(' name="{}" value="{}"', name, value) if name else ""
    return format_html(
        '<button type="submit" class="button button--{}"{}>{}</button>', variant, named, label
    )


def link_button(label: Any, url: Any, *, variant: str = "primary") -> SafeString:
    """A link that looks like a button."""
    return format_html('<a class="button button--{}" href="{}">{}</a>', variant, url, label)


def notice(content: SafeString, kind: str, heading: Any) -> SafeString:
    """A framed notice: info, success, warning or error; the kind is also said in words."""
    words = {
        "info": _("お知らせ"),
        "success": _("完了"),
        "warning": _("ご注意"),
        "error": _("エラー"),
    }
    return format_html(
        '<div class="notice notice--{}"><p class="notice__heading">'
        '<span class="visually-hidden">{}：</span>{}</p>{}</div>',
        kind,
        words[kind],
        heading,
        content,
    )


def badge(label: Any, kind: str = "neutral") -> SafeString:
    """A small label of a state: neutral, info, success, warning or error."""
    return format_html('<span class="badge badge--{}">{}</span>', kind, label)


def card(content: SafeString, heading: Any, *, href: Any = "", kind: str = "") -> SafeString:
    """A framed block; with `href` its heading is a link that the whole card answers to.

    `kind` makes it a door with its sign: urgent, guide or overseas.
    """
    title = format_html('<a href="{}">{}</a>', href, heading) if href else heading
    return format_html(
        '<div class="card{}{}"><h2 class="card__heading">{}</h2>{}</div>',
        " card--link" if href else "",
        f" card--{kind}" if kind else "",
        title,
        content,
    )


def grid(content: SafeString) -> SafeString:
    """Cards side by side as far as there is room."""
    return format_html('<div class="grid">{}</div>', content)


def disclosure(content: SafeString, heading: Any) -> SafeString:
    """Folded content that opens without a script."""
    return format_html(
        '<details class="disclosure"><summary>{}</summary><div class="disclosure__body">{}</div>'
        "</details>",
        heading,
        content,
    )


def quick_exit() -> SafeString:
    """A link that leaves at once for a page that says nothing."""
    return format_html(
        '<a class="quick-exit" href="{}" rel="noreferrer nofollow" data-quick-exit>{}</a>',
        NEUTRAL_PAGE,
        _("すぐに離れる"),
    )
