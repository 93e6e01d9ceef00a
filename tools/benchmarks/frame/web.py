"""Serving an application as the portal is served, and asking it as browsers do."""

import http.client
import os
import re
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings

from tools import places
from tools.servers import free_port

#: Seconds until a server must answer.
PATIENCE = 60
PORTAL = "portal.wsgi"
#: Any Django site: whose, its settings say.
SITE = "django.core.wsgi:get_wsgi_application()"


@contextmanager
def served(application: str = PORTAL, **environment: str) -> Iterator[int]:
    """The application under the portal's own gunicorn settings; gives the port.

    One that is not the portal names its `DJANGO_SETTINGS_MODULE=`.
    """
    port = free_port()
    log = Path(settings.DATA) / "logs" / f"bench-web-{port}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    server = "portal.server" if application == PORTAL else "tools.benchmarks.frame.bare_server"
    command = [str(places.VENV / "bin" / "gunicorn"), "--config", f"python:{server}"]
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*command, application], cwd=places.ROOT, stdin=subprocess.DEVNULL,
            env=dict(os.environ) | environment | {"PORT": str(port)}, stdout=output, stderr=output,
        )  # fmt: skip
    try:
        _wait(process, port, log)
        yield port
    finally:
        process.terminate()
        try:
            process.wait(25)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    """Until it answers. Raises RuntimeError with the log's end where it does not."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            Browser(port).get("/healthz")
        except OSError:
            time.sleep(0.1)
            continue
        return
    raise RuntimeError("the server does not start: " + log.read_text(errors="replace")[-600:])


class Browser:
    """One client: a kept connection, a session, and the mark that forms carry."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookie, self.mark = cookie, ""

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of a page."""
        status, text, _where = self._ask("GET", path, None)
        return status, text

    def learn_mark(self, path: str) -> None:
        """Take the form's mark and its cookie from a page, as a browser has them from the form."""
        _status, text = self.get(path)
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
        if not found:
            raise RuntimeError(f"no form at {path}")
        self.mark = found.group(1)

    def post(self, path: str, fields: dict[str, str]) -> str:
        """Send a form; where it leads to. Raises RuntimeError where it was not taken."""
        body = urlencode({"csrfmiddlewaretoken": self.mark, **fields})
        status, text, where = self._ask("POST", path, body)
        if status != 302:
            raise RuntimeError(f"POST {path}: answer {status} {text[:200]}")
        return where

    def renew(self) -> None:
        """Connect anew: servers close what was idle."""
        self.link.close()

    def _ask(self, method: str, path: str, body: str | None) -> tuple[int, str, str]:
        headers = {"Cookie": self.cookie}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.link.request(method, path, body=body, headers=headers)
        answer = self.link.getresponse()
        text = answer.read().decode("utf-8", "replace")
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie" and value.startswith("csrf"):
                self.cookie = "; ".join(filter(None, [self.cookie, value.partition(";")[0]]))
        return answer.status, text, answer.getheader("Location") or ""


def together(visits: Sequence[Sequence[Callable[[], object]]]) -> float:
    """Requests a second when every client makes its visits, one after another, all at once."""
    gate, troubles = threading.Barrier(len(visits) + 1), list[BaseException]()

    def go(own: Sequence[Callable[[], object]]) -> None:
        gate.wait()
        try:
            for visit in own:
                visit()
        except Exception as error:  # noqa: BLE001 - told below, where it ends the benchmark
            troubles.append(error)

    clients = [threading.Thread(target=go, args=(own,)) for own in visits]
    for client in clients:
        client.start()
    gate.wait()
    started = time.perf_counter()
    for client in clients:
        client.join()
    took = time.perf_counter() - started
    if troubles:
        raise troubles[0]
    return sum(len(own) for own in visits) / took
