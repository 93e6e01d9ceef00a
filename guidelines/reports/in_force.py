"""What is in force, and what can be cited."""

from dataclasses import dataclass
from datetime import date

from guidelines.models import Edition, SectionVersion


@dataclass(frozen=True)
class CitableSection:
    """One section of an edition in force, ready to be cited."""

    section_id: str
    edition_id: int
    edition_number: int
    guideline: str
    label: str
    heading: str
    sha256: str

    @property
    def title(self) -> str:
        """As a reference names it."""
        return f"{self.guideline}　{self.label} {self.heading}"


def edition_in_force(slug: str, *, on: date, language: str = "ja") -> Edition | None:
    """The edition that applied on that day; None before the first one."""
    edition: Edition | None = (
        Edition.objects.in_force(on, language=language).filter(publication__slug=slug).first()
    )
    return edition


def twin_in_force(slug: str, *, on: date, language: str) -> tuple[Edition | None, Edition | None]:
    """(edition to show, Japanese edition in force) for a language.

    The newest English text that exists is shown where the Japanese one is ahead of it; where there
    is none at all, the Japanese text is.
    """
    original = edition_in_force(slug, on=on)
    if language == "ja" or original is None:
        return original, original
    same: Edition | None = (
        Edition.objects.published()
        .filter(publication__slug=slug, publication__language=language)
        .filter(number__lte=original.number)
        .newest_first()
        .first()
    )
    return same or original, original


def citable_sections(*, on: date, language: str = "ja") -> list[CitableSection]:
    """All sections in force that day, in reading order; two queries whatever their number."""
    editions = {edition.pk: edition for edition in Edition.objects.in_force(on, language=language)}
    versions = SectionVersion.objects.filter(edition__in=list(editions)).defer("source", "html")
    order = {pk: place for place, pk in enumerate(editions)}
    found = []
    for version in sorted(versions, key=lambda v: (order[v.edition_id], v.position)):
        edition = editions[version.edition_id]
        found.append(
            CitableSection(
                section_id=version.section_id,
                edition_id=edition.pk,
                edition_number=edition.number,
                guideline=edition.title,
                label=version.label,
                heading=version.heading,
                sha256=version.sha256,
            )
        )
    return found
