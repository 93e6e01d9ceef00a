"""Every form of accounts, seminars and portal, with every hostile value in every field: never 5xx."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_from_bytes, unquote, urlsplit

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve

from accounts import services
from accounts.models import Invitation, Membership
from common.policy import Role
from seminars.models import Seminar
from seminars.services import load_demo, own_url
from seminars.services import register as book
from tests.accounts.browsing import log_in
from tests.accounts.factories import PASSWORD, MembershipFactory, UserFactory, sign_in
from tests.accounts.paths import paths
from tests.portal.forms_of import Form, forms_of
from tests.portal.test_work import dead_job

pytestmark = pytest.mark.django_db
#: Apps whose forms are walked here; the others have tests of their own.
OTHERS = ("consultations:", "guidelines:", "casebook:", "diagnosis:", "originals:", "programmes:")
#: What a text field must not take, as bytes on the wire.
REFUSED: dict[str, bytes] = {
    "NUL": "作例\0".encode(),
    "half of a character": b"\xed\xa0\x80" + "作例".encode(),
    "bytes that are no UTF-8": b"\xff\xfe\x80",
    "Shift_JIS": "作例".encode("cp932"),
    "reversed writing": "gnp.\u202eexe".encode(),
    "20,001 characters": ("あ" * 20_001).encode(),
}
#: What it may take or refuse, as its own rules are; nothing may break on it.
STRANGE: dict[str, bytes] = {
    "markup": b"\"'><script>alert(1)</script>{{ 7*7 }}{% debug %}",
    "SQL": b"' OR 1=1; DROP TABLE accounts_user; --",
    "many lines": b"a\r\nBcc: b@example.com\r\n\r\nc",
    "a long number": "９".encode() * 400,
    "emoji and old forms": "髙﨑𠮷👨‍👩‍👧 =cmd|' /C calc'!A0".encode(),
}
#: Questions that no link of ours asks, several at once; pages read what they know of them.
JUNK = [
    "page=-1&q=%ff%fe&number=%E2%80%AE&verb=x&format=pdf&next=//evil.example/&key=%",
    "page=abc&q=%27&number=9e999&verb=&state=x&order_by=password&=&&=;&a&next=javascript:1",
    "page=999999999&page=1e309&q=" + "a" * 5_000 + "&a=" * 300,
]
VALID = {
    "name": "作例 太郎", "email": "fresh@example.com", "login": "fresh@example.com", "password": PASSWORD,
    "password1": "Mori-Shizuku-7781", "password2": "Mori-Shizuku-7781", "oldpassword": PASSWORD, "firm": "作例",
    "code": "123456", "city": "ハノイ", "number": "1", "credential": "{}",
}  # fmt: skip


@dataclass
class Person:
    """Somebody who may open certain pages: the cookie of a session, and the pages."""

    cookie: str
    pages: list[str]

    def client(self, **options: Any) -> Client:
        """A browser in that session; each post gets a fresh one."""
        made = Client(raise_request_exception=False, **options)
        if self.cookie:
            made.cookies["session"] = self.cookie
        return made


@pytest.fixture
def people() -> dict[str, Person]:
    """Everybody who is needed to see every form once."""
    load_demo()
    seminar = Seminar.objects.order_by("pk").first()
    firm = MembershipFactory(is_owner=True)
    MembershipFactory(organisation=firm.organisation)
    staff = UserFactory(staff=True)
    UserFactory(expert=True, is_active=False)
    services.invite_professional(email="waiting@example.com", role=Role.EXPERT, actor=staff)
    services.invite_member(firm.organisation, email="guest@example.com", actor=firm.user)
    dead_job()
    booked = book(seminar, name="作例", email="visitor@example.com")
    fixed = {
        "seminars:detail": f"/seminars/{seminar.pk}/", "seminars:register": f"/seminars/{seminar.pk}/register/",
        "seminars:registration": own_url(booked), "accounts:accept_invitation": _invitation(),
        "accounts:remove_member": f"/accounts/members/{Membership.objects.latest('pk').pk}/remove/",
    }  # fmt: skip
    walked = [
        fixed.get(name, path)
        for name, path in paths().items()
        if not name.startswith(OTHERS) and name != "healthz"
    ]
    half = Client()
    log_in(half, UserFactory(expert=True).email)
    sessions = {
        "visitor": Client(),
        "half signed in": half,
        "owner": sign_in(Client(), firm.user),
        "member without a firm": sign_in(Client(), UserFactory()),
        "staff": sign_in(Client(), staff),
        "auditor": sign_in(Client(), UserFactory(auditor=True)),
    }
    other = Client()
    log_in(other, firm.user.email)
    return {
        who: Person(client.cookies["session"].value if client.cookies else "", walked)
        for who, client in sessions.items()
    }


def _invitation() -> str:
    """The address of an invitation whose key is known here."""
    from accounts.models import token_digest

    token = "k" * 43
    Invitation.objects.filter(email="guest@example.com").update(digest=token_digest(token))
    return f"/accounts/invitations/accept/{token}/"


def opened(person: Person) -> Iterator[tuple[str, str]]:
    """(address, page) of everything this person may open."""
    # Says 503 with words of its own where no worker runs, as here.
    for address in (page for page in person.pages if page != "/healthz"):
        with transaction.atomic():
            answer = person.client().get(address)
            transaction.set_rollback(True)
        assert answer.status_code < 500, address
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            yield address, answer.content.decode()


def forms(person: Person) -> dict[tuple[str, frozenset[str]], Form]:
    """Every different form that this person sees, by address and fields."""
    found = {}
    for address, page in opened(person):
        for form in forms_of(page, address):
            if form.method == "post":
                known = frozenset(form.fields)
                found.setdefault((urlsplit(form.action).path, known), form)
    return found


def filled(form: Form) -> dict[str, str]:
    """The form, filled in as it should be."""
    values = {}
    for name, (kind, options, value) in form.fields.items():
        if kind in ("select", "radio", "checkbox"):
            usable = [option for option in options if option]
            values[name] = value or (usable[0] if usable else "")
        else:
            values[name] = value or VALID.get(name.rpartition("-")[2], "")
    return values


def encoded(values: dict[str, str | bytes]) -> bytes:
    """As a browser sends it; bytes go as they are."""
    parts = []
    for name, value in values.items():
        raw = value if isinstance(value, bytes) else value.encode()
        parts.append(f"{quote_from_bytes(name.encode())}={quote_from_bytes(raw)}")
    return "&".join(parts).encode()


def post(person: Person, form: Form, body: bytes, **options: Any) -> Any:
    """One post whose effects are undone."""
    kind = options.pop("kind", "application/x-www-form-urlencoded")
    with transaction.atomic():
        answer = person.client(**options).generic("POST", form.action, body, kind)
        transaction.set_rollback(True)
    return answer


def seen(text: str) -> str:
    """A text without what cannot be compared: controls, broken characters, spaces at the ends."""
    return re.sub("[\x00-\x20\x7f-\x9f\ufffd]+", " ", text).strip()


def lost(answer: Any, form: Form, sent: dict[str, str | bytes]) -> list[str]:
    """Fields whose text is not on the page that came back."""
    again = [
        f
        for f in forms_of(answer.content.decode(), form.action)
        if f.fields.keys() >= set(form.typed())
    ]
    if not again:
        return []
    missing = []
    for name in form.typed():
        raw = sent[name]
        text = raw if isinstance(raw, str) else raw.decode("utf-8", "replace")
        kept = [f.fields[name][2] for f in again if name in f.fields]
        if seen(text) not in [seen(value) for value in kept]:
            missing.append(name)
    return missing


WHO = [
    "visitor",
    "half signed in",
    "owner",
    "member without a firm",
    "staff",
    "auditor",
]
#: Forms that look the same to everybody who sees them: one person walks them.
SHARED = {
    "account_logout", "account_change_password", "account_email", "account_reauthenticate",
    "accounts:profile", "accounts:end_session", "accounts:end_other_sessions", "mfa_activate_totp",
    "mfa_add_webauthn", "seminars:register", "seminars:registration",
}  # fmt: skip
#: Where the button that was pressed decides which fields are read; asked below.
SEVERAL_BUTTONS = {"/accounts/email/"}


def fault(
    path: str, form: Form, name: str, what: str, answer: Any, sent: dict[str, str | bytes]
) -> str:
    """What is wrong with an answer; empty where nothing is."""
    status = answer.status_code
    if status >= 500:
        return str(status)
    if status == 302 and what in REFUSED and name in form.typed():
        return "" if path in SEVERAL_BUTTONS else "taken"
    if status == 200 and (gone := lost(answer, form, sent)):
        return f"lost {', '.join(gone)}"
    return "markup" if status == 200 and b"<script>alert(1)" in answer.content else ""


@pytest.mark.parametrize("who", WHO)
def test_no_field_breaks_on_any_value_and_nothing_typed_is_lost(
    people: dict[str, Person], who: str
) -> None:
    """What a text cannot hold is refused at its field; all the rest of the form stays typed in."""
    person, wrong, tried = people[who], [], 0
    for (path, _fields), form in forms(person).items():
        if who != "owner" and resolve(unquote(path)).view_name in SHARED:
            continue
        for name in form.fields:
            if name == "csrfmiddlewaretoken":
                continue
            for what, value in {**REFUSED, **STRANGE}.items():
                sent: dict[str, str | bytes] = {**filled(form), name: value}
                answer = post(person, form, encoded(sent))
                tried += 1
                found = fault(path, form, name, what, answer, sent)
                wrong += [f"{who}: {path} {name}: {what}: {found}"] if found else []
    print(f"\n{who}: {tried} posts")
    assert not wrong, "\n".join(wrong)
    assert tried > 10


@pytest.mark.parametrize("what", REFUSED)
def test_an_address_that_is_none_is_refused_beside_its_field(
    people: dict[str, Person], what: str
) -> None:
    """On the page with several buttons."""
    body = encoded({"email": REFUSED[what], "action_add": ""})
    with transaction.atomic():
        answer = (
            people["owner"]
            .client()
            .generic("POST", "/accounts/email/", body, "application/x-www-form-urlencoded")
        )
        transaction.set_rollback(True)
    assert answer.status_code in (200, 400)
    assert "field__error" in answer.content.decode() or answer.status_code == 400


WALKED = {
    "account_login", "account_signup", "account_reset_password", "account_change_password",
    "account_email", "account_logout", "account_reauthenticate", "mfa_authenticate",
    "mfa_reauthenticate", "mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes",
    "mfa_deactivate_totp", "accounts:profile", "accounts:new_organisation",
    "accounts:edit_organisation", "accounts:invite_member", "accounts:remove_member",
    "accounts:promote_member", "accounts:withdraw_invitation", "accounts:accept_invitation",
    "accounts:end_session", "accounts:end_other_sessions", "accounts:invite_professional",
    "accounts:close_account", "accounts:reopen_account", "portal:revive-job", "seminars:register",
    "seminars:registration",
}  # fmt: skip


def test_every_form_of_these_apps_was_seen(people: dict[str, Person]) -> None:
    """So the walk above left none out."""
    found = set()
    for who in WHO:
        for path, _fields in forms(people[who]):
            found.add(resolve(unquote(path)).view_name)
    assert found >= WALKED


@pytest.mark.parametrize("who", WHO)
def test_no_post_as_a_whole_breaks_anything(people: dict[str, Person], who: str) -> None:
    """Too many fields, too large a field, another charset, no mark, half a body, nonsense."""
    person, wrong = people[who], []
    for (path, _fields), form in forms(person).items():
        plain = encoded(filled(form))
        # A mere button reads nothing that was sent beside the mark.
        unread = set() if form.typed() else {302}
        many = b"&".join(b"f%d=x" % n for n in range(10_000))
        large = plain + b"&large=" + b"x" * (2 * 1024 * 1024 + 1)
        shift_jis = "application/x-www-form-urlencoded; charset=shift_jis"
        multipart = "multipart/form-data; boundary=x"
        tries: dict[str, tuple[Any, set[int]]] = {
            "10,000 fields": (post(person, form, many), {400} | unread),
            "a field of 2 MB": (post(person, form, large), {413} | unread),
            "another charset": (post(person, form, plain, kind=shift_jis), {400}),
            "no mark": (post(person, form, plain, enforce_csrf_checks=True), {403}),
            "half a multipart": (post(person, form, b"--x\r\nContent-Disp", kind=multipart), ALL),
            "no boundary": (post(person, form, plain, kind="multipart/form-data"), ALL),
            "JSON": (post(person, form, b'{"name": "x"}', kind="application/json"), ALL),
            "nothing": (post(person, form, b""), ALL),
            "names without values": (post(person, form, b"&&=&a&=b&%ff=%ff"), ALL),
        }  # fmt: skip
        for what, (answer, right) in tries.items():
            if answer.status_code not in right:
                wrong.append(f"{who}: {path}: {what}: {answer.status_code}")
            if what == "no mark" and VALID["name"] in filled(form).values():
                assert VALID["name"] in answer.content.decode()
    assert not wrong, "\n".join(wrong)


ALL = set(range(200, 500))


@pytest.mark.parametrize("who", ["visitor", "owner", "staff", "auditor"])
def test_no_question_mark_breaks_a_page(people: dict[str, Person], who: str) -> None:
    """Pages that are read take any query for what it is worth."""
    person, wrong = people[who], []
    for address, _page in opened(person):
        for junk in JUNK:
            with transaction.atomic():
                answer = person.client().get(f"{address}?{junk}")
                transaction.set_rollback(True)
            if answer.status_code >= 500:
                wrong.append(f"{who}: {address}?{junk[:40]}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
