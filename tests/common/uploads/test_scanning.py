"""Scanning and serving: whatever is not clearly clean is not served, and the scanner's state is told."""

import io
import socket
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from common import uploads
from common.jobs import Job
from common.jobs.run import run
from common.uploads import ScanDetail, ScanState, Verdict, checks, scan
from common.uploads.limits import TOGETHER_BYTES
from common.uploads.storing import storage
from common.vault import DataKey
from consultations.models import Attachment
from tests.accounts.factories import sign_in
from tests.common.uploads.models import Paper, create_table
from tests.common.uploads.samples import pdf, upload
from tests.common.uploads.scanner import FROZEN, scanner
from tests.consultations.factories import Scene, scene

CONTENT = bytes(range(256)) * 1_000
EICAR = b"stream: Win.Test.EICAR_HDB-1 FOUND\0"


@pytest.fixture(autouse=True)
def short(monkeypatch: Any) -> None:
    """Nobody waits half a minute here."""
    monkeypatch.setattr("common.uploads.clamd.READ_SECONDS", 0.3)
    monkeypatch.setattr("common.uploads.clamd.CONNECT_SECONDS", 0.3)


@pytest.fixture
def paper(db: None, settings: Any, tmp_path: Path) -> Paper:
    """A stored file that nobody scanned yet."""
    create_table()
    file = upload("見積.pdf", pdf())
    row = Paper(data_key=DataKey.objects.create_key())
    return uploads.store(row, file, uploads.inspect(file))


def asked(settings: Any, answer: bytes, content: bytes = CONTENT, **options: Any) -> Verdict:
    """The verdict on some content by a scanner that answers so."""
    with scanner(answer, **options) as server:
        settings.CLAMD_URL = server.url
        verdict = scan(io.BytesIO(content))
        if server.received:
            assert server.received == [content]
        return verdict


# --- What the scanner says ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "state", "detail", "final"),
    [
        (b"stream: OK\0", ScanState.CLEAN, "", True),
        (EICAR, ScanState.INFECTED, "Win.Test.EICAR_HDB-1", True),
        (b"stream: Evil <b>\xe3\x81\x82 FOUND\0", ScanState.INFECTED, "Evil__b________", True),
        (b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0", ScanState.ERROR,
         ScanDetail.TOO_LARGE, True),
        (b"INSTREAM size limit exceeded. ERROR\0", ScanState.ERROR, ScanDetail.TOO_LARGE, True),
        (b"stream: Can't allocate memory ERROR\0", ScanState.ERROR, ScanDetail.REFUSED, True),
        (b"UNKNOWN COMMAND\0", ScanState.ERROR, ScanDetail.REFUSED, True),
        (b"stream: OK FOUND OK\0", ScanState.ERROR, ScanDetail.REFUSED, True),
        (b"\0", ScanState.PENDING, ScanDetail.UNREACHABLE, False),
        (FROZEN, ScanState.PENDING, ScanDetail.TIMEOUT, False),
    ],
    ids=["clean", "infected", "strange name", "limit", "oversize", "error", "unknown", "both",
         "nothing", "frozen"],
)  # fmt: skip
def test_only_one_answer_means_clean(
    settings: Any, answer: bytes, state: str, detail: str, final: bool
) -> None:
    """And one that may be asked again is not final."""
    verdict = asked(settings, answer)
    assert (verdict.state, verdict.is_final) == (state, final)
    assert verdict.detail == detail or verdict.detail.startswith("Evil__b_")


def test_a_signature_is_named_in_plain_letters(settings: Any) -> None:
    """It is shown and kept: at most 60 characters, none of them markup."""
    verdict = asked(settings, b"stream: " + b"<x>" * 60 + b" FOUND\0")
    assert verdict.detail == ("_x_" * 60)[:60]


def test_a_scanner_that_hangs_up_early_may_have_said_why(settings: Any) -> None:
    """The rest of a file that is too large is not read."""
    limit = b"INSTREAM size limit exceeded. ERROR\0"
    verdict = asked(settings, limit, bytes(8_000_000), limit=100_000)
    assert verdict == Verdict(ScanState.ERROR, ScanDetail.TOO_LARGE)


