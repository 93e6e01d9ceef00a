"""The process that draws PDFs: fetches nothing, ends within its limits, tells nobody."""

import os
import resource
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.conf import settings

from common.pdf import Limits, PdfFailed, PdfRefused, PdfTooLarge, read_facts, render_pdf
from common.pdf.render import CODES, in_child
from tests.common.pdfs import ENDLESS, SHORT, drawn

linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
SVG = "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'>"
FETCHING = {
    "image": ("<img alt='' src='{url}'>", ""),
    "object": ("<object data='{url}'></object>", ""),
    "embed": ("<embed src='{url}'>", ""),
    "drawing": (f"{SVG}<image xlink:href='{{url}}' width='9' height='9'/></svg>", ""),
    "style sheet": ("", "<link rel=stylesheet href='{url}'>"),
    "import": ("", "<style>@import url('{url}');</style>"),
    "background": ("", "<style>body {{ background: url('{url}') }}</style>"),
    "page background": ("", "<style>@page {{ background: url('{url}') }}</style>"),
    "list mark": ("<ul style=\"list-style-image: url('{url}')\"><li>a</li></ul>", ""),
    "content": ("", "<style>p::before {{ content: url('{url}') }}</style>"),
    "font": ("", "<style>@font-face {{ font-family: x; src: url('{url}') }}</style>"),
    "file inside": ("", "<link rel=attachment href='{url}'>"),
}


class Counting(BaseHTTPRequestHandler):
    """Answers, and counts."""

    hits = 0

    def do_GET(self) -> None:
        """Any address."""
        type(self).hits += 1
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def server() -> str:
    """A server on this machine."""
    listening = HTTPServer(("127.0.0.1", 0), Counting)
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{listening.server_port}/x"


#: Where WeasyPrint drops what it was refused, instead of ending.
SILENT = {"drawing", "file inside"}


@pytest.mark.slow
@pytest.mark.parametrize("way", FETCHING)
def test_no_way_of_naming_an_address_reaches_it(way: str, server: str) -> None:
    body, head = (part.format(url=server) for part in FETCHING[way])
    if way in SILENT:
        assert read_facts(drawn(f"<p>a</p>{body}", head)).files == ()
    else:
        with pytest.raises(PdfFailed):
            drawn(f"<p>a</p>{body}", head)
    assert Counting.hits == 0


def test_the_counting_server_counts(server: str) -> None:
    urllib.request.urlopen(server).close()
    assert Counting.hits == 1
    Counting.hits = 0


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        (Path(__file__).resolve().parents[2] / "static/pdf/document.css").as_uri(),
        "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>",
        "ftp://127.0.0.1/x",
    ],
)
def test_files_and_data_addresses_are_refused_too(url: str) -> None:
    with pytest.raises(PdfRefused):
        drawn(f'<img alt="" src="{url}">')


def test_an_endless_document_is_ended_by_the_clock() -> None:
    begun = time.monotonic()
    with pytest.raises(PdfTooLarge, match="time"):
        drawn(ENDLESS, limits=Limits(wall_seconds=2))
    assert time.monotonic() - begun < 6


@linux
def test_an_endless_document_is_ended_by_its_processor_time() -> None:
    begun = time.monotonic()
    with pytest.raises(PdfTooLarge, match="time"):
        drawn(ENDLESS, limits=Limits(cpu_seconds=2, wall_seconds=60))
    assert time.monotonic() - begun < 30


@linux
def test_a_greedy_document_never_gets_more_memory_than_it_may() -> None:
    with pytest.raises(PdfTooLarge, match="memory"):
        drawn("<table><tr><td colspan=999999999>a</td></tr></table>", limits=Limits())
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    assert largest < Limits().memory


def test_a_document_nested_too_deep_is_refused() -> None:
    with pytest.raises(PdfTooLarge, match="recursion"):
        drawn("<div>" * 3000)


def test_a_finished_file_may_not_be_too_large() -> None:
    with pytest.raises(PdfTooLarge, match="bytes"):
        drawn(limits=Limits(pdf_bytes=1000))


def test_too_long_a_document_is_not_even_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("common.pdf.render.render_to_string", lambda *_: "あ" * 2_000_001)
    monkeypatch.setattr("common.pdf.render.in_child", lambda *_: pytest.fail("tried"))
    with pytest.raises(PdfTooLarge, match="length"):
        render_pdf("x.html", {}, title="", identifier=b"", made_at=None)  # type: ignore[arg-type]


def test_what_goes_wrong_is_said_in_one_word() -> None:
    assert all(str(error).isalpha() for error in CODES.values())
    with pytest.raises(PdfFailed, match=r"^render$"):
        in_child(b'{"html": "secret-word"}', limits=SHORT)


def _children(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = (entry / "stat").read_text().rpartition(")")[2].split()[1]
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(parent) == pid:
                found.append(int(entry.name))
    return found


def _wait_for_child(pid: int) -> int:
    for _ in range(200):
        for child in _children(pid):
            if b"common.pdf.child" in Path(f"/proc/{child}/cmdline").read_bytes():
                return child
        time.sleep(0.05)
    raise AssertionError("no child")


@pytest.fixture
def parent() -> Iterator["subprocess.Popen[bytes]"]:
    """A process that has an endless document drawn, with secrets in its surroundings."""
    program = (
        "from django.conf import settings; settings.configure(BASE_DIR=%r);"
        "from tests.common.pdfs import drawn, ENDLESS; from common.pdf import Limits;"
        "drawn('<p>CANARY-TEXT</p>' + ENDLESS, limits=Limits())"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program % str(settings.BASE_DIR)],
        cwd=settings.BASE_DIR,
        env=os.environ | {"SEAL_PASSWORD": "CANARY-PASSWORD", "SECRET_KEY": "CANARY-KEY"},
    )
    yield process
    process.kill()
    process.wait()


@linux
@pytest.mark.slow
def test_the_child_dies_with_its_parent(parent: "subprocess.Popen[bytes]") -> None:
    child = _wait_for_child(parent.pid)
    time.sleep(1)
    assert os.getpgid(child) == child
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    for _ in range(60):
        if not Path(f"/proc/{child}/cmdline").exists() or _is_zombie(child):
            return
        time.sleep(0.05)
    raise AssertionError("the child lives on")


def _is_zombie(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


@linux
@pytest.mark.slow
def test_neither_text_nor_secrets_show_outside_the_pipe(
    parent: "subprocess.Popen[bytes]",
) -> None:
    child = _wait_for_child(parent.pid)
    time.sleep(1.5)
    for name in ("cmdline", "environ"):
        assert b"CANARY" not in Path(f"/proc/{child}/{name}").read_bytes()
    opened = {os.readlink(link) for link in Path(f"/proc/{child}/fd").iterdir()}
    written = {path for path in opened if path.startswith("/") and "/dev/null" not in path}
    assert not {path for path in written if not path.endswith((".ttf", ".ttc", ".otf"))}
