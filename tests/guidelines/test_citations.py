"""A citation knows how its words stand today; whoever answers for it sees it, nobody else does."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common.jobs import Job
from common.jobs.run import run
from consultations import services as cases
from consultations.enums import State
from consultations.models import AdviceCitation
from consultations.reports.advice_pdf import advice_document
from consultations.reports.citations import cited_sections
from guidelines import services
from guidelines.enums import ChangeKind, Standing
from guidelines.models import Edition, SectionVersion
from guidelines.reports import citable_sections
from guidelines.reports.desk import draft_view, outdated_counts
from guidelines.services.sections import SectionText
from tests.accounts.factories import UserFactory, sign_in
from tests.consultations.factories import ADVICE, Scene, scene
from tests.guidelines.desk import fresh, in_draft, note, published, revision, rewrite
from tests.guidelines.factories import CHOOSE, JOIN, LEAVE, MARK, Library, library

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> User:
    """Who writes the editions."""
    user: User = UserFactory(editor=True)
    return user


@pytest.fixture
def work() -> Scene:
    """A case with a report in the making, to which citations are tied."""
    return scene(State.IN_PROGRESS)


def cite(made: Library, work: Scene, section: str, number: int) -> AdviceCitation:
    """The words of a section in one edition."""
    return services.cite(AdviceCitation, made.version(section, number), report=work.report)


def standing(citation: AdviceCitation) -> str:
    """As the worker wrote it."""
    citation.refresh_from_db()
    return citation.standing


def classify(made: Library, **days: int) -> int:
    """What the worker does once an edition is in force."""
    today = timezone.localdate() + timedelta(**days)
    return services.classify_citations(made.publication, today=today)


Step = Callable[[Edition, User], None]


def edition(made: Library, editor: User, *steps: Step) -> Edition:
    """The next edition, in force a day after the one before, made of these steps."""
    number = max(made.editions) + 1
    draft = services.begin_draft(made.publication, by=editor)
    for step in steps:
        step(fresh(draft), editor)
    day = max(made.editions[number - 1].effective_on or date.min, timezone.localdate())
    made.editions[number] = published(fresh(draft), effective_on=day + timedelta(days=1))
    return made.editions[number]


def says(section: str, text: str, kind: str = ChangeKind.SUBSTANCE) -> Step:
    """The section is rewritten."""

    def step(draft: Edition, by: User) -> None:
        rewrite(draft, section, by=by, source=text)
        note(draft, section, kind, by=by)

    return step


def leaves_out(section: str) -> Step:
    """The section is gone."""
    return lambda draft, by: services.remove_section(
        in_draft(draft, section), note="なくした", reason="", by=by
    )


def moves(origin: str, target: str, kind: str = "merged") -> Step:
    """Its words are elsewhere now."""

    def step(draft: Edition, by: User) -> None:
        services.note_move(draft, kind=kind, origin=origin, target=target, by=by)

    return step


@pytest.mark.parametrize(
    ("section", "number", "stands"),
    [
        (CHOOSE, 1, Standing.UNCHANGED), (CHOOSE, 3, Standing.UNCHANGED),
        (MARK, 3, Standing.UNCHANGED), (MARK, 2, Standing.WORDING), (MARK, 1, Standing.SUBSTANCE),
        (LEAVE, 3, Standing.UNCHANGED), (LEAVE, 2, Standing.SUBSTANCE), (LEAVE, 1, Standing.MOVED),
        (JOIN, 2, Standing.UNCHANGED),
    ],
)  # fmt: skip
def test_words_of_an_old_edition_stand_as_its_successors_say(
    work: Scene, section: str, number: int, stands: Standing
) -> None:
    """In the edition in force, over all editions in between."""
    made = library()
    citation = cite(made, work, section, number)
    classify(made)
    assert standing(citation) == stands


def test_a_split_that_left_the_words_as_they_are_changes_nothing(work: Scene) -> None:
    """In edition 2 the section gave something away, and still says what it said."""
    made = library(upto=2)
    citation = cite(made, work, LEAVE, 1)
    assert classify(made) == 0
    assert standing(citation) == Standing.UNCHANGED


CHAINS: dict[str, tuple[list[list[Step]], Standing]] = {
    "wording, twice": (
        [[says(LEAVE, "四", "wording")], [says(LEAVE, "五", "wording")]], Standing.WORDING,
    ),
    "wording, then substance": (
        [[says(LEAVE, "四", "wording")], [says(LEAVE, "五")]], Standing.SUBSTANCE,
    ),
    "substance, then wording": (
        [[says(LEAVE, "四")], [says(LEAVE, "五", "wording")]], Standing.SUBSTANCE,
    ),
    "another section": ([[says(MARK, "四")]], Standing.UNCHANGED),
    "left out": ([[leaves_out(LEAVE)]], Standing.DELETED),
    "left out, long ago": ([[leaves_out(LEAVE)], [says(MARK, "五")]], Standing.DELETED),
    "merged into another": ([[leaves_out(LEAVE), moves(LEAVE, MARK)]], Standing.MOVED),
    "moved on and on": (
        [[leaves_out(LEAVE), moves(LEAVE, JOIN)], [leaves_out(JOIN), moves(JOIN, CHOOSE)]],
        Standing.MOVED,
    ),
    "split, and changed": ([[says(LEAVE, "四"), moves(LEAVE, MARK, "split")]], Standing.MOVED),
}  # fmt: skip


@pytest.mark.parametrize("chain", CHAINS)
def test_a_chain_of_editions_counts_as_a_whole(work: Scene, editor: User, chain: str) -> None:
    """The worst that happened since the words were cited."""
    made = library()
    citation = cite(made, work, LEAVE, 3)
    steps, stands = CHAINS[chain]
    for number, parts in enumerate(steps, start=1):
        edition(made, editor, *parts)
        classify(made, days=number)
    assert standing(citation) == stands


def test_words_that_came_back_stand_again(work: Scene, editor: User) -> None:
    """What is cited is words: the same words are the same again."""
    made = library()
    citation = cite(made, work, MARK, 3)
    words = made.version(MARK, 3).source
    edition(made, editor, says(MARK, "四"))
    classify(made, days=1)
    assert standing(citation) == Standing.SUBSTANCE
    edition(made, editor, says(MARK, words))
    assert classify(made, days=2) == 1
    assert standing(citation) == Standing.UNCHANGED


def test_a_coming_edition_outdates_nothing_before_its_day(work: Scene, editor: User) -> None:
    """Published is not in force; words cited from it are not outdated by the one it replaces."""
    made = library()
    citation = cite(made, work, MARK, 3)
    edition(made, editor, says(MARK, "四"))
    early = cite(made, scene(State.IN_PROGRESS), MARK, 4)
    assert classify(made) == 0
    assert (standing(citation), standing(early)) == (Standing.UNCHANGED, Standing.UNCHANGED)
    assert classify(made, days=1) == 1
    assert (standing(citation), standing(early)) == (Standing.SUBSTANCE, Standing.UNCHANGED)


def test_the_day_itself_brings_the_news(work: Scene, editor: User) -> None:
    """Nobody publishes anything that day: the scheduler's round does it."""
    made = library()
    citation = cite(made, work, MARK, 3)
    edition(made, editor, says(MARK, "四"))
    Job.objects.all().delete()
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=True):
        run(str(_job("guidelines.publish_due").pk))
        run(str(Job.objects.get(kind="guidelines.published").pk))
    assert standing(citation) == Standing.SUBSTANCE


