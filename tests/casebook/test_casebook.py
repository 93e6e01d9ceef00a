"""Leak cases that everybody reads: found by filter, told in two languages, leading to nobody."""

import tomllib
import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.enums import Industry
from casebook.enums import TRANSITIONS, Pathway, State
from casebook.errors import NotReleasable
from casebook.models import LeakCase
from casebook.services import (
    CONTENT,
    PARTS,
    AnonymisedIncident,
    draft_incident,
    load_content,
    release_case,
    withdraw_case,
)
from casebook.sources import entries
from common.audit.models import AuditEvent
from tests.accounts.factories import UserFactory
from tests.consultations.walking import browser, seen

pytestmark = pytest.mark.django_db
LIST = reverse("casebook:list")


def incident(title: str = "図面が漏れた", **codes: Any) -> AnonymisedIncident:
    """A made-up one, in Japanese."""
    texts = {part: f"{title}の{part}" for part in PARTS} | {"title": title}
    values = {"pathway": Pathway.LEAVER, "industry": "E", "fictional": True, **codes}
    return AnonymisedIncident(texts={"ja": texts}, **values)


def released(title: str = "図面が漏れた", **codes: Any) -> LeakCase:
    """One that everybody sees."""
    case = draft_incident(incident(title, **codes))
    release_case(case, by=None)
    return case


def test_the_cases_that_come_along_are_loaded_once() -> None:
    """Loading again changes nothing, and says so."""
    files = sorted(CONTENT.glob("*.toml"))
    assert load_content() == len(files) >= 4
    before = list(LeakCase.objects.order_by("pk").values())
    events = AuditEvent.objects.count()
    assert load_content() == 0
    assert list(LeakCase.objects.order_by("pk").values()) == before
    assert AuditEvent.objects.count() == events
    assert {case.slug for case in LeakCase.objects.all()} == {path.stem for path in files}


@pytest.mark.parametrize("path", sorted(CONTENT.glob("*.toml")), ids=lambda path: path.stem)
def test_each_case_that_comes_along_is_whole_in_both_languages(path: Any) -> None:
    """Every part, with codes that exist, and marked as made up."""
    facts = tomllib.loads(path.read_text(encoding="utf-8"))
    assert facts["pathway"] in Pathway.values
    assert facts["industry"] in Industry.values
    assert set(facts["texts"]) == {"ja", "en"}
    for texts in facts["texts"].values():
        assert all(len(texts[part].strip()) > 8 for part in PARTS)
    load_content()
    case = LeakCase.objects.get(slug=path.stem)
    assert case.fictional
    for prefix, language in (("", "ja"), ("/en", "en")):
        page = seen(Client().get(prefix + reverse("casebook:detail", args=[case.pk])))
        for part in PARTS:
            assert " ".join(facts["texts"][language][part].split())[:40] in page


def test_a_case_that_was_corrected_here_is_not_overwritten_by_loading() -> None:
    """What is there stays as it is."""
    load_content()
    case = LeakCase.objects.first()
    withdraw_case(case, by=None)
    load_content()
    case.refresh_from_db()
    assert case.state == State.WITHDRAWN


def test_the_list_is_filtered_by_its_address() -> None:
    """Each filter, both together, and nothing found in words."""
    released("退職者の件", pathway=Pathway.LEAVER, industry="E")
    released("取引先の件", pathway=Pathway.PARTNER, industry="E")
    released("海外の件", pathway=Pathway.OVERSEAS, industry="I", country="VN")
    shown = {
        "": {"退職者の件", "取引先の件", "海外の件"},
        "?pathway=leaver": {"退職者の件"},
        "?industry=E": {"退職者の件", "取引先の件"},
        "?pathway=partner&industry=E": {"取引先の件"},
        "?pathway=partner&industry=I": set(),
        "?pathway=&industry=": {"退職者の件", "取引先の件", "海外の件"},
    }
    for query, titles in shown.items():
        page = seen(Client().get(LIST + query))
        for title in shown[""]:
            assert (title in page) is (title in titles), query
        assert ("当てはまる事例はありません。" in page) is (not titles)


def test_a_filter_that_is_none_is_named_and_filters_nothing() -> None:
    """The other one counts all the same."""
    released("退職者の件", pathway=Pathway.LEAVER)
    released("取引先の件", pathway=Pathway.PARTNER)
    page = seen(Client().get(LIST + "?industry=?&pathway=partner"))
    assert "一覧にあるものから選んでください。" in page
    assert "取引先の件" in page
    assert "退職者の件" not in page
    assert "入力を確かめてください" in page


