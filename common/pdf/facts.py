"""What a PDF says of itself: conformance, language, files inside. Reading only."""

import hashlib
import io
import re
from dataclasses import dataclass
from typing import Any

_CLAIMS = {
    "part": rb"<pdfaid:part>\s*(\d)|pdfaid:part=\"(\d)\"",
    "conformance": rb"<pdfaid:conformance>\s*([A-Z])|pdfaid:conformance=\"([A-Z])\"",
    "ua": rb"<pdfuaid:part>\s*(\d)|pdfuaid:part=\"(\d)\"",
}


@dataclass(frozen=True)
class InnerFile:
    """A file inside the PDF."""

    name: str
    relationship: str
    content: bytes

    @property
    def sha256(self) -> str:
        """Of its content."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class PdfFacts:
    """`standards` such as ("PDF/A-3A", "PDF/UA-1") are what the file claims, not a verdict."""

    pages: int
    language: str
    standards: tuple[str, ...]
    files: tuple[InnerFile, ...]


def read_facts(pdf: bytes) -> PdfFacts:
    """Read them. Raises pyHanko's PdfReadError where the file cannot be read."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    reader = PdfFileReader(io.BytesIO(pdf))
    root = reader.root
    return PdfFacts(
        pages=int(root["/Pages"]["/Count"]),
        language=str(root.get("/Lang", "")),
        standards=_standards(root["/Metadata"].data if "/Metadata" in root else b""),
        files=tuple(_file(entry.get_object()) for entry in root.get("/AF", [])),
    )


def _standards(xmp: bytes) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for name, pattern in _CLAIMS.items():
        match = re.search(pattern, xmp)
        found[name] = next((g.decode() for g in match.groups() if g), "") if match else ""
    claims = []
    if found["part"]:
        claims.append(f"PDF/A-{found['part']}{found['conformance']}")
    if found["ua"]:
        claims.append(f"PDF/UA-{found['ua']}")
    return tuple(claims)


def _file(entry: Any) -> InnerFile:
    return InnerFile(
        name=str(entry["/UF"]),
        relationship=str(entry.get("/AFRelationship", "")).lstrip("/"),
        content=bytes(entry["/EF"]["/F"].data),
    )
