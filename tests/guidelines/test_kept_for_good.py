"""What was published stays as it was: chained by hashes, and kept by the database itself."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from guidelines import services
from guidelines.models import Edition, Publication, SectionVersion, TemplateVersion
from guidelines.reports.chain import chain_problems
from tests.accounts.factories import UserFactory
from tests.guidelines.desk import note, published, revision, rewrite
from tests.guidelines.factories import JOIN, LEAVE, MARK, Library, library

pytestmark = pytest.mark.django_db
EDITION, VERSION = "guidelines_edition", "guidelines_sectionversion"
LINK = "guidelines_sectionversion_templates"


def complete() -> Library:
    """Three editions, a move in the second, a template in the fourth."""
    made = library()
    editor = UserFactory(editor=True)
    template = TemplateVersion.objects.create(
        key="nda", number=1, language="ja", title="契約", use="いつも", source="", docx=b"PK",
        sha256="0" * 64,
    )  # fmt: skip
    draft = revision(made, by=editor)
    rewrite(draft, MARK, by=editor, templates=[template])
    services.note_move(draft, kind="split", origin=LEAVE, target=JOIN, by=editor)
    made.editions[4] = published(draft)
    return made


def refused(sql: str, values: Any = ()) -> str:
    """The database's reason, asked as the application's role."""
    with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
    return str(error.value)


CHANGES = {
    "its title": f"UPDATE {EDITION} SET title = 'x' WHERE id = %(edition)s",
    "its state": f"UPDATE {EDITION} SET state = 'draft' WHERE id = %(edition)s",
    "its day": f"UPDATE {EDITION} SET effective_on = effective_on - 1 WHERE id = %(edition)s",
    "its hash": f"UPDATE {EDITION} SET sha256 = repeat('0', 64) WHERE id = %(edition)s",
    "its author": f"UPDATE {EDITION} SET author_id = NULL WHERE id = %(edition)s",
    "itself away": f"DELETE FROM {EDITION} WHERE id = %(edition)s",
    "a text": f"UPDATE {VERSION} SET source = 'x' WHERE edition_id = %(edition)s",
    "a text's HTML": f"UPDATE {VERSION} SET html = '' WHERE edition_id = %(edition)s",
    "a text away": f"DELETE FROM {VERSION} WHERE edition_id = %(edition)s",
    "a text out": f"UPDATE {VERSION} SET edition_id = %(draft)s WHERE edition_id = %(edition)s",
    "a text in": f"UPDATE {VERSION} SET edition_id = %(edition)s WHERE edition_id = %(draft)s",
    "a note": "UPDATE guidelines_changenote SET kind = 'wording' WHERE edition_id = %(edition)s",
    "a note away": "DELETE FROM guidelines_changenote WHERE edition_id = %(edition)s",
    "a note in": (
        "INSERT INTO guidelines_changenote (edition_id, section_id, kind, note, reason, affects)"
        " VALUES (%(edition)s, 'aaaa22', 'wording', 'x', '', '[]')"
    ),
    "a move": "UPDATE guidelines_sectionmove SET kind = 'merged' WHERE edition_id = %(edition)s",
    "a move away": "DELETE FROM guidelines_sectionmove WHERE edition_id = %(edition)s",
    "a move in": (
        "INSERT INTO guidelines_sectionmove (edition_id, kind, origin_id, target_id)"
        " VALUES (%(edition)s, 'merged', 'aaaa22', 'bbbb33')"
    ),
    "a template away": (
        f"DELETE FROM {LINK} USING {VERSION} v WHERE v.id = sectionversion_id"
        " AND v.edition_id = %(edition)s"
    ),
    "a template in": (
        f"INSERT INTO {LINK} (sectionversion_id, templateversion_id)"
        f" SELECT v.id, t.id FROM {VERSION} v, guidelines_templateversion t"
        " WHERE v.edition_id = %(edition)s AND v.section_id = 'aaaa22'"
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_the_database_lets_nobody_change_a_published_edition(what: str) -> None:
    """Not by raw SQL as the application's role either."""
    made = complete()
    draft = services.begin_draft(made.publication, by=UserFactory(editor=True))
    values = {"edition": made.editions[4].pk, "draft": draft.pk}
    assert "a published edition never changes" in refused(CHANGES[what], values)


def test_tables_are_not_emptied_either() -> None:
    """TRUNCATE passes by triggers for rows; the role may not."""
    library()
    for table in (EDITION, VERSION, "guidelines_changenote", "guidelines_sectionmove", LINK):
        assert "permission denied" in refused(f"TRUNCATE {table} CASCADE")
    assert "must be owner" in refused(f"ALTER TABLE {EDITION} DISABLE TRIGGER ALL")
    assert "must be owner" in refused(f"DROP TRIGGER guidelines_edition_guard ON {EDITION}")
    assert "permission denied" in refused("SET session_replication_role = replica")


def test_a_template_that_readers_filled_in_never_changes() -> None:
    """Its docx is what a published section offers."""
    complete()
    for sql in (
        "UPDATE guidelines_templateversion SET docx = ''",
        "UPDATE guidelines_templateversion SET title = 'x'",
        "DELETE FROM guidelines_templateversion",
    ):
        assert "a published template never changes" in refused(sql)