def test_long_lists_have_pages_that_keep_the_filter() -> None:
    """Bookmarkable; a page that does not exist shows the nearest one."""
    for number in range(23):
        released(f"件{number:02}", pathway=Pathway.PARTNER)
    released("別の件", pathway=Pathway.LEAVER)
    first = Client().get(LIST + "?pathway=partner").content.decode()
    assert first.count("card--link") == 20
    assert "?pathway=partner&amp;page=2" in first
    second = Client().get(LIST + "?pathway=partner&page=2").content.decode()
    assert second.count("card--link") == 3
    for page in ("99", "0", "-1", "x", "9" * 30):
        assert Client().get(f"{LIST}?pathway=partner&page={page}").status_code == 200


def test_only_released_cases_are_there_for_the_public() -> None:
    """A draft or a withdrawn one is neither listed, opened nor found; the editor sees both."""
    draft, gone, open_ = (
        draft_incident(incident("下書きの件")),
        released("戻した件"),
        released("公開の件"),
    )
    withdraw_case(gone, by=None)
    editor = browser(UserFactory(editor=True))
    roles = ("member", "expert", "staff", "partner")
    others = [Client(), *(browser(UserFactory(**{role: True})) for role in roles)]
    for window in others:
        page = seen(window.get(LIST))
        assert "公開の件" in page
        for hidden in (draft, gone):
            assert hidden.texts["ja"]["title"] not in page
            answer = window.get(reverse("casebook:detail", args=[hidden.pk]))
            unknown = window.get(reverse("casebook:detail", args=[uuid.uuid4()]))
            assert (answer.status_code, unknown.status_code) == (404, 404)
            assert answer.content == unknown.content
    for case in (draft, gone, open_):
        assert editor.get(reverse("casebook:detail", args=[case.pk])).status_code == 200
    assert {entry.title for entry in entries()} == {"公開の件"}


def test_an_incident_needs_all_its_parts_in_japanese() -> None:
    """Nothing half is kept."""
    whole = incident()
    for part in PARTS:
        texts = {"ja": whole.texts["ja"] | {part: "  "}}
        with pytest.raises(ValueError, match=part):
            draft_incident(AnonymisedIncident(Pathway.LEAVER, "E", texts))
    with pytest.raises(ValueError, match="ja"):
        draft_incident(AnonymisedIncident(Pathway.LEAVER, "E", {"en": whole.texts["ja"]}))
    assert not LeakCase.objects.exists()


@pytest.mark.parametrize("before", list(State))
def test_a_case_moves_by_its_table_only(before: State) -> None:
    """And the database wants a released one dated."""
    case = draft_incident(incident())
    if before is not State.DRAFT:
        release_case(case, by=None)
    if before is State.WITHDRAWN:
        withdraw_case(case, by=None)
    for after in State:
        if after not in TRANSITIONS[before]:
            with pytest.raises(NotReleasable):
                case.move_to(after)
    assert LeakCase.objects.get().state == before
    with pytest.raises(IntegrityError), transaction.atomic():
        LeakCase.objects.update(state="released", released_at=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        LeakCase.objects.update(state="else")


def test_each_step_is_noted_with_who_did_it() -> None:
    """And nothing else is."""
    editor = UserFactory(editor=True)
    case = draft_incident(incident(), by=editor)
    release_case(case, by=editor)
    withdraw_case(case, by=editor)
    events = AuditEvent.objects.about("leak_case", case.pk)
    assert [(event.verb, event.actor_id) for event in events] == [
        ("leak_case.drafted", editor.pk), ("leak_case.released", editor.pk), ("leak_case.withdrawn", editor.pk),
    ]  # fmt: skip
    assert all(event.related == {} for event in events)


def test_a_case_in_one_language_is_shown_in_the_other_too() -> None:
    """Rather than nothing."""
    case = released("日本語だけの件")
    page = Client().get("/en" + reverse("casebook:detail", args=[case.pk]))
    assert page.status_code == 200
    assert "日本語だけの件" in seen(page)


def test_nothing_in_the_casebook_leads_to_a_consultation() -> None:
    """No column points there, and its number is made here."""
    targets = {field.related_model for field in LeakCase._meta.get_fields() if field.is_relation}
    assert targets == set()
    first, second = draft_incident(incident()), draft_incident(incident())
    assert first.pk != second.pk
    assert first.pk.version == 4
