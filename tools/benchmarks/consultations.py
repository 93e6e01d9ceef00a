"""Consultations: filing a case, the secretariat's list, the advice report as a PDF."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from hashlib import sha256
from itertools import cycle
from statistics import median
from typing import Any

from django.db import connection, transaction
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.models import User
from common.pdf import Attachment, render_pdf, seal_pdf
from common.pdf.render import stylesheet
from common.policy import Role
from common.vault import DataKey
from consultations import services
from consultations.enums import Category, State, Urgency
from consultations.models import Consultation, Transition
from consultations.reports.advice_pdf import AdviceDocument, Measure, Requirement
from tools import places
from tools.benchmarks import Figure, benchmark
from tools.benchmarks.frame import bare, people, timing, web
from tools.benchmarks.frame.databases import as_owner, copied

ROUNDS = 5
#: Requests of one client in a round.
FILED = 30
SITUATION = (
    "先月退職した技術者が、退職の前の週に図面のフォルダーを開いた記録があります。持ち出したかどうかは"
    "分かりません。フォルダーを開けるのは設計課の5人で、表示は付けていませんでした。"
) * 6
ANSWERS: dict[str, Any] = {
    "category": "leak", "urgency": "week", "country": "TH",
    "title": "退職者による図面の持ち出しの疑い", "situation": SITUATION,
    "wish": "証拠の残し方と、本人への連絡の順番を知りたいです。",
    "parties": "見本機械株式会社", "shared_in_firm": False, "pages_done": [1, 2, 3],
}  # fmt: skip


@benchmark
def filing() -> Iterator[Figure]:
    """A case with all its writes (sealing, log, audit, two mails, jobs) against one bare row."""
    as_owner(bare.TABLE)
    people.person(0, Role.STAFF)  # who is told of every case
    firms = [people.person(number) for number in range(8)]
    site_of_one_form = web.served(web.SITE, DJANGO_SETTINGS_MODULE=bare.SETTINGS)
    with web.served() as portal, site_of_one_form as site:
        for clients, goal in ((1, ">= 0.5"), (8, ">= 0.35")):
            members = firms[:clients]
            filers = [web.Browser(portal, people.signed_in(member)) for member in members]
            writers = [web.Browser(site) for _ in members]
            for browser in filers:
                browser.learn_mark("/consultations/new/")
            for browser in writers:
                browser.learn_mark("/")
            ours, floor = timing.in_turn(
                partial(_filings, filers, members), partial(_entries, writers), rounds=ROUNDS
            )
            name = f"filing a case, {clients} client{'s' if clients > 1 else ''}"
            yield Figure(name, ours, "requests/s", floor=floor, goal=goal)


def _filings(browsers: list[web.Browser], members: list[User]) -> float:
    """One round: each client sends drafts that were filled in beforehand."""
    visits: list[list[Callable[[], object]]] = []
    for browser, member in zip(browsers, members, strict=True):
        drafts = [services.start_draft(member, first=ANSWERS) for _ in range(FILED)]
        paths = [f"/consultations/drafts/{draft.pk}/check/" for draft in drafts]
        browser.renew()
        visits.append([partial(browser.post, path, {}) for path in paths])
    return web.together(visits)


def _entries(browsers: list[web.Browser]) -> float:
    """One round of the floor: each client sends the same text as one form."""
    names = ("category", "urgency", "title", "situation", "wish", "parties")
    fields = {name: str(ANSWERS[name]) for name in names}
    for browser in browsers:
        browser.renew()
    return web.together([[partial(browser.post, "/", fields)] * FILED for browser in browsers])


@benchmark
def staff_list() -> Iterator[Figure]:
    """The secretariat's list among 20,000 cases, against the same page among 1,000."""
    cookie = people.signed_in(people.person(0, Role.STAFF))
    firms = [people.person(number) for number in range(20)]
    _grow_to(1_000, firms)
    few = _queries(cookie)
    connection.close()
    with copied("few_cases") as beside:
        _grow_to(20_000, firms)
        with web.served() as many_port, web.served(**beside) as few_port:
            ours, floor = timing.in_turn(
                partial(_p95, web.Browser(many_port, cookie)),
                partial(_p95, web.Browser(few_port, cookie)),
                rounds=ROUNDS,
            )
    yield Figure("case list of the secretariat, p95", ours, "ms", floor=floor, goal="<= 1.5")
    yield Figure(
        "case list of the secretariat, queries", _queries(cookie), "queries", floor=few, goal="<= 1"
    )


def _p95(browser: web.Browser) -> float:
    """Milliseconds that 95 of 100 pages do not exceed."""
    browser.renew()
    return timing.p95([timing.seconds(partial(_open, browser)) for _ in range(100)]) * 1000


def _open(browser: web.Browser) -> None:
    status, text = browser.get("/consultations/")
    if status != 200 or "TS-" not in text:
        raise RuntimeError(f"no list (answer {status})")


