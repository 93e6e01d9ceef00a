"""Finds altered, missing, inserted and cut-off rows of the audit log."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from common.audit.models import AuditEvent

BROKEN = """
WITH chained AS (
  SELECT e.seq, e.hash, e.prev,
         lag(e.seq) OVER w AS seq_before, lag(e.hash) OVER w AS hash_before,
         common_audit_digest(e) AS digest
  FROM common_auditevent e WINDOW w AS (ORDER BY e.seq)
)
SELECT seq FROM chained
WHERE hash IS DISTINCT FROM digest
   OR seq <> coalesce(seq_before, 0) + 1
   OR prev IS DISTINCT FROM coalesce(hash_before, ''::bytea)
ORDER BY seq LIMIT 20
"""
HEAD = """
SELECT h.seq, encode(h.hash, 'hex'), coalesce(e.seq, 0), coalesce(encode(e.hash, 'hex'), '')
FROM common_audithead h LEFT JOIN common_auditevent e
  ON e.seq = (SELECT max(seq) FROM common_auditevent) WHERE h.id = 1
"""


@dataclass(frozen=True)
class Finding:
    """One thing wrong with the log: at which event, and what."""

    seq: int
    what: str


@dataclass(frozen=True)
class Anchor:
    """The number and hash of the last event at some time, as noted outside the database."""

    seq: int
    hash: str


def verify() -> list[Finding]:
    """Check every row, the head, and every anchor outside the database. Empty means intact."""
    findings = []
    with connection.cursor() as cursor:
        cursor.execute(BROKEN)
        findings += [Finding(seq, "changed, or its neighbour is missing") for (seq,) in cursor]
        cursor.execute(HEAD)
        row = cursor.fetchone()
        if row is None or row[0] != row[2] or row[1] != row[3]:
            findings.append(
                Finding(row[2] if row else 0, "the end of the log does not fit its head")
            )
    return findings + _differing_anchors()


def _differing_anchors() -> list[Finding]:
    """Anchors that no event answers to, and lines that are no anchor."""
    findings = []
    for anchor in read_anchors():
        if anchor is None:
            findings.append(Finding(0, "a line of the file of anchors cannot be read"))
        elif anchor.seq:
            event = AuditEvent.objects.filter(seq=anchor.seq).first()
            if event is None or bytes(event.hash).hex() != anchor.hash:
                findings.append(Finding(anchor.seq, "differs from the anchor outside"))
    return findings


def anchor_file() -> Path:
    """The file that keeps one line a day outside the database."""
    return Path(settings.AUDIT_ANCHORS) / "audit-anchors.jsonl"


def read_anchors() -> list[Anchor | None]:
    """All anchors written so far, None for a damaged line; empty where there is no file yet."""
    path = anchor_file()
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return [_anchor(line) for line in lines if line]


def _anchor(line: str) -> Anchor | None:
    try:
        known = json.loads(line)
        return Anchor(int(known["seq"]), str(known["hash"]))
    except (ValueError, TypeError, KeyError):
        return None


def write_anchor() -> dict[str, object]:
    """Append the head's number and hash to the file outside the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, encode(hash, 'hex') FROM common_audithead WHERE id = 1")
        seq, digest = cursor.fetchone() or (0, "")
    line: dict[str, object] = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "seq": seq,
        "hash": digest,
    }
    path = anchor_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
    return line
