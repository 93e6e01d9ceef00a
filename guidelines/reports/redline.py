"""What changed between two editions: sections by identity, then sentences, then runs of one script."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from html import unescape
from itertools import groupby, takewhile

from guidelines.models import Edition, SectionMove, SectionVersion

#: Kanji, hiragana, katakana, Latin words, digits; anything else stands alone.
_RUNS = re.compile(
    r"[一-鿿々〆㐀-䶿豈-﫿𠀀-𯿿]+|[ぁ-ゖゝゞ]+|[ァ-ヺー]+|[A-Za-z\u00c0-\u024f']+|[0-9０-９.,]+|\s+|."
)
#: Four letters or more of hiragana at the end of both.
_ENDING = re.compile(r"[ぁ-ゖ]{4,}$")
_SENTENCE = re.compile(r"[^。！？\n]*[。！？]+[」』）)]*|[^。！？\n]+|\n+")
_ROW_INSIDE = re.compile(r"</t[dh]>\s*<t[dh][^>]*>")
_BLOCK_END = re.compile(r"</(?:p|li|tr|h3|h4|blockquote)>|<br ?/?>")
_TAG = re.compile(r"<[^>]*>")
#: Sentences that share less than this are two sentences, not one that was changed.
ALIKE = 0.5
#: Unchanged sentences shown before and after a change.
SHOWN_AROUND = 1
#: Longest texts whose sentences are compared one by one, in sentences on either side.
MOST_SENTENCES = 600
#: Pairs of sentences whose likeness is measured in one block, and pairs of runs in one sentence.
MOST_PAIRS, MOST_RUNS = 4_000, 1_000_000


@dataclass(frozen=True)
class Piece:
    """A run of text: kept, deleted or inserted."""

    kind: str
    text: str


Line = tuple[Piece, ...]


@dataclass(frozen=True)
class Row:
    """One row of the comparison table: old beside new; either may be empty."""

    old: Line
    new: Line

    @property
    def changed(self) -> bool:
        """Whether anything differs."""
        return any(piece.kind != "same" for piece in (*self.old, *self.new))

    @property
    def inline(self) -> Line:
        """Both in one line, deletions before insertions."""
        if not self.old or not self.new:
            return self.old or self.new
        return tuple(_merged(self.old, self.new))


@dataclass(frozen=True)
class SectionRedline:
    """One section in both editions."""

    section_id: str
    kind: str
    label_old: str
    label_new: str
    heading: Row
    rows: tuple[Row, ...]
    #: (id, number and heading) of where it went, and of what came into it.
    moved_to: tuple[tuple[str, str], ...] = ()
    moved_from: tuple[tuple[str, str], ...] = ()
    notes: tuple[object, ...] = field(default=(), compare=False)

    @property
    def blocks(self) -> list[tuple[bool, list[Row]]]:
        """Rows in order, (folded, rows): long stretches without a change are folded away."""
        found: list[tuple[bool, list[Row]]] = []
        for changed, group in groupby(self.rows, key=lambda row: row.changed):
            rows = list(group)
            if changed or len(rows) <= SHOWN_AROUND * 2:
                found.append((False, rows))
                continue
            found.append((False, rows[:SHOWN_AROUND]))
            found.append((True, rows[SHOWN_AROUND:-SHOWN_AROUND]))
            found.append((False, rows[-SHOWN_AROUND:]))
        return found

    @property
    def name(self) -> str:
        """The heading as it is now, else as it was."""
        line = self.heading.new or self.heading.old
        return "".join(piece.text for piece in line)


@dataclass(frozen=True)
class Redline:
    """Two editions beside each other, in the reading order of the later one."""

    old: Edition
    new: Edition
    sections: tuple[SectionRedline, ...]

    @property
    def changed(self) -> tuple[SectionRedline, ...]:
        """What differs."""
        return tuple(s for s in self.sections if s.kind != "same")

    @property
    def unchanged_count(self) -> int:
        """How many sections are the same to the letter."""
        return sum(s.kind == "same" for s in self.sections)


def redline(old: Edition, new: Edition) -> Redline:
    """Compare two editions of one publication; three queries. Raises ValueError for two publications."""
    if old.publication_id != new.publication_id:
        raise ValueError("editions of two publications cannot be compared")
    before = {v.section_id: v for v in SectionVersion.objects.of(old).defer("source")}
    after = {v.section_id: v for v in SectionVersion.objects.of(new).defer("source")}
    moves = list(
        SectionMove.objects.filter(
            edition__publication=new.publication_id,
            edition__number__gt=old.number,
            edition__number__lte=new.number,
        ).values_list("origin_id", "target_id")
    )
    names = {pk: f"{v.label} {v.heading}" for pk, v in (before | after).items()}
    found = [
        section_redline(pk, before.get(pk), after.get(pk), moves, names)
        for pk in _order(before, after)
    ]
    return Redline(old, new, tuple(found))


def _order(before: dict[str, SectionVersion], after: dict[str, SectionVersion]) -> list[str]:
    """The new order, with what is gone behind the section that it followed."""
    order = list(after)
    last = None
    for pk in before:
        if pk not in after:
            order.insert(order.index(last) + 1 if last in order else 0, pk)
        last = pk
    return order


def section_redline(
    pk: str,
    old: SectionVersion | None,
    new: SectionVersion | None,
    moves: Sequence[tuple[str, str]] = (),
    names: Mapping[str, str] | None = None,
) -> SectionRedline:
    """One section in both editions; either may be missing."""
    kind, known = _kind(old, new), names or {}
    rows = () if kind == "same" else tuple(compare(_text(old), _text(new)))
    return SectionRedline(
        section_id=pk,
        kind=kind,
        label_old=old.label if old else "",
        label_new=new.label if new else "",
        heading=compare_line(old.heading if old else "", new.heading if new else ""),
        rows=rows,
        moved_to=tuple((b, known.get(b, b)) for a, b in moves if a == pk and b != pk),
        moved_from=tuple((a, known.get(a, a)) for a, b in moves if b == pk and a != pk),
    )


def _kind(old: SectionVersion | None, new: SectionVersion | None) -> str:
    if old is None:
        return "new"
    if new is None:
        return "gone"
    return "same" if old.sha256 == new.sha256 else "changed"


def _text(version: SectionVersion | None) -> str:
    """Everything a reader is told, as lines."""
    if version is None:
        return ""
    parts = [version.gist, readable(version.html)]
    parts += [f"□ {item['text']}" for item in version.checklist]
    parts += [f"{fact['label']}：{fact['value']}" for fact in version.facts]
    parts += list(version.open_points)
    return "\n".join(part.strip("\n") for part in parts if part)


def readable(html: str) -> str:
    """A section's HTML as lines of plain text, in the words that readers saw."""
    text = _ROW_INSIDE.sub("／", html)
    text = _BLOCK_END.sub("\n", text)
    return re.sub(r"\s*\n\s*", "\n", unescape(_TAG.sub("", text))).strip()