def _queries(cookie: str) -> int:
    """How many queries the page takes, the session's own included."""
    client = Client(headers={"cookie": cookie})
    client.get("/consultations/")
    with CaptureQueriesContext(connection) as seen:
        client.get("/consultations/")
    return len(seen)


def _grow_to(total: int, firms: list[User]) -> None:
    """Cases of the past year in all states, each under a key of its own, until there are so many."""
    missing = total - Consultation.objects.count()
    states, kinds, hurry = cycle(State), cycle(Category), cycle(Urgency)
    # Each begins where it stands: moving 20,000 cases through the services would take an hour.
    as_owner("ALTER TABLE consultations_consultation DISABLE TRIGGER consultation_begin")
    with transaction.atomic():
        cases = [
            Consultation(
                organisation=firm.organisation, filed_by=firm, state=next(states),
                category=next(kinds), urgency=next(hurry), vault_key=DataKey.objects.create_key(),
                title=f"{ANSWERS['title']} {number}", answers={"situation": SITUATION},
                filed_at=timezone.now() - timedelta(minutes=26 * number),
            )
            for number, firm in zip(range(missing), cycle(firms), strict=False)
        ]  # fmt: skip
        Consultation.objects.bulk_create(cases, batch_size=500)
        begun = {"before": State.SUBMITTED, "after": State.SUBMITTED}
        rows = (Transition(consultation=case, by=case.filed_by, **begun) for case in cases)
        Transition.objects.bulk_create(rows, batch_size=1000)
    as_owner("ALTER TABLE consultations_consultation ENABLE TRIGGER consultation_begin")
    as_owner("ANALYZE")


@benchmark
def advice_pdf() -> Iterator[Figure]:
    """A report of three pages, tagged, PDF/A and PDF/UA, against the same HTML in bare WeasyPrint."""
    document = _document()
    with translation.override("ja"):
        html = render_to_string(
            "consultations/pdf/advice.html",
            {"document": document, "language": "ja", "title": document.title},
        )
    order = json.dumps({"html": html, "css": stylesheet()}).encode()
    draw = partial(_draw, document)
    drawn, draw_bare = draw(), partial(_bare, order)
    ours, floor = timing.in_turn(
        partial(timing.seconds, draw), partial(timing.seconds, draw_bare), rounds=ROUNDS
    )
    sealed = seal_pdf(drawn)
    seal = median(timing.seconds(partial(seal_pdf, drawn)) for _ in range(ROUNDS))
    yield Figure("advice PDF, drawn", ours, "s", floor=floor, goal="<= 1.15")
    yield Figure("advice PDF, its seal", seal, "s")
    yield Figure("advice PDF, size with seal", len(sealed) / 1024, "KB", goal="<= 100")
    rare = len(seal_pdf(_draw(_document(firm="𠮷田計測工業株式会社")))) / 1024
    yield Figure("advice PDF, size with one rare character", rare, "KB", goal="<= 100")


def _draw(document: AdviceDocument) -> bytes:
    """As `render_advice` does, which takes a report from the database."""
    data = document.to_json()
    return render_pdf(
        "consultations/pdf/advice.html", {"document": document}, title=document.title,
        identifier=sha256(data).digest()[:16], made_at=timezone.now(),
        attachments=(Attachment("advice.json", data, "application/json", "advice report"),),
    )  # fmt: skip


def _bare(order: bytes) -> bytes:
    """The floor: a process of the same kind."""
    command = [sys.executable, "-m", "tools.benchmarks.frame.bare_pdf"]
    done = subprocess.run(
        command, input=order, cwd=places.ROOT, capture_output=True, check=True
    ).stdout
    if not done.startswith(b"%PDF-"):
        raise RuntimeError("the floor drew no PDF")
    return done


def _document(firm: str = "髙﨑計測工業株式会社") -> AdviceDocument:
    """As long as reports are: three pages, all sections."""
    view = "認められる見込みがあります。開ける人を限っていたことは、管理していた事実として説明できます。"
    return AdviceDocument(
        number="TS-BNCH-0001-01",
        title=ANSWERS["title"],
        firm=firm,
        issued_at="2026-11-25T10:00:00+09:00",
        issued_on_text="2026年11月25日（日本時間）",
        expert="専門 太郎（弁護士）",
        reviewer="査読 冬子（弁理士）",
        issuer="営業秘密 相談窓口",
        summary="まず記録とパソコンを保全してください。警告書は、その後に送ります。\n" + view,
        facts=SITUATION,
        requirements=tuple(
            Requirement(name, view * 3) for name in ("秘密管理性", "有用性", "非公知性")
        ),
        measures=tuple(
            Measure(number, "アクセス記録の写しを取り、日時と写した人を書き留める。" * 2)
            for number in range(1, 9)
        ),
        next_steps="1週間後に、保全の結果をメッセージでお知らせください。" * 4,
    )
