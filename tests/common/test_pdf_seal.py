"""The seal: makes no difference to the standards, and no change to the file stays unseen."""

import io
import random
import stat
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from common.pdf import PdfFailed, make_seal, seal_pdf, seal_problems
from tests.common.pdfs import drawn

page = pytest.importorskip("page")
PASSWORD = "long-enough-to-try"


@pytest.fixture(scope="module")
def unsealed() -> bytes:
    """A page."""
    return drawn("<p>本文</p>")


@pytest.fixture(autouse=True)
def seal(tmp_path: Path, settings: Any) -> Path:
    """A seal of this test's own."""
    settings.SEAL_FILE, settings.SEAL_PASSWORD = tmp_path / "secrets" / "seal.p12", PASSWORD
    settings.TSA_URL = None
    assert make_seal(settings.SEAL_FILE, PASSWORD)
    return settings.SEAL_FILE  # type: ignore[no-any-return]


@pytest.fixture
def sealed(unsealed: bytes) -> bytes:
    """The page, sealed."""
    return seal_pdf(unsealed)


def test_the_seal_is_ours_whole_and_covers_everything(sealed: bytes) -> None:
    assert seal_problems(sealed) == []


@pytest.mark.parametrize("profile", ["3a", "ua1"])
def test_a_sealed_file_still_keeps_both_standards(
    sealed: bytes, tmp_path: Path, profile: str
) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(sealed)
    assert page.validate_pdf(str(file), profile=profile).failures == []


def test_sealing_only_adds(unsealed: bytes, sealed: bytes) -> None:
    assert sealed.startswith(unsealed)


@pytest.mark.slow
def test_one_flipped_bit_anywhere_is_noticed(sealed: bytes) -> None:
    _begin, hole, after, _rest = _read(sealed).byte_range
    covered = [i for i in range(len(sealed)) if not hole <= i < after]
    for place in random.Random(4).sample(covered, 60):
        changed = bytearray(sealed)
        changed[place] ^= 1
        assert seal_problems(bytes(changed)), place


def test_added_bytes_are_noticed(sealed: bytes) -> None:
    assert seal_problems(sealed + b"\n% more\n")


def test_a_later_revision_is_noticed(sealed: bytes) -> None:
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(sealed))
    writer.root["/Lang"] = generic.pdf_string("en")
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    assert "seal does not cover the whole file" in seal_problems(out.getvalue())


def test_a_seal_of_somebody_else_is_not_ours(sealed: bytes, settings: Any, tmp_path: Path) -> None:
    settings.SEAL_FILE = tmp_path / "other.p12"
    make_seal(settings.SEAL_FILE, PASSWORD)
    assert seal_problems(sealed) == ["sealed by somebody else"]


def test_a_file_without_seal_or_sense_is_named_so(unsealed: bytes) -> None:
    assert seal_problems(unsealed) == ["no seal"]
    assert seal_problems(b"%PDF-1.7 nothing") == ["not readable as a sealed PDF"]


def test_a_missing_seal_or_wrong_password_ends_in_one_word(
    unsealed: bytes, settings: Any, tmp_path: Path
) -> None:
    settings.SEAL_PASSWORD = "another"
    with pytest.raises(PdfFailed, match="seal_unreadable"):
        seal_pdf(unsealed)
    settings.SEAL_FILE = tmp_path / "none.p12"
    with pytest.raises(PdfFailed, match="seal_unreadable"):
        seal_pdf(unsealed)


def test_making_a_seal_again_changes_nothing(
    seal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = seal.read_bytes()
    call_command("make_seal")
    assert seal.read_bytes() == before
    assert "already" in capsys.readouterr().out
    assert stat.S_IMODE(seal.stat().st_mode) == 0o600
    assert [entry.name for entry in seal.parent.iterdir()] == [seal.name]


def test_a_time_stamp_goes_into_the_seal_where_a_service_is_set(
    unsealed: bytes, seal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("common.pdf.seal._time_stamper", _test_service)
    sealed = seal_pdf(unsealed)
    assert seal_problems(sealed) == []
    assert _has_time_stamp(sealed)
    assert not _has_time_stamp(seal_pdf_without(unsealed, monkeypatch))


def seal_pdf_without(pdf: bytes, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """Sealed without a time stamp."""
    monkeypatch.setattr("common.pdf.seal._time_stamper", lambda: None)
    return seal_pdf(pdf)


def _read(pdf: bytes) -> Any:
    """The seal of a file."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    return PdfFileReader(io.BytesIO(pdf)).embedded_signatures[0]


def _has_time_stamp(pdf: bytes) -> bool:
    """Whether a time stamp lies in the seal."""
    attributes = _read(pdf).signer_info["unsigned_attrs"].native or []
    return any(entry["type"] == "signature_time_stamp_token" for entry in attributes)


def _test_service() -> Any:
    """A time stamp service inside this process."""
    from datetime import UTC, datetime, timedelta

    from asn1crypto import keys
    from asn1crypto import x509 as der
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
    from pyhanko.sign.timestamps import DummyTimeStamper
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "time")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return DummyTimeStamper(
        tsa_cert=der.Certificate.load(certificate.public_bytes(serialization.Encoding.DER)),
        tsa_key=keys.PrivateKeyInfo.load(private),
        certs_to_embed=SimpleCertificateStore(),
    )


def test_a_time_stamp_service_that_is_away_ends_in_one_word(unsealed: bytes, settings: Any) -> None:
    settings.TSA_URL = "http://127.0.0.1:9/tsa"
    with pytest.raises(PdfFailed, match="time_stamp"):
        seal_pdf(unsealed)


def test_the_check_command_names_what_is_wrong(
    unsealed: bytes, sealed: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(sealed)
    call_command("check_pdf", str(file))
    said = capsys.readouterr().out
    assert "PDF/A-3A: passes" in said
    assert "PDF/UA-1: passes" in said
    assert "covers the whole file" in said
    file.write_bytes(unsealed)
    with pytest.raises(CommandError, match="no seal"):
        call_command("check_pdf", str(file))