def _job(kind: str) -> Job:
    from common import jobs

    return jobs.enqueue(kind, "1")


def test_the_work_grows_with_the_texts_cited_not_with_the_citations(editor: User) -> None:
    """Fifty reports that cite the same words are one statement."""
    made = library()
    works = [scene(State.IN_PROGRESS) for _ in range(3)]
    cite(made, works[0], MARK, 1)
    classify(made)

    def queries() -> int:
        AdviceCitation.objects.update(standing=Standing.UNCHANGED)
        from django.db import connection

        with CaptureQueriesContext(connection) as seen:
            classify(made)
        return len(seen)

    few = queries()
    for work in works[1:]:
        cite(made, work, MARK, 1)
    assert queries() == few


def test_a_citation_keeps_which_words_were_meant(work: Scene) -> None:
    """Section, edition and hash; neither can be taken away from under it."""
    made = library()
    citation = cite(made, work, MARK, 2)
    version = SectionVersion.objects.get(edition=citation.edition, section=citation.section)
    assert citation.sha256 == version.sha256 == version.digest()
    assert (citation.section_id, citation.edition.number) == (MARK, 2)


@pytest.fixture
def outdated(editor: User) -> Iterator[tuple[Library, Scene]]:
    """An advice report whose grounds were revised, by the services alone; it is the day after."""
    made = library()
    work = scene(State.IN_PROGRESS)
    cases.save_advice(
        work.case, ADVICE, by=work.adviser, version=work.report.version,
        cited=frozenset({MARK, CHOOSE}),
    )  # fmt: skip
    edition(made, editor, says(MARK, "四"))
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=True):
        classify(made)
        yield made, work


