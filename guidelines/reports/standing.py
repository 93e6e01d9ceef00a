"""How cited words stand in the edition in force: unchanged, wording, substance, moved or deleted."""

from guidelines.enums import ChangeKind, Standing
from guidelines.models import ChangeNote, Edition, SectionMove, SectionVersion


class Standings:
    """Answers for one edition in force; four queries, whatever the number of citations."""

    def __init__(self, now: Edition) -> None:
        self.now = now
        self._versions = dict(
            SectionVersion.objects.filter(edition=now).values_list("section_id", "sha256")
        )
        self._notes = list(
            ChangeNote.objects.filter(
                edition__publication=now.publication_id,
                edition__state="published",
                edition__number__lte=now.number,
            ).values_list("section_id", "edition__number", "kind")
        )
        self._moved = list(
            SectionMove.objects.filter(
                edition__publication=now.publication_id,
                edition__state="published",
                edition__number__lte=now.number,
            ).values_list("origin_id", "edition__number")
        )

    def of(self, section_id: str, number: int, sha256: str) -> Standing:
        """For the words that section had in edition `number`."""
        stands = self._versions.get(section_id)
        if stands == sha256:
            return Standing.UNCHANGED
        if number > self.now.number:
            # Cited from an edition that is published but not in force yet.
            return Standing.UNCHANGED
        if any(pk == section_id and n > number for pk, n in self._moved):
            return Standing.MOVED
        if stands is None:
            return Standing.DELETED
        kinds = {kind for pk, n, kind in self._notes if pk == section_id and n > number}
        if kinds & {ChangeKind.SUBSTANCE, ChangeKind.NEW, ChangeKind.DELETED}:
            return Standing.SUBSTANCE
        return Standing.WORDING
