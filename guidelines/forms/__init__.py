"""What readers choose, and what editors write."""

from guidelines.forms.desk import (
    BeginForm,
    ItemFormSet,
    MoveForm,
    NoteForm,
    OutlineForm,
    RemoveForm,
    ScheduleForm,
    SectionForm,
)
from guidelines.forms.reading import CompareForm, OnDateForm, edition_name

__all__ = [
    "BeginForm",
    "CompareForm",
    "ItemFormSet",
    "MoveForm",
    "NoteForm",
    "OnDateForm",
    "OutlineForm",
    "RemoveForm",
    "ScheduleForm",
    "SectionForm",
    "edition_name",
]
