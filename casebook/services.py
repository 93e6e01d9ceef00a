"""Drafting, releasing and withdrawing cases, and loading those that come with the portal."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from accounts.models import User
from casebook.enums import AuditKind, State
from casebook.models import LeakCase
from common import audit, search

CONTENT = Path(__file__).resolve().parent / "content"
PARTS = ("title", "happened", "noticed", "done", "lesson")


@dataclass(frozen=True)
class AnonymisedIncident:
    """What an app above may hand down: codes and words that lead to nobody."""

    pathway: str
    industry: str
    texts: dict[str, dict[str, str]]
    country: str = ""
    fictional: bool = False
    slug: str = field(default="", compare=False)


def draft_incident(incident: AnonymisedIncident, *, by: User | None = None) -> LeakCase:
    """Keep an anonymised incident as a draft. Raises ValueError where a part is missing."""
    for language, texts in incident.texts.items():
        if lacking := [part for part in PARTS if not texts.get(part, "").strip()]:
            raise ValueError(f"{language}: {', '.join(lacking)} missing")
    if "ja" not in incident.texts:
        raise ValueError("ja missing")
    with transaction.atomic():
        case: LeakCase = LeakCase.objects.create(
            slug=incident.slug, fictional=incident.fictional, pathway=incident.pathway,
            industry=incident.industry, country=incident.country, texts=incident.texts,
        )  # fmt: skip
        audit.record(AuditKind.DRAFTED, actor=by, obj=case)
    return case


def release_case(case: LeakCase, *, by: User | None) -> None:
    """Show the case to everybody. Raises NotReleasable."""
    with transaction.atomic():
        case.move_to(State.RELEASED)
        search.changed("casebook")
        audit.record(AuditKind.RELEASED, actor=by, obj=case)


def withdraw_case(case: LeakCase, *, by: User | None) -> None:
    """Take a case back. Raises NotReleasable."""
    with transaction.atomic():
        case.move_to(State.WITHDRAWN)
        search.changed("casebook")
        audit.record(AuditKind.WITHDRAWN, actor=by, obj=case)


def load_content() -> int:
    """Release every fictional case in the content folder that is not there yet; returns how many."""
    loaded = 0
    for path in sorted(CONTENT.glob("*.toml")):
        if LeakCase.objects.filter(slug=path.stem).exists():
            continue
        facts = tomllib.loads(path.read_text(encoding="utf-8"))
        incident = AnonymisedIncident(slug=path.stem, fictional=True, **facts)
        with transaction.atomic():
            release_case(draft_incident(incident), by=None)
        loaded += 1
    return loaded
