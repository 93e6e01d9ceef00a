"""What is not there and what is not for somebody look alike, to the last byte."""

import re
import secrets
import uuid
from itertools import product
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from consultations import services
from consultations.enums import State
from consultations.models import Consultation
from consultations.models.cases import new_reference
from tests.consultations.factories import draft_of, scene
from tests.consultations.walking import browser
from tests.world import STANDING, World, make_world

pytestmark = pytest.mark.django_db
OPENED = ("detail", "offer", "advice", "review", "status", "pdf", "triage", "assign", "disclose")
SENT = (
    "send",
    "share",
    "withdraw",
    "close",
    "submit",
    "approve",
    "issue",
    "offer",
    "review",
    "advice",
)


@pytest.fixture
def world(settings: Any) -> World:
    """Everybody."""
    settings.PORTAL_DEMO = True
    return make_world()


def told(answer: Any) -> tuple[int, bytes, dict[str, str]]:
    """All that an answer says, without what differs from one page load to the next.

    403 goes by role, before any object is looked for; its page may name the address.
    """
    body = re.sub(rb'name="csrfmiddlewaretoken" value="[^"]*"', b"", answer.content)
    if answer.status_code == 403:
        body = body.replace(answer.wsgi_request.path.encode().removeprefix(b"/en"), b"")
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return answer.status_code, body, headers


def unknown() -> str:
    """A receipt number that nobody has."""
    while True:
        ref = new_reference()
        if not Consultation.objects.filter(ref=ref).exists():
            return ref


def test_a_case_of_others_and_no_case_give_the_same_answer(world: World) -> None:
    """To everybody who does not see it, on every address, opened and sent."""
    compared = 0
    asked = [("get", name) for name in OPENED] + [("post", name) for name in SENT]
    for (case, standing), (who, window) in product(STANDING.items(), world.browsers().items()):
        if who in standing or who == "anonymous":
            continue
        for (method, name), prefix in product(asked, ("", "/en")):
            if name != "detail" and (prefix or case != "at work"):
                continue
            answers = []
            for ref in (world.cases[case].ref, unknown()):
                with translation.override("ja"):
                    path = prefix + reverse(f"consultations:{name}", args=[ref])
                answers.append(told(getattr(window, method)(path)))
            assert answers[0] == answers[1], (who, method, name)
            assert answers[0][0] in (403, 404, 405)
            compared += 1
    print(f"\nnot found: {compared} pairs of answers are alike")


def test_a_visitor_is_led_to_sign_in_for_both() -> None:
    """Whether the case exists is nobody's to learn before."""
    made = scene(State.IN_PROGRESS)
    for ref in (made.case.ref, unknown()):
        path = reverse("consultations:detail", args=[ref])
        answer = Client().get(path)
        assert (answer.status_code, answer["Location"]) == (
            302, f"{reverse('account_login')}?next={path}",
        )  # fmt: skip


def test_drafts_and_files_of_others_look_like_none(world: World) -> None:
    """Under one's own case, and under theirs."""
    mine, theirs = scene(State.IN_PROGRESS), scene(State.IN_PROGRESS)
    window = browser(mine.owner)
    draft = draft_of(theirs.owner)
    file = theirs.attachment.pk
    none = uuid.uuid4()
    kept: list[tuple[str, list[list[Any]]]] = [
        ("check", [[draft.pk], [none]]),
        ("page", [[draft.pk, 2], [none, 2]]),
        *[
            ("attachment", [[ref, file], [ref, none]])
            for ref in (mine.case.ref, theirs.case.ref, unknown())
        ],
    ]
    for name, arguments in kept:
        answers = [told(window.get(at(name, *given))) for given in arguments]
        assert answers[0] == answers[1]
        assert answers[0][0] == 404
    for name, extra in (("discard", []), ("autosave", [2])):
        paths = [at(name, pk, *extra) for pk in (draft.pk, none)]
        answers = [told(window.post(path, {"title": "x"})) for path in paths]
        assert answers[0] == answers[1]


def at(name: str, *arguments: Any) -> str:
    """An address of consultations."""
    return reverse(f"consultations:{name}", args=arguments)


def test_what_is_mine_does_not_open_what_is_theirs(world: World) -> None:
    """Ids put together from two owners: the parent is asked for, and so is the child."""
    mine, theirs = scene(State.IN_PROGRESS), scene(State.IN_PROGRESS)
    for person in (mine.owner, mine.adviser, mine.reviewer):
        window = browser(person)
        own = reverse("consultations:attachment", args=[mine.case.ref, mine.attachment.pk])
        assert window.get(own).status_code == 200
        for case, file in ((mine, theirs), (theirs, mine), (theirs, theirs)):
            path = reverse("consultations:attachment", args=[case.case.ref, file.attachment.pk])
            assert window.get(path).status_code == 404
    staff = browser(mine.staff)
    services.disclose(mine.case, by=mine.staff, reason="確認")
    path = reverse("consultations:attachment", args=[mine.case.ref, theirs.attachment.pk])
    assert staff.get(path).status_code == 404


def test_a_page_that_is_not_there_does_not_say_where_one_was(world: World) -> None:
    """The address is not repeated, so that nothing can be written into the page by it."""
    mark = secrets.token_hex(8)
    for path in (f"/{mark}/", f"/consultations/{mark}/", f"/cases/{uuid.uuid4()}/?{mark}"):
        for window in (Client(), world.browsers()["own"]):
            answer = window.get(path)
            assert answer.status_code in (302, 404)
            assert mark not in answer.content.decode()
