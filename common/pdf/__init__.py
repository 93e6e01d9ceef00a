"""PDF/A-3a and PDF/UA-1 in one file, made in a process that can be killed, then sealed."""

from common.pdf.errors import PdfFailed, PdfRefused, PdfTooLarge
from common.pdf.facts import InnerFile, PdfFacts, read_facts
from common.pdf.limits import Limits
from common.pdf.render import Attachment, render_pdf
from common.pdf.seal import make_seal, seal_pdf, seal_problems

__all__ = [
    "Attachment",
    "InnerFile",
    "Limits",
    "PdfFacts",
    "PdfFailed",
    "PdfRefused",
    "PdfTooLarge",
    "make_seal",
    "read_facts",
    "render_pdf",
    "seal_pdf",
    "seal_problems",
]
