"""Steps that a reader has done: kept over revisions, asked again only where their substance changed."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from guidelines import services
from guidelines.models import Publication, Tick
from guidelines.reports.checklists import item_ids, my_checklist
from tests.accounts.factories import UserFactory, sign_in
from tests.guidelines.desk import in_draft, note, published, revision, rewrite
from tests.guidelines.factories import CHOOSE, LEAVE, MARK, Library, library, publish

pytestmark = pytest.mark.django_db
TICKS = "/guidelines/ticks/"


@pytest.fixture
def reader() -> User:
    """A member."""
    user: User = UserFactory()
    return user


def states(reader: User, section: str = MARK) -> dict[str, str]:
    """Step → done, again or open, as the reader's own list shows them."""
    for row in my_checklist(reader):
        if row["version"].section_id == section:
            return {item["id"]: item["state"] for item in row["items"]}
    return {}


def tick(reader: User, items: list[str], *, number: int = 3, section: str = MARK) -> int:
    """Send the form of a section; the answer's status."""
    client = sign_in(Client(raise_request_exception=False), reader)
    path = reverse("guidelines:tick", args=[section, number])
    return client.post(path, {"done": items}).status_code


def revised(made: Library, items: list[dict[str, Any]]) -> None:
    """Publish an edition with these steps."""
    editor = UserFactory(editor=True)
    draft = revision(made, by=editor)
    rewrite(draft, by=editor, checklist=items)
    note(draft, by=editor)
    made.editions[4] = published(draft)


def test_a_tick_is_kept_and_taken_back(reader: User) -> None:
    """On the section's page and on the reader's own list."""
    library()
    assert tick(reader, ["a", "b"]) == 302
    assert states(reader) == {"a": "done", "b": "done"}
    client = sign_in(Client(), reader)
    assert client.get(f"/s/{MARK}/").content.decode().count(" checked>") == 2
    assert "2項目のうち2項目が済み" in client.get(reverse("guidelines:checklist")).content.decode()
    assert tick(reader, ["b"]) == 302
    assert states(reader) == {"a": "open", "b": "done"}
    assert tick(reader, []) == 302
    assert states(reader) == {}


def test_after_a_revision_only_what_changed_in_substance_is_asked_again(reader: User) -> None:
    """New words for the same step change nothing; a raised rev asks again; a new step is open."""
    made = library()
    tick(reader, ["a", "b"])
    revised(
        made,
        [
            {"id": "a", "rev": 2, "text": "同じことを別の言葉で"},
            {"id": "b", "rev": 2, "text": "中身が変わった"},
            {"id": "c", "rev": 1, "text": "新しい"},
        ],
    )
    assert states(reader) == {"a": "done", "b": "again", "c": "open"}
    page = sign_in(Client(), reader).get(reverse("guidelines:checklist")).content.decode()
    assert "改訂されました" in page
    assert "もう一度" in page
    tick(reader, ["a", "b"], number=4)
    assert states(reader) == {"a": "done", "b": "done", "c": "open"}


def test_an_old_edition_keeps_its_own_ticks(reader: User) -> None:
    """Step a had another substance in edition 1."""
    library()
    assert tick(reader, ["a"], number=1) == 302
    assert states(reader) == {"a": "again", "b": "open"}
    tick(reader, ["a"])
    tick(reader, [], number=1)
    assert states(reader)["a"] == "done"


@pytest.mark.parametrize("items", [["zz"], ["a", "zz"], ["\x00"], ["a" * 5000], [""]])
def test_a_step_that_the_text_does_not_have_is_refused(reader: User, items: list[str]) -> None:
    """And nothing of the form is kept."""
    library()
    assert tick(reader, items) == 409
    assert not Tick.objects.exists()


@pytest.mark.parametrize(
    ("section", "number"), [(MARK, 9), ("zzzzzz", 1), (MARK, 4), (MARK, 10**9)]
)
def test_a_text_that_is_not_published_takes_no_tick(
    reader: User, section: str, number: int
) -> None:
    """Edition 4 is a draft."""
    revision(library())
    assert tick(reader, ["a"], section=section, number=number) == 404


def test_the_id_of_a_removed_step_is_never_given_again() -> None:
    """A tick of the old step must not count for another one."""
    from guidelines.forms import ItemFormSet

    made = library()
    revised(made, [{"id": "a", "rev": 2, "text": "残る"}])
    editor = UserFactory(editor=True)
    draft = services.begin_draft(made.publication, by=editor)
    version = in_draft(draft, MARK)
    assert item_ids(MARK) == {"a", "b"}
    sent = {
        "items-TOTAL_FORMS": "4", "items-INITIAL_FORMS": "1",
        "items-0-id": "a", "items-0-text": "残る", "items-0-changed": "on",
        "items-1-id": "b", "items-1-text": "取りもどそうとした番号",
        "items-2-id": "a", "items-2-text": "二度めの番号", "items-3-text": "新しい",
    }  # fmt: skip
    items = ItemFormSet(sent, prefix="items")
    assert items.is_valid()
    rows = items.items({i["id"]: i["rev"] for i in version.checklist}, item_ids(MARK))
    assert [(row["id"], row["rev"]) for row in rows] == [("a", 3), ("c", 1), ("d", 1), ("e", 1)]


