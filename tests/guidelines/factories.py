"""A small guideline in three editions and two languages, published through the services."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from guidelines import services
from guidelines.enums import ChangeKind, EditionKind, MoveKind
from guidelines.models import (
    Act,
    ChangeNote,
    Edition,
    Provision,
    Publication,
    Section,
    SectionMove,
    SectionVersion,
    Term,
)

CHOOSE, MARK, LEAVE, JOIN = "aaaa22", "bbbb33", "cccc44", "dddd55"
#: What each section says from which edition on.
TEXTS: dict[str, dict[int, str]] = {
    CHOOSE: {1: "三つから五つだけ選びます。[[s:mark]]も読んでください。"},
    MARK: {
        1: "書類に「秘密」と書きます。紙の置き場所を決めます。",
        2: "書類とデータに「秘密」と表示します。紙の置き場所を決めます。鍵をかけます。",
        3: "書類とデータに「社外秘」と表示します。置き場所を決めます。鍵をかけます。",
    },
    LEAVE: {1: "辞める人から誓約書をもらいます。", 3: "辞める人と面談し、誓約書をもらいます。"},
    JOIN: {2: "入る人に、前の会社の秘密を持ち込まないと約束してもらいます。"},
}
ENGLISH: dict[str, dict[int, str]] = {
    CHOOSE: {1: "Choose three to five. Read [[s:mark]] too."},
    MARK: {
        1: 'Write "secret" on papers. Decide where papers are kept.',
        2: 'Mark papers and data "secret". Decide where papers are kept. Lock them up.',
        3: 'Mark papers and data "company secret". Decide where they are kept. Lock them up.',
    },
    LEAVE: {1: "Ask leavers for a pledge.", 3: "Talk with leavers and ask them for a pledge."},
    JOIN: {2: "Have joiners promise to bring no secret of their former firm."},
}
KEYS = {CHOOSE: "choose", MARK: "mark", LEAVE: "leave", JOIN: "join"}
EFFECTIVE = {1: date(2016, 1, 1), 2: date(2019, 7, 1), 3: date(2026, 11, 1)}
NOTES: dict[int, list[tuple[str, str]]] = {
    2: [(MARK, ChangeKind.SUBSTANCE), (JOIN, ChangeKind.NEW)],
    3: [(MARK, ChangeKind.WORDING), (LEAVE, ChangeKind.SUBSTANCE)],
}


@dataclass
class Library:
    """What was published."""

    publication: Publication
    editions: dict[int, Edition]

    def version(self, section: str, number: int) -> SectionVersion:
        """A section's text in an edition."""
        found: SectionVersion = SectionVersion.objects.get(
            section=section, edition=self.editions[number]
        )
        return found


def references() -> None:
    """One term and one provision with two texts."""
    Term.objects.get_or_create(
        key="nda",
        defaults={
            "ja": "秘密保持契約", "reading": "ひみつほじけいやく", "en": "non-disclosure agreement",
            "definition_ja": "秘密を守ると約束する契約です。",
            "definition_en": "A contract to keep something secret.",
        },
    )  # fmt: skip
    act, _new = Act.objects.get_or_create(
        key="ucpa",
        defaults={
            "name_ja": "不正競争防止法", "name_en": "Unfair Competition Prevention Act",
            "number_ja": "平成5年法律第47号", "number_en": "Act No. 47 of 1993",
        },
    )  # fmt: skip
    for begin, end, gist in ((None, date(2024, 3, 31), "以前"), (date(2024, 4, 1), None, "いま")):
        Provision.objects.get_or_create(
            key="ucpa/2-6", act=act, valid_from=begin,
            defaults={
                "valid_to": end, "place_ja": "第2条第6項", "place_en": "Article 2(6)",
                "gist_ja": gist, "gist_en": gist, "source": "試験", "as_of": date(2026, 11, 22),
            },
        )  # fmt: skip