def test_a_report_cites_what_is_in_force_when_it_is_written(
    outdated: tuple[Library, Scene],
) -> None:
    """Saving again leaves the cited words as they are; citing anew takes those of today."""
    _made, work = outdated
    rows = {c.section_id: c for c in cited_sections([work.report])}
    assert {pk: (c.number, c.standing) for pk, c in rows.items()} == {
        MARK: (3, Standing.SUBSTANCE), CHOOSE: (3, Standing.UNCHANGED),
    }  # fmt: skip
    version = work.report.version
    cases.save_advice(
        work.case, ADVICE, by=work.adviser, version=version, cited=frozenset({CHOOSE})
    )
    version = work.report.version
    cases.save_advice(
        work.case, ADVICE, by=work.adviser, version=version, cited=frozenset({CHOOSE, MARK})
    )
    rows = {c.section_id: c for c in cited_sections([work.report])}
    assert (rows[MARK].number, rows[MARK].standing) == (4, Standing.UNCHANGED)


def test_only_sections_in_force_can_be_cited(work: Scene, editor: User) -> None:
    """Not those of a draft, of a coming edition, or of nothing."""
    made = library()
    text = SectionText("節", "要点", "本文")

    def adds(draft: Edition, by: User) -> None:
        section = services.add_section(draft, chapter=0, text=text, by=by)
        note(draft, section.section_id, ChangeKind.NEW, by=by)

    coming = edition(made, editor, adds)
    draft = services.begin_draft(made.publication, by=editor)
    added = services.add_section(draft, chapter=0, text=text, by=editor)
    new = set(coming.section_ids()) - {CHOOSE, MARK, LEAVE, JOIN}
    wanted = frozenset({MARK, added.section_id, "zzzzzz", *new})
    cases.save_advice(work.case, ADVICE, by=work.adviser, version=work.report.version, cited=wanted)
    assert {c.section_id for c in cited_sections([work.report])} == {MARK}
    assert {c.section_id for c in citable_sections(on=timezone.localdate())} == {
        CHOOSE, MARK, LEAVE, JOIN,
    }  # fmt: skip


def test_the_expert_sees_which_grounds_changed(outdated: tuple[Library, Scene]) -> None:
    """On the start page and on the page where the report is written, with both texts linked."""
    _made, work = outdated
    client = sign_in(Client(), work.adviser)
    advice = reverse("consultations:advice", args=[work.case.ref])
    for path in (reverse("portal:expert"), advice):
        page = client.get(path).content.decode()
        assert "内容が改訂" in page
        assert f'href="/s/{MARK}/"' in page
        assert f'href="/s/{MARK}/editions/3/"' in page
        assert f'href="/s/{CHOOSE}/"' not in page
    assert work.case.ref in client.get(reverse("portal:expert")).content.decode()


