"""Text stays text: whatever one person stores stands on everybody's pages letter by letter."""

import io
import json
import re
import uuid
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from casebook.enums import Pathway
from casebook.services import PARTS, AnonymisedIncident, draft_incident, release_case
from common import uploads
from common.mail import Mail
from common.mail.sending import message
from consultations import services
from consultations.enums import State
from consultations.models import AdviceReport
from consultations.reports.advice_pdf import advice_document
from seminars.models import Seminar
from seminars.services import load_demo, own_url, register
from tests.consultations.factories import ADVICE, Scene, draft_of, scene
from tests.consultations.hostile import SCRIPTS, markup_in
from tests.consultations.walking import at, browser, of

pytestmark = pytest.mark.django_db
LONG = "\n".join(SCRIPTS)
SHORT = "\"><script>alert(0)</script><img src=x onerror='alert(1)'>{{7*7}}"


def plain(text: str) -> str:
    """As long, with lines that end alike, and harmless."""
    return re.sub(r"[^\n\u2028\u2029\x0c]", "x", text)


class Shape(HTMLParser):
    """A page as a browser builds it: elements with the names of their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, ...]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, *(name for name, _value in attrs)))

    def handle_comment(self, data: str) -> None:
        self.elements.append(("!",))

    def handle_endtag(self, tag: str) -> None:
        self.elements.append((f"/{tag}",))


def written(long: str, short: str) -> Scene:
    """A case in which every text that somebody can write is this one."""
    made = scene(
        State.SUBMITTED, title=short, situation=long, wish=long, parties=long, shared_in_firm=True
    )
    made.firm.name = short
    made.firm.save()
    for person in (made.owner, made.adviser, made.reviewer, made.staff):
        person.name = short
        person.save()
    services.begin_triage(made.case, by=made.staff, category="leak", urgency="now")
    for duty, expert in (("adviser", made.adviser), ("reviewer", made.reviewer)):
        services.assign_expert(made.case, expert, duty=duty, by=made.staff)
        if duty == "reviewer":
            services.answer_offer(made.case, by=expert, accepts=True)
    services.disclose(made.case, by=made.staff, reason=long[:500])
    return made


def talked(made: Scene, long: str, short: str) -> None:
    """Accepted, talked about, written, returned."""
    services.answer_offer(made.case, by=made.adviser, accepts=True)
    upload = SimpleUploadedFile(f"{short}.txt", "記録".encode())
    judged = ((io.BytesIO(upload.read()), uploads.inspect(upload, f"{short}.txt")),)
    for person in (made.owner, made.adviser):
        services.send_message(
            made.case, long, by=person, token=uuid.uuid4(),
            files=judged if person is made.owner else (),
        )  # fmt: skip
    services.save_advice(made.case, dict.fromkeys(ADVICE, long), by=made.adviser, version=0)
    services.submit_advice(made.report, by=made.adviser)
    services.return_advice(made.report, by=made.reviewer, comment=long)
    services.submit_advice(made.report, by=made.adviser)


def everywhere(long: str, short: str) -> dict[str, str]:
    """Every page on which such texts are shown."""
    made = written(long, short)
    owner, adviser, reviewer, staff = (
        browser(person) for person in (made.owner, made.adviser, made.reviewer, made.staff)
    )
    pages = {
        "offer": adviser.get(at("offer", made.case)),
        "case before the declaration": adviser.get(at("detail", made.case)),
        "assign": staff.get(at("assign", made.case)),
    }
    talked(made, long, short)
    draft = draft_of(made.owner, title=short, situation=long, wish=long, parties=long)
    stale = {"title": short, "situation": f"{long}!", "wish": long, "draft_version": "1"}
    services.save_draft(draft, {"title": f"{short}?"}, version=1)
    pages |= {
        "case of the firm": owner.get(at("detail", made.case)),
        "case of the colleague": browser(made.colleague).get(at("detail", made.case)),
        "case of the expert": adviser.get(at("detail", made.case)),
        "case of the secretariat": staff.get(at("detail", made.case)),
        "list of the firm": owner.get(reverse("consultations:list")),
        "list of the expert": adviser.get(reverse("consultations:list")),
        "start of the firm": owner.get(reverse("portal:my")),
        "start of the expert": adviser.get(reverse("portal:expert")),
        "new": owner.get(reverse("consultations:new")),
        "page 2": owner.get(of("page", draft, page=2)),
        "page 3": owner.get(of("page", draft, page=3)),
        "check": owner.get(of("check", draft)),
        "conflict": owner.post(of("page", draft, page=2), stale),
        "page with errors": owner.post(of("page", draft, page=2), stale | {"title": ""}),
        "message with errors": owner.post(at("send", made.case), {"body": long, "token": ""}),
        "refused": adviser.post(
            at("advice", made.case), dict.fromkeys(ADVICE, long) | {"version": "1"}
        ),
        "review": reviewer.get(at("review", made.case)),
        "session ended": Client().post(at("send", made.case), {"body": long}),
        "no mark": Client(enforce_csrf_checks=True).post(at("send", made.case), {"body": long}),
        **_public(long, short),
    }
    services.return_advice(made.report, by=made.reviewer, comment=long)
    pages["advice"] = adviser.get(at("advice", made.case))
    shown = {name: answer.content.decode() for name, answer in pages.items()}
    return shown | {"document": _document(made)}


def undone(long: str, short: str) -> dict[str, str]:
    """The pages, from a database that is as it was before."""
    with transaction.atomic():
        shown = everywhere(long, short)
        transaction.set_rollback(True)
    return shown


def _public(long: str, short: str) -> dict[str, Any]:
    """Pages that need no account."""
    texts = dict.fromkeys(PARTS, long)
    incident = AnonymisedIncident(Pathway.LEAVER, "E", {"ja": texts}, fictional=True)
    case = draft_incident(incident)
    release_case(case, by=None)
    load_demo()
    seminar = Seminar.objects.first()
    booked = register(seminar, name=short, firm=short, email="a@example.com")
    wrong = {"name": short, "firm": short, "email": short}
    window = Client()
    return {
        "leak cases": window.get(reverse("casebook:list")),
        "leak case": window.get(case.get_absolute_url()),
        "registration": window.get(own_url(booked)),
        "registering": window.post(reverse("seminars:register", args=[seminar.pk]), wrong),
    }


def _document(made: Scene) -> str:
    """The advice report's HTML, as it is drawn."""
    services.submit_advice(made.report, by=made.adviser)
    services.approve_advice(made.report, by=made.reviewer)
    services.issue_advice(made.report, by=made.adviser)
    report = AdviceReport.objects.with_case().get(pk=made.report.pk)
    document = advice_document(report)
    assert json.loads(document.to_json())["facts"] == report.content["facts"]
    context = {"document": document, "language": "ja", "title": document.title}
    return render_to_string("consultations/pdf/advice.html", context)