def library(slug: str = "sample", *, upto: int = 3, english: int = 0, **fields: Any) -> Library:
    """A publication with editions 1 to `upto`, and its English twin up to `english`."""
    references()
    publication = Publication.objects.create(
        slug=slug, language="ja", **({"kind": "guideline"} | fields)
    )
    for pk, key in KEYS.items():
        Section.objects.get_or_create(
            pk=_pk(pk, slug), defaults={"publication": publication, "key": key}
        )
    made = Library(publication, {})
    for number in range(1, upto + 1):
        made.editions[number] = publish(publication, number)
    if english:
        twin = Publication.objects.create(
            slug=slug, language="en", twin_of=publication, kind=publication.kind
        )
        for number in range(1, english + 1):
            publish(twin, number, based_on=made.editions[number])
    return made


def _pk(section: str, slug: str) -> str:
    """Section ids are unique over all publications."""
    return section if slug == "sample" else f"{section}{slug[:4]}"


def publish(publication: Publication, number: int, **fields: Any) -> Edition:
    """One edition of the sample."""
    draft = prepare_draft(publication, number, **fields)
    services.publish_now(draft, published_on=EFFECTIVE[number], effective_on=EFFECTIVE[number])
    draft.refresh_from_db()
    return draft


def prepare_draft(publication: Publication, number: int, **fields: Any) -> Edition:
    """The same, not published yet."""
    slug, in_english = publication.slug, publication.language == "en"
    present = [pk for pk in KEYS if min(TEXTS[pk]) <= number]
    draft: Edition = Edition.objects.create(
        publication=publication,
        number=number,
        kind=EditionKind.REGULAR,
        title="How to protect" if in_english else "守り方の見本",
        summary="A short text for tests." if in_english else "試験のための短い本文です。",
        law_as_of=EFFECTIVE[number],
        as_of=date(2026, 11, 22),
        sources=[{"name": "不正競争防止法", "place": "第2条第6項", "as_of": "2026-11-22"}],
        chapters=[
            {
                "title": "Choosing" if in_english else "選ぶ",
                "sections": [_pk(CHOOSE, slug), _pk(MARK, slug)],
            },
            {
                "title": "People" if in_english else "人",
                "sections": [_pk(p, slug) for p in present if p in (LEAVE, JOIN)],
            },
        ],
        **fields,
    )
    for pk in present:
        newest = max(n for n in TEXTS[pk] if n <= number)
        services.write_section(
            draft,
            _pk(pk, slug),
            _text(pk, newest, in_english),
        )
    _notes(draft, number, slug)
    return draft


def _text(pk: str, newest: int, in_english: bool) -> services.SectionText:
    key, texts = KEYS[pk], ENGLISH if in_english else TEXTS
    steps = (f"Do {key}", "Do what never changes") if in_english else (f"{key}をする", "いつもの事")
    return services.SectionText(
        heading=f"Heading {key}" if in_english else f"見出し {key}",
        gist="In one word, do this." if in_english else "一言でいうと、こうします。",
        source=texts[pk][newest],
        checklist=[
            {"id": "a", "rev": 2 if newest == 3 else 1, "text": steps[0]},
            {"id": "b", "rev": 1, "text": steps[1]},
        ],
        statutes=["ucpa/2-6"],
    )


def _notes(draft: Edition, number: int, slug: str) -> None:
    """What readers of this edition are told."""
    ChangeNote.objects.bulk_create(
        ChangeNote(
            edition=draft, section_id=_pk(pk, slug), kind=kind, note=f"{KEYS[pk]}が変わりました。",
            reason="試験のため。", affects=["all"],
        )
        for pk, kind in NOTES.get(number, [])
    )  # fmt: skip
    if number == 2:
        SectionMove.objects.create(
            edition=draft,
            kind=MoveKind.SPLIT,
            origin_id=_pk(LEAVE, slug),
            target_id=_pk(JOIN, slug),
        )
