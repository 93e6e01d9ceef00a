"""Uploads: what is taken, how it is kept, and when it is served.

Rules of `inspect`, in the order they are asked. A broken rule raises `UploadRefused(code)`.

| rule | bound | code |
|---|---|---|
| the name has an extension | | no_extension |
| not empty | 1 byte | empty |
| size | 20 MB | too_large |
| extension on the list | pdf docx xlsx pptx jpg png txt csv | type, or with advice: photo, old_office, macro, archive, encrypted |
| content is what the extension says | libmagic, and the container's parts | mismatch, type |
| PDF, PNG, JPEG are nothing else at once | no page in the first 4 KB, no zip at the end | container |
| zip: entries, directory | 2,000, 1 MB | bomb |
| zip: unpacked, with documents inside | 200 MB declared, and counted while unpacking | bomb |
| zip: density | 100 : 1 in all, and for each entry over 1 MB | bomb |
| zip: entries do not overlap, begin at 0, agree with their local headers, no name twice | | container |
| zip: no absolute or `..` names, links, control characters; stored or deflated only | | container |
| zip: contents have the declared length and checksum | | container, damaged |
| no password: zip entries, Office packages, PDF /Encrypt | | encrypted |
| Office: `[Content_Types].xml`, a part in word/, xl/ or ppt/, the main type | | type, container |
| Office: no VBA, macro sheet, ActiveX; no macro-enabled type | | macro |
| Office: no OLE object, program, archive, alternate chunk; a docx, xlsx, pptx in `embeddings/` keeps all rules and holds no further one | | embedded |
| Office: outside relationships only as links to click, workbooks, a template on a local drive | | external |
| Office: no DDE in fields or workbook links | | external |
| Office: no document type in any XML part | | container |
| PDF: no JavaScript, Launch, RichMedia, Rendition, XFA, also escaped or in object streams | 64 MB of objects | pdf_active, bomb |
| PDF: no embedded file | | pdf_embedded |
| image: size in pixels by header | 20,000 a side, 120 million | image_size |
| text: UTF-8, UTF-16 with mark, Shift_JIS, EUC-JP or ISO-2022-JP, no control characters | | text |
| text: no web page or script at its head; CSV: no cell that starts a program | | program |
| what cannot be read as its kind | | damaged |

All files of one case together: 200 MB (`quota.check_room`, code quota).
The name is then cleaned (`names.clean_name`), never a reason to refuse.
"""  # noqa: E501 - a table's row is one line

from common.uploads import checks as checks
from common.uploads.clamd import Verdict, scan
from common.uploads.enums import ScanDetail, ScanState
from common.uploads.errors import FileLost, UploadRefused
from common.uploads.inspection import Inspected, inspect
from common.uploads.models import StoredFile, StoredFileQuerySet
from common.uploads.names import clean_name
from common.uploads.quota import check_room
from common.uploads.scanning import is_unscanned, may_serve, scan_label, scan_sealed
from common.uploads.serving import response
from common.uploads.storing import discard, prove, read, read_proved, store

__all__ = [
    "FileLost",
    "Inspected",
    "ScanDetail",
    "ScanState",
    "StoredFile",
    "StoredFileQuerySet",
    "UploadRefused",
    "Verdict",
    "check_room",
    "clean_name",
    "discard",
    "inspect",
    "is_unscanned",
    "may_serve",
    "prove",
    "read",
    "read_proved",
    "response",
    "scan",
    "scan_label",
    "scan_sealed",
    "store",
]
