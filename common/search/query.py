"""Asking the index, and marking what matched."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from common.search.folding import fold_with_places, spellings
from common.search.lexemes import query
from common.search.sources import sources

#: Longest question that is read, in characters.
LONGEST = 100
#: Characters around the first match that are shown.
AROUND = 90
SQL = """
SELECT source, title, body, url, ts_rank('{0.05,0.1,0.2,1.0}', vector, q, 1) AS rank,
       count(*) OVER () AS total
FROM common_searchentry, cast(%s AS tsquery) q
WHERE vector @@ q AND language = %s AND (%s = '' OR source = %s)
ORDER BY rank DESC, source, key LIMIT %s OFFSET %s
"""


@dataclass(frozen=True)
class Hit:
    """One found page; title and excerpt have <mark> around what matched."""

    source: str
    label: Any
    title: SafeString
    excerpt: SafeString
    url: str


def find(
    text: str, *, language: str, source: str = "", limit: int = 20, offset: int = 0
) -> tuple[list[Hit], int]:
    """The best pages for a question, and how many there are in all. An empty question finds none."""
    asked, words = query(text[:LONGEST])
    if not asked:
        return [], 0
    with connection.cursor() as cursor:
        cursor.execute(SQL, [asked, language, source, source, limit, offset])
        rows = cursor.fetchall()
    marks = [spelling for word in words for spelling in spellings(word)]
    hits = [
        Hit(
            source=row[0],
            label=sources[row[0]].label if row[0] in sources else row[0],
            title=highlighted(row[1], marks),
            excerpt=highlighted(excerpt(row[2], marks), marks),
            url=row[3],
        )
        for row in rows
    ]
    return hits, rows[0][5] if rows else 0


def matches(text: str, words: list[str]) -> list[tuple[int, int]]:
    """Places of the words in the text as written: (start, end), in order, without overlaps."""
    folded, places = fold_with_places(text)
    found: list[tuple[int, int]] = []
    for word in sorted(set(words), key=len, reverse=True):
        start = folded.find(word)
        while start >= 0 and word:
            end = start + len(word)
            # The end of the last character's place: what comes next in the text as written.
            span = (places[start], next(at for at in places[end:] if at > places[end - 1]))
            if all(span[1] <= s or span[0] >= e for s, e in found):
                found.append(span)
            start = folded.find(word, end)
    return sorted(found)


def excerpt(body: str, words: list[str]) -> str:
    """The part of the text around the first match, on one line."""
    body = " ".join(body.split())
    found = matches(body, words)
    start = max(0, found[0][0] - AROUND // 3) if found else 0
    part = body[start : start + AROUND * 2]
    return ("…" if start else "") + part + ("…" if start + AROUND * 2 < len(body) else "")


def highlighted(text: str, words: list[str]) -> SafeString:
    """The text, escaped, with <mark> around the words."""
    parts: list[str] = []
    last = 0
    for start, end in matches(text, words):
        parts += [conditional_escape(text[last:start]), "<mark>"]
        parts += [conditional_escape(text[start:end]), "</mark>"]
        last = end
    parts.append(conditional_escape(text[last:]))
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped above
