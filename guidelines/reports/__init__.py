"""What is in force, and what can be cited."""

from dataclasses import dataclass
from datetime import date

from guidelines.models import Edition, SectionText


@dataclass(frozen=True)
class CitableSection:
    """One section of an edition in force, ready to be cited."""

    section_id: str
    edition_id: int
    edition_number: int
    guideline: str
    heading: str
    sha256: str

    @property
    def label(self) -> str:
        """As a reference names it."""
        return f"{self.guideline} {self.edition_number} · {self.heading}"


def edition_in_force(slug: str, *, on: date) -> Edition | None:
    """The edition that applied on that day; None before the first one."""
    edition: Edition | None = Edition.objects.in_force(on).filter(guideline__slug=slug).first()
    return edition


def citable_sections(*, on: date, language: str = "ja") -> list[CitableSection]:
    """All sections in force that day, in reading order; two queries whatever their number."""
    editions = {edition.pk: edition for edition in Edition.objects.in_force(on)}
    texts = SectionText.objects.filter(edition__in=list(editions), language=language)
    found = []
    for text in texts.order_by("edition", "position"):
        edition = editions[text.edition_id]
        title = edition.title_en if language == "en" else edition.title_ja
        found.append(
            CitableSection(
                text.section_id, edition.pk, edition.number, title, text.heading, text.sha256
            )
        )
    return found
