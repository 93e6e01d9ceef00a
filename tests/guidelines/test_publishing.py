"""From the live edition to the next: notes for every change, a second person's check, two dates."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from common.audit.models import AuditEvent
from common.jobs import Job
from guidelines import services
from guidelines.enums import ChangeKind, EditionKind, EditionState
from guidelines.errors import IllegalTransition, NotPublishable
from guidelines.models import ChangeNote, Edition, SectionVersion, TemplateVersion
from guidelines.reports.problems import problems_of
from guidelines.services.sections import SectionText
from guidelines.signals import edition_published
from tests.accounts.factories import UserFactory
from tests.guidelines.desk import (
    checked,
    fresh,
    in_draft,
    note,
    published,
    revision,
    rewrite,
    scheduled,
    soon,
)
from tests.guidelines.factories import CHOOSE, EFFECTIVE, JOIN, LEAVE, MARK, library

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> User:
    """Who writes."""
    user: User = UserFactory(editor=True)
    return user


def refusal(action: Callable[[], Any]) -> str:
    """Why it is refused."""
    with pytest.raises(NotPublishable) as refused:
        action()
    return refused.value.message


def test_a_draft_begins_as_a_copy_of_the_live_edition(editor: User) -> None:
    """Texts, order and templates; not its notes, days or hash."""
    made = library()
    template = TemplateVersion.objects.create(
        key="nda", number=1, language="ja", title="契約", use="いつも", source="", docx=b"PK",
        sha256="0" * 64,
    )  # fmt: skip
    draft = services.begin_draft(made.publication, by=editor)
    rewrite(draft, MARK, by=editor, templates=[template])
    note(draft, by=editor)
    live = published(draft)
    second = services.begin_draft(made.publication, by=editor)
    assert (second.number, second.state, second.author) == (5, EditionState.DRAFT, editor)
    assert (second.chapters, second.sources, second.title) == (
        live.chapters, live.sources, live.title,
    )  # fmt: skip
    texts = {
        edition.pk: [
            (v.section_id, v.sha256, v.label, v.html, list(v.templates.all()))
            for v in SectionVersion.objects.of(edition)
        ]
        for edition in (live, second)
    }
    assert texts[live.pk] == texts[second.pk]
    assert texts[live.pk][1][4] == [template]
    assert not ChangeNote.objects.filter(edition=second).exists()
    assert (second.sha256, second.published_on, second.effective_on) == ("", None, None)


@pytest.mark.parametrize("waits", [False, True])
def test_there_is_one_draft_of_a_publication(editor: User, waits: bool) -> None:
    """Also while an edition waits for its day: schedules cannot overlap."""
    made = library()
    first = revision(made, by=editor)
    if waits:
        scheduled(checked(first))
    why = refusal(lambda: services.begin_draft(made.publication, by=editor))
    assert why == "書きかけの版がすでにあります。"
    assert Edition.objects.unpublished().count() == 1


def test_every_changed_section_demands_a_note(editor: User) -> None:
    """Changed, new and left out; each is named by its heading."""
    made = library()
    draft = services.begin_draft(made.publication, by=editor)
    rewrite(draft, MARK, by=editor)
    rewrite(draft, CHOOSE, by=editor, heading="別の見出し", source="同じこと。")
    services.add_section(
        draft, chapter=1, text=SectionText("加えた節", "要点。", "本文。"), by=editor
    )
    SectionVersion.objects.filter(edition=draft, section=LEAVE).delete()
    chapters = [
        {**chapter, "sections": [pk for pk in chapter["sections"] if pk != LEAVE]}
        for chapter in fresh(draft).chapters
    ]
    Edition.objects.filter(pk=draft.pk).update(chapters=chapters)
    found = problems_of(fresh(draft))
    assert sorted(found) == sorted(
        f"「{name}」の変更の説明がありません。"
        for name in ("見出し mark", "別の見出し", "加えた節", "見出し leave")
    )


@pytest.mark.parametrize(
    ("section", "kind", "fits"),
    [
        (MARK, "substance", True), (MARK, "wording", True), (MARK, "moved", True),
        (MARK, "new", False), (MARK, "deleted", False),
    ],
)  # fmt: skip
def test_the_kind_of_a_note_fits_the_change(
    editor: User, section: str, kind: str, fits: bool
) -> None:
    """What stood before is not new; what stands is not deleted."""
    draft = services.begin_draft(library().publication, by=editor)
    rewrite(draft, section, by=editor)
    note(draft, section, kind, by=editor)
    assert problems_of(fresh(draft)) == (
        [] if fits else ["「見出し mark」の変更の種類が合いません。"]
    )


def test_a_note_of_a_section_that_did_not_change_is_named(editor: User) -> None:
    """Its subscribers would be told of nothing; taking the note back helps."""
    draft = revision(library(), by=editor)
    note(draft, CHOOSE, by=editor)
    assert problems_of(fresh(draft)) == [
        "「見出し choose」は変わっていないのに、変更の説明があります。"
    ]
    services.forget_note(draft, CHOOSE, by=editor)
    assert problems_of(fresh(draft)) == []


def test_an_edition_that_changes_nothing_is_none(editor: User) -> None:
    """But new sources alone are a change."""
    draft = services.begin_draft(library().publication, by=editor)
    assert problems_of(draft) == ["前の版から変わったところがありません。"]
    Edition.objects.filter(pk=draft.pk).update(sources=[{"name": "別の出典"}])
    assert problems_of(fresh(draft)) == []


@pytest.mark.parametrize("part", ["source", "gist"])
def test_an_empty_text_is_named(editor: User, part: str) -> None:
    """By its heading."""
    draft = revision(library(), by=editor)
    rewrite(draft, MARK, by=editor, **{part: "  "})
    assert problems_of(fresh(draft)) == ["「見出し mark」に本文か要点がありません。"]


def test_moves_in_a_circle_and_into_nothing_are_named(editor: User) -> None:
    """Old links must lead on to a text."""
    draft = revision(library(), by=editor)
    services.note_move(draft, kind="merged", origin=CHOOSE, target=MARK, by=editor)
    assert problems_of(fresh(draft)) == []
    services.note_move(draft, kind="moved", origin=MARK, target=LEAVE, by=editor)
    services.note_move(draft, kind="split", origin=LEAVE, target=CHOOSE, by=editor)
    assert problems_of(fresh(draft)) == ["節の移動が輪になっています。"]
    services.remove_section(in_draft(draft, LEAVE), note="統合", reason="", by=editor)
    assert "移動先の節が、この版にありません。" in problems_of(fresh(draft))


def test_a_section_is_not_split_into_itself(editor: User) -> None:
    """Only within the outline can it move and stay itself."""
    draft = revision(library(), by=editor)
    why = refusal(
        lambda: services.note_move(draft, kind="split", origin=MARK, target=MARK, by=editor)
    )
    assert "別の節" in why
    services.note_move(draft, kind="moved", origin=MARK, target=MARK, by=editor)
    assert problems_of(fresh(draft)) == []


def test_nobody_who_wrote_vouches_for_the_text(editor: User) -> None:
    """Neither who began it nor who saved a sentence of it; whoever only read it may."""
    draft = revision(library(), by=editor)
    helper: User = UserFactory(editor=True)
    rewrite(draft, LEAVE, by=helper, source="別の本文。")
    note(draft, LEAVE, by=helper)
    for writer in (editor, helper):
        assert "別の人に頼んで" in refusal(lambda w=writer: checked(draft, by=w))  # type: ignore[misc]
    reader: User = UserFactory(staff=True)
    assert checked(draft, by=reader).checked_by == reader


EDITS: dict[str, Callable[[Edition, User], Any]] = {
    "a text": lambda draft, by: rewrite(draft, MARK, by=by, source="あとから直した。"),
    "a heading": lambda draft, by: rewrite(draft, MARK, by=by, heading="あとから"),
    "a step": lambda draft, by: rewrite(draft, MARK, by=by, checklist=[]),
    "a provision": lambda draft, by: rewrite(draft, MARK, by=by, statutes=[]),
    "a template": lambda draft, by: rewrite(
        draft, MARK, by=by, templates=[TemplateVersion.objects.get()]
    ),
    "a note's words": lambda draft, by: note(draft, MARK, by=by, note="別の説明。"),
    "a note's kind": lambda draft, by: note(draft, MARK, ChangeKind.WORDING, by=by),
    "whom it affects": lambda draft, by: note(draft, MARK, by=by, affects=["overseas"]),
    "a note taken back": lambda draft, by: services.forget_note(draft, MARK, by=by),
    "a move": lambda draft, by: services.note_move(
        draft, kind="split", origin=LEAVE, target=JOIN, by=by
    ),
    "a new section": lambda draft, by: services.add_section(
        draft, chapter=0, text=SectionText("節", "要点", "本文"), by=by
    ),
    "a section less": lambda draft, by: services.remove_section(
        in_draft(draft, JOIN), note="なくした", reason="", by=by
    ),
    "the title": lambda draft, by: services.save_outline(
        draft, facts={"title": "別の題名"}, chapters=draft.chapters, by=by, expected=draft.version
    ),
    "the law's day": lambda draft, by: services.save_outline(
        draft, facts={"law_as_of": date(2026, 11, 2)}, chapters=draft.chapters, by=by,
        expected=draft.version,
    ),
}  # fmt: skip


@pytest.mark.parametrize("edit", EDITS)
def test_any_edit_after_the_check_voids_it(editor: User, edit: str) -> None:
    """Whatever it was, the text is read again before it can be scheduled."""
    made = library()
    TemplateVersion.objects.create(
        key="nda", number=1, language="ja", title="契約", use="いつも", source="", docx=b"PK",
        sha256="1" * 64,
    )  # fmt: skip
    draft = checked(revision(made, by=editor))
    EDITS[edit](fresh(draft), editor)
    for section in (MARK, JOIN):  # what is missing for other reasons
        if SectionVersion.objects.filter(edition=draft, section=section).exists():
            continue
        note(draft, section, ChangeKind.DELETED, by=editor)
    with pytest.raises(NotPublishable) as refused:
        scheduled(fresh(draft))
    missing = problems_of(fresh(draft))
    assert refused.value.message in ("\n".join(missing), VOID)
    if not missing:
        assert refused.value.message == VOID


VOID = "法務確認のあとで本文が変わりました。もう一度確認を受けてください。"


def test_putting_the_same_words_back_leaves_the_check_good(editor: User) -> None:
    """What was vouched for is the text, not the number of saves."""
    draft = checked(revision(library(), by=editor))
    rewrite(draft, MARK, by=editor)
    assert scheduled(draft).state == EditionState.SCHEDULED


def test_without_a_check_nothing_is_scheduled(editor: User) -> None:
    """And it is said that one is missing, not that one is void."""
    draft = revision(library(), by=editor)
    assert "法務確認が済んでいません" in refusal(lambda: scheduled(draft))


def test_a_schedule_in_the_past_is_refused(editor: User) -> None:
    """Even by a second."""
    draft = checked(revision(library(), by=editor))
    for moment in (timezone.now() - timedelta(seconds=1), timezone.now() - timedelta(days=400)):
        why = refusal(lambda m=moment: scheduled(draft, publish_at=m))  # type: ignore[misc]
        assert "いまより後" in why
    assert fresh(draft).state == EditionState.DRAFT


def test_an_effect_before_publication_is_refused(editor: User) -> None:
    """Nobody can follow what is not published."""
    draft = checked(revision(library(), by=editor))
    moment = soon(days=10)
    before = timezone.localtime(moment).date() - timedelta(days=1)
    why = refusal(lambda: scheduled(draft, publish_at=moment, effective_on=before))
    assert "公開日と同じか、それより後" in why


@pytest.mark.parametrize(
    ("kind", "days", "refused"),
    [
        ("regular", -1, True), ("regular", 0, True), ("regular", 1, False),
        ("correction", -1, True), ("correction", 0, False), ("correction", 1, False),
    ],
)  # fmt: skip
def test_an_edition_begins_after_the_one_that_stands(
    editor: User, kind: str, days: int, refused: bool
) -> None:
    """A correction may begin the same day, and is then the one in force."""
    made = library()
    begins = timezone.localdate() + timedelta(days=30)
    published(revision(made, by=editor), effective_on=begins)
    draft = services.begin_draft(made.publication, by=editor, kind=kind)
    rewrite(draft, MARK, by=editor, source="さらに直した。")
    note(draft, by=editor)
    checked(draft)
    day = begins + timedelta(days=days)
    if refused:
        assert "前の版は" in refusal(lambda: scheduled(draft, effective_on=day))
        return
    published_second = services.publish_due(scheduled(draft, effective_on=day).publish_at)
    assert published_second == 1
    now = Edition.objects.in_force(day).get()
    assert (now.pk, now.kind) == (draft.pk, kind)


def test_a_retrospective_edition_may_begin_in_the_past() -> None:
    """It comes with the portal only, compiled later after the law of its day."""
    made = library(upto=1)
    draft = services.begin_draft(
        made.publication, by=UserFactory(editor=True), kind=EditionKind.RETROSPECTIVE
    )
    rewrite(draft, by=UserFactory(editor=True))
    note(draft, by=UserFactory(editor=True))
    services.publish_now(
        fresh(draft), published_on=date(2026, 11, 25), effective_on=date(2019, 7, 1)
    )
    assert fresh(draft).effective_on == date(2019, 7, 1)


def test_what_waits_is_not_edited(editor: User) -> None:
    """By no service; after a withdrawal it is, and the check still counts."""
    draft = scheduled(checked(revision(library(), by=editor)), publish_at=soon(days=3))
    for name, edit in EDITS.items():
        if name == "a template":
            continue
        assert refusal(lambda e=edit: e(draft, editor)) == (  # type: ignore[misc]
            "公開の予定を取り消してから直してください。"
        ), name
    assert "取り消して" in refusal(lambda: services.discard_draft(draft, by=editor))
    assert "取り消して" in refusal(lambda: checked(draft))
    assert "取り消して" in refusal(lambda: scheduled(draft))
    services.unschedule(draft, by=editor)
    again = fresh(draft)
    assert (again.state, again.publish_at, again.effective_on) == (EditionState.DRAFT, None, None)
    assert scheduled(again).state == EditionState.SCHEDULED


def test_a_published_edition_is_changed_by_no_service(editor: User) -> None:
    """Only a new edition can say something else."""
    live = published(revision(library(), by=editor))
    for name, edit in EDITS.items():
        if name == "a template":
            continue
        assert "新しい版" in refusal(lambda e=edit: e(live, editor)), name  # type: ignore[misc]
    assert "新しい版" in refusal(lambda: services.discard_draft(live, by=editor))
    with pytest.raises(IllegalTransition):
        services.unschedule(live, by=editor)


def test_a_schedule_is_kept_to_the_second() -> None:
    """Not before; then once, with everything that follows queued in the same transaction."""
    heard: list[Edition] = []

    def hear(sender: Any, edition: Edition, **_more: Any) -> None:
        heard.append(edition)

    draft = scheduled(checked(revision(library())), publish_at=soon(hours=1))
    edition_published.connect(hear)
    moment = draft.publish_at
    assert moment is not None
    Job.objects.all().delete()
    try:
        assert services.publish_due(moment - timedelta(seconds=1)) == 0
        assert services.publish_due(moment) == 1
        assert services.publish_due(moment) == 0
    finally:
        edition_published.disconnect(hear)
    assert [edition.pk for edition in heard] == [draft.pk]
    kinds = sorted(Job.objects.values_list("kind", flat=True))
    assert kinds == ["common.reindex", "guidelines.published"]
    assert AuditEvent.objects.filter(verb="edition.published", object_id=str(draft.pk)).count() == 1
    live = fresh(draft)
    assert live.published_on == timezone.localtime(moment).date()


def test_what_comes_late_is_dated_by_the_day_it_came() -> None:
    """The scheduler was away: nothing is said to have applied before anybody could read it."""
    draft = scheduled(checked(revision(library())), publish_at=soon())
    assert draft.publish_at is not None
    late = draft.publish_at + timedelta(days=2)
    assert services.publish_due(late) == 1
    live = fresh(draft)
    assert live.published_on == live.effective_on == timezone.localtime(late).date()


def test_an_edition_that_cannot_be_published_keeps_no_other_from_it(editor: User) -> None:
    """It is reported at the end; the others are out."""
    first, second = library(), library("other")
    broken = scheduled(checked(revision(first, by=editor)))
    SectionVersion.objects.filter(edition=broken, section=MARK).update(sha256="f" * 64)
    pk = f"{MARK}othe"
    draft = services.begin_draft(second.publication, by=editor)
    rewrite(draft, pk, by=editor)
    note(draft, pk, by=editor)
    good = scheduled(checked(draft))
    assert refusal(lambda: services.publish_due(timezone.now() + timedelta(hours=1))) == VOID
    assert fresh(broken).state == EditionState.SCHEDULED
    assert fresh(good).state == EditionState.PUBLISHED


def test_a_discarded_draft_leaves_nothing_behind(editor: User) -> None:
    """The next one has its number; what is discarded meanwhile is said to be gone."""
    made = library()
    draft = revision(made, by=editor)
    services.note_move(draft, kind="split", origin=LEAVE, target=JOIN, by=editor)
    services.discard_draft(draft, by=editor)
    assert not Edition.objects.unpublished().exists()
    assert "もうありません" in refusal(lambda: services.discard_draft(draft, by=editor))
    assert "もうありません" in refusal(lambda: note(draft, by=editor))
    assert services.begin_draft(made.publication, by=editor).number == 4


def test_a_publication_without_an_edition_has_no_draft(editor: User) -> None:
    """There is nothing to begin from."""
    assert "公開中の版がありません" in refusal(
        lambda: services.begin_draft(library(upto=0).publication, by=editor)
    )


def test_the_effect_of_a_coming_edition_is_noted_once(editor: User) -> None:
    """On its day, whichever round of the scheduler sees it first, and also after days of silence."""
    made = library()
    day = timezone.localdate() + timedelta(days=20)
    published(revision(made, by=editor), effective_on=day)
    kinds = Job.objects.filter(kind="guidelines.published")
    before = kinds.count()
    assert services.note_effects(day - timedelta(days=1)) == 0
    for today in (day, day, day + timedelta(days=3)):
        assert services.note_effects(today) == 1
    assert kinds.count() == before + 1
    assert services.note_effects(day + timedelta(days=20)) == 0


def test_days_of_the_sample_are_what_this_module_thinks() -> None:
    """Edition 3 began before today."""
    assert EFFECTIVE[3] <= timezone.localdate()