def test_a_scanner_that_hangs_up_without_a_word_is_asked_again(settings: Any) -> None:
    """It was being restarted."""
    verdict = asked(settings, b"", bytes(8_000_000), limit=100_000)
    assert verdict == Verdict(ScanState.PENDING, ScanDetail.UNREACHABLE)


def test_a_scanner_that_is_away_is_asked_again(settings: Any) -> None:
    """A verdict, no exception."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    settings.CLAMD_URL = f"tcp://127.0.0.1:{port}"
    assert scan(io.BytesIO(b"x")) == Verdict(ScanState.PENDING, ScanDetail.UNREACHABLE)
    settings.CLAMD_URL = "unix:/nowhere/clamd.sock"
    assert scan(io.BytesIO(b"x")) == Verdict(ScanState.PENDING, ScanDetail.UNREACHABLE)
    settings.CLAMD_URL = "tcp://no-such-host.invalid:3310"
    assert scan(io.BytesIO(b"x")) == Verdict(ScanState.PENDING, ScanDetail.UNREACHABLE)


def test_a_scanner_may_be_a_socket_of_this_machine(settings: Any, tmp_path: Path) -> None:
    """The whole file arrives, in chunks with their lengths."""
    verdict = asked(settings, b"stream: OK\0", path=tmp_path / "clamd.sock")
    assert verdict == Verdict(ScanState.CLEAN)


def test_without_a_scanner_nothing_is_clean(settings: Any) -> None:
    """It stays pending, and says why."""
    settings.CLAMD_URL = "none:"
    assert scan(io.BytesIO(b"x")) == Verdict(ScanState.PENDING, ScanDetail.NO_SCANNER)


def test_production_is_refused_without_a_scanner(settings: Any) -> None:
    """By the system check that runs at every start."""
    settings.PORTAL_ENV, settings.CLAMD_URL = "production", "none:"
    assert [found.id for found in checks.check_scanner()] == ["uploads.E001"]
    settings.CLAMD_URL = "tcp://clamav:3310"
    assert checks.check_scanner() == checks.check_libmagic() == []


# --- What is kept -------------------------------------------------------------------------------


def scanned(settings: Any, row: Paper, answer: bytes) -> Paper:
    """The row after one scan."""
    with scanner(answer) as server:
        settings.CLAMD_URL = server.url
        uploads.scan_sealed(row)
    return row


def test_a_stored_file_is_scanned_in_plain(settings: Any, paper: Paper) -> None:
    """Opened from the storage, where it lies sealed."""
    with scanner(b"stream: OK\0") as server:
        settings.CLAMD_URL = server.url
        assert uploads.scan_sealed(paper).state == ScanState.CLEAN
        assert server.received == [b"".join(uploads.read(paper))]
    assert paper.scan_state == ScanState.CLEAN
    assert paper.scanned_at is not None
    with storage().open(paper.path) as sealed:
        assert b"%PDF" not in sealed.read()


def test_a_verdict_that_stands_is_not_asked_again(settings: Any, paper: Paper) -> None:
    """An infected file does not become clean by a second scanner."""
    scanned(settings, paper, EICAR)
    assert (paper.scan_state, paper.scan_detail) == ("infected", "Win.Test.EICAR_HDB-1")
    scanned(settings, paper, b"stream: OK\0")
    assert paper.scan_state == ScanState.INFECTED


def test_a_file_without_a_verdict_is_scanned_later(settings: Any, paper: Paper) -> None:
    """The scanner was away; the file waits."""
    scanned(settings, paper, b"\0")
    assert (paper.scan_state, paper.scan_detail) == ("pending", "unreachable")
    assert paper.scanned_at is None
    assert list(Paper.objects.awaiting_scan()) == [paper]
    scanned(settings, paper, b"stream: OK\0")
    assert list(Paper.objects.scanned_clean()) == [paper]
    assert paper.scan_detail == ""


@pytest.mark.parametrize("damage", ["lost", "cut", "bit", "row"])
def test_a_file_that_cannot_be_opened_is_in_error(settings: Any, paper: Paper, damage: str) -> None:
    """And no scanner is asked about half of it."""
    place = Path(storage().path(paper.path))
    sealed = place.read_bytes()
    if damage == "lost":
        place.unlink()
    elif damage == "cut":
        place.write_bytes(sealed[:-10])
    elif damage == "bit":
        place.write_bytes(sealed[:-30] + bytes([sealed[-30] ^ 1]) + sealed[-29:])
    else:
        Paper.objects.filter(pk=paper.pk).update(size=paper.size + 1)
        paper.refresh_from_db()
    with scanner(b"stream: OK\0") as server:
        settings.CLAMD_URL = server.url
        uploads.scan_sealed(paper)
        assert server.received == []
    assert (paper.scan_state, paper.scan_detail) == ("error", "unreadable")
    assert not uploads.may_serve(paper)


def test_the_database_knows_no_clean_file_without_a_date(paper: Paper) -> None:
    """Nor an unknown state."""
    for values in ({"scan_state": "clean", "scanned_at": None}, {"scan_state": "fine"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Paper.objects.filter(pk=paper.pk).update(**values)


# --- What is served -----------------------------------------------------------------------------


@pytest.mark.parametrize("state", ScanState.values)
@pytest.mark.parametrize("environment", ["development", "production"])
def test_only_what_is_clean_is_served(
    settings: Any, paper: Paper, state: str, environment: str
) -> None:
    """With a scanner, anywhere."""
    settings.CLAMD_URL, settings.PORTAL_ENV = "tcp://127.0.0.1:1", environment
    paper.scan_state = state
    assert uploads.may_serve(paper) is (state == "clean")
    if state != "clean":
        with pytest.raises(PermissionDenied):
            uploads.response(paper, iter([b"x"]))


@pytest.mark.parametrize(
    ("environment", "state", "served"),
    [("development", "pending", True), ("development", "infected", False),
     ("development", "error", False), ("production", "pending", False)],
)  # fmt: skip
def test_without_a_scanner_a_file_says_that_it_was_not_scanned(
    settings: Any, paper: Paper, environment: str, state: str, served: bool
) -> None:
    """Where one tries the portal out; never in production."""
    settings.CLAMD_URL, settings.PORTAL_ENV = "none:", environment
    paper.scan_state = state
    assert uploads.may_serve(paper) is uploads.is_unscanned(paper) is served
    assert (uploads.scan_label(paper) == "未検査") is (state == "pending")


def test_why_there_is_no_verdict_is_told_in_words(paper: Paper) -> None:
    """For staff; a signature's name as it is."""
    paper.scan_detail = "timeout"
    assert paper.get_scan_detail_display() == ScanDetail.TIMEOUT.label
    paper.scan_detail = "Win.Test.EICAR_HDB-1"
    assert paper.get_scan_detail_display() == "Win.Test.EICAR_HDB-1"


