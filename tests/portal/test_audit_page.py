"""The auditor's page of the log and its export: ids and verbs, filtered, bookmarkable, noted."""

import csv
import io
import time
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import AuditKind
from common import audit
from common.audit.models import AuditEvent
from common.exports import plain
from tests.accounts.factories import SEED, UserFactory, code_now, sign_in
from tests.consultations.factories import scene

pytestmark = pytest.mark.django_db
PAGE, EXPORT = "/audit/", "/audit/export/"


@pytest.fixture
def auditor(client: Client) -> Client:
    """An auditor's browser, signed in just now."""
    return sign_in(client, UserFactory(auditor=True))


def rows_of(answer: Any) -> list[list[str]]:
    """The lines of an exported CSV, the head first."""
    text = b"".join(answer.streaming_content).decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))


def test_the_page_shows_verbs_in_words_and_no_content(auditor: Client) -> None:
    """Number, time with its zone, verb, role, ids."""
    made = scene(title="極秘の件名")
    page = auditor.get(PAGE).content.decode()
    assert "相談を受け付けた" in page
    assert str(made.owner.pk) in page
    assert "日本時間" in page
    for secret in ("極秘", made.owner.email, made.owner.name, "試験"):
        assert secret not in page


def test_reading_the_log_is_an_event_too(auditor: Client) -> None:
    """With the page that was read."""
    auditor.get(PAGE, {"page": "1"})
    event = AuditEvent.objects.get(verb="audit.read")
    assert event.related == {"page": "1"}
    assert event.role == "auditor"


def test_the_log_is_read_in_pages_newest_first(auditor: Client) -> None:
    """Whatever page is asked for."""
    for number in range(120):
        audit.record(AuditKind.SIGNED_OUT, actor=None, number=number)
    first = auditor.get(PAGE).content.decode()
    assert first.count("<tr>") == 51
    newest = AuditEvent.objects.filter(verb="accounts.signed_out").latest("seq").seq
    assert f">{newest}<" in first
    for page in ("2", "-1", "0", "abc", "999999999", "1e309", "２"):
        assert auditor.get(PAGE, {"page": page}).status_code == 200


def test_the_log_is_filtered_by_verb_person_and_thing(auditor: Client) -> None:
    """A number as it stands in the log, with or without dashes."""
    one, other = UserFactory(), UserFactory()
    audit.record(AuditKind.SIGNED_OUT, actor=one, obj=one)
    audit.record(AuditKind.PROFILE_CHANGED, actor=other, obj=other)

    def shown(**asked: str) -> tuple[bool, bool]:
        page = auditor.get(PAGE, asked).content.decode()
        table = page[page.index("<tbody>") :] if "<tbody>" in page else ""
        return str(one.pk) in table, str(other.pk) in table

    assert shown() == (True, True)
    assert shown(verb="accounts.signed_out") == (True, False)
    assert shown(number=str(other.pk)) == (False, True)
    assert shown(number=one.pk.hex) == (True, False)
    assert shown(number=str(uuid.uuid4())) == (False, False)
    assert shown(verb="accounts.signed_out", number=str(other.pk)) == (False, False)


@pytest.mark.parametrize(
    "asked",
    [{"verb": "guessed"}, {"number": "x" * 41}, {"number": "\u202e"}, {"number": "' OR 1=1"},
     {"verb": ["a", "b"]}, {"number": "９９９"}],
)  # fmt: skip
def test_a_wrong_filter_is_named_not_stumbled_over(auditor: Client, asked: dict[str, Any]) -> None:
    """And stands in its field."""
    answer = auditor.get(PAGE, asked)
    assert answer.status_code == 200
    assert auditor.get(EXPORT, asked).status_code == 200


def test_the_export_has_every_event_with_its_hash(auditor: Client) -> None:
    """Oldest first, as Excel in Japan opens it; the export itself is noted first."""
    made = scene()
    lines = rows_of(auditor.get(EXPORT))
    events = list(AuditEvent.objects.order_by("seq"))
    assert len(lines) == len(events) + 1
    assert [int(line[0]) for line in lines[1:]] == [event.seq for event in events]
    assert lines[-1][2] == "audit.exported"
    assert lines[1][-1] == bytes(events[0].hash).hex()
    assert lines[1][1].endswith("+09:00")
    assert made.owner.email not in str(lines)


def test_the_export_keeps_the_filters(auditor: Client) -> None:
    """What is on the page is what is taken away."""
    user = UserFactory()
    audit.record(AuditKind.SIGNED_OUT, actor=user, obj=user)
    audit.record(AuditKind.PROFILE_CHANGED, actor=user, obj=user)
    page = auditor.get(PAGE, {"verb": "accounts.signed_out"}).content.decode()
    assert '<input type="hidden" name="verb" value="accounts.signed_out">' in page
    lines = rows_of(auditor.get(EXPORT, {"verb": "accounts.signed_out"}))
    assert [line[2] for line in lines[1:]] == ["accounts.signed_out"]


def test_the_export_is_also_there_for_spreadsheets(auditor: Client) -> None:
    """As xlsx, every cell a text."""
    from openpyxl import load_workbook

    audit.record(AuditKind.SIGNED_OUT, actor=None, number=1)
    answer = auditor.get(EXPORT, {"format": "xlsx"})
    assert answer["Content-Disposition"].endswith('.xlsx"')
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    values = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert len(values) == AuditEvent.objects.count() + 1
    kinds = {cell.data_type for row in book.active.iter_rows() for cell in row if cell.value}
    assert kinds <= {"s", "inlineStr"}
    assert "accounts.signed_out" in [row[2] for row in values]


def test_a_download_has_a_name_and_is_not_kept(auditor: Client) -> None:
    """By no cache on the way."""
    answer = auditor.get(EXPORT)
    assert answer["Content-Disposition"].startswith('attachment; filename="audit-20')
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Cache-Control"] == "no-store"
    rows_of(answer)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    """A spreadsheet would run it."""
    assert plain(cell) == f"'{cell}"
    assert plain(None) == ""
    assert plain("図面") == "図面"


def test_the_export_asks_once_more_who_is_there(client: Client) -> None:
    """A session that was left open must not give the log away; the proof leads back to it."""
    user = UserFactory(auditor=True)
    sign_in(client, user, recently=False)
    address = f"{EXPORT}?verb=accounts.signed_out"
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert not AuditEvent.objects.filter(verb="audit.exported").exists()
    page = reverse("mfa_reauthenticate") + "?" + answer["Location"].partition("?")[2]
    answer = client.post(page, {"code": code_now(SEED)})
    assert answer["Location"] == address
    assert rows_of(client.get(address))


def test_a_proof_is_good_for_five_minutes(client: Client) -> None:
    """Then it has to be given again."""
    sign_in(client, UserFactory(auditor=True))
    assert client.get(EXPORT).status_code == 200
    session = client.session
    records = session["account_authentication_methods"]
    session["account_authentication_methods"] = [{**r, "at": time.time() - 301} for r in records]
    session.save()
    assert client.get(EXPORT).status_code == 302


@pytest.mark.parametrize("role", ["member", "expert", "staff", "editor", "partner"])
def test_nobody_else_reads_or_exports_the_log(client: Client, role: str) -> None:
    """Not even the secretariat, whose own doings are in it."""
    sign_in(client, UserFactory(**{role: True}))
    assert client.get(PAGE).status_code == 403
    assert client.get(EXPORT).status_code == 403
