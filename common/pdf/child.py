"""The child's side: one order on standard input, one PDF on standard output. Knows no settings."""

import base64
import ctypes
import json
import os
import resource
import signal
import sys
import threading
import time
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element, SubElement, fromstring, register_namespace, tostring

from common.pdf import texts
from common.pdf.compact import compact_fonts
from common.pdf.glyphs import printable
from common.pdf.limits import Limits
from common.pdf.words import keep_phrases_whole

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_UA = "{http://www.aiim.org/pdfua/ns/id/}"
_EXTENSION = "{http://www.aiim.org/pdfa/ns/extension/}"
_SCHEMA = "{http://www.aiim.org/pdfa/ns/schema#}"
_PROPERTY = "{http://www.aiim.org/pdfa/ns/property#}"
_SIGNAL_WHEN_PARENT_DIES = 1

#: Readers of PDF/A know these names by their usual prefixes only.
register_namespace("pdfaExtension", _EXTENSION.strip("{}"))
register_namespace("pdfaSchema", _SCHEMA.strip("{}"))
register_namespace("pdfaProperty", _PROPERTY.strip("{}"))


def confine(parent: int, limits: Limits) -> None:
    """Bound time and memory, and die with the parent."""
    threading.Thread(target=follow, args=(parent,), daemon=True).start()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SIGNAL_WHEN_PARENT_DIES, signal.SIGKILL)
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 2))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def follow(parent: int) -> None:
    """End when the parent is gone: on systems without the signal, or where it died before it."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(6)


def fetcher() -> Any:
    """Refuses every address, and ends the document: a missing part must not go unseen."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    class Refusing(URLFetcher):  # type: ignore[misc]
        def fetch(self, *_where: Any, **_how: Any) -> Any:
            raise FatalURLFetchingError("refused")

    return Refusing(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)


def metadata_class() -> Any:
    """WeasyPrint's metadata, with PDF/UA beside PDF/A, uncompressed."""
    from weasyprint.pdf.metadata import DocumentMetadata

    class Both(DocumentMetadata):  # type: ignore[misc]
        def include_in_pdf(
            self, pdf: Any, variant: Any, version: Any, conformance: Any, _compress: Any
        ) -> None:
            super().include_in_pdf(pdf, variant, version, conformance, False)

        def generate_rdf_metadata(self, variant: Any, version: Any, conformance: Any) -> bytes:
            own = super().generate_rdf_metadata(variant, version, conformance)
            rdf = fromstring(own)  # noqa: S314 - written a moment ago by WeasyPrint itself
            _add_ua(rdf)
            return bytes(tostring(rdf, encoding="utf-8"))

    return Both


def _add_ua(rdf: Element) -> None:
    """Part 1 of PDF/UA, and the schema that PDF/A demands for naming it."""
    part = SubElement(rdf, f"{_RDF}Description", {f"{_RDF}about": ""})
    SubElement(part, f"{_UA}part").text = "1"
    described = SubElement(rdf, f"{_RDF}Description", {f"{_RDF}about": ""})
    bag = SubElement(SubElement(described, f"{_EXTENSION}schemas"), f"{_RDF}Bag")
    item = SubElement(bag, f"{_RDF}li", {f"{_RDF}parseType": "Resource"})
    for name, text in (
        ("schema", "PDF/UA Universal Accessibility Schema"),
        ("namespaceURI", _UA.strip("{}")),
        ("prefix", "pdfuaid"),
    ):
        SubElement(item, f"{_SCHEMA}{name}").text = text
    sequence = SubElement(SubElement(item, f"{_SCHEMA}property"), f"{_RDF}Seq")
    entry = SubElement(sequence, f"{_RDF}li", {f"{_RDF}parseType": "Resource"})
    for name, text in (
        ("name", "part"),
        ("valueType", "Integer"),
        ("category", "internal"),
        ("description", "Part of ISO 14289"),
    ):
        SubElement(entry, f"{_PROPERTY}{name}").text = text


def draw(order: dict[str, Any]) -> bytes:
    """The PDF of an order."""
    from weasyprint import CSS, HTML, Attachment
    from weasyprint.text.fonts import FontConfiguration

    texts.install()
    refusing, fonts = fetcher(), FontConfiguration()
    made_at = datetime.fromisoformat(order["made_at"])
    style = CSS(string=order["css"], font_config=fonts, url_fetcher=refusing)
    page = HTML(string=printable(order["html"]), url_fetcher=refusing)
    keep_phrases_whole(page.etree_element)
    document = page.render(stylesheets=[style], font_config=fonts, pdf_tags=True)
    document.metadata.__class__ = metadata_class()
    document.metadata.created = document.metadata.modified = made_at.isoformat()
    document.metadata.attachments = [
        Attachment(
            string=base64.b64decode(entry["content"]),
            name=entry["name"],
            description=entry["description"],
            created=made_at,
            modified=made_at,
            relationship="Data",
            url_fetcher=refusing,
        )
        for entry in order["attachments"]
    ]
    pdf: bytes = document.write_pdf(
        finisher=finish,
        pdf_variant="pdf/a-3a",
        pdf_identifier=bytes.fromhex(order["identifier"]),
        pdf_tags=True,
    )
    return pdf


def finish(_document: Any, pdf: Any) -> None:
    """Cut fonts, name files once (WeasyPrint does so twice), and end no stream like a line."""
    compact_fonts(pdf)
    for thing in pdf.objects:
        if getattr(thing, "compress", False) and thing.data.endswith(b"\r\nendstream"):
            # A reader may take the last byte for a line end and find the length wrong.
            thing.compress = False
    if "AF" in pdf.catalog:
        pdf.catalog["AF"][:] = dict.fromkeys(pdf.catalog["AF"])


def main() -> int:
    """Read the order, write the PDF; an exit code instead of words, which could repeat the text."""
    parent, *numbers = (int(argument) for argument in sys.argv[1:])
    limits = Limits(*numbers)
    confine(parent, limits)
    from weasyprint.urls import FatalURLFetchingError

    try:
        pdf = draw(json.load(sys.stdin.buffer))
    except FatalURLFetchingError:
        return 2
    except MemoryError:
        return 3
    except RecursionError:
        return 4
    except Exception:  # noqa: BLE001 - the parent knows the exit code; the text stays unsaid
        return 5
    if len(pdf) > limits.pdf_bytes:
        return 7
    sys.stdout.buffer.write(pdf)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    # Interpreter shut-down can hang on fonts under the memory limit; nothing is left to save.
    status = main()
    os._exit(status)
