"""Spellings made equal for the search: each word once, and Latin words only whole."""

import pytest

from common.search.folding import SYNONYMS, canonical, fold


@pytest.mark.parametrize("words", SYNONYMS, ids=[words[0] for words in SYNONYMS])
def test_all_spellings_of_a_word_become_the_first_one(words: tuple[str, ...]) -> None:
    """サーバー contains サーバ: the longer one is not lengthened again."""
    assert {canonical(word) for word in words} == {fold(words[0])}


@pytest.mark.parametrize("words", SYNONYMS, ids=[words[0] for words in SYNONYMS])
def test_what_is_canonical_stays_as_it_is(words: tuple[str, ...]) -> None:
    """Indexed text may be folded again without change."""
    assert canonical(canonical(words[0])) == canonical(words[0])


@pytest.mark.parametrize("text", ["calendar", "standard agenda", "brenda2"])
def test_an_abbreviation_inside_another_word_is_left_alone(text: str) -> None:
    """NDA stands for a contract, the middle of a calendar does not."""
    assert canonical(text) == text


@pytest.mark.parametrize("text", ["NDA", "ＮＤＡ", "nda", "NDAを結ぶ", "(NDA)"])
def test_an_abbreviation_of_its_own_is_known_in_any_width_and_case(text: str) -> None:
    """Also beside Japanese, where no space stands."""
    assert "秘密保持契約" in canonical(text)
