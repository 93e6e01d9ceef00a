"""English is complete, says the same with the same placeholders, and is found where it is used."""

import stat
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from django.conf import settings

from portal.management.commands.check_translations import (
    CATALOG,
    broken,
    missing,
    stands,
    texts,
    write,
)
from portal.messages import extracted


def catalog(*rows: tuple[str | tuple[str, str], str | tuple[str, str]]) -> Catalog:
    """Messages with their translations."""
    made = Catalog(locale="en")
    for message, english in rows:
        made.add(message, english)
    return made


def test_every_message_has_its_english() -> None:
    """As the sources stand now."""
    kept = stands(settings.BASE_DIR / CATALOG)
    assert missing(kept, extracted(settings.BASE_DIR)) == []
    assert broken(kept) == []
    assert [message.id for message in kept if message.id and message.fuzzy] == []


def test_english_has_no_japanese_left() -> None:
    """But names and characters that are spoken of."""
    kept = stands(settings.BASE_DIR / CATALOG)
    spoken_of = {"As registered. Characters such as 髙 and 﨑 can be used as they are.",
                 "日本語 (Japanese)"}  # fmt: skip
    found = {text for message in kept if message.id for text in texts(message.string)}
    left = {text for text in found if any("\u3041" <= letter <= "\u9fff" for letter in text)}
    assert left - spoken_of == set()


@pytest.mark.parametrize(
    ("message", "english"),
    [
        ("%(name)sさん", "somebody"),
        ("{limit}文字以内（今は{count}文字）", "at most {limit}"),
        ("相談", "consultation %(ref)s"),
        ('<a href="tel:1">電話</a>', '<a href="tel:2">telephone</a>'),
        ("%(starts)sから<br>", "from %(starts)s"),
        (("%(n)s件", "%(n)s件"), ("one", "%(n)s cases")),
    ],
)
def test_another_placeholder_or_tag_is_found(
    message: str | tuple[str, str], english: str | tuple[str, str]
) -> None:
    """In either form of a message that counts."""
    assert broken(catalog((message, english))) == [texts(message)[0]]


def test_the_order_of_placeholders_is_free() -> None:
    """Languages differ in it."""
    assert broken(catalog(("%(system)sの%(browser)s", "%(browser)s on %(system)s"))) == []


def test_a_message_half_translated_is_missing() -> None:
    """Absent, empty, fuzzy, or with one of two forms only."""
    kept = catalog(
        ("空", ""), (("一つ", "いくつ"), ("one", "")), ("曖昧", "vague"), ("済み", "done")
    )
    fuzzy = kept.get("曖昧")
    assert fuzzy is not None
    fuzzy.flags.add("fuzzy")
    found = catalog(*((message.id, "") for message in kept if message.id), ("新しい", ""))
    assert sorted(missing(kept, found)) == sorted(["空", "一つ", "曖昧", "新しい"])


def test_the_same_word_in_two_contexts_is_two_messages(tmp_path: Path) -> None:
    """Else one of them would never be found at run time."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "a.html").write_text(
        '{% load i18n %}{% translate "受付" context "office" %}{% translate "受付" context "date" %}'
    )
    assert {m.context for m in extracted(tmp_path) if m.id} == {"office", "date"}


def test_the_catalogue_is_written_for_all_to_read(tmp_path: Path) -> None:
    """The image copies it for another user than the one who wrote it."""
    path = tmp_path / "locale" / "django.po"
    write(catalog(("済み", "done")), path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    kept = stands(path).get("済み")
    assert kept is not None
    assert kept.string == "done"