def hand_over(client: Client, body: Any) -> Any:
    """What a browser sends after signing in."""
    raw = body if isinstance(body, (str, bytes)) else json.dumps(body)
    return client.post(TICKS, raw, content_type="application/json")


def test_ticks_of_the_browser_are_taken_over(reader: User) -> None:
    """Twice is once; what is there already stays; the answer says what is kept now."""
    library()
    tick(reader, ["b"])
    client = sign_in(Client(), reader)
    sent = [[MARK, "a", 2], [MARK, "a", 2], [LEAVE, "b", 1]]
    for _ in range(2):
        answer = hand_over(client, sent)
        assert answer.status_code == 200
    assert answer.json() == {"ticks": [[MARK, "a", 2], [MARK, "b", 1], [LEAVE, "b", 1]]}
    assert client.get(TICKS).json() == answer.json()
    assert states(reader) == {"a": "done", "b": "done"}


def test_ticks_of_an_older_substance_are_taken_over_as_such(reader: User) -> None:
    """The visitor ticked before the revision."""
    library()
    hand_over(sign_in(Client(), reader), [[MARK, "a", 1]])
    assert states(reader)["a"] == "again"


def test_what_no_text_ever_had_is_left_out(reader: User) -> None:
    """The rest is taken over: a browser's store cannot be mended by its owner."""
    made = library()
    hidden = services.begin_draft(made.publication, by=UserFactory(editor=True))
    rewrite(hidden, by=UserFactory(editor=True), checklist=[{"id": "z", "rev": 7, "text": "秘密"}])
    sent = [["zzzzzz", "a", 1], [MARK, "zz", 1], [MARK, "a", 999], [MARK, "z", 7], [MARK, "b", 1]]
    answer = hand_over(sign_in(Client(), reader), sent)
    assert answer.json() == {"ticks": [[MARK, "b", 1]]}


JUNK: list[Any] = [
    "", "{", "null", "1", "{}", '"text"', b"\xff\xfe", "[1]", "[[1]]", '[["a","b"]]', [[1, 2, 3, 4]],
    [["x" * 13, "a", 1]], [[MARK, "a" * 13, 1]], [[MARK, "a", 0]], [[MARK, "a", -1]], [[MARK, "a", 1000]],
    "[[\"bbbb33\",\"a\",1e400]]", "[[\"bbbb33\",\"a\",NaN]]", "[[\"bbbb33\",\"a\",1.5]]",
    [[MARK, "a", "x"]], [[MARK, "a", None]], [[MARK, "a\x00", 1]], [["\x00", "a", 1]],
    [["\ud800", "a", 1]], [[MARK, ["a"], 1]], [[{"a": 1}, "a", 1]], [[MARK, "a", 10**400]],
    "[" * 100_000, '{"a":' * 50_000, [[MARK, "a", 1]] * 501, [["ｂｂｂｂ３３", "a", 1]],
]  # fmt: skip


@pytest.mark.parametrize("body", range(len(JUNK)))
def test_junk_from_a_browser_is_refused(reader: User, body: int) -> None:
    """4xx, whatever it is, and nothing is kept."""
    library()
    client = sign_in(Client(raise_request_exception=False), reader)
    assert 400 <= hand_over(client, JUNK[body]).status_code < 500
    assert not Tick.objects.exists()


def test_visitors_have_no_ticks_here() -> None:
    """Theirs are kept by the browser alone."""
    library()
    assert Client().get(TICKS).status_code == 302
    assert hand_over(Client(), []).status_code == 401
    assert "checklist.js" in Client().get(f"/s/{MARK}/").content.decode()


def test_ticks_count_in_both_languages(reader: User) -> None:
    """The steps of a translation are the same steps."""
    library(english=3)
    tick(reader, ["a"])
    client = sign_in(Client(), reader)
    page = client.get("/en/guidelines/checklist/").content.decode()
    assert "Do mark" in page
    assert client.get(f"/en/s/{MARK}/").content.decode().count(" checked>") == 1


def test_a_reader_of_an_older_translation_can_tick_its_steps(reader: User) -> None:
    """English is behind: its page shows, and sends, the steps of its own edition."""
    made = library(upto=3)
    twin = Publication.objects.create(
        slug="sample", language="en", twin_of=made.publication, kind="guideline"
    )
    publish(twin, 1, based_on=made.editions[1])
    client = sign_in(Client(), reader)
    page = client.get(f"/en/s/{MARK}/").content.decode()
    assert f'action="/en/s/{MARK}/editions/1/ticks/"' in page
    assert client.post(f"/en/s/{MARK}/editions/1/ticks/", {"done": ["a"]}).status_code == 302
    assert Tick.objects.get().rev == 1


def test_sections_with_something_to_look_at_again_come_first(reader: User) -> None:
    """Then in reading order."""
    library()
    hand_over(sign_in(Client(), reader), [[CHOOSE, "a", 1], [LEAVE, "a", 1], [MARK, "b", 1]])
    assert [row["version"].section_id for row in my_checklist(reader)] == [LEAVE, CHOOSE, MARK]
