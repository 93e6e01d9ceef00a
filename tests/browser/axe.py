"""Runs axe-core in a page and tells what breaks WCAG 2.2 AA."""

from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

SOURCE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Page) -> list[str]:
    """One line per violation: the rule and the first place; empty where there is none."""
    if not page.evaluate("typeof window.axe === 'object'"):
        # Evaluated, not added as a tag: the page's own policy would refuse a foreign script.
        page.evaluate(SOURCE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})"
        ".then(result => result.violations)",
        TAGS,
    )
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:200]}" for rule in found]


def own_rules(page: Page) -> list[str]:
    """What axe lets pass: a visible label for each control, errors tied to theirs, no sideways scroll."""
    return list(
        page.evaluate(
            """() => {
              const found = [];
              for (const control of document.querySelectorAll('input, select, textarea')) {
                if (['hidden', 'submit', 'button'].includes(control.type)) continue;
                const label = control.labels && control.labels[0];
                if (!label || !label.textContent.trim()) found.push('no label: ' + control.outerHTML);
                if (control.placeholder) found.push('placeholder: ' + control.name);
              }
              for (const error of document.querySelectorAll('.field__error')) {
                const tied = document.querySelector(`[aria-describedby~="${error.id}"]`);
                if (!tied) found.push('error tied to nothing: ' + error.id);
              }
              if (document.documentElement.scrollWidth > window.innerWidth)
                found.push('scrolls sideways: ' + document.documentElement.scrollWidth);
              if (document.querySelectorAll('h1').length !== 1) found.push('not one h1');
              return found;
            }"""
        )
    )
