"""The floor of a PDF: a fresh process that hands HTML and CSS to WeasyPrint, and nothing else."""

import json
import sys


def main() -> None:
    """The order on standard input, the PDF on standard output."""
    order = json.load(sys.stdin.buffer)
    from weasyprint import CSS, HTML

    style = CSS(string=order["css"])
    sys.stdout.buffer.write(HTML(string=order["html"]).write_pdf(stylesheets=[style]))


if __name__ == "__main__":
    main()
