"""The audit log: append-only for the application, and every way of altering it is found."""

import json
import threading
import uuid
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, connections, transaction
from django.test import Client
from django.urls import reverse

from accounts.enums import AuditKind
from common import audit
from common.audit.models import AuditEvent, AuditHead
from common.audit.verify import anchor_file, verify, write_anchor
from common.enums import JobKind
from common.jobs.run import run
from common.jobs.tick import open_slots
from tests.accounts.factories import UserFactory, sign_in

committed = pytest.mark.django_db(transaction=True)
VERB = AuditKind.SIGNED_OUT


@pytest.fixture(autouse=True)
def anchors(tmp_path: Path, settings: Any) -> Path:
    """A file of anchors for this test alone."""
    settings.AUDIT_ANCHORS = tmp_path / "anchors"
    return anchor_file()


@pytest.fixture
def log(anchors: Path) -> None:
    """Five events that are committed."""
    for number in range(5):
        audit.record(VERB, actor=None, number=number)


@pytest.fixture
def tamper(as_owner: Any) -> Any:
    """Alters the log as whoever administers the database can: with its triggers taken off."""

    def alter(*statements: str) -> None:
        as_owner("ALTER TABLE common_auditevent DISABLE TRIGGER USER")
        for statement in statements:
            as_owner(statement)
        as_owner("ALTER TABLE common_auditevent ENABLE TRIGGER USER")

    return alter


#: Whoever can do everything writes the whole chain anew and the head with it.
REWRITE = """
DO $$ DECLARE e common_auditevent; before bytea := ''::bytea; BEGIN
  FOR e IN SELECT * FROM common_auditevent ORDER BY seq LOOP
    e.prev := before;
    e.hash := common_audit_digest(e);
    UPDATE common_auditevent SET prev = e.prev, hash = e.hash WHERE seq = e.seq;
    before := e.hash;
  END LOOP;
  UPDATE common_audithead SET hash = before,
    seq = (SELECT coalesce(max(seq), 0) FROM common_auditevent);
END $$
"""


def places() -> list[int]:
    """Where something is found to be wrong."""
    return [finding.seq for finding in verify()]


# --- What is altered is found -------------------------------------------------------------------


@committed
def test_a_log_that_nobody_touched_is_intact(log: None) -> None:
    """Numbers without a gap, and nothing found."""
    assert list(AuditEvent.objects.values_list("seq", flat=True)) == [1, 2, 3, 4, 5]
    assert verify() == []


@committed
@pytest.mark.parametrize(
    "change",
    [
        "verb = 'accounts.signed_in'", "actor_id = gen_random_uuid()", "role = 'staff'",
        "at = at + interval '1 second'", "object_id = '7'", "resource = 'user'",
        """related = '{"number": "9"}'""", "request_id = 'x'", "network = 'x'", "hash = prev",
        "prev = hash",
    ],
)  # fmt: skip
def test_a_changed_row_is_found(log: None, tamper: Any, change: str) -> None:
    """Whichever of its fields it is."""
    tamper(f"UPDATE common_auditevent SET {change} WHERE seq = 3")
    assert 3 in places()


@committed
def test_a_changed_row_with_a_fitting_hash_is_found_by_its_neighbour(
    log: None, tamper: Any
) -> None:
    """The next row names the hash that was."""
    tamper(
        "UPDATE common_auditevent SET role = 'staff' WHERE seq = 3",
        "UPDATE common_auditevent e SET hash = common_audit_digest(e) WHERE seq = 3",
    )
    assert places() == [4]


@committed
def test_a_removed_row_is_found(log: None, tamper: Any) -> None:
    """By the gap it leaves."""
    tamper("DELETE FROM common_auditevent WHERE seq = 3")
    assert places() == [4]


@committed
def test_a_removed_beginning_is_found(log: None, tamper: Any) -> None:
    """The first event is number one."""
    tamper("DELETE FROM common_auditevent WHERE seq <= 2")
    assert 3 in places()


