"""The issuer's electronic seal (PAdES): one revision, so that the file stays PDF/A and PDF/UA."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from common.pdf.errors import PdfFailed

_NAME = "JETRO trade secret portal"
#: A self-made certificate is valid this long.
_YEARS = 10


def seal_pdf(pdf: bytes) -> bytes:
    """The PDF with the seal of SEAL_FILE, time-stamped where TSA_URL is set. Raises PdfFailed."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers
    from pyhanko.sign.timestamps import TimestampRequestError

    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    # pyHanko would write the metadata anew and lose the schema that PDF/A demands.
    writer._update_meta = lambda: None  # type: ignore[method-assign]
    metadata = signers.PdfSignatureMetadata(
        field_name="Seal1",
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        md_algorithm="sha256",
        name=_NAME,
    )
    spec = fields.SigFieldSpec(
        "Seal1",
        readable_field_name="発行者電子シール",
        invis_sig_settings=fields.InvisSigSettings(box_out_of_bounds=True),
    )
    signer = signers.PdfSigner(
        metadata, signer=_signer(), timestamper=_time_stamper(), new_field_spec=spec
    )
    out = io.BytesIO()
    try:
        signer.sign_pdf(writer, output=out)
    except TimestampRequestError as error:
        raise PdfFailed("time_stamp") from error
    return out.getvalue()


def _signer() -> Any:
    from pyhanko.sign import signers

    found = signers.SimpleSigner.load_pkcs12(  # type: ignore[no-untyped-call]
        str(settings.SEAL_FILE), passphrase=settings.SEAL_PASSWORD.encode() or None
    )
    if found is None:
        raise PdfFailed("seal_unreadable")
    return found


def _time_stamper() -> Any:
    from pyhanko.sign.timestamps import HTTPTimeStamper

    return HTTPTimeStamper(settings.TSA_URL, timeout=10) if settings.TSA_URL else None


def seal_problems(pdf: bytes) -> list[str]:
    """What is wrong with the seal of a file; empty where it is ours, whole and covers everything.

    Raises PdfFailed where SEAL_FILE cannot be read.
    """
    own = _signer().signing_cert
    try:
        return _problems(pdf, own)
    except Exception:  # noqa: BLE001 - a damaged file breaks its reader in many ways
        return ["not readable as a sealed PDF"]


def _problems(pdf: bytes, own: Any) -> list[str]:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    seals = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    if len(seals) != 1:
        return ["no seal" if not seals else "more than one seal"]
    status = validate_pdf_signature(seals[0], ValidationContext(trust_roots=[own]))
    found = {
        "changed after sealing": not status.intact,
        "seal does not fit its certificate": not status.valid,
        "sealed by somebody else": status.signing_cert.dump() != own.dump(),
        "seal does not cover the whole file": (
            status.coverage is not SignatureCoverageLevel.ENTIRE_FILE
        ),
        "forbidden change": status.docmdp_ok is False,
    }
    return [problem for problem, there in found.items() if there]


def make_seal(path: Path, password: str) -> bool:
    """Make a self-signed seal where there is none; False where one is there already.

    An authority's certificate replaces the file later; documents sealed before stay valid.
    """
    if path.exists():
        return False
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import pkcs12

    key = ec.generate_private_key(ec.SECP256R1())
    protection: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if password:
        protection = serialization.BestAvailableEncryption(password.encode())
    content = pkcs12.serialize_key_and_certificates(
        b"seal", key, _certificate(key), None, protection
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".half")
    half.unlink(missing_ok=True)
    half.touch(mode=0o600)
    half.write_bytes(content)
    half.replace(path)
    return True


def _certificate(key: Any) -> Any:
    """A certificate for sealing, signed by its own key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.x509.oid import NameOID

    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _NAME)])
    now = datetime.now(UTC)
    usage = dict.fromkeys(
        (
            "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign",
            "encipher_only", "decipher_only",
        ),
        False,
    )  # fmt: skip
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=365 * _YEARS))
        .add_extension(
            x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True
        )
        .sign(key, hashes.SHA256())
    )
