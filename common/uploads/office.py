"""Word, Excel and PowerPoint files: the parts they must have, and those they must not."""

import re
from xml.parsers import expat

from common.uploads.containers import Budget, Container, Entry
from common.uploads.errors import UploadRefused
from common.uploads.limits import FILE_BYTES

#: Extension → folder of its parts, and the content type its main part is declared with.
FAMILIES = {
    "docx": ("word/", b"wordprocessingml.document.main+xml"),
    "xlsx": ("xl/", b"spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/", b"presentationml.presentation.main+xml"),
}
TYPES = "[Content_Types].xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
#: Beginnings of programs, shortcuts and archives; none has a place in a document.
FOREIGN = (b"MZ", b"\x7fELF", b"Rar!", b"7z\xbc\xaf", b"MSCF", b"\x4c\0\0\0\x01\x14\x02\0", b"BZh")
MACRO_PART = re.compile(r"vba(project|data)|/macrosheets/|/activex/", re.IGNORECASE)
MACRO_TYPE = re.compile(rb"macroenabled|vbaproject|activex|macrosheet", re.IGNORECASE)
EMBEDDED_DOCUMENT = re.compile(r"/embeddings/[^/]+\.(docx|xlsx|pptx)", re.IGNORECASE)
#: Kinds of relationship that may point outside: links to click, and other workbooks, for whose
#: values Excel asks before it reads them.
MAY_POINT_OUTSIDE = re.compile(
    r"/(hyperlink|externalLinkPath|xlPathMissing|xlStartup|xlLibrary|xlAlternateStartup)$"
)
LINK = re.compile(r"(https?|ftp|file|mailto|tel):|#|(?![A-Za-z][A-Za-z0-9+.-]+:)", re.IGNORECASE)
LOCAL_TEMPLATE = re.compile(r"(file:///)?[A-Za-z]:[\\/]|[^:/\\]+\.dot[xm]?$", re.IGNORECASE)
CHUNK_RELATION = re.compile(r"/(aFChunk|oleObject|control|activeXControlBinary|attachedToolbars)$")
DDE = re.compile(r"\bDDE(AUTO)?\b", re.IGNORECASE)


def family_of(data: bytes) -> str | None:
    """docx, xlsx or pptx by the folder inside, None for any other container.

    Raises UploadRefused where the container breaks a rule.
    """
    names = Container(data).names()
    for extension, (folder, _type) in FAMILIES.items():
        if TYPES in names and any(name.startswith(folder) for name in names):
            return extension
    return None


def check_office(data: bytes, extension: str, budget: Budget | None = None) -> None:
    """Raises UploadRefused: macro, embedded, external, container, bomb, encrypted, damaged."""
    nested = budget is not None
    budget = budget or Budget()
    container = Container(data, budget)
    by_name = {entry.name: entry for entry in container.entries}
    folder, main_type = FAMILIES[extension]
    if TYPES not in by_name or not any(name.startswith(folder) for name in by_name):
        raise UploadRefused("damaged")
    types = container.read(by_name[TYPES])
    if MACRO_TYPE.search(types) or any(MACRO_PART.search(name) for name in by_name):
        raise UploadRefused("macro")
    if main_type not in types:
        raise UploadRefused("container")
    for entry in container.entries:
        _check_part(container, entry, budget, nested=nested)


def _check_part(container: Container, entry: Entry, budget: Budget, *, nested: bool) -> None:
    """Unpack one part to its end, looking at its beginning and, for XML, at what it may say."""
    name = entry.name.lower()
    reader = _reader_of(name)
    head = b""
    for piece in container.unpack(entry):
        if not head:
            head = piece[:16]
            _check_beginning(entry, head, nested=nested)
        if reader is not None:
            reader.feed(piece)
    if reader is not None:
        reader.close()
    if head.startswith(ZIP):
        inner = container.read(entry, FILE_BYTES)
        check_office(inner, name.rpartition(".")[2], budget)


def _check_beginning(entry: Entry, head: bytes, *, nested: bool) -> None:
    """Refuse OLE objects, programs, archives; a chart's workbook may be inside, one level deep."""
    if head.startswith((OLE, *FOREIGN)):
        raise UploadRefused("embedded")
    if head.startswith(ZIP) and (nested or not EMBEDDED_DOCUMENT.search(entry.name)):
        raise UploadRefused("embedded")
    if head.startswith(b"\x1f\x8b") and not entry.name.lower().endswith((".emz", ".wmz")):
        raise UploadRefused("embedded")


class PartReader:
    """Reads one XML part without ever expanding an entity; stops early where nothing is sought."""

    seeks_more = False

    def __init__(self) -> None:
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._begun = False

    def feed(self, piece: bytes) -> None:
        """Raises UploadRefused for a document type, and for what is no XML."""
        if self._begun and not self.seeks_more:
            return
        try:
            self._parser.Parse(piece, False)
        except expat.ExpatError:
            raise UploadRefused("damaged") from None

    def close(self) -> None:
        """Raises UploadRefused where no element ever came."""
        if not self._begun:
            raise UploadRefused("damaged")

    def _doctype(self, *_args: object) -> None:
        raise UploadRefused("container")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._begun = True
        self.element(name.rpartition(" ")[2], attributes)

    def element(self, name: str, attributes: dict[str, str]) -> None:
        """What a reader of a certain part looks at."""


class RelationReader(PartReader):
    """Relationships: which other parts and outside files a part reads."""

    seeks_more = True

    def element(self, name: str, attributes: dict[str, str]) -> None:
        """Refuse what is embedded or loaded from outside."""
        if name != "Relationship":
            return
        kind, target = attributes.get("Type", ""), attributes.get("Target", "").strip()
        if CHUNK_RELATION.search(kind):
            raise UploadRefused("embedded")
        if attributes.get("TargetMode", "").lower() != "external":
            return
        if kind.endswith("/hyperlink") and not LINK.match(target):
            raise UploadRefused("external")
        if kind.endswith("/attachedTemplate") and LOCAL_TEMPLATE.match(target):
            return
        if not MAY_POINT_OUTSIDE.search(kind):
            raise UploadRefused("external")


class FieldReader(PartReader):
    """Fields of a Word document, whose instructions may start programs (DDE)."""

    seeks_more = True

    def __init__(self) -> None:
        super().__init__()
        self._instructions: list[str] = []

    def element(self, name: str, attributes: dict[str, str]) -> None:
        """Collect instructions."""
        # Handlers for text only where it is wanted: documents are large, instructions few.
        wanted = self._instructions.append if name == "instrText" else None
        self._parser.CharacterDataHandler = wanted
        if name == "fldSimple":
            self._instructions += [v for k, v in attributes.items() if k.endswith("instr")]

    def close(self) -> None:
        """Judge all instructions together, since Word splits them at will."""
        super().close()
        if DDE.search("".join(self._instructions)):
            raise UploadRefused("external")


class OutsideBookReader(PartReader):
    """A workbook's reference to another source of values."""

    seeks_more = True

    def element(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002
        """Other workbooks are harmless; programs are not."""
        if name in ("ddeLink", "oleLink"):
            raise UploadRefused("external")


def _reader_of(name: str) -> PartReader | None:
    """The reader for a part of this name, None for what is no XML."""
    if name.endswith(".rels"):
        return RelationReader()
    if not name.endswith(".xml"):
        return None
    if name.startswith("word/") and "/theme/" not in name:
        return FieldReader()
    if "/externallinks/" in name:
        return OutsideBookReader()
    return PartReader()