@committed
def test_an_inserted_row_is_found(log: None, tamper: Any) -> None:
    """In the place of another, with a hash of its own."""
    tamper(
        "DELETE FROM common_auditevent WHERE seq = 3",
        """INSERT INTO common_auditevent
           SELECT 3, at, 'accounts.signed_in', actor_id, role, resource, object_id, related,
                  request_id, network, (SELECT hash FROM common_auditevent WHERE seq = 2), hash
           FROM common_auditevent WHERE seq = 4""",
        "UPDATE common_auditevent e SET hash = common_audit_digest(e) WHERE seq = 3",
    )
    assert places() == [4]


@committed
def test_a_row_added_at_the_end_is_found(log: None, tamper: Any) -> None:
    """The head does not know of it, however well its hash fits."""
    tamper(
        """INSERT INTO common_auditevent
           SELECT 6, at, verb, actor_id, role, resource, object_id, related, request_id, network,
                  hash, hash FROM common_auditevent WHERE seq = 5""",
        "UPDATE common_auditevent e SET hash = common_audit_digest(e) WHERE seq = 6",
    )
    assert [finding.what for finding in verify()] == ["the end of the log does not fit its head"]


@committed
def test_rows_in_another_order_are_found(log: None, tamper: Any) -> None:
    """Two events that changed places."""
    tamper(
        "UPDATE common_auditevent SET seq = -3 WHERE seq = 3",
        "UPDATE common_auditevent SET seq = 3 WHERE seq = 4",
        "UPDATE common_auditevent SET seq = 4 WHERE seq = -3",
    )
    assert {3, 4} <= set(places())


@committed
def test_a_cut_off_tail_is_found(log: None, tamper: Any) -> None:
    """The head still names the last event."""
    tamper("DELETE FROM common_auditevent WHERE seq >= 4")
    assert [finding.what for finding in verify()] == ["the end of the log does not fit its head"]


@committed
def test_an_emptied_log_is_found(log: None, tamper: Any) -> None:
    """By the head; and with the head set back, by the anchor."""
    write_anchor()
    tamper("DELETE FROM common_auditevent")
    assert len(verify()) == 2
    tamper("UPDATE common_audithead SET seq = 0, hash = ''::bytea")
    assert [finding.what for finding in verify()] == ["differs from the anchor outside"]


@committed
@pytest.mark.parametrize(
    "damage",
    ["DELETE FROM common_auditevent WHERE seq = 5", "UPDATE common_auditevent SET role = 'x'"],
    ids=["tail cut", "all rows changed"],
)
def test_a_log_written_anew_as_a_whole_is_found_by_the_anchor(
    log: None, tamper: Any, damage: str
) -> None:
    """Inside the database nothing shows; that is why a note lies outside."""
    write_anchor()
    tamper(damage, REWRITE)
    assert [(finding.seq, finding.what) for finding in verify()] == [
        (5, "differs from the anchor outside")
    ]


@committed
def test_the_head_set_back_is_found(log: None, as_owner: Any) -> None:
    """Though every row is whole."""
    as_owner("UPDATE common_audithead SET seq = 4")
    assert len(verify()) == 1
    as_owner("DELETE FROM common_audithead")
    assert len(verify()) == 1
    as_owner("INSERT INTO common_audithead (id, seq, hash) VALUES (1, 0, ''::bytea)")


# --- Anchors and the command --------------------------------------------------------------------


@committed
def test_anchors_are_added_and_never_overwritten(log: None, anchors: Path) -> None:
    """One line each, with the number, the hash and the time in UTC."""
    first = write_anchor()
    audit.record(VERB, actor=None)
    write_anchor()
    lines = [json.loads(line) for line in anchors.read_text().splitlines()]
    assert [line["seq"] for line in lines] == [5, 6]
    assert lines[0] == first
    assert lines[0]["at"].endswith("+00:00")
    assert lines[1]["hash"] == bytes(AuditEvent.objects.get(seq=6).hash).hex()
    assert verify() == []


