"""Middleware: headers on every answer, a plain no to what no form can read, and whence a request came."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from common.middleware import HEADERS, POLICY, PlainInputMiddleware, RequestContextMiddleware
from common.policy.middleware import PolicyMiddleware
from common.request_context import client_address, current
from tests.accounts.factories import UserFactory, sign_in

pytestmark = pytest.mark.django_db

ANSWERS: dict[str, Callable[[Client], Any]] = {
    "home": lambda client: client.get("/"),
    "English": lambda client: client.get("/en/help/"),
    "health": lambda client: client.get("/healthz"),
    "sign-in": lambda client: client.get("/accounts/login/"),
    "redirect": lambda client: client.get("/my/"),
    "slash missing": lambda client: client.get("/help"),
    "not found": lambda client: client.get("/nothing/"),
    "bad request": lambda client: client.get("/\x00/"),
    "wrong host": lambda client: client.get("/", headers={"host": "evil.example"}),
    "forbidden": lambda client: sign_in(client, UserFactory()).get("/audit/"),
    "wrong method": lambda client: sign_in(client, UserFactory()).get(
        reverse("accounts:end_other_sessions")
    ),
    "session ended": lambda client: client.post("/my/", {"text": "書きかけ"}),
    "static file": lambda client: client.get("/static/css/base.css"),
    "static file that is not there": lambda client: client.get("/static/css/nothing.css"),
    "preflight": lambda client: client.options("/"),
    "head": lambda client: client.head("/"),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_answer_has_the_headers(kind: str, client: Client) -> None:
    """Pages, redirects, errors, files."""
    answer = ANSWERS[kind](client)
    for name, value in HEADERS.items():
        assert answer.headers.get(name) == value, name
    if kind != "static file":
        assert (
            answer.headers["Cache-Control"] == "no-store" or "no-store" in answer["Cache-Control"]
        )
    assert "Server" not in answer.headers
    assert "X-Powered-By" not in answer.headers


def test_our_own_fault_has_the_headers_too(client: Client, monkeypatch: Any) -> None:
    """Also where the page is made without the database."""

    def broken(*_args: Any, **_options: Any) -> None:
        raise RuntimeError("図面")

    monkeypatch.setattr("portal.views.pages.render", broken)
    client.raise_request_exception = False
    answer = client.get("/help/")
    assert answer.status_code == 500
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


def test_the_content_policy_lets_nothing_run_that_is_not_ours() -> None:
    """Nothing by default; no inline, no eval, nobody else's."""
    rules = dict(part.strip().split(" ", 1) for part in POLICY.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["form-action"] == "'self'"
    assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert "unsafe" not in POLICY
    assert "http" not in POLICY
    assert "*" not in POLICY


def test_a_download_keeps_its_own_stricter_policy(client: Client) -> None:
    """A header that a view has set is not overwritten."""

    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Content-Security-Policy": "sandbox"})

    from common.middleware import SecurityHeadersMiddleware

    answer = SecurityHeadersMiddleware(view)(RequestFactory().get("/x/"))
    assert answer.headers["Content-Security-Policy"] == "sandbox"


# --- Input that no form can read ----------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/\x00", "/search/\x00/", "/search/?q=%00", "/search/?q=a%00b", "/en/search/?q=%00",
     "/guidelines/\x00/", "/accounts/login/?next=%00"],
    ids=ascii,
)  # fmt: skip
def test_nul_in_an_address_is_refused_plainly(client: Client, path: str) -> None:
    """The database would break on it."""
    answer = client.get(path)
    assert answer.status_code == 400
    assert f'lang="{"en" if path.startswith("/en") else "ja"}"' in answer.content.decode()


def test_the_refusal_is_in_the_readers_language(client: Client) -> None:
    """Whatever language the page before it was in, on the same thread."""
    client.get("/en/")
    assert 'lang="ja"' in client.get("/\x00").content.decode()
    client.get("/")
    assert 'lang="en"' in client.get("/en/\x00").content.decode()


