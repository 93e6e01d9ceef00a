"""Finds altered, missing, inserted and cut-off rows of the audit log."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

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
        for anchor in read_anchors():
            cursor.execute(
                "SELECT encode(hash, 'hex') FROM common_auditevent WHERE seq = %s", [anchor["seq"]]
            )
            stands = cursor.fetchone()
            if anchor["seq"] and (stands is None or stands[0] != anchor["hash"]):
                findings.append(Finding(int(anchor["seq"]), "differs from the anchor outside"))
    return findings


def anchor_file() -> Path:
    """The file that keeps one line a day outside the database."""
    return Path(settings.AUDIT_ANCHORS) / "audit-anchors.jsonl"


def read_anchors() -> list[dict[str, Any]]:
    """All anchors written so far; none where the file does not exist yet."""
    path = anchor_file()
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


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
