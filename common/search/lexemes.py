"""Lexemes: words of Latin letters and digits whole, Japanese in overlapping pairs of characters."""

import re

from common.search.folding import canonical

#: Latin, Cyrillic, Vietnamese and such words with digits; then runs of anything else that is a letter.
_RUNS = re.compile(r"[0-9a-z\u00c0-\u024f\u1e00-\u1eff]+|[^\W_]+", re.UNICODE)
_LATIN = re.compile(r"[0-9a-z\u00c0-\u024f\u1e00-\u1eff]")
#: PostgreSQL keeps no more positions than this.
LAST_POSITION = 16_383


def lexemes(text: str) -> list[tuple[str, int]]:
    """Lexemes with their positions. Neighbours in a run have neighbouring positions."""
    found: list[tuple[str, int]] = []
    position = 0
    for run in _runs(text):
        for lexeme in pairs(run):
            position += 1
            found.append((lexeme, min(position, LAST_POSITION)))
        position += 1  # a gap, so that no phrase runs over punctuation
    return found


def pairs(run: str) -> list[str]:
    """One run's lexemes: the word itself, or its pairs of characters and the last one alone."""
    if _LATIN.match(run):
        return [run[:80]]
    return [run[i : i + 2] for i in range(len(run))]


def _runs(text: str) -> list[str]:
    """Runs of one script, in order."""
    out: list[str] = []
    for match in _RUNS.finditer(canonical(text)):
        run = match.group()
        if _LATIN.match(run):
            out.append(run)
            continue
        out += [part for part in re.split(r"([0-9a-z\u00c0-\u024f\u1e00-\u1eff]+)", run) if part]
    return out


def vector(title: str, body: str) -> str:
    """A tsvector literal: the title's lexemes weigh most."""
    parts = [(lexeme, at, "A") for lexeme, at in lexemes(title)]
    offset = parts[-1][1] + 2 if parts else 0
    parts += [(lexeme, min(at + offset, LAST_POSITION), "D") for lexeme, at in lexemes(body)]
    return " ".join(f"{quoted(lexeme)}:{at}{weight}" for lexeme, at, weight in parts)


def query(text: str) -> tuple[str, list[str]]:
    """A tsquery literal that wants every word, and the words; empty where nothing can be asked."""
    wanted = []
    words = []
    for run in _runs(text)[:12]:
        words.append(run)
        if _LATIN.match(run):
            wanted.append(f"{quoted(run[:80])}:*")
        elif len(run) == 1:
            wanted.append(f"{quoted(run)}:*")
        else:
            inner = [run[i : i + 2] for i in range(len(run) - 1)]
            wanted.append("(" + " <-> ".join(quoted(pair) for pair in inner) + ")")
    return " & ".join(wanted), words


def quoted(lexeme: str) -> str:
    """A lexeme as PostgreSQL reads it in a literal."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"