def sentences(text: str) -> list[str]:
    """Sentences and single lines, in order."""
    return [part for part in _SENTENCE.findall(text) if part.strip()]


def compare(old: str, new: str) -> list[Row]:
    """Rows of sentences: the same, changed within, deleted, inserted."""
    a, b = sentences(old), sentences(new)
    if max(len(a), len(b)) > MOST_SENTENCES:
        return [*_whole(a, b)]
    rows: list[Row] = []
    for tag, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            rows += [Row((Piece("same", s),), (Piece("same", s),)) for s in a[i:j]]
        else:
            rows += _paired(a[i:j], b[k:m])
    return rows


def _paired(old: list[str], new: list[str]) -> Iterator[Row]:
    """Within a block that differs: each new sentence with the old one it came from, in order."""
    if len(old) * len(new) > MOST_PAIRS:
        yield from _whole(old, new)
        return
    if not any(likeness(a, b) >= ALIKE for a in old for b in new):
        yield from _whole(old, new)
        return
    start = 0
    for sentence in new:
        best, at = 0.0, -1
        for place in range(start, len(old)):
            ratio = likeness(old[place], sentence)
            if ratio > best:
                best, at = ratio, place
        if best < ALIKE:
            yield Row((), (Piece("ins", sentence),))
            continue
        yield from (Row((Piece("del", gone),), ()) for gone in old[start:at])
        yield compare_line(old[at], sentence)
        start = at + 1
    yield from (Row((Piece("del", gone),), ()) for gone in old[start:])


