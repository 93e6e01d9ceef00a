"""Whatever text or JSON people send comes back from the vault as it was."""

import json

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from common.vault import SealingError
from tests.common.vault.models import Note, column

pytestmark = pytest.mark.django_db
CHECKS = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
HOSTILE = st.sampled_from(
    [
        "\0",
        "\ufffe",
        "\u202e",
        "\u200d",
        "\ufe0f",
        "か\u3099",
        "髙﨑𠮷",
        "ｶﾞ",
        "\u3000",
        "'; --",
        "{{7*7}}",
    ]
)
TEXT = st.lists(st.one_of(HOSTILE, st.text(max_size=5)), max_size=4).map("".join)
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=20)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@CHECKS
@given(text=TEXT)
def test_text_comes_back_as_it_was(key, text):
    note = Note.objects.create(data_key=key, title="x", body=text)
    assert Note.objects.get(pk=note.pk).body == text


@CHECKS
@given(value=JSON.filter(lambda value: value is not None))
def test_json_comes_back_as_it_was(key, value):
    note = Note.objects.create(data_key=key, title="x", answers=value)
    assert Note.objects.get(pk=note.pk).answers == value


@CHECKS
@given(text=ANY_TEXT)
@example("a\ud800")
@example("0")
def test_text_is_sealed_or_refused_clearly(key, text):
    note = Note(data_key=key, title=text)
    if any("\ud800" <= char <= "\udfff" for char in text):
        with pytest.raises(SealingError):
            note.save()
    else:
        note.save()
        assert Note.objects.get(pk=note.pk).title == text


@CHECKS
@given(text=st.text(min_size=8, max_size=20))
def test_no_column_holds_the_text_in_clear(key, text):
    note = Note.objects.create(data_key=key, title=text, answers={"a": text})
    assert text.encode() not in column(note, "title") + column(note, "answers")
    assert json.dumps(text).encode() not in column(note, "answers")


@CHECKS
@given(steps=st.lists(st.sampled_from(["bump", "write", "reload", "defer", "save"]), max_size=8))
def test_any_order_of_edits_and_new_versions_stays_readable(key, steps):
    note = Note.objects.create(data_key=key, title="t", body="0", answers={"n": 0})
    expected = "0"
    for number, step in enumerate(steps):
        if step == "bump":
            note.version += 1
        elif step == "write":
            note.body = expected = str(number)
        elif step == "save":
            note.save()
        else:
            note.save()
            rows = Note.objects.defer("answers") if step == "defer" else Note.objects
            note = rows.get(pk=note.pk)
    note.save()
    fresh = Note.objects.get(pk=note.pk)
    assert (fresh.title, fresh.body, fresh.answers) == ("t", expected, {"n": 0})
