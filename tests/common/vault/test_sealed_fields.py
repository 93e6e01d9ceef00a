"""Sealed fields behave like fields: plain on the instance, sealed in the database."""

import pickle

import pytest
from django import forms
from django.core import serializers
from django.core.exceptions import FieldError, ValidationError
from django.db.models import F
from django.forms import modelform_factory
from django.utils.translation import gettext_lazy

from common.vault import DataKey, DestroyReason, KeyDestroyed, SealingError
from tests.common.vault.models import Note, Twin, column

pytestmark = pytest.mark.django_db


def test_the_attribute_is_plain_and_the_column_sealed(note):
    fresh = Note.objects.get(pk=note.pk)
    assert (fresh.title, fresh.body, fresh.answers) == ("件名", "本文", {"国": ["ベトナム"]})
    for name in ("title", "body", "answers"):
        stored = column(note, name)
        assert stored.startswith(b"SEAL\x01")
        assert "件名".encode() not in stored
        assert "ベトナム".encode() not in stored


def test_null_stays_null(key):
    note = Note.objects.create(data_key=key, title="x", body=None)
    assert column(note, "body") is None
    assert Note.objects.get(pk=note.pk).body is None


def test_an_empty_text_is_sealed_and_not_null(key):
    note = Note.objects.create(data_key=key, title="", body="")
    assert column(note, "body") is not None
    assert Note.objects.get(pk=note.pk).body == ""


def test_nothing_is_opened_before_it_is_read(note, django_assert_num_queries):
    note.data_key.destroy(DestroyReason.RETENTION)
    with django_assert_num_queries(1):
        fresh = Note.objects.select_related("data_key").get(pk=note.pk)
    assert fresh.status == "open"
    with pytest.raises(KeyDestroyed):
        assert fresh.body


def test_a_list_with_its_keys_takes_one_query(key, django_assert_num_queries):
    for number in range(5):
        Note.objects.create(data_key=key, title=str(number))
    with django_assert_num_queries(1):
        notes = Note.objects.select_related("data_key").order_by("pk")
        assert sorted(note.title for note in notes) == list("01234")


def test_saving_unchanged_keeps_the_same_ciphertext(note):
    before = column(note, "body")
    fresh = Note.objects.get(pk=note.pk)
    fresh.save()
    assert column(note, "body") == before
    assert fresh.body == "本文"
    fresh.save()
    assert column(note, "body") == before


def test_a_changed_value_is_sealed_anew(note):
    before = column(note, "title")
    fresh = Note.objects.get(pk=note.pk)
    fresh.body = "直した本文"
    fresh.save()
    assert Note.objects.get(pk=note.pk).body == "直した本文"
    assert column(note, "title") == before


def test_a_change_inside_the_json_object_is_noticed(note):
    fresh = Note.objects.get(pk=note.pk)
    fresh.answers["国"].append("タイ")
    fresh.save()
    assert Note.objects.get(pk=note.pk).answers == {"国": ["ベトナム", "タイ"]}


def test_a_new_version_seals_everything_anew(note):
    before = {name: column(note, name) for name in ("title", "body", "answers")}
    fresh = Note.objects.get(pk=note.pk)
    fresh.version += 1
    fresh.save()
    assert all(column(note, name) != old for name, old in before.items())
    again = Note.objects.get(pk=note.pk)
    assert (again.title, again.body, again.answers) == ("件名", "本文", {"国": ["ベトナム"]})


def test_a_new_version_of_the_instance_that_made_the_row(note):
    note.version = 2
    note.save()
    note.version = 3
    note.body = "三"
    note.save()
    assert (Note.objects.get(pk=note.pk).title, Note.objects.get(pk=note.pk).body) == ("件名", "三")


def test_a_new_version_fetches_what_was_deferred(note):
    fresh = Note.objects.defer("body", "answers").get(pk=note.pk)
    fresh.version += 1
    fresh.save()
    again = Note.objects.get(pk=note.pk)
    assert (again.version, again.body, again.answers) == (2, "本文", {"国": ["ベトナム"]})


def test_versions_may_follow_each_other_without_reading_the_text(note):
    fresh = Note.objects.get(pk=note.pk)
    for _ in range(3):
        fresh.version += 1
        fresh.save()
        fresh.save()
    assert fresh.body == Note.objects.get(pk=note.pk).body == "本文"


def test_update_fields_must_hold_everything_sealed_when_the_version_changes(note):
    fresh = Note.objects.get(pk=note.pk)
    fresh.version += 1
    fresh.body = "新"
    with pytest.raises(SealingError, match="update_fields must hold answers, title too"):
        fresh.save(update_fields=["version", "body"])
    with pytest.raises(SealingError, match="version too"):
        fresh.save(update_fields=["title", "body", "answers"])
    fresh.save(update_fields=["title", "body", "answers", "version"])
    assert Note.objects.get(pk=note.pk).body == "新"


def test_update_fields_count_deferred_columns_too(note):
    fresh = Note.objects.only("version", "title").get(pk=note.pk)
    fresh.version += 1
    with pytest.raises(SealingError, match="answers, body"):
        fresh.save(update_fields=["version", "title"])
    fresh.save(update_fields=["version", "title", "body", "answers"])
    assert Note.objects.get(pk=note.pk).body == "本文"