def test_no_other_expert_sees_it(outdated: tuple[Library, Scene]) -> None:
    """Nor the reviewer on the start page, nor somebody of another case."""
    _made, work = outdated
    for person in (work.reviewer, UserFactory(expert=True)):
        page = sign_in(Client(), person).get(reverse("portal:expert")).content.decode()
        assert "引用の見直し" not in page


def test_editors_see_how_many_and_never_whose(outdated: tuple[Library, Scene]) -> None:
    """On the desk, on the start page, and on a draft before it is released."""
    made, work = outdated
    assert outdated_counts() == [
        {"label": "助言書", "slug": "sample", "standing": "内容が改訂", "count": 1}
    ]
    editor = UserFactory(editor=True)
    draft = revision(made, by=editor)
    assert draft_view(draft)["citations"] == [
        {"label": "助言書", "heading": "見出し mark", "count": 1}
    ]
    for person in (editor, UserFactory(staff=True)):
        client = sign_in(Client(), person)
        for path in (
            reverse("guidelines:desk"), reverse("guidelines:desk-draft", args=[draft.pk]),
        ):  # fmt: skip
            page = client.get(path).content.decode()
            assert "助言書" in page
            for secret in (work.case.ref, work.firm.name, work.case.title, work.adviser.shown_name):
                assert secret not in page, path
    page = sign_in(Client(), editor).get(reverse("portal:staff")).content.decode()
    assert "改訂で古くなった引用があります" in page
    assert work.case.ref not in page


def test_the_issued_report_lists_its_grounds_with_their_edition_and_hash() -> None:
    """In the words of the cited edition, under addresses that keep them."""
    made = library()
    work = scene(State.IN_PROGRESS)
    cases.save_advice(
        work.case, ADVICE, by=work.adviser, version=work.report.version,
        cited=frozenset({MARK, LEAVE}),
    )  # fmt: skip
    cases.submit_advice(work.report, by=work.adviser)
    cases.approve_advice(work.report, by=work.reviewer)
    cases.issue_advice(work.report, by=work.adviser)
    document = advice_document(work.report)
    assert [(c.heading, c.edition, c.sha256) for c in document.citations] == [
        ("守り方の見本　1-2 見出し mark", 3, made.version(MARK, 3).sha256),
        ("守り方の見本　2-1 見出し leave", 3, made.version(LEAVE, 3).sha256),
    ]
    assert all(c.url.endswith(f"/s/{pk}/editions/3/") for c, pk in zip(
        document.citations, (MARK, LEAVE), strict=True
    ))  # fmt: skip
    from django.template.loader import render_to_string

    html = render_to_string(
        "consultations/pdf/advice.html",
        {"document": document, "language": "ja", "title": document.title},
    )
    for citation in document.citations:
        assert citation.heading in html
        assert citation.url in html
        assert citation.sha256.encode() in document.to_json()


def test_a_moved_section_leads_to_where_its_words_are_now(editor: User) -> None:
    """Followed over editions, also where the place in between is gone."""
    made = library()
    edition(made, editor, leaves_out(LEAVE), moves(LEAVE, JOIN))
    edition(made, editor, leaves_out(JOIN), moves(JOIN, CHOOSE))
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=True):
        for path in (f"/s/{LEAVE}/", f"/s/{LEAVE}/editions/1/"):
            page = Client().get(path).content.decode()
            assert "この本文は置きかえられました" in page
            assert f'いまの本文：<a href="/s/{CHOOSE}/">' in page
            assert f'いまの本文：<a href="/s/{JOIN}/">' not in page


def test_moves_of_one_edition_are_no_chain(editor: User) -> None:
    """Two sections give way at once: the words of the first are not where those of the second went."""
    made = library()
    edition(
        made, editor,
        leaves_out(JOIN), moves(JOIN, LEAVE), moves(LEAVE, MARK, "split"), says(LEAVE, "四"),
        says(MARK, "四"),
    )  # fmt: skip
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=True):
        page = Client().get(f"/s/{JOIN}/").content.decode()
        assert f'いまの本文：<a href="/s/{LEAVE}/">' in page
        assert f'いまの本文：<a href="/s/{MARK}/">' not in page
