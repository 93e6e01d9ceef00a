"""Making spellings equal: width, case, kana, old forms and the table of synonyms.

Every step keeps one character for one character, except width (NFKC), so that the place of a match
can be found again in the text as it was written.
"""

import re
import unicodedata

#: Spellings of the same word; the first stands for all. Longer spellings win over shorter ones.
SYNONYMS = (
    ("漏えい", "漏洩", "漏曳", "ろうえい", "漏出"),
    ("秘密保持契約", "機密保持契約", "守秘義務契約", "nda"),
    ("営業秘密", "トレードシークレット", "企業秘密", "trade secret"),
    ("持ち出し", "持出し", "持出"),
    ("取り扱い", "取扱い", "取扱"),
    ("問い合わせ", "問合せ", "問合わせ"),
    ("引き抜き", "引抜き", "引抜"),
    ("ベトナム", "ヴェトナム", "越南"),
    ("サーバー", "サーバ"),
    ("コンピューター", "コンピュータ"),
    ("退職者", "離職者"),
)
_KATAKANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
#: Name characters whose common and old forms people mix.
_OLD_FORMS = str.maketrans("髙﨑濵邊邉齋齊澤廣國𠮷", "高崎浜辺辺斎斎沢広国吉")
_DASHES = re.compile("[‐‑‒–—―−ｰ]")


def fold_character(character: str) -> str:
    """One character as it is compared: narrow, small, hiragana; may become several."""
    folded = unicodedata.normalize("NFKC", character).lower()
    return folded.translate(_OLD_FORMS).translate(_KATAKANA)


def fold(text: str) -> str:
    """A text as it is compared, synonyms excepted."""
    return "".join(fold_character(c) for c in unicodedata.normalize("NFC", text))


def fold_with_places(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the place it came from."""
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for part in fold_character(character):
            folded.append(part)
            places.append(place)
    return "".join(folded), places


def _any_spelling(chief: dict[str, str]) -> re.Pattern[str]:
    """All spellings, chief ones too, the longest first: each place of a text is replaced once."""
    longest_first = sorted(chief, key=len, reverse=True)
    return re.compile("|".join(_alone(s) if s.isascii() else re.escape(s) for s in longest_first))


def _alone(word: str) -> str:
    """A Latin word that is no part of another: NDA, but not the middle of a calendar."""
    return f"(?<![0-9a-z]){re.escape(word)}(?![0-9a-z])"


_CHIEF = {fold(word): fold(words[0]) for words in SYNONYMS for word in words}
_SPELLING = _any_spelling(_CHIEF)


def canonical(text: str) -> str:
    """A text folded and with one spelling for synonyms: what is indexed and asked for."""
    folded = _DASHES.sub("-", fold(text))
    return _SPELLING.sub(lambda match: _CHIEF[match.group()], folded)


def spellings(word: str) -> list[str]:
    """All folded spellings of a canonical word, to be highlighted."""
    found = [word]
    for first, *others in SYNONYMS:
        chief = fold(first)
        if chief in word:
            found += [word.replace(chief, fold(other)) for other in others]
    return found