def _whole(old: list[str], new: list[str]) -> Iterator[Row]:
    """What is too much to be compared in time: all of the old one goes, all of the new one comes."""
    yield from (Row((Piece("del", gone),), ()) for gone in old)
    yield from (Row((), (Piece("ins", come),)) for come in new)


@lru_cache(maxsize=4096)
def likeness(old: str, new: str) -> float:
    """How much two sentences share, from 0 to 1."""
    if not old or not new:
        return 0.0
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    return matcher.ratio()


def compare_line(old: str, new: str) -> Row:
    """One sentence in both forms, marked by runs of one script."""
    a, b = _RUNS.findall(old), _RUNS.findall(new)
    if len(a) * len(b) > MOST_RUNS:
        a, b = [old], [new]
    left: list[Piece] = []
    right: list[Piece] = []
    for tag, i, j, k, m in _calm(SequenceMatcher(None, a, b, autojunk=False).get_opcodes(), a):
        gone, come = "".join(a[i:j]), "".join(b[k:m])
        if tag == "equal":
            left.append(Piece("same", gone))
            right.append(Piece("same", come))
            continue
        tail = _common_ending(gone, come)
        if gone.removesuffix(tail):
            left.append(Piece("del", gone.removesuffix(tail)))
        if come.removesuffix(tail):
            right.append(Piece("ins", come.removesuffix(tail)))
        if tail:
            left.append(Piece("same", tail))
            right.append(Piece("same", tail))
    return Row(tuple(left), tuple(right))


def _common_ending(gone: str, come: str) -> str:
    """「はいけません」 behind two verbs: an ending long enough to be read as words that stayed."""
    letters = zip(reversed(gone), reversed(come), strict=False)
    length = sum(1 for _same in takewhile(lambda pair: pair[0] == pair[1], letters))
    found = _ENDING.search(gone[len(gone) - length :])
    return found.group() if found and len(found.group()) < min(len(gone), len(come)) else ""


Opcode = tuple[str, int, int, int, int]


def _calm(opcodes: Sequence[Opcode], a: list[str]) -> list[Opcode]:
    """Joins edits that a single short run keeps apart: 「を」 alone between two changes only confuses."""
    calm: list[Opcode] = []
    for place, (tag, i, j, k, m) in enumerate(opcodes):
        short = tag == "equal" and len("".join(a[i:j])) < 2
        inner = 0 < place < len(opcodes) - 1
        now: Opcode = ("replace", i, j, k, m) if short and inner else (tag, i, j, k, m)
        if now[0] != "equal" and calm and calm[-1][0] != "equal":
            _tag, i0, _j, k0, _m = calm[-1]
            calm[-1] = ("replace", i0, j, k0, m)
        else:
            calm.append(now)
    return calm


def _merged(old: Line, new: Line) -> Iterator[Piece]:
    """Old and new in one line; what is the same stands once."""
    left, right = list(old), list(new)
    while left or right:
        while left and left[0].kind == "del":
            yield left.pop(0)
        while right and right[0].kind == "ins":
            yield right.pop(0)
        if left and right:
            yield left.pop(0)
            right.pop(0)
        elif left:
            yield left.pop(0)
        elif right:
            yield right.pop(0)
