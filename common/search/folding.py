"""Making spellings equal: width, case, kana, old forms and the table of synonyms.

Every step keeps one character for one character, except width (NFKC), so that the place of a match
can be found again in the text as it was written.
"""

import re
import unicodedata

#: Spellings of the same word; the first stands for all. Longer spellings come first when replaced.
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


def _table() -> list[tuple[re.Pattern[str], str]]:
    rows = []
    for first, *others in SYNONYMS:
        spellings = sorted((fold(word) for word in others), key=len, reverse=True)
        rows.append((re.compile("|".join(map(re.escape, spellings))), fold(first)))
    return rows


_REPLACEMENTS = _table()


def canonical(text: str) -> str:
    """A text folded and with one spelling for synonyms: what is indexed and asked for."""
    folded = _DASHES.sub("-", fold(text))
    for pattern, first in _REPLACEMENTS:
        folded = pattern.sub(first, folded)
    return folded


def spellings(word: str) -> list[str]:
    """All folded spellings of a canonical word, to be highlighted."""
    found = [word]
    for first, *others in SYNONYMS:
        chief = fold(first)
        if chief in word:
            found += [word.replace(chief, fold(other)) for other in others]
    return found