@pytest.mark.parametrize(
    "charset", ["shift_jis", "euc-jp", "utf-16", "utf-7", "nonsense", "utf-8x"]
)
@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_a_post_in_another_charset_is_refused_plainly(
    client: Client, charset: str, kind: str
) -> None:
    """Django answers with 500, out of its check of the form's mark."""
    answer = client.generic("POST", "/accounts/login/", b"login=x", f"{kind}; charset={charset}")
    assert answer.status_code == 400


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"'])
def test_a_post_that_names_our_charset_is_read(client: Client, charset: str) -> None:
    """As browsers and programs write it."""
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    answer = client.generic("POST", "/accounts/login/", b"login=x", kind)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "kind", ["", ";", "charset=", "a/b; charset", 'a/b; charset="', "a/b; charset*=x''y"]
)
def test_a_broken_content_type_is_no_error_of_ours(kind: str) -> None:
    """Let through or refused, never an exception."""
    request = RequestFactory().generic("POST", "/", b"", kind)
    middleware = PlainInputMiddleware(lambda _request: HttpResponse())
    assert middleware(request).status_code in (200, 400)


# --- Whence -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "", "192.0.2.1"), (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"), (1, "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.7, 203.0.113.9, 192.0.2.200", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.1"), (1, "", "192.0.2.1"), (1, "evil", "192.0.2.1"),
        (1, "2001:DB8::1", "2001:db8::1"), (1, "'; DROP TABLE", "192.0.2.1"),
    ],
)  # fmt: skip
def test_only_our_own_proxies_are_believed(
    settings: Any, proxies: int, forwarded: str, address: str
) -> None:
    """What stands further left was written by whoever sent the request."""
    settings.PROXY_COUNT = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == address


def test_the_log_knows_a_network_by_a_keyed_digest_alone(settings: Any) -> None:
    """The same address gives the same one, under this installation's key."""
    seen = []

    def view(_request: HttpRequest) -> HttpResponse:
        seen.append(current.get())
        return HttpResponse()

    middleware = RequestContextMiddleware(view)
    for address in ("192.0.2.1", "192.0.2.1", "192.0.2.2", "", "unix:"):
        middleware(RequestFactory().get("/", REMOTE_ADDR=address))
    one, same, other, unknown, junk = (context.network for context in seen)
    assert one == same != other
    assert unknown == junk == ""
    assert len(one) == 16
    assert len({context.request_id for context in seen}) == 5
    settings.SECRET_KEY = "another key" * 9
    middleware(RequestFactory().get("/", REMOTE_ADDR="192.0.2.1"))
    assert seen[-1].network != one
    assert current.get().request_id == ""


# --- The policy's doorkeeper --------------------------------------------------------------------


def test_a_view_without_a_rule_answers_nobody(client: Client, monkeypatch: Any) -> None:
    """Not even the secretariat: no rule, no answer."""
    monkeypatch.setattr("common.policy.middleware.rule_of", lambda view, name: None)
    assert client.get("/").status_code == 403
    assert sign_in(client, UserFactory(staff=True)).get("/help/").status_code == 403


def test_a_visitor_is_led_to_sign_in_and_back(client: Client) -> None:
    """With the question mark's part."""
    answer = client.get("/audit/?page=2")
    assert answer["Location"] == "/accounts/login/?next=/audit/%3Fpage%3D2"


def test_what_was_typed_when_the_session_ended_is_given_back(client: Client) -> None:
    """As text; without the password and the form's own marks."""
    answer = client.post(
        "/accounts/profile/", {"name": "書きかけ<b>", "password": "geheim", "empty": " "}
    )
    page = answer.content.decode()
    assert answer.status_code == 401
    assert "書きかけ&lt;b&gt;" in page
    assert "geheim" not in page


def test_files_are_not_read_back_at_the_door(client: Client) -> None:
    """A post with a file whose session ended is answered like any other."""
    answer = client.post(
        "/accounts/profile/", {"file": ContentFile(b"x" * 10, "a.txt"), "name": "書"}
    )
    assert answer.status_code == 401


def test_the_doorkeeper_passes_on_what_it_does_not_know() -> None:
    """Called for every request, it changes none by itself."""
    answer = HttpResponse()
    assert PolicyMiddleware(lambda _request: answer)(RequestFactory().get("/")) is answer
