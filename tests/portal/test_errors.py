"""Error pages: each in our design, in both languages, saying what happened and what to do next."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.shortcuts import render
from django.template.loader import get_template
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.translation import gettext, override

from tests.accounts.factories import UserFactory, sign_in
from tests.consultations.factories import scene

pytestmark = pytest.mark.django_db
PREFIX = {"ja": "", "en": "/en"}
LONG = "x" * (2 * 1024 * 1024 + 1)


def breaking(error: BaseException) -> Callable[..., Any]:
    """A view's render that fails."""

    def broken(*_args: Any, **_options: Any) -> None:
        raise error

    return broken


def _fault(error: BaseException) -> Callable[[Client, str, Any], Any]:
    def provoke(client: Client, prefix: str, patch: Any) -> Any:
        client.raise_request_exception = False
        patch.setattr("portal.views.pages.render", breaking(error))
        return client.get(f"{prefix}/help/")

    return provoke


def _locked(client: Client, prefix: str, _patch: Any) -> Any:
    for _ in range(30):
        answer = client.post(f"{prefix}/accounts/password/reset/", {"email": "a@example.com"})
        if answer.status_code == 429:
            break
    return answer


def _conflict(client: Client, prefix: str, _patch: Any) -> Any:
    made = scene()
    sign_in(client, made.owner)
    return client.post(f"{prefix}/consultations/{made.case.ref}/close/")


def _csrf(client: Client, prefix: str, _patch: Any) -> Any:
    strict = Client(enforce_csrf_checks=True)
    return strict.post(f"{prefix}/accounts/login/", {"login": "書きかけ", "password": "geheim"})


#: status → how it comes about, and the words of the page's heading.
PAGES: dict[str, tuple[int, Callable[[Client, str, Any], Any], str]] = {
    "unreadable": (
        400, lambda client, prefix, _patch: client.get(f"{prefix}/help/?q=%00"),
        "送られた内容を読み取れませんでした",
    ),
    "too many fields": (
        400,
        lambda client, prefix, _patch: client.post(
            f"{prefix}/accounts/login/", {f"f{n}": "x" for n in range(10_000)}
        ),
        "送られた内容を読み取れませんでした",
    ),
    "form's mark missing": (403, _csrf, "ログインの期限が切れました"),
    "not allowed": (
        403, lambda client, prefix, _patch: sign_in(client, UserFactory()).get(f"{prefix}/audit/"),
        "この操作はできません",
    ),
    "not found": (
        404, lambda client, prefix, _patch: client.get(f"{prefix}/nothing/"), "ページが見つかりません",
    ),
    "wrong method": (
        405,
        lambda client, prefix, _patch: sign_in(client, UserFactory()).get(
            f"{prefix}/accounts/sessions/end-others/"
        ),
        "このアドレスは直接開けません",
    ),
    "not now": (409, _conflict, "ほかの操作と重なりました"),
    "too large": (
        413, lambda client, prefix, _patch: client.post(f"{prefix}/accounts/login/", {"login": LONG}),
        "送られたファイルが大きすぎます",
    ),
    "too often": (429, _locked, "操作の回数が多すぎます"),
    "our fault": (500, _fault(RuntimeError("geheim")), "うまくいきませんでした"),
    "database away": (503, _fault(OperationalError("geheim")), "ただいま混み合っています"),
    "connection broken": (503, _fault(InterfaceError("geheim")), "ただいま混み合っています"),
}  # fmt: skip


@pytest.mark.parametrize("language", PREFIX)
@pytest.mark.parametrize("kind", PAGES)
def test_an_error_has_a_page_of_ours_in_the_readers_language(
    kind: str, language: str, client: Client, monkeypatch: Any
) -> None:
    """With one heading, our style, a way on, and nothing of what went wrong inside."""
    status, provoke, heading = PAGES[kind]
    answer = provoke(client, PREFIX[language], monkeypatch)
    page = answer.content.decode()
    assert answer.status_code == status
    assert f'<html lang="{language}">' in page
    assert "/static/css/tokens.css" in page
    headings = re.findall(r"<h1>(.*?)</h1>", page)
    with override(language):
        assert headings == [gettext(heading)]
        assert f"<title>{gettext(heading)}" in page
    assert page.count("<main") == 1
    assert re.search(r'<main.*href="[^"]*/', page, re.DOTALL)
    assert "geheim" not in page
    assert "Traceback" not in page