def test_no_text_becomes_markup_on_any_page() -> None:
    """Each page is built of the same elements as with harmless text of the same lines."""
    hostile, harmless = undone(LONG, SHORT), undone(plain(LONG), plain(SHORT))
    assert hostile.keys() == harmless.keys()
    for name, html in hostile.items():
        assert markup_in(html) == [], name
        assert Shape(html).elements == Shape(harmless[name]).elements, name
    letters = sum(unescape(html).count("alert(1)") for html in hostile.values())
    assert letters > 40
    assert "<u>c</u>" in unescape(hostile["case of the firm"])
    print(f"\nescaping: {len(hostile)} pages, {len(SCRIPTS)} vectors, {letters} times one of them")


def test_the_check_of_markup_finds_some() -> None:
    """Or the test above would prove nothing."""
    assert len(markup_in(LONG)) > 10
    for script in SCRIPTS:
        if "<" in script and not script.startswith(("&", "{")):
            assert Shape(f"<p>{script}</p>").elements != Shape(f"<p>{plain(script)}</p>").elements


def test_mails_hold_nothing_of_it() -> None:
    """Neither words, nor names, nor the name of the firm; one address each."""
    made = written("KANARIE situation", "KANARIE name")
    talked(made, "KANARIE body", "KANARIE file")
    services.return_advice(made.report, by=made.reviewer, comment="KANARIE")
    assert Mail.objects.count() > 8
    for mail in Mail.objects.all():
        sent = message(mail)
        raw = sent.message().as_string() + sent.body + sent.subject
        assert "KANARIE" not in raw
        assert len(sent.to) == 1
        assert not sent.cc
        assert not sent.bcc


def test_a_filename_cannot_break_out_of_its_header() -> None:
    """Nor look like another kind of file."""
    made = scene(State.IN_PROGRESS)
    name = 'a"; filename=b.html\r\nSet-Cookie: x=y\u202etxt.txt'
    upload = SimpleUploadedFile("a.txt", b"text")
    judged = ((io.BytesIO(b"text"), uploads.inspect(upload, name)),)
    services.send_message(made.case, "文", by=made.owner, token=uuid.uuid4(), files=judged)
    kept = made.case.attachments.get(uploaded_by=made.owner)
    answer = browser(made.adviser).get(at("attachment", made.case, pk=kept.pk))
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert not {"\r", "\n", "\u202e"} & set(answer["Content-Disposition"])
    assert answer["Content-Disposition"].count("filename=") == 1
