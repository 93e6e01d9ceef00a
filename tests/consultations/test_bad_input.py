"""Bad input in every form and every field: a clear answer, never an error of ours, nothing lost."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from casebook.models import LeakCase
from consultations.enums import State
from consultations.models import AdviceReport, Assignment, Consultation, Draft, Message
from seminars.models import Registration, Seminar
from seminars.services import load_demo, own_url, register
from tests.consultations.factories import ADVICE, Scene, draft_of, scene
from tests.consultations.hostile import BYTES, EXTRA, FORM, REFUSED, Form, body, send
from tests.consultations.walking import SENT, at, browser, of

pytestmark = pytest.mark.django_db
#: Answers that are an answer.
CLEAR = {200, 302, 400, 403, 404, 405, 409, 413}


@dataclass
class Desk:
    """Every form of this app, the casebook and the seminars, and who may send it."""

    forms: dict[str, tuple[Client, Form]]
    scenes: list[Scene]
    draft: Draft

    def __iter__(self) -> Iterator[tuple[str, Client, Form]]:
        for name, (window, form) in self.forms.items():
            yield name, window, form


@pytest.fixture
def desk() -> Desk:
    """Cases at the stages in which each form is offered."""
    new, triaged, offered, work, review = (
        scene(state)
        for state in (
            State.SUBMITTED, State.TRIAGE, State.CONFLICT_CHECK, State.IN_PROGRESS,
            State.ADVICE_REVIEW,
        )
    )  # fmt: skip
    draft = draft_of(work.owner)
    load_demo()
    seminar = Seminar.objects.first()
    booked = register(seminar, name="試験", email="visitor@example.com")
    owner, staff, adviser = browser(work.owner), browser(work.staff), browser(work.adviser)
    reviewer, author = browser(review.reviewer), browser(review.adviser)
    visitor = Client(raise_request_exception=False)
    filled = {number: fields | {"draft_version": 1} for number, fields in SENT.items()}
    message = {"body": "文", "token": uuid.uuid4(), "asks_reply": ""}
    asked = {"duty": "adviser", "expert": triaged.adviser.pk}
    seat = {"name": "試験", "email": "new@example.com", "firm": "試験社"}
    forms = {
        "page 1": (owner, Form(of("page", draft, page=1), filled[1])),
        "page 2": (owner, Form(of("page", draft, page=2), filled[2], ("title", "situation", "wish"))),
        "page 3": (owner, Form(of("page", draft, page=3), filled[3], ("parties",))),
        "autosave 1": (owner, Form(of("autosave", draft, page=1), filled[1])),
        "autosave 2": (owner, Form(of("autosave", draft, page=2), filled[2])),
        "autosave 3": (owner, Form(of("autosave", draft, page=3), filled[3])),
        "new": (owner, Form(reverse("consultations:new"), {"category": "leak"})),
        "check": (owner, Form(of("check", draft), {})),
        "discard": (owner, Form(of("discard", draft), {})),
        "message": (owner, Form(at("send", work.case), message, ("body",))),
        "share": (owner, Form(at("share", work.case), {"shared": "1"})),
        "withdraw": (owner, Form(at("withdraw", work.case), {})),
        "close": (owner, Form(at("close", work.case), {})),
        "triage": (staff, Form(at("triage", new.case), {"category": "leak", "urgency": "now"})),
        "assign": (staff, Form(at("assign", triaged.case), asked)),
        "offer": (browser(offered.adviser), Form(at("offer", offered.case), {"answer": "accept"})),
        "disclose": (staff, Form(at("disclose", work.case), {"reason": "確認"}, ("reason",))),
        "advice": (adviser, Form(at("advice", work.case), ADVICE | {"version": 1}, tuple(ADVICE))),
        "submit": (adviser, Form(at("submit", work.case), {})),
        "review": (reviewer, Form(at("review", review.case), {"comment": "直して"}, ("comment",))),
        "approve": (reviewer, Form(at("approve", review.case), {})),
        "issue": (author, Form(at("issue", review.case), {})),
        "register": (visitor, Form(reverse("seminars:register", args=[seminar.pk]), seat, ("name", "firm"))),
        "registration": (visitor, Form(own_url(booked), {})),
        "cases": (visitor, Form(reverse("casebook:list"), {"pathway": "leaver", "industry": "E"})),
        "list": (staff, Form(reverse("consultations:list"), {"state": "triage", "category": "leak"})),
    }  # fmt: skip
    return Desk(forms, [new, triaged, offered, work, review], draft)


def everything() -> list[Any]:
    """All rows that a form could change; what is sealed as it stands in the table."""
    tables = (
        Consultation,
        Assignment,
        AdviceReport,
        Message,
        Registration,
        Seminar,
        LeakCase,
        User,
    )
    return [list(table.objects.order_by("pk").values()) for table in tables]


def test_every_field_of_every_form_takes_any_bytes(desk: Desk) -> None:
    """One field at a time; what is text and cannot be kept is named, and the rest stays."""
    wrong, tried = [], 0
    for name, window, form in desk:
        for field_name in form.fields:
            for kind, value in BYTES.items():
                tried += 1
                with transaction.atomic():
                    answer = send(window, form.path, body(form.fields, **{field_name: value}))
                    transaction.set_rollback(True)
                where = f"{name}, {field_name}: {kind}"
                if answer.status_code not in CLEAR:
                    wrong.append(f"{where}: {answer.status_code}")
                if field_name in form.texts and kind in REFUSED:
                    wrong += missing(where, answer, form, field_name, value)
    print(f"\nbad input: {tried} posts to {len(desk.forms)} forms")
    assert not wrong, "\n".join(wrong)


def missing(where: str, answer: Any, form: Form, wrong: str, value: bytes) -> list[str]:
    """What a page that comes again with an error lacks."""
    if answer.status_code != 200:
        return [f"{where}: {answer.status_code} instead of the page with the error"]
    html = unescape(answer.content.decode())
    lacks = [] if "field--error" in html else ["the error"]
    lacks += [] if value.decode(errors="replace").strip() in html else ["what was typed"]
    for other in form.texts:
        if other != wrong and str(form.fields[other]).splitlines()[0] not in html:
            lacks.append(other)
    return [f"{where}: the page lacks {what}" for what in lacks]


@pytest.mark.parametrize(
    "charset", ["Shift_JIS", "euc-jp", "utf-16", "iso-2022-jp", "no-such", "x" * 300]
)
def test_a_form_in_another_charset_is_answered_plainly(desk: Desk, charset: str) -> None:
    """400, and nothing is done."""
    before = everything()
    for name, window, form in desk:
        content = body(form.fields | {"go": "1"})
        answer = send(window, form.path, content, f"{FORM}; charset={charset}")
        assert answer.status_code == 400, name
        assert "<h1>" in answer.content.decode(), name
    assert everything() == before


PARTS = "multipart/form-data"
BODIES = {
    "no body": (b"", FORM),
    "junk": (b"\xff\xfe&&&=%zz%", FORM),
    "many fields": (b"&".join(b"a%d=1" % number for number in range(500)), FORM),
    "large": (b"body=" + b"a" * 1_100_000, FORM),
    "no boundary": (b"--x\r\n", PARTS),
    "cut off": (b'--x\r\nContent-Disposition: form-data; name="body"', f"{PARTS}; boundary=x"),
    "text": ("文".encode(), "text/plain"),
    "json": (b'{"title":', "application/json"),
    "xml": (b"<?xml?>", "text/xml"),
    "no kind": (b"a=b", ""),
}


@pytest.mark.parametrize("kind", BODIES)
def test_a_body_that_is_no_form_is_answered_plainly(desk: Desk, kind: str) -> None:
    """It is as if nothing had been filled in, or it is refused as a whole."""
    content, content_type = BODIES[kind]
    for name, window, form in desk:
        with transaction.atomic():
            status = send(window, form.path, content, content_type).status_code
            transaction.set_rollback(True)
        assert status in CLEAR, name


def test_a_form_without_its_mark_does_nothing_and_gives_the_text_back(desk: Desk) -> None:
    """CSRF: missing, wrong, or from elsewhere."""
    before = everything(), Draft.objects.get(pk=desk.draft.pk).version
    for name, kept, form in desk:
        window = Client(enforce_csrf_checks=True, raise_request_exception=False)
        window.cookies = kept.cookies
        for mark in (None, "", "x" * 64, "漏"):
            marked = {} if mark is None else {"csrfmiddlewaretoken": mark}
            answer = window.post(form.path, form.fields | marked)
            assert answer.status_code == 403, name
            for text in form.texts:
                assert str(form.fields[text]).splitlines()[0] in answer.content.decode(), name
    assert (everything(), Draft.objects.get(pk=desk.draft.pk).version) == before


def test_extra_fields_are_never_believed(desk: Desk) -> None:
    """The form does what it does without them."""
    other = desk.scenes[0]
    for target in (other.firm.pk, other.owner.pk, other.case.pk):
        extra = {name: value.format(other=target) for name, value in EXTRA.items()}
        for name, window, form in desk:
            results = []
            for fields in (form.fields, extra | form.fields):
                with transaction.atomic():
                    status = window.post(form.path, fields).status_code
                    results.append((status, counts(), *guarded()))
                    transaction.set_rollback(True)
            assert results[0] == results[1], name


def counts() -> list[int]:
    """Rows per table."""
    tables = (Consultation, Draft, Assignment, AdviceReport, Message, Registration)
    return [table.objects.count() for table in tables]


def guarded() -> list[Any]:
    """What extra fields aim at."""
    aims = {
        Consultation: ("state", "organisation", "filed_by", "shared_in_firm"),
        Assignment: ("expert", "duty", "state"),
        AdviceReport: ("author", "reviewer", "state", "number"),
        Message: ("author", "from_expert"),
        Seminar: ("capacity", "taken"),
        User: ("pk", "role"),
    }
    return [sorted(table.objects.values_list(*names), key=str) for table, names in aims.items()]


@pytest.mark.parametrize(
    "expert", ["", "1", "x", "\x00", "5" * 32, "００００", "null", "{}", "%s", "-1", "9" * 200]
)  # fmt: skip
def test_an_expert_that_is_none_is_named(desk: Desk, expert: str) -> None:
    """And nobody is asked."""
    _window, form = desk.forms["assign"]
    before = Assignment.objects.count()
    answer = browser(desk.scenes[1].staff).post(form.path, form.fields | {"expert": expert})
    assert answer.status_code == 200
    assert "field--error" in answer.content.decode()
    assert Assignment.objects.count() == before


JUNK = [
    "?x=%00", "?%FF%FE=1", "?a[b][c]=d", "?next=//evil.example", "?" + "a=1&" * 300, "?page=%00",
    "?lang=xx", "?;;;", "?__proto__[x]=1", "?q=%ED%A0%80", "?" + "x" * 7000,
]  # fmt: skip


@pytest.mark.parametrize("query", JUNK)
def test_junk_behind_the_question_mark_is_no_error_of_ours(desk: Desk, query: str) -> None:
    """On every page of every form, opened and sent."""
    for name, window, form in desk:
        with transaction.atomic():
            statuses = [
                window.get(form.path + query).status_code,
                window.post(form.path + query).status_code,
            ]
            transaction.set_rollback(True)
        assert set(statuses) <= CLEAR | {401}, name


@pytest.mark.parametrize(
    "ref",
    [
        "x", "TS-0000-0000", "ts-0000-000", "%E6%BC%8F", "a" * 3000, "..", "%2e%2e", "TS-0000-0000'--",
        "%ED%A0%80", "ß", "ﬀ", "%0d%0a",
    ],
)  # fmt: skip
def test_a_receipt_number_that_is_none_is_not_there(desk: Desk, ref: str) -> None:
    """For everybody alike."""
    for window in {id(w): w for _n, w, _f in desk}.values():
        status = window.get(f"/consultations/{ref}/").status_code
        assert status in (302, 404)
        status = window.post(f"/consultations/{ref}/messages/", {"body": "x"}).status_code
        assert status in (401, 403, 404)


def test_what_was_typed_comes_back_when_the_session_has_ended(desk: Desk) -> None:
    """Signed out while writing: the words stand on the page, nothing is saved."""
    before = everything()
    visitor = Client(raise_request_exception=False)
    for name, _window, form in desk:
        if form.path.startswith(("/seminars/", "/cases/")):
            continue
        answer = visitor.post(form.path, form.fields)
        assert answer.status_code == 401, name
        for text in form.texts:
            assert str(form.fields[text]).splitlines()[0] in answer.content.decode()
    assert everything() == before
