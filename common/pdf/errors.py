"""What can go wrong while a PDF is made. No message repeats what the document says."""


class PdfFailed(Exception):
    """The document could not be made; `code` says why, in one word."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class PdfRefused(PdfFailed):
    """The document names an address; a document has no part outside itself."""


class PdfTooLarge(PdfFailed):
    """The document needed more time or memory than one may."""
