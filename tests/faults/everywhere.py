"""Puts a word into every text that the portal takes, as the people do it, also where it goes wrong."""

import re
import secrets
import socket
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from urllib.parse import quote, urlsplit

from tests.faults.sink import Sink
from tests.faults.whole import Whole, eventually
from tools.browser import Page, Person, totp
from tools.demo import Job, accounts
from tools.say import Trouble

PASSWORD = "Kaze-Hikari-4812-"


class Everywhere:
    """One word, everybody who types it, and the secrets that they are given meanwhile."""

    def __init__(self, whole: Whole, sink: Sink, people: dict[str, Person], word: str) -> None:
        self.whole, self.sink, self.people, self.word = whole, sink, people, word
        #: An address cannot hold the word itself.
        self.address = f"qm{secrets.token_hex(4)}@example.jp"
        #: Seeds and links' tokens, by what they are.
        self.secrets: dict[str, str] = {}
        self.job = Job(whole.url, word, people=people)
        self.answers: list[Page] = []

    def post(self, who: str, path: str, fields: dict[str, str], **options: object) -> Page:
        """Send a form, whatever comes of it."""
        answer = self.people[who].post(path, fields, **options)  # type: ignore[arg-type]
        self.answers.append(answer)
        return answer

    def expect(self, status: int, answer: Page) -> Page:
        """The answer, if it has this status."""
        assert answer.status == status, (answer.url, answer.status, answer.text[-1500:])
        return answer

    def taken(self, who: str, path: str, fields: dict[str, str], **options: object) -> Page:
        """Send a form that has to be taken."""
        answer = self.expect(200, self.post(who, path, fields, **options))
        errors = re.findall(r'class="field__error"[^>]*>(.*?)</p>', answer.text, re.S)
        assert not errors, (path, errors)
        return answer

    # --- a case --------------------------------------------------------------------------------
    def case(self) -> None:
        """From intake to the PDF, with a report that was given back once."""
        job, word = self.job, self.word
        job.file()
        self.expect(
            200, self.post("staff", f"{job.case}disclose/", {"reason": f"確認のため{word}"})
        )
        job.hand_out()
        job.talk()
        advice = f"{job.case}advice/"
        page = self.people["expert"].get(advice)
        draft = {"summary": word, "measures": word, "version": page.hidden("version")}
        self.taken("expert", advice, draft, page=page)
        stale = self.post("expert", advice, {**draft, "summary": f"別の{word}"}, page=page)
        assert word in self.expect(409, stale).text
        self.post("expert", f"{advice}submit/", {}, page=self.people["expert"].get(advice))
        self.taken("reviewer", f"{advice}review/", {"comment": f"直して{word}"})
        job.advise()
        pdf = job.fetch_bytes()
        assert pdf.startswith(b"%PDF-")
        for who in ("sme", "expert"):
            assert word in self.people[who].get(job.case).text, "the word did not arrive"
        self.people["staff"].get(job.case)

    def drafts(self) -> None:
        """One that stays, one that is thrown away."""
        for kept in (True, False):
            first = self.post("sme", "/consultations/new/", {})
            start = urlsplit(first.url).path.rsplit("/", 2)[0]
            page = self.people["sme"].get(f"{start}/2/")
            fields = {"title": self.word, "situation": self.word, "wish": self.word,
                      "draft_version": page.hidden("draft_version")}  # fmt: skip
            save = f"{start}/save/2/"
            self.taken("sme", save, fields, page=page)
            if not kept:
                self.taken("sme", f"{start}/discard/", {}, page=page)

    # --- people --------------------------------------------------------------------------------
    def newcomer(self) -> None:
        """Somebody signs up, confirms, registers a firm, changes the profile, sets up a second factor."""
        person = Person(self.whole.url, self.address, PASSWORD + self.word)
        self.people["newcomer"] = person
        self.taken("newcomer", "/accounts/signup/", {
            "name": self.word, "kana": "カナ", "email": self.address,
            "password1": person.password, "password2": person.password,
        })  # fmt: skip
        confirm = self.link(self.address, r"/accounts/confirm-email/([^/]+)/", "confirmation")
        self.taken("newcomer", confirm, {})
        if "/accounts/login/" in person.get("/my/").url:
            person.sign_in()
        self.taken("newcomer", "/accounts/organisation/new/", {
            "name": f"{self.word}工業", "prefecture": "20", "industry": "E", "size": "6-20",
            "phone": "03-1234-5678", "bases-TOTAL_FORMS": "1", "bases-INITIAL_FORMS": "0",
            "bases-0-country": "TH", "bases-0-city": self.word, "bases-0-name": self.word,
        })  # fmt: skip
        assert self.word in person.get("/accounts/organisation/").text
        self.taken("newcomer", "/accounts/profile/",
                                   {"name": f"改名{self.word}", "language": "ja"})  # fmt: skip
        self.seed("newcomer", "pending seed", finish=False)
        self.taken("newcomer", "/accounts/password/reset/", {"email": self.address})
        self.link(self.address, r"/accounts/password/reset/key/([^/]+)/", "password reset")

    def seed(self, who: str, label: str, *, finish: bool) -> None:
        """Set a second factor up, or leave it half way."""
        path = "/accounts/2fa/totp/activate/"
        page = self.expect(200, self.people[who].get(path))
        found = re.search(r'class="secret">([A-Z2-7]{32})<', page.text)
        assert found, page.url
        self.secrets[label] = found.group(1)
        if finish:
            self.taken(who, path, {"code": totp(found.group(1))}, page=page)

    def professional(self) -> None:
        """An expert is invited, joins, and sets up a second factor."""
        email = "ex" + self.address
        self.taken("staff", "/accounts/professionals/invite/",
                                   {"email": email, "role": "expert"})  # fmt: skip
        link = self.link(email, r"/accounts/invitations/accept/([^/]+)/", "invitation")
        self.people["joined"] = Person(self.whole.url, email, PASSWORD + self.word)
        self.taken("joined", link, {
            "name": self.word, "password1": PASSWORD + self.word, "password2": PASSWORD + self.word,
        })  # fmt: skip
        self.seed("joined", "active seed", finish=True)

    def visitor(self) -> None:
        """Books a seminar, searches, and gets everything else wrong."""
        self.people["visitor"] = Person(self.whole.url, "", "")
        seminars = self.people["visitor"].get("/seminars/")
        found = re.search(r'href="(/seminars/\d+/)"', seminars.text)
        assert found
        self.taken("visitor", f"{found.group(1)}register/", {
            "name": self.word, "firm": self.word, "email": f"se{self.address}",
        })  # fmt: skip
        self.link(f"se{self.address}", r"/seminars/\d+/registrations/([^/]+)/", "seminar")
        login = {"login": f"no{self.address}", "password": self.word}
        self.post("visitor", "/accounts/login/", login)
        self.post(
            "visitor", "/accounts/login/", {"login": "sme2@demo.example", "password": self.word}
        )
        # The session ended while this was typed: the text comes back.
        page = self.people["visitor"].get("/accounts/login/")
        ended = self.post("visitor", f"{self.job.case}messages/", {"body": self.word}, page=page)
        assert self.word in self.expect(401, ended).text
        forged = self.post(
            "visitor", "/accounts/login/", {**login, "csrfmiddlewaretoken": "x" * 64}
        )
        self.expect(403, forged)
        self.people["visitor"].get(f"/search/?q={quote(self.word)}")
        self.people["visitor"].get(f"/cases/{quote(self.word)}/")

    def link(self, address: str, pattern: str, label: str) -> str:
        """The path of a mailed link; its token is a secret."""

        def arrived() -> str | None:
            for message in reversed(self.sink.messages()):
                body = message.get_payload(decode=True)
                if message["To"] != address or not isinstance(body, bytes):
                    continue
                if found := re.search(pattern, body.decode()):
                    self.secrets[f"{label} link"] = found.group(1)
                    return found.group(0)
            return None

        return str(eventually(arrived, f"{label} mail", seconds=30))

    # --- faults --------------------------------------------------------------------------------
    def faults(self) -> None:
        """Files and requests that are refused, and errors in the middle of requests and jobs."""
        path = f"{self.job.case}messages/"
        page = self.people["sme"].get(self.job.case)
        fields = {"body": self.word, "token": str(uuid.uuid4())}
        wrong = ("file", f"no pdf {self.word}".encode(), f"{self.word}.pdf")
        refused = self.post("sme", path, fields, page=page, file=wrong)
        assert self.word in self.expect(200, refused).text
        self.malformed()
        for table in (
            "consultations_message",
            "consultations_draft",
            "accounts_user",
            "common_mail",
        ):
            with self.refusing(table):
                self.errors(page)
        fields = {"body": self.word, "token": str(uuid.uuid4())}
        self.expect(503, self.broken_off(lambda: self.post("sme", path, fields, page=page)))

    def errors(self, page: Page) -> None:
        """Posts that the database refuses in the middle."""
        path = f"{self.job.case}messages/"
        fields = {"body": self.word, "token": str(uuid.uuid4())}
        self.post("sme", path, fields, page=page)
        self.post("newcomer", "/accounts/profile/", {"name": self.word, "language": "ja"})
        self.post("sme", "/consultations/new/", {})
        self.post("newcomer", "/accounts/password/reset/", {"email": self.address})

    @contextmanager
    def refusing(self, table: str) -> Iterator[None]:
        """The table takes no row: PostgreSQL answers with the row in the error's text."""
        self.whole.rows(f"ALTER TABLE {table} ADD CONSTRAINT faults CHECK (false) NOT VALID")
        try:
            yield
        finally:
            self.whole.rows(f"ALTER TABLE {table} DROP CONSTRAINT faults")

    def broken_off(self, post: Callable[[], Page]) -> Page:
        """The database session ends in the middle of the request."""
        connection = self.whole.connect()
        connection.autocommit = False
        waits = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND usename = 'portal_app'"
        with ThreadPoolExecutor(1) as pool, connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM common_audithead FOR UPDATE")
            answer = pool.submit(post)
            ((pid,),) = eventually(lambda: self.whole.rows(waits), "the post held", seconds=20)
            self.whole.rows("SELECT pg_terminate_backend(%s)", pid)
            page = answer.result(30)
        connection.close()
        return page

    def malformed(self) -> None:
        """Requests that no server understands: too short a length, a header cut off, a bad line."""
        host, port = "127.0.0.1", urlsplit(self.whole.url).port or 0
        word = self.word.encode()
        for raw in (
            b"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\n\r\nx" + word
            + b" y HTTP/1.1\r\n\r\n",
            b"GET /" + word + b" HTTP/9.9\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + word + b"\r\n\r\n",
            word + b"\r\n\r\n",
        ):  # fmt: skip
            with socket.create_connection((host, port), timeout=10) as connection:
                connection.sendall(raw)
                connection.shutdown(socket.SHUT_WR)
                with suppress(OSError):
                    while connection.recv(65536):
                        pass

    def dead_job(self) -> None:
        """A report whose PDF is drawn three times and cannot be kept: the job is given up."""
        whole = self.whole
        ref = whole.script("-m", "tests.faults.stage", "reports", "1", self.word).strip()
        with self.refusing("consultations_transition"):
            path = f"/consultations/{ref}/"
            self.post("expert", f"{path}advice/issue/", {}, page=self.people["expert"].get(path))

            def died() -> bool:
                # The next attempt is due at once, not in half a minute.
                whole.rows("UPDATE common_job SET not_before = now() WHERE state = 'queued'")
                found = whole.rows(
                    "SELECT j.attempts, j.error_code FROM common_job j"
                    " JOIN consultations_advicereport r ON j.key = 'advice-pdf:' || r.id"
                    " JOIN consultations_consultation c ON c.id = r.consultation_id"
                    " WHERE c.ref = %s AND j.state = 'dead'", ref
                )  # fmt: skip
                return found == [(3, "IntegrityError")]

            eventually(died, "the job given up", seconds=60)

    def pulled_plug(self) -> None:
        """PostgreSQL dies in the middle of a post."""
        page = self.people["sme"].get(self.job.case)
        fields = {"body": self.word, "token": str(uuid.uuid4())}
        connection = self.whole.connect()
        connection.autocommit = False
        with ThreadPoolExecutor(1) as pool:
            connection.cursor().execute("SELECT 1 FROM common_audithead FOR UPDATE")
            post = pool.submit(self.post, "sme", f"{self.job.case}messages/", fields, page=page)
            eventually(
                lambda: self.whole.value(
                    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                ),
                "the post held",
                seconds=20,
            )
            self.whole.postgres.stop("immediate")
            with suppress(Trouble):
                assert post.result(30).status >= 500
            self.whole.postgres.start()


def demo_secrets() -> dict[str, str]:
    """Seeds and passwords of the demonstration's accounts."""
    found = {}
    for name, (password, seed) in accounts().items():
        found[f"password of {name}"] = password
        if seed:
            found[f"seed of {name}"] = seed
    return found
