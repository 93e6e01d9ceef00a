"""Runs axe-core in a page and tells what breaks WCAG 2.2 AA; own rules for what axe lets pass."""

from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

SOURCE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OWN_RULES = (Path(__file__).parent / "own_rules.js").read_text(encoding="utf-8")
#: WCAG 1.4.12: what a reader may set without losing anything. A sheet of the script's own, which
#: the page's policy lets pass as it does for a reader's browser.
SPACING = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important; } p { margin-block-end: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""
#: Rules about colours, which do not depend on the size; all others do not depend on the colours.
COLOURS = ["color-contrast", "link-in-text-block"]
MODES: dict[str, dict[str, Any]] = {
    "desktop": {"size": (1280, 900)},
    "dark": {"size": (1280, 900), "color_scheme": "dark"},
    "forced colours": {"size": (1280, 900), "forced_colors": "active"},
    "phone": {"size": (320, 640)},
}


def violations(page: Page, *, colours: bool = True, others: bool = True) -> list[str]:
    """One line per violation: the rule and the first place; empty where there is none."""
    if not page.evaluate("typeof window.axe === 'object'"):
        # Evaluated, not added as a tag: the page's own policy would refuse a foreign script.
        page.evaluate(SOURCE)
    found: list[dict[str, Any]] = page.evaluate(
        "options => axe.run(document, options).then(result => result.violations)",
        {
            "resultTypes": ["violations"],
            "runOnly": {"type": "tag", "values": TAGS}
            if others
            else {"type": "rule", "values": COLOURS},
            "rules": {} if colours else {rule: {"enabled": False} for rule in COLOURS},
        },
    )
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:200]}" for rule in found]


def own_rules(page: Page) -> list[str]:
    """What axe lets pass: labels, errors tied to their fields, no sideways scroll, nothing cut off."""
    return list(page.evaluate(OWN_RULES))


def look(page: Page, **mode: Any) -> None:
    """Set size and colours of a page that is open."""
    width, height = mode["size"]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(
        color_scheme=mode.get("color_scheme", "light"),
        forced_colors=mode.get("forced_colors", "none"),
        # Otherwise colours are measured while they change.
        reduced_motion="reduce",
    )


def unsound(page: Page) -> list[str]:
    """Everything wrong with an open page, in each mode, zoomed to 200 %, and with wider spacing."""
    found = []
    for name, mode in MODES.items():
        look(page, **mode)
        colours, others = name != "phone", name in ("desktop", "phone")
        wrong = violations(page, colours=colours, others=others) + own_rules(page)
        found += [f"{name}: {line}" for line in wrong]
    look(page, size=(640, 450))
    found += [f"zoomed: {line}" for line in own_rules(page)]
    look(page, size=(320, 640))
    page.evaluate(SPACING)
    found += [f"spaced: {line}" for line in own_rules(page)]
    page.evaluate("() => { document.adoptedStyleSheets = [] }")
    look(page, **MODES["desktop"])
    return found
