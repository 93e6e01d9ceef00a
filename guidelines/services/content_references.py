"""Glossary, statutes, synonyms and templates from the content folder."""

import logging
from pathlib import Path
from typing import Any

from django.db.models import Q

from guidelines.models import Act, Provision, TemplateVersion, Term
from guidelines.models.publications import digest_of
from guidelines.reports.word import document_of
from guidelines.services.content_files import read_page, read_toml

logger = logging.getLogger(__name__)


def load_references(folder: Path) -> None:
    """Glossary and statutes as the files say; what they no longer name is removed."""
    _terms(folder / "glossary.toml")
    _statutes(folder / "statutes.toml")


def _terms(path: Path) -> None:
    if not path.exists():
        return
    rows = [Term(**({"also": [], "statutes": []} | row)) for row in read_toml(path)["terms"]]
    fields = [f.name for f in Term._meta.fields if not f.primary_key]
    Term.objects.exclude(pk__in=[row.pk for row in rows]).delete()
    Term.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["key"], update_fields=fields
    )


def _statutes(path: Path) -> None:
    if not path.exists():
        return
    facts = read_toml(path)
    acts = [Act(**row, position=i) for i, row in enumerate(facts["acts"], start=1)]
    names = [f.name for f in Act._meta.fields if not f.primary_key]
    Act.objects.bulk_create(acts, update_conflicts=True, unique_fields=["key"], update_fields=names)
    Provision.objects.all().delete()
    Act.objects.exclude(pk__in=[act.pk for act in acts]).delete()
    Provision.objects.bulk_create(
        Provision(position=i, act_id=row.pop("act"), **row)
        for i, row in enumerate(facts["provisions"], start=1)
    )


def load_templates(folder: Path) -> int:
    """Every version of every template that is not there yet; returns how many were made."""
    made = 0
    for path in sorted(folder.glob("templates/*/*.*.md")):
        number, language, _ending = path.name.split(".")
        made += _template(path, path.parent.name, int(number), language)
    return made


def _template(path: Path, key: str, number: int, language: str) -> int:
    facts, source = read_page(path)
    digest = digest_of([facts["title"], facts["use"], source])
    known = TemplateVersion.objects.filter(key=key, number=number, language=language)
    if known.filter(sha256=digest).exists():
        return 0
    if known.filter(sections__edition__state="published").exists():
        logger.warning("template kept as published", extra={"code": f"{key}/{path.name}"})
        return 0
    values: dict[str, Any] = {
        "title": facts["title"],
        "use": facts["use"],
        "source": source,
        "docx": document_of(source, title=facts["title"], language=language),
        "sha256": digest,
    }
    TemplateVersion.objects.update_or_create(
        key=key, number=number, language=language, defaults=values
    )
    return 1


def templates_for(keys: list[str], *, language: str) -> list[TemplateVersion]:
    """The newest version of each named template in one language."""
    wanted = TemplateVersion.objects.filter(Q(key__in=keys), language=language)
    newest = {row.key: row for row in wanted.order_by("key", "number")}
    return [newest[key] for key in keys if key in newest]
