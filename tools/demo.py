"""`make demo`: the main job over HTTP, as the people do it; the PDF's path is the last line."""

import ast
import json
import os
import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools import launch, places, setup
from tools.browser import Page, Person
from tools.say import Trouble, say

#: Seconds that the PDF may take.
PATIENCE = 120


def accounts() -> dict[str, tuple[str, str]]:
    """(password, seed) of each demonstration account, read from accounts/demo.py."""
    tree = ast.parse((places.ROOT / "accounts" / "demo.py").read_text(encoding="utf-8"))
    found = {}
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "DemoAccount":
            words = [a.value for a in call.args if isinstance(a, ast.Constant)]
            local, password, *seed = (str(word) for word in words[2:])
            found[local] = (password, seed[0] if seed else "")
    return found


@contextmanager
def running() -> Iterator[str]:
    """A portal that runs already at PORT, or one started for this."""
    port = places.port()
    url = f"http://127.0.0.1:{port}"
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=3) as answer:
            if answer.status == 200 and b"scheduler" in answer.read():
                yield url
                return
    except (urllib.error.URLError, OSError):
        pass
    setup.make_ready(development=False)
    with launch.portal(places.data(), port) as (started, _processes):
        yield started


def main() -> int:
    """The whole job, told step by step."""
    canary = os.environ.get("CANARY", "")
    with running() as url:
        path = Job(url, canary).done()
    print(path)
    return 0