def test_drafts_are_free() -> None:
    """The guards hinder nobody at the desk."""
    made = complete()
    draft = revision_again(made)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {VERSION} SET source = 'x' WHERE edition_id = %s", [draft.pk])
        assert cursor.rowcount == 4
        cursor.execute(f"UPDATE {EDITION} SET title = 'x' WHERE id = %s", [draft.pk])
    services.discard_draft(draft, by=UserFactory(editor=True))


def revision_again(made: Library) -> Edition:
    """The next draft."""
    editor = UserFactory(editor=True)
    draft = services.begin_draft(made.publication, by=editor)
    rewrite(draft, by=editor, source="さらに直した。")
    note(draft, by=editor)
    return draft


@pytest.mark.parametrize(
    ("previous", "own"),
    [("0" * 64, "a" * 64), ("", "a" * 64), (None, ""), (None, "a" * 63), (None, "a" * 65)],
)
def test_an_edition_out_of_the_chain_is_not_published(previous: str | None, own: str) -> None:
    """A wrong hash of the one before, or none of its own."""
    made = complete()
    draft = revision_again(made)
    last = made.editions[4].sha256
    why = refused(
        f"UPDATE {EDITION} SET state = 'published', published_at = now(), published_on = now(),"
        " effective_on = now(), previous_sha256 = %s, sha256 = %s WHERE id = %s",
        [last if previous is None else previous, own, draft.pk],
    )
    assert "does not follow" in why or "too long" in why


def test_an_edition_is_not_inserted_as_published_beside_the_chain() -> None:
    """A row that was never a draft meets the same guard."""
    made = library()
    columns = (
        "publication_id, number, kind, state, title, summary, law_as_of, as_of, sources, chapters,"
        " published_on, effective_on, published_at, sha256, previous_sha256, checked_sha256, version"
    )
    why = refused(
        f"INSERT INTO {EDITION} ({columns}) VALUES (%s, 9, 'regular', 'published', '', '', now(),"
        " now(), '[]', '[]', now(), now(), now(), repeat('a', 64), repeat('b', 64), '', 1)",
        [made.publication.pk],
    )
    assert "does not follow" in why


def test_days_that_do_not_fit_are_refused_by_the_database() -> None:
    """A draft too cannot apply before it is published; a schedule has its times."""
    draft = revision_again(complete())
    for values in (
        "published_on = '2027-01-02', effective_on = '2027-01-01'",
        "state = 'scheduled'",
        "state = 'scheduled', publish_at = now()",
        "state = 'somewhere'",
        "number = 4",
    ):
        refused(f"UPDATE {EDITION} SET {values} WHERE id = %s", [draft.pk])


def test_a_second_draft_is_refused_by_the_database() -> None:
    """Whatever the services think."""
    draft = revision_again(complete())
    copy = Edition.objects.get(pk=draft.pk)
    copy.pk, copy._state.adding, copy.number = None, True, 6
    with pytest.raises(DatabaseError, match="edition_one_draft_at_a_time"), transaction.atomic():
        copy.save()


def test_each_edition_carries_the_hash_of_the_one_before() -> None:
    """Each in its language; the first has none before."""
    made = library(english=3)
    for publication in Publication.objects.all():
        editions = list(Edition.objects.filter(publication=publication).order_by("number"))
        assert [e.previous_sha256 for e in editions] == ["", *(e.sha256 for e in editions[:-1])]
        assert len({e.sha256 for e in editions}) == 3
        assert chain_problems(publication) == []
    made.editions[4] = published(revision(made))
    assert chain_problems(made.publication) == []


Tamper = Callable[..., list[Any]]
TAMPERED = {
    "a word": (f"UPDATE {VERSION} SET source = source || '。'", "text changed"),
    "a word with its hash": (
        f"UPDATE {VERSION} SET source = '別', sha256 = repeat('0', 64)",
        "text changed",
    ),
    "a note": ("UPDATE guidelines_changenote SET note = '別'", "text changed"),
    "a move": ("UPDATE guidelines_sectionmove SET kind = 'merged'", "text changed"),
    "a template": (f"DELETE FROM {LINK}", "text changed"),
    "a day": (f"UPDATE {EDITION} SET effective_on = effective_on + 1", "text changed"),
    "a hash": (f"UPDATE {EDITION} SET sha256 = repeat('0', 64)", "does not follow"),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", TAMPERED)
def test_whoever_gets_past_the_guards_is_found_by_the_chain(what: str, as_owner: Tamper) -> None:
    """The owner of the tables can take triggers down; the hashes still tell."""
    made = complete()
    sql, told = TAMPERED[what]
    table = sql.split()[1 if sql.startswith("UPDATE") else 2]
    as_owner(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    try:
        as_owner(sql)
    finally:
        as_owner(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    found = chain_problems(made.publication)
    assert any(told in line for line in found), found


def test_the_hash_of_a_section_ignores_how_lines_end() -> None:
    """A browser sends CRLF, a file has LF: the same words."""
    version = SectionVersion(heading="見出し", gist="要点", source="一\r\n二\n")
    same = SectionVersion(heading="見出し", gist="要点", source="一\n二\n")
    other = SectionVersion(heading="見出し", gist="要点", source="一\n三\n")
    assert version.digest() == same.digest() != other.digest()