def test_a_page_without_the_database_asks_nothing_of_it(
    client: Client, monkeypatch: Any, django_assert_num_queries: Any
) -> None:
    """Not even who is signed in: that is what is away."""
    from portal.views.errors import server_error

    with django_assert_num_queries(0):
        for error in (OperationalError(), RuntimeError()):
            try:
                raise error
            except Exception:  # noqa: BLE001 - as Django calls it
                answer = server_error(RequestFactory().get("/"))
            assert b"<h1>" in answer.content


def test_a_database_that_is_away_says_when_to_come_again(client: Client, monkeypatch: Any) -> None:
    """For programs that obey it."""
    answer = _fault(OperationalError())(client, "", monkeypatch)
    assert answer["Retry-After"] == "30"
    assert "no-store" in answer["Cache-Control"]


def test_the_database_may_be_away_already_at_the_door(client: Client, monkeypatch: Any) -> None:
    """The session is read before any view."""
    sign_in(client, UserFactory())
    monkeypatch.setattr(
        "django.contrib.sessions.backends.db.SessionStore.load", breaking(OperationalError())
    )
    client.raise_request_exception = False
    assert client.get("/my/").status_code == 503


@pytest.mark.parametrize("language", PREFIX)
def test_what_two_have_written_is_shown_side_by_side(language: str) -> None:
    """Nothing is lost in a conflict."""
    with override(language):
        answer = render(
            RequestFactory().get("/"), "409.html",
            {"mine": "私の文<b>", "theirs": "別の文", "back": "/x/"}, status=409,
        )  # fmt: skip
    page = answer.content.decode()
    assert "私の文&lt;b&gt;" in page
    assert "別の文" in page
    assert 'href="/x/"' in page


def test_a_wrong_method_names_the_right_ones(client: Client) -> None:
    """In the header, and with a page only where a page is read."""
    sign_in(client, UserFactory())
    address = reverse("accounts:end_other_sessions")
    for method in ("get", "put", "patch", "delete"):
        answer = getattr(client, method)(address)
        assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert client.head(address).content == b""
    assert client.generic("TRACE", address).status_code == 405
    assert client.generic("PROPFIND", "/nothing/").status_code == 404


def test_what_is_not_there_and_what_is_not_ones_own_look_the_same(client: Client) -> None:
    """To the last byte, so that no number can be tried out."""
    made = scene()
    sign_in(client, made.stranger)
    real = client.get(f"/consultations/{made.case.ref}/")
    guessed = client.get("/consultations/TS-AAAA-AAAA/")
    assert (real.status_code, guessed.status_code) == (404, 404)
    assert real.content == guessed.content


def test_404_is_raised_and_not_redirected_into_another_language(client: Client) -> None:
    """An address without its slash is put right only where the page is there."""
    assert client.get("/nothing").status_code == 404
    assert client.get("/help")["Location"] == "/help/"
    assert client.get("/en/help")["Location"] == "/en/help/"
    answer = client.generic("GET", "/", PATH_INFO="//evil.example/help")
    assert not answer.headers.get("Location", "").startswith("//")


def test_error_pages_need_no_signed_in_person() -> None:
    """They are also shown where the request never came so far."""
    for name in ("400.html", "403.html", "404.html", "405.html", "413.html", "429.html"):
        page = render(RequestFactory().get("/"), name)
        assert b"<h1>" in page.content
    for name in ("500.html", "503.html"):
        assert "<h1>" in get_template(name).render()
    with pytest.raises(Http404):
        raise Http404