class Job:
    """One consultation from the first page to the PDF."""

    def __init__(self, url: str, canary: str, people: dict[str, Person] | None = None) -> None:
        self.canary = f" {canary}" if canary else ""
        known = accounts()
        self.people = people or {
            name: Person(url, f"{name}@demo.example", *known[name])
            for name in ("sme", "staff", "expert", "reviewer")
        }
        self.case = ""

    def done(self) -> Path:
        """Do it all; returns where the PDF was saved."""
        for name, person in self.people.items():
            person.sign_in()
            say(f"signed in: {name}")
        self.file()
        self.hand_out()
        self.talk()
        self.advise()
        return self.fetch()

    def text(self, words: str) -> str:
        """Words with the canary behind them."""
        return words + self.canary

    def send(self, who: str, path: str, fields: dict[str, str], *, page: Page | None = None,
             file: tuple[str, bytes, str] | None = None) -> Page:  # fmt: skip
        """Send a form and go on only if it was taken."""
        answer = self.people[who].post(path, fields, page=page, file=file)
        errors = re.findall(r'class="field__error"[^>]*>(.*?)</p>', answer.text, re.S)
        if answer.status != 200 or errors:
            said = "; ".join(re.sub(r"<[^>]+>", "", error).strip() for error in errors)
            raise Trouble(f"{who} at {path}: answer {answer.status} {said}")
        return answer

    def file(self) -> None:
        """Three pages, check, receipt number."""
        first = self.send("sme", "/consultations/new/", {})
        start = re.sub(r"^https?://[^/]+", "", first.url)
        draft = start.rsplit("/", 2)[0]
        pages: list[dict[str, str]] = [
            {"category": "leak", "urgency": "week", "country": "TH"},
            {
                "title": self.text("退職者による図面の持ち出しの疑い（髙﨑𠮷商店様向け）"),
                "situation": self.text("先月退職した技術者が、退職の前の週に図面のフォルダーを開いた記録があります。\n持ち出したかどうかは分かりません。"),
                "wish": self.text("証拠の残し方と、本人への連絡の順番を知りたいです。"),
            },
            {"parties": self.text("見本機械株式会社（スムチャイ สมชาย ใจดี 氏、Nguyễn Thị Hồng 氏）")},
        ]  # fmt: skip
        for number, fields in enumerate(pages, start=1):
            path = f"{draft}/{number}/"
            page = self.people["sme"].get(path)
            fields["draft_version"] = page.hidden("draft_version")
            self.send("sme", path, fields, page=page)
        filed = self.send("sme", f"{draft}/check/", {})
        found = re.search(r"/consultations/(TS-[0-9A-Z]{4}-[0-9A-Z]{4})/", filed.url)
        if not found:
            raise Trouble(f"No receipt number at {filed.url}.")
        self.case = f"/consultations/{found.group(1)}/"
        say(f"filed: {found.group(1)}")

    def hand_out(self) -> None:
        """Triage, two offers, two declarations of no conflict."""
        self.send("staff", f"{self.case}triage/", {"category": "leak", "urgency": "week"})
        for duty, name in (("adviser", "専門 太郎"), ("reviewer", "査読 冬子")):
            page = self.people["staff"].get(f"{self.case}assign/")
            self.send(
                "staff",
                f"{self.case}assign/",
                {"duty": duty, "expert": page.option(name)},
                page=page,
            )
        for who in ("expert", "reviewer"):
            hidden = self.people[who].get(self.case)
            if hidden.status != 200 or "図面" in hidden.text:
                raise Trouble("content was shown before the declaration")
            self.send(who, f"{self.case}offer/", {"answer": "accept"})
        say("triage, assignment and conflict check done")

    def talk(self) -> None:
        """A question, and an answer with a file."""
        page = self.people["expert"].get(self.case)
        self.send("expert", f"{self.case}messages/", {
            "body": self.text("フォルダーに「社外秘」の表示はありましたか。開ける人は決めていましたか。"),
            "asks_reply": "on", "token": page.hidden("token"),
        }, page=page)  # fmt: skip
        page = self.people["sme"].get(self.case)
        self.send("sme", f"{self.case}messages/", {
            "body": self.text("表示はありません。開ける人は設計課の5人に決めていました。"),
            "token": page.hidden("token"),
        }, page=page, file=("file", self.text("アクセス記録の一覧（日時だけ）").encode(), f"記録{self.canary.strip()}.txt"))  # fmt: skip
        say("question and answer exchanged")

    def advise(self) -> None:
        """Write, have it reviewed, issue."""
        path = f"{self.case}advice/"
        page = self.people["expert"].get(path)
        self.send("expert", path, {
            "version": page.hidden("version"),
            "summary": self.text("図面は営業秘密に当たる見込みがあります。まず記録とパソコンを保全してください。警告書は、その後に送ります。"),
            "facts": self.text("先月退職した技術者が、退職の前の週に図面のフォルダーを開いた記録がある。開ける人は設計課の5人に限られていた。"),
            "secrecy": self.text("開ける人が限られており、表示がない点を補えば、満たすと説明できる見込みです。"),
            "usefulness": self.text("製造に使われており、満たします。"),
            "non_public": self.text("公開された資料からは分からず、満たします。"),
            "measures": "\n".join([
                self.text("退職者が使っていたパソコンの電源を入れず、専門業者に複製を頼む。"),
                self.text("アクセス記録・メール・入退室の記録の写しを取り、日時と担当者を書き留める。"),
                self.text("共有フォルダーに「社外秘」と表示し、開ける人の設定を見直す。"),
                self.text("保全が済んでから、弁護士の名で警告書を送る。"),
            ]),
            "next_steps": self.text("1週間後に、保全の結果をメッセージでお知らせください。"),
        }, page=page)  # fmt: skip
        self.send("expert", f"{path}submit/", {}, page=self.people["expert"].get(path))
        review = self.people["reviewer"].get(f"{path}review/")
        self.send("reviewer", f"{path}approve/", {}, page=review)
        self.send("expert", f"{path}issue/", {}, page=self.people["expert"].get(self.case))
        say("advice written, reviewed and issued")

    def fetch(self) -> Path:
        """Wait for the PDF as the firm does, and save it."""
        content = self.fetch_bytes()
        folder = places.data() / "demo"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.case.strip('/').split('/')[-1]}.pdf"
        path.write_bytes(content)
        return path

    def fetch_bytes(self) -> bytes:
        """The PDF, once it is there. Raises Trouble where it is not made in time."""
        until = time.monotonic() + PATIENCE
        while True:
            facts = json.loads(self.people["sme"].get(f"{self.case}advice/status/").text)
            if facts["state"] == "done":
                break
            if facts["done"] or time.monotonic() > until:
                raise Trouble(f"the PDF was not made: {facts['label']}")
            time.sleep(0.5)
        answer = self.people["sme"].get(facts["url"])
        if answer.status != 200 or not answer.body.startswith(b"%PDF-"):
            raise Trouble(f"no PDF at {facts['url']} (answer {answer.status})")
        return answer.body