@committed
def test_an_anchor_of_an_empty_log_says_nothing_against_a_later_one(anchors: Path) -> None:
    """A new installation writes its first anchor before its first event."""
    write_anchor()
    audit.record(VERB, actor=None)
    assert verify() == []


@committed
@pytest.mark.parametrize("line", ['{"at": "2026', "[]", '{"seq": "x", "hash": ""}', "\x00\xff"])
def test_a_damaged_line_of_the_anchors_is_told_not_stumbled_over(
    log: None, anchors: Path, line: str
) -> None:
    """A disk that ran full, or somebody's editor."""
    write_anchor()
    with anchors.open("a") as file:
        file.write(line + "\n")
    assert [finding.what for finding in verify()] == [
        "a line of the file of anchors cannot be read"
    ]


@pytest.mark.django_db
def test_an_anchor_is_written_every_day(anchors: Path) -> None:
    """By the scheduler's job."""
    from datetime import UTC, datetime, timedelta

    from common.jobs import Job

    noon = datetime(2026, 11, 24, 3, tzinfo=UTC)
    for hours in (0, 20, 24):
        open_slots(noon + timedelta(hours=hours))
    due = list(Job.objects.filter(kind=JobKind.ANCHOR))
    assert len(due) == 2
    for job in due:
        run(str(job.pk))
    assert len(anchors.read_text().splitlines()) == 2


@committed
def test_the_command_says_intact_and_ends_with_0(log: None, capsys: Any) -> None:
    """For a timer that only minds the exit code."""
    call_command("verify_audit", stdout=StringIO())
    assert capsys.readouterr().out == "5 events, chain intact.\n"


@committed
def test_the_command_names_each_finding_and_ends_with_1(
    log: None, tamper: Any, capsys: Any
) -> None:
    """A changed row and a cut-off end at once."""
    tamper(
        "UPDATE common_auditevent SET role = 'staff' WHERE seq = 2",
        "DELETE FROM common_auditevent WHERE seq = 5",
    )
    with pytest.raises(SystemExit) as ended:
        call_command("verify_audit")
    assert ended.value.code == 1
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("event 2: changed")
    assert told[1] == "event 4: the end of the log does not fit its head"


# --- What the application may not ---------------------------------------------------------------

FORBIDDEN = [
    "UPDATE common_auditevent SET role = 'staff'",
    "DELETE FROM common_auditevent",
    "TRUNCATE common_auditevent",
    "UPDATE common_audithead SET seq = 0",
    "DELETE FROM common_audithead",
    "INSERT INTO common_audithead (id, seq, hash) VALUES (2, 0, '')",
    "ALTER TABLE common_auditevent DISABLE TRIGGER audit_chain",
    "DROP TRIGGER audit_chain ON common_auditevent",
    "DROP FUNCTION common_audit_chain() CASCADE",
    "CREATE OR REPLACE FUNCTION common_audit_digest(e common_auditevent) RETURNS bytea "
    "LANGUAGE sql AS $$ SELECT ''::bytea $$",
    "SET session_replication_role = replica",
    "DELETE FROM django_migrations",
]


@pytest.mark.django_db
@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_application_cannot_alter_the_log(statement: str) -> None:
    """Its role in the database has no right to, whatever the program does."""
    audit.record(VERB, actor=None)
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        connection.cursor().execute(statement)
    assert refused.value.__cause__.pgcode == "42501"  # type: ignore[union-attr]


@committed
@pytest.mark.parametrize("statement", FORBIDDEN[:3])
def test_the_owner_of_the_tables_is_refused_too(log: None, as_owner: Any, statement: str) -> None:
    """While the triggers are on: a slip in a migration does not rewrite history."""
    with pytest.raises(DatabaseError, match="append-only"):
        as_owner(statement)


@pytest.mark.django_db
def test_whoever_writes_an_event_chooses_neither_number_nor_time_nor_hash() -> None:
    """The trigger fills them, whatever was sent."""
    audit.record(VERB, actor=None)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO common_auditevent (seq, at, verb, role, resource, object_id, related,"
            " request_id, network, prev, hash) VALUES (99, '2001-01-01', 'x', '', '', '', '{}',"
            " '', '', 'forged', 'forged') RETURNING seq, at > now() - interval '1 minute'"
        )
        assert cursor.fetchone() == (AuditEvent.objects.first().seq + 1, True)
    assert verify() == []


