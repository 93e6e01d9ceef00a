"""A small browser of the standard library: cookies, forms, files, second factor."""

import base64
import hashlib
import hmac
import http.cookiejar
import re
import struct
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from dataclasses import dataclass, field

from tools.say import Trouble


@dataclass
class Page:
    """An answer: where one arrived, its status and its body."""

    url: str
    status: int
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    def hidden(self, name: str) -> str:
        """The value of a hidden field. Raises Trouble where the page has none."""
        for tag in re.findall(r"<input[^>]*>", self.text):
            if f'name="{name}"' in tag:
                found = re.search(r'value="([^"]*)"', tag)
                return found.group(1) if found else ""
        raise Trouble(f"{self.url} has no field {name} (answer {self.status}).")

    def option(self, label: str) -> str:
        """The value of the choice with this label."""
        found = re.search(rf'<option value="([^"]+)"[^>]*>\s*{re.escape(label)}\s*<', self.text)
        if not found:
            raise Trouble(f"{self.url} offers no choice {label}.")
        return found.group(1)


@dataclass
class Person:
    """Somebody with a browser of their own."""

    base: str
    email: str
    password: str
    seed: str = ""
    jar: http.cookiejar.CookieJar = field(default_factory=http.cookiejar.CookieJar)

    def __post_init__(self) -> None:
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, path: str) -> Page:
        """Open a page."""
        return self._ask(urllib.request.Request(urllib.parse.urljoin(self.base, path)))

    def post(self, path: str, fields: dict[str, str], *, page: Page | None = None,
             file: tuple[str, bytes, str] | None = None) -> Page:  # fmt: skip
        """Send a form as the page at `path` (or the given page) offers it."""
        origin = page or self.get(path)
        sent = {"csrfmiddlewaretoken": origin.hidden("csrfmiddlewaretoken"), **fields}
        body, kind = (
            _multipart(sent, file)
            if file
            else (urllib.parse.urlencode(sent).encode(), "application/x-www-form-urlencoded")
        )
        request = urllib.request.Request(urllib.parse.urljoin(self.base, path), data=body)
        request.add_header("Content-Type", kind)
        request.add_header("Referer", origin.url)
        return self._ask(request)

    def _ask(self, request: urllib.request.Request) -> Page:
        try:
            with self._opener.open(request, timeout=60) as answer:
                return Page(answer.url, answer.status, answer.read())
        except urllib.error.HTTPError as error:
            return Page(error.url or "", error.code, error.read())
        except (urllib.error.URLError, OSError) as error:
            raise Trouble(f"{self.base} does not answer ({error}).") from None

    def sign_in(self) -> None:
        """Address, password and, where there is a seed, the code of the authenticator."""
        page = self.post("/accounts/login/", {"login": self.email, "password": self.password})
        if self.seed:
            for _attempt in range(3):
                page = self.post(
                    "/accounts/2fa/authenticate/", {"code": totp(self.seed)}, page=page
                )
                if "/2fa/authenticate" not in page.url:
                    break
                # A code is taken once; the next one comes within half a minute.
                time.sleep(30 - time.time() % 30 + 1)
        if "/accounts/" in page.url or page.status != 200:
            raise Trouble(f"{self.email} could not sign in (at {page.url}, answer {page.status}).")


def totp(seed: str) -> str:
    """The six digits that an authenticator shows now (RFC 6238)."""
    key = base64.b32decode(seed)
    digest = hmac.new(key, struct.pack(">Q", int(time.time() // 30)), hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def _multipart(fields: dict[str, str], file: tuple[str, bytes, str]) -> tuple[bytes, str]:
    """A form with one file: (field's name, content, file's name)."""
    edge = uuid.uuid4().hex
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    name, content, shown = file
    head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{shown}"\r\n'
    parts.append(head.encode() + b"Content-Type: text/plain\r\n\r\n" + content + b"\r\n")
    return b"".join(parts) + f"--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}"
