"""Short ways through the pages, for tests that go them."""

import re
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from consultations.models import Consultation, Draft
from tests.accounts.factories import sign_in

#: What a member sends on each page of intake.
SENT: dict[int, dict[str, Any]] = {
    1: {"category": "leak", "urgency": "now", "country": "VN"},
    2: {"title": "図面の件", "situation": "先月のことです。\n記録があります。", "wish": "順番を"},
    3: {"parties": "見本機械", "shared_in_firm": ""},
}


def browser(user: User) -> Client:
    """A browser in which this person has signed in."""
    return sign_in(Client(raise_request_exception=False), user)


def at(name: str, case: Consultation, **arguments: Any) -> str:
    """An address of a case."""
    return reverse(f"consultations:{name}", kwargs={"ref": case.ref, **arguments})


def of(name: str, draft: Draft, **arguments: Any) -> str:
    """An address of a draft."""
    return reverse(f"consultations:{name}", kwargs={"pk": draft.pk, **arguments})


def seen(answer: Any) -> str:
    """The text of a page, without tags, as it is read."""
    html = answer.content.decode()
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def begun(client: Client) -> Draft:
    """A draft begun on the page."""
    answer = client.post(reverse("consultations:new"))
    assert answer.status_code == 302
    found = re.search(r"/drafts/([0-9a-f-]{36})/1/", answer["Location"])
    assert found
    draft: Draft = Draft.objects.get(pk=found.group(1))
    return draft


def fill(client: Client, draft: Draft, **changed: Any) -> HttpResponse:
    """All three pages filled in as a member does; the last answer."""
    for page, fields in SENT.items():
        version = Draft.objects.get(pk=draft.pk).version
        data = {**fields, **{k: v for k, v in changed.items() if k in fields}}
        answer: Any = client.post(of("page", draft, page=page), data | {"draft_version": version})
        assert answer.status_code == 302, seen(answer)
    return answer  # type: ignore[no-any-return]