# --- What an event holds ------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    ["図面の持ち出し", "a sentence", "x" * 65, "two\nlines", "person@example.com", "<b>", "", None],
)
def test_no_text_is_taken(text: str | None) -> None:
    """Ids, numbers and codes only; what is not given is left out."""
    if text:
        with pytest.raises(ValueError, match="never text"):
            audit.record(VERB, actor=None, note=text)
    else:
        expected = {} if text is None else {"note": ""}
        assert audit.record(VERB, actor=None, note=text).related == expected


@pytest.mark.django_db
def test_a_verb_that_nobody_registered_is_refused() -> None:
    """It would have no name for people."""
    with pytest.raises(ValueError, match="not registered"):
        audit.record("accounts.guessed", actor=None)


def test_a_verb_has_one_label() -> None:
    """Two apps cannot mean different things by it."""
    from django.db.models import TextChoices

    class Other(TextChoices):
        SIGNED_OUT = "accounts.signed_out", "別の意味"

    with pytest.raises(ValueError, match="registered twice"):
        audit.register_kinds(Other)
    audit.register_kinds(AuditKind)


@pytest.mark.django_db
def test_an_event_names_actor_role_object_and_request() -> None:
    """The address of the network only as a keyed digest."""
    user = UserFactory(staff=True)
    event = audit.record(VERB, actor=user, obj=user, number=3)
    stands = AuditEvent.objects.get(seq=event.seq)
    assert (stands.actor_id, stands.role) == (user.pk, "staff")
    assert (stands.resource, stands.object_id) == ("user", str(user.pk))
    assert stands.related == {"number": "3"}
    assert uuid.UUID(stands.request_id)
    assert [e.seq for e in audit.events_about(user)] == [event.seq]


@pytest.mark.django_db
def test_a_request_leaves_its_id_and_a_digest_of_its_network(client: Client) -> None:
    """The same network gives the same digest, and nobody reads the address from it."""
    auditor = sign_in(client, UserFactory(auditor=True))
    for address in ("192.0.2.7", "192.0.2.7", "192.0.2.8"):
        auditor.get(reverse("portal:audit"), REMOTE_ADDR=address)
    events = list(AuditEvent.objects.filter(verb="audit.read").order_by("seq"))
    one, same, other = (event.network for event in events)
    assert one == same != other
    assert len({event.request_id for event in events}) == 3
    assert "192" not in one


@pytest.mark.django_db
def test_work_without_a_person_is_the_systems() -> None:
    """No actor, and a role that says so."""
    event = audit.record(VERB, actor=None)
    assert (event.actor_id, event.role) == (None, "system")


@pytest.mark.django_db
def test_a_refused_page_is_noted(client: Client) -> None:
    """Who tried, and which page; visitors are only sent to sign in."""
    client.get(reverse("portal:audit"))
    assert not AuditEvent.objects.filter(verb="policy.denied").exists()
    user = UserFactory()
    assert sign_in(client, user).get(reverse("portal:audit")).status_code == 403
    event = AuditEvent.objects.get(verb="policy.denied")
    assert (event.actor_id, event.related) == (user.pk, {"view": "portal:audit"})


# --- Many at once -------------------------------------------------------------------------------


@committed
def test_many_writers_at_once_keep_the_chain() -> None:
    """Also when some of them roll back: no gap, no fork."""
    start = threading.Barrier(8)

    def writer(number: int) -> None:
        start.wait()
        for turn in range(10):
            with transaction.atomic():
                audit.record(VERB, actor=None, writer=number, turn=turn)
                transaction.set_rollback((number + turn) % 5 == 0)
        connections.close_all()

    threads = [threading.Thread(target=writer, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = AuditEvent.objects.count()
    assert kept == 64
    assert AuditHead.objects.get().seq == kept
    assert verify() == []