def test_update_fields_without_sealed_columns_or_version_are_left_alone(note):
    fresh = Note.objects.get(pk=note.pk)
    fresh.version += 1
    fresh.status = "closed"
    fresh.save(update_fields=["status"])
    again = Note.objects.get(pk=note.pk)
    assert (again.status, again.version, again.body) == ("closed", 1, "本文")


def test_update_fields_are_honoured_without_a_new_version(note):
    fresh = Note.objects.get(pk=note.pk)
    fresh.title, fresh.body = "別", "別"
    fresh.save(update_fields=["body"])
    again = Note.objects.get(pk=note.pk)
    assert (again.title, again.body) == ("件名", "別")


def test_a_null_column_need_not_be_named(key):
    note = Note.objects.create(data_key=key, title="x", body=None)
    note.version = 2
    note.save(update_fields=["version", "title", "answers"])
    assert Note.objects.get(pk=note.pk).title == "x"


def test_the_version_is_a_number_and_no_expression(note):
    note.version = F("version") + 1
    with pytest.raises(SealingError, match="not an expression"):
        note.save()


@pytest.mark.parametrize("how", ["defer", "only"])
def test_deferred_values_come_on_first_access(note, how, django_assert_num_queries):
    rows = Note.objects.select_related("data_key")
    rows = rows.defer("body") if how == "defer" else rows.only("title", "version", "data_key")
    fresh = rows.get(pk=note.pk)
    with django_assert_num_queries(1):
        assert fresh.body == "本文"
    with django_assert_num_queries(0):
        assert fresh.body == "本文"


def test_only_without_the_version_reads_both_together(note):
    fresh = Note.objects.only("body").get(pk=note.pk)
    assert fresh.version == 1
    fresh.version = 9
    assert fresh.body == "本文"
    fresh.save()
    assert Note.objects.get(pk=note.pk).answers == {"国": ["ベトナム"]}


def test_refresh_brings_what_stands_now(note):
    stale = Note.objects.get(pk=note.pk)
    assert stale.body == "本文"
    note.version, note.body = 2, "新しい本文"
    note.save()
    stale.refresh_from_db(fields=["body"])
    assert (stale.body, stale.version) == ("新しい本文", 1)
    stale.title = "捨てる"
    stale.refresh_from_db()
    assert (stale.title, stale.body, stale.version) == ("件名", "新しい本文", 2)
    stale.save()
    assert Note.objects.get(pk=note.pk).body == "新しい本文"


def test_refresh_of_a_deleted_row_raises_and_keeps_the_text(note):
    Note.objects.all().delete()
    for fields in (None, ["body"]):
        with pytest.raises(Note.DoesNotExist):
            note.refresh_from_db(fields=fields)
        assert note.body == "本文"


def test_refresh_reads_through_the_queryset_it_is_given(note):
    note.refresh_from_db(from_queryset=Note.objects.select_for_update())
    assert note.body == "本文"


def test_bulk_create_seals_each_row(key):
    rows = [Note(data_key=key, title=str(number), body="文") for number in range(3)]
    Note.objects.bulk_create(rows)
    assert {note.title for note in Note.objects.all()} == {"0", "1", "2"}
    rows[0].body = "変更"
    rows[0].save(update_fields=["body"])
    assert Note.objects.get(pk=rows[0].pk).body == "変更"


@pytest.mark.parametrize(
    "change", [{"body": "x"}, {"body": None}, {"title": F("body")}, {"version": 2}], ids=str
)
def test_queryset_update_refuses_sealed_columns_and_the_version(note, change):
    with pytest.raises(TypeError, match="sealed row by row"):
        Note.objects.filter(pk=note.pk).update(**change)
    assert Note.objects.filter(pk=note.pk).update(status="closed") == 1


def test_even_a_plain_manager_lets_no_plain_text_through(note):
    with pytest.raises(TypeError, match="sealed row by row"):
        Note._base_manager.filter(pk=note.pk).update(body="x")


def test_bulk_update_and_upsert_are_refused(note):
    note.body = "x"
    with pytest.raises(TypeError, match="sealed row by row"):
        Note.objects.bulk_update([note], ["body"])
    with pytest.raises(TypeError, match="written over"):
        Note.objects.bulk_create(
            [note], update_conflicts=True, unique_fields=["id"], update_fields=["body"]
        )


@pytest.mark.parametrize(
    "lookup", ["body", "body__exact", "body__contains", "body__in", "body__gt", "answers__国"]
)
def test_no_lookup_but_isnull(note, lookup):
    with pytest.raises(FieldError):
        Note.objects.filter(**{lookup: ["x"]}).exists()
    with pytest.raises(FieldError):
        Note.objects.exclude(**{lookup: ["x"]}).exists()
    assert Note.objects.filter(body__isnull=False).exists()
    assert not Note.objects.filter(body__isnull=True).exists()


def test_values_give_sealed_bytes(note):
    assert Note.objects.values_list("body", flat=True).get() == column(note, "body")
    assert isinstance(Note.objects.values("body").get()["body"], bytes)