def test_a_download_is_saved_and_never_shown(settings: Any, paper: Paper) -> None:
    """Whatever it holds, no browser runs or keeps it."""
    scanned(settings, paper, b"stream: OK\0")
    answer = uploads.response(paper, uploads.read_proved(paper))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith('attachment; filename="file.pdf"; filename*=')
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    content = b"".join(answer.streaming_content)  # type: ignore[arg-type]
    assert len(content) == int(answer["Content-Length"]) == paper.size
    assert content == pdf()[:0] + b"".join(uploads.read(paper))


# --- Storing ------------------------------------------------------------------------------------


def test_a_row_that_cannot_be_saved_leaves_no_file(db: None, monkeypatch: Any) -> None:
    """Nothing stays behind of an upload that failed."""
    create_table()
    file = upload("見積.pdf", pdf())
    row = Paper(data_key=DataKey.objects.create_key())

    def full(*_args: Any, **_options: Any) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(Paper, "save", full)
    with pytest.raises(OSError, match="no space"):
        uploads.store(row, file, uploads.inspect(file))
    assert not storage().exists(row.path)


def test_a_full_disk_leaves_neither_row_nor_file(db: None, monkeypatch: Any) -> None:
    """The storage fails in the middle of writing."""
    create_table()
    file = upload("見積.pdf", pdf())
    row = Paper(data_key=DataKey.objects.create_key())

    def full(handle: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("common.uploads.storing.os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        uploads.store(row, file, uploads.inspect(file))
    assert not storage().exists(row.path)
    assert not Paper.objects.exists()


def test_a_path_says_nothing_and_a_name_is_sealed(paper: Paper) -> None:
    """Neither on the disk nor in the row."""
    from django.db import connection

    assert "見積" not in paper.path
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(p)::text FROM uploads_tests_paper p")
        assert "見積" not in cursor.fetchone()[0]
    assert paper.name == "見積.pdf"


def test_a_discarded_file_goes_after_the_commit(
    paper: Paper, django_capture_on_commit_callbacks: Any
) -> None:
    """Not before: the transaction may still be rolled back."""
    with django_capture_on_commit_callbacks(execute=True):
        uploads.discard(paper)
        assert storage().exists(paper.path)
    assert not storage().exists(paper.path)


# --- Through the page ---------------------------------------------------------------------------


@pytest.fixture
def case(db: None) -> Scene:
    """A case with one small file."""
    return scene()


def place_of(made: Scene) -> str:
    """The file's address."""
    return reverse("consultations:attachment", args=[made.case.ref, made.attachment.pk])


def test_a_file_is_scanned_by_a_job_and_then_served(
    settings: Any, case: Scene, client: Client
) -> None:
    """Pending it is not; clean it is, whole, whatever range was asked for."""
    sign_in(client, case.owner)
    with scanner(b"stream: OK\0") as server:
        settings.CLAMD_URL = server.url
        assert client.get(place_of(case)).status_code == 403
        run(str(Job.objects.get(kind="consultations.scan").pk))
    answer = client.get(place_of(case), headers={"range": "bytes=1-2"})
    assert answer.status_code == 200
    assert answer["Accept-Ranges"] == "none"
    assert b"".join(answer.streaming_content).decode() == "日時だけの記録"
    assert "filename*=UTF-8''%E8%A8%98%E9%8C%B2.txt" in answer["Content-Disposition"]


@pytest.mark.parametrize("answer", [EICAR, b"\0", b"INSTREAM size limit exceeded. ERROR\0"])
def test_what_is_not_clean_is_refused_on_the_page_too(
    settings: Any, case: Scene, client: Client, answer: bytes
) -> None:
    """To everybody, its sender included."""
    with scanner(answer) as server:
        settings.CLAMD_URL = server.url
        run(str(Job.objects.get(kind="consultations.scan").pk))
        for person in (case.owner, case.adviser):
            assert sign_in(client, person).get(place_of(case)).status_code == 403


def test_files_that_wait_are_scanned_once_the_scanner_is_there(settings: Any, case: Scene) -> None:
    """By the round every ten minutes."""
    from common import jobs
    from consultations.enums import JobKind

    with scanner(b"stream: OK\0") as server:
        settings.CLAMD_URL = server.url
        run(str(jobs.enqueue(JobKind.RESCAN, 1).pk))
    assert Attachment.objects.get().scan_state == ScanState.CLEAN


def test_a_case_has_room_for_200_megabytes(case: Scene, client: Client) -> None:
    """The file that is too much is named at its field, and the message's text stays."""
    sign_in(client, case.owner)
    Attachment.objects.update(size=TOGETHER_BYTES - 100)
    address = reverse("consultations:send", args=[case.case.ref])
    token = "3f0f3b1e-0000-4000-8000-000000000001"
    file = upload("記録.txt", b"x" * 101)
    answer = client.post(address, {"body": "書いた文", "token": token, "file": file})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "200MB" in page
    assert "書いた文" in page
    assert Attachment.objects.count() == 1
    file = upload("記録.txt", b"x" * 100)
    answer = client.post(address, {"body": "書いた文", "token": token, "file": file})
    assert answer.status_code == 302
    assert Attachment.objects.count() == 2


def test_a_message_without_a_file_fits_into_a_full_case(case: Scene, client: Client) -> None:
    """Only files are bounded."""
    sign_in(client, case.owner)
    Attachment.objects.update(size=TOGETHER_BYTES + 100, created_at=Now() - timedelta(days=1))
    address = reverse("consultations:send", args=[case.case.ref])
    token = "3f0f3b1e-0000-4000-8000-000000000002"
    assert client.post(address, {"body": "書いた文", "token": token}).status_code == 302
