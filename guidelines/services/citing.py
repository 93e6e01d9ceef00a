"""Citing a section, and telling every citation how it stands once an edition is in force."""

from datetime import date
from typing import Any, TypeVar, cast

from guidelines.enums import Standing
from guidelines.models import Citation, Edition, Publication, SectionVersion, citing_models
from guidelines.reports.standing import Standings

C = TypeVar("C", bound=Citation)


def cite(model: type[C], version: SectionVersion, **owner: Any) -> C:
    """Keep which words are cited: section, edition and hash, in the citing app's own table."""
    citation: C = cast(Any, model.objects).create(
        section_id=version.section_id,
        edition_id=version.edition_id,
        sha256=version.sha256,
        **owner,
    )
    return citation


def classify_citations(publication: Publication, *, today: date) -> int:
    """Write the standing of every citation of a publication anew; returns how many changed."""
    now = (
        Edition.objects.in_force(today, language=publication.language)
        .filter(publication=publication)
        .first()
    )
    if now is None:
        return 0
    standings = Standings(now)
    return sum(_classify(model, publication, standings) for model in citing_models())


def _classify(model: type[Citation], publication: Publication, standings: Standings) -> int:
    """One app's table: a statement for each group of citations that changes."""
    groups = (
        model.objects.filter(section__publication=publication)
        .values_list("section_id", "edition__number", "sha256")
        .distinct()
    )
    changed = 0
    for section_id, number, sha256 in groups:
        standing: Standing = standings.of(section_id, number, sha256)
        changed += (
            model.objects.filter(
                section_id=section_id, edition__number=number, sha256=sha256,
                section__publication=publication,
            )
            .exclude(standing=standing)
            .update(standing=standing)
        )  # fmt: skip
    return changed