def test_get_or_create_and_update_or_create_work_by_other_columns(key):
    note, made = Note.objects.get_or_create(
        status="draft", defaults={"data_key": key, "title": "a"}
    )
    assert made
    again, made = Note.objects.update_or_create(status="draft", defaults={"title": "b"})
    assert not made
    assert Note.objects.get(pk=note.pk).title == again.title == "b"


def test_text_takes_text_only(key):
    for wrong in (3, b"bytes", ["x"], F("title")):
        with pytest.raises(TypeError, match="takes text"):
            Note(data_key=key, title=wrong)
    assert Note(title=gettext_lazy("件名")).title == "件名"


def test_json_takes_no_bytes(key):
    with pytest.raises(TypeError, match="not bytes"):
        Note(data_key=key, answers=b"{}")


@pytest.mark.parametrize("wrong", [object(), float("nan"), {"x": "\ud800"}, {1: {2: {3, 4}}}])
def test_what_json_cannot_say_is_refused_clearly(key, wrong):
    with pytest.raises(SealingError, match="answers"):
        Note(data_key=key, title="x", answers=wrong).save()


def test_json_that_never_ends_is_refused(key):
    endless: list = []
    endless.append(endless)
    with pytest.raises(SealingError):
        Note(data_key=key, title="x", answers=endless).save()


def test_lone_surrogates_are_refused_clearly(key):
    with pytest.raises(SealingError, match="title holds half a character"):
        Note(data_key=key, title="a\ud83d").save()
    assert not Note.objects.exists(), "and the transaction goes on"


def test_the_length_is_counted_in_code_points(key):
    Note(data_key=key, title="𠮷" * 20).full_clean()
    Note.objects.create(data_key=key, title="𠮷" * 20)
    with pytest.raises(ValidationError):
        Note(data_key=key, title="𠮷" * 21).full_clean()
    with pytest.raises(SealingError, match="longer than 20"):
        Note(data_key=key, title="x" * 21).save()


def test_full_clean_wants_what_is_required(key):
    with pytest.raises(ValidationError) as caught:
        Note(data_key=key).full_clean()
    assert set(caught.value.message_dict) == {"title"}


def test_a_model_form_shows_and_saves_plain_text(note):
    form_class = modelform_factory(Note, fields=["title", "body", "answers"])
    form = form_class(
        {"title": "新", "body": "", "answers": '{"a": 1}'}, instance=Note.objects.get(pk=note.pk)
    )
    assert form.initial["body"] == "本文"
    assert isinstance(form.fields["title"].widget, forms.TextInput)
    assert isinstance(form.fields["body"].widget, forms.Textarea)
    assert form.is_valid(), form.errors
    form.save()
    fresh = Note.objects.get(pk=note.pk)
    assert (fresh.title, fresh.body, fresh.answers) == ("新", None, {"a": 1})


@pytest.mark.parametrize("bad", ["", "x" * 21, "a\0b"])
def test_a_model_form_says_what_is_wrong(note, bad):
    form = modelform_factory(Note, fields=["title"])({"title": bad}, instance=note)
    assert not form.is_valid()
    assert "title" in form.errors


def test_pickles_and_copies_hold_sealed_values_only(note):
    fresh = Note.objects.select_related("data_key").get(pk=note.pk)
    assert fresh.body == "本文"
    fresh.title = "変えた件名"
    data = pickle.dumps(fresh)
    for plain in ("本文", "変えた件名", "ベトナム"):
        assert plain.encode() not in data
    assert fresh.data_key.secret()._raw not in data
    # The model is in no installed app, so the state is set by hand instead of by unpickling.
    twin = Note.__new__(Note)
    twin.__setstate__(fresh.__reduce__()[2])
    assert "本文" not in str(vars(twin))
    assert (twin.title, twin.body) == ("変えた件名", "本文")


def test_nothing_plain_is_serialised(note):
    with pytest.raises(TypeError, match="not serialised"):
        serializers.serialize("json", [note])
    assert "本文" not in repr(note) + str(note)


def test_a_copied_row_is_sealed_for_its_own_identity(note):
    twin = Note.objects.get(pk=note.pk)
    twin.pk = DataKey().pk
    twin._state.adding = True
    twin.save()
    assert Note.objects.get(pk=twin.pk).body == "本文"
    assert column(twin, "body") != column(note, "body")


def test_a_row_without_a_version_saves_and_refreshes(key):
    row = Twin.objects.create(data_key=key, title="件名")
    fresh = Twin.objects.only("title").get(pk=row.pk)
    fresh.title = "別"
    fresh.save(update_fields=["title"])
    row.refresh_from_db()
    assert row.title == "別"


def test_prefetched_rows_open(note):
    keys = DataKey.objects.filter(pk=note.data_key_id)
    rows = Note.objects.filter(data_key__in=keys).iterator()
    assert [row.body for row in rows] == ["本文"]
    raw = Note.objects.raw(f"SELECT id, data_key_id, body, version FROM {Note._meta.db_table}")
    assert [row.body for row in raw] == ["本文"]
