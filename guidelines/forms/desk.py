"""The editors' forms: outline, section, checklist, change note, schedule."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, time
from itertools import count, product
from string import ascii_lowercase
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.forms import LineField, PickField, PlainTextField
from guidelines.enums import Affected, ChangeKind, EditionKind, MoveKind
from guidelines.models import Edition, Provision, SectionVersion, TemplateVersion

_DAY = {"invalid": _("日付は 2026-11-24 のように書いてください。")}
#: What an editor may choose; retrospective ones come with the portal only.
KINDS = [(k.value, k.label) for k in EditionKind if k is not EditionKind.RETROSPECTIVE]


def day_field(label: Any, **options: Any) -> forms.DateField:
    """A day, by calendar or typed."""
    return forms.DateField(
        label=label,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=_DAY | {"required": _("日付を入れてください。")},
        **options,
    )


class BeginForm(forms.Form):
    """Why a new edition is begun."""

    kind = PickField(label=_("版の種類"), choices=KINDS)


class OutlineForm(forms.Form):
    """Everything of an edition but its sections."""

    title = LineField(label=_("題名"))
    summary = PlainTextField(
        label=_("要約"), max_length=600, help_text=_("誰のための、何の役に立つものか。")
    )
    law_as_of = day_field(_("法律の基準日"), help_text=_("この日の法律に合わせた本文です。"))
    as_of = day_field(_("内容を確かめた日"))
    sources = PlainTextField(
        label=_("出典"),
        max_length=5000,
        help_text=_("1行に一つ。名前｜箇所｜確かめた日（2026-11-24）の順に書きます。"),
    )
    chapters = PlainTextField(
        label=_("章立て"),
        max_length=5000,
        help_text=_(
            "「# 章の題名」の行のあとに、節の番号を1行に一つ書きます。順を入れかえられます。"
        ),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, headings: dict[str, str], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.headings = headings

    def clean_sources(self) -> list[dict[str, str]]:
        """Rows of name, place, day."""
        rows = []
        for line in self.cleaned_data["sources"].splitlines():
            if not line.strip():
                continue
            parts = [part.strip() for part in line.replace("|", "｜").split("｜")]
            name, place, day = [*parts, "", ""][:3]
            if day:
                _parse_day(day)
            rows.append({"name": name, "place": place, "as_of": day})
        return rows

    def clean_chapters(self) -> list[dict[str, Any]]:
        """Chapters with the ids of their sections, each section of the draft exactly once."""
        chapters: list[dict[str, Any]] = []
        for line in self.cleaned_data["chapters"].splitlines():
            text = line.strip()
            if text.startswith("#"):
                chapters.append({"title": text.lstrip("# ").strip(), "sections": []})
            elif text:
                if not chapters:
                    raise ValidationError(_("最初に「# 章の題名」の行を書いてください。"))
                chapters[-1]["sections"].append(text.split()[0])
        if not chapters or not all(chapter["title"] for chapter in chapters):
            raise ValidationError(_("章の題名を書いてください。"))
        self._check_sections([pk for chapter in chapters for pk in chapter["sections"]])
        return chapters

    def _check_sections(self, order: list[str]) -> None:
        """Raises ValidationError naming what is missing, twice, or not of this draft."""
        counted = Counter(order)
        lost = [f"{pk}　{heading}" for pk, heading in self.headings.items() if pk not in counted]
        twice = [pk for pk, times in counted.items() if times > 1]
        unknown = [pk for pk in counted if pk not in self.headings]
        errors = [
            message.format(names="、".join(names))
            for message, names in (
                (_("抜けた節があります：{names}"), lost),
                (_("二度出てくる節があります：{names}"), twice),
                (_("この版にない節の番号です：{names}"), unknown),
            )
            if names
        ]
        if errors:
            raise ValidationError(errors)

    @staticmethod
    def initial_of(edition: Edition, headings: dict[str, str]) -> dict[str, Any]:
        """The edition as the form shows it."""
        lines = []
        for chapter in edition.chapters:
            lines.append(f"# {chapter['title']}")
            lines += [f"{pk}　{headings.get(pk, '')}" for pk in chapter["sections"]]
        sources = [
            "｜".join([row["name"], row.get("place", ""), row.get("as_of", "")])
            for row in edition.sources
        ]
        return {
            "title": edition.title,
            "summary": edition.summary,
            "law_as_of": edition.law_as_of,
            "as_of": edition.as_of,
            "sources": "\n".join(sources),
            "chapters": "\n".join(lines),
            "version": edition.version,
        }


def _parse_day(text: str) -> None:
    try:
        datetime.strptime(text, "%Y-%m-%d")  # noqa: DTZ007 - only the form is checked
    except ValueError as error:
        raise ValidationError(_DAY["invalid"]) from error


class SectionForm(forms.Form):
    """One section's text."""

    heading = LineField(label=_("見出し"))
    gist = PlainTextField(
        label=_("要点"), max_length=600, help_text=_("やさしい言葉で、1文から3文。")
    )
    source = PlainTextField(
        label=_("本文"),
        max_length=20_000,
        help_text=_(
            "Markdownで書きます。節は [[s:key]]、用語は [[t:key]]、条項は [[law:ucpa/2-6]] と書くと、"
            "リンクになります。番号は自動でつきます。"
        ),
        widget=forms.Textarea(attrs={"rows": 18}),
    )
    statutes = forms.MultipleChoiceField(
        label=_("よりどころの条項"), required=False, widget=forms.CheckboxSelectMultiple
    )
    templates = forms.MultipleChoiceField(
        label=_("ひな形"), required=False, widget=forms.CheckboxSelectMultiple
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, edition: Edition, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        language = edition.publication.language
        provisions = Provision.objects.as_of(edition.law_as_of).order_by("position")
        self.fields["statutes"].choices = [  # type: ignore[attr-defined]
            (row.key, row.place(language)) for row in provisions
        ]
        templates = TemplateVersion.objects.filter(language=language).defer("docx", "source")
        self.fields["templates"].choices = [  # type: ignore[attr-defined]
            (str(row.pk), f"{row.title}（{row.number}）") for row in templates
        ]

    @staticmethod
    def initial_of(version: SectionVersion) -> dict[str, Any]:
        """The text as the form shows it."""
        return {
            "heading": version.heading,
            "gist": version.gist,
            "source": version.source,
            "statutes": version.statutes,
            "templates": [str(pk) for pk in version.templates.values_list("pk", flat=True)],
            "version": version.version,
        }


class ItemForm(forms.Form):
    """One step of a checklist; an empty text removes it."""

    id = forms.CharField(widget=forms.HiddenInput, required=False, max_length=10)
    text = LineField(label=_("確認項目"), required=False, max_length=120)
    changed = forms.BooleanField(
        label=_("中身が変わったので、読者にもう一度確かめてもらう"), required=False
    )


class _ItemFormSet(forms.BaseFormSet):  # type: ignore[type-arg]
    """Steps with ids that last."""

    def items(self, known: dict[str, int], taken: set[str]) -> list[dict[str, Any]]:
        """Steps with text. `known` are the section's own (id → rev); a new one gets an id of its own.

        No id in `taken` is given again: a reader's tick of a step that is gone must not count for
        another one.
        """
        rows: list[dict[str, Any]] = []
        used: set[str] = set()
        free = (letter for letter in _letters() if letter not in taken and letter not in known)
        for form in self.forms:
            data = form.cleaned_data
            if not data.get("text"):
                continue
            pk, rev = data.get("id", ""), 1
            if pk in known and pk not in used:
                rev = known[pk] + (1 if data.get("changed") else 0)
            else:
                pk = next(free)
            used.add(pk)
            rows.append({"id": pk, "rev": rev, "text": data["text"]})
        return rows


def _letters() -> Iterator[str]:
    """a, b, … z, aa, ab, … without end."""
    for length in count(1):
        for letters in product(ascii_lowercase, repeat=length):
            yield "".join(letters)


ItemFormSet = forms.formset_factory(
    ItemForm, formset=_ItemFormSet, extra=2, max_num=40, validate_max=True, absolute_max=60
)


class NoteForm(forms.Form):
    """What readers are told of a changed section."""

    kind = PickField(label=_("変更の種類"), choices=ChangeKind.choices)
    note = PlainTextField(
        label=_("何が変わったか"), max_length=600, help_text=_("読者に向けて、1文か2文で。")
    )
    reason = PlainTextField(label=_("理由"), max_length=600, required=False)
    affects = forms.MultipleChoiceField(
        label=_("関係する方"), choices=Affected.choices, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("一つ以上選んでください。")},
    )  # fmt: skip


class RemoveForm(forms.Form):
    """Why a section is left out."""

    note = PlainTextField(label=_("読者への説明"), max_length=600)
    reason = PlainTextField(label=_("理由"), max_length=600, required=False)


class MoveForm(forms.Form):
    """Where a section went."""

    kind = PickField(label=_("移り方"), choices=MoveKind.choices)
    origin = PickField(label=_("もとの節"))
    target = PickField(label=_("いまの節"))

    def __init__(self, sections: list[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("origin", "target"):
            self.fields[name].choices = sections  # type: ignore[attr-defined]


class ScheduleForm(forms.Form):
    """When an edition is published, and from which day it applies; both in Japan's time."""

    publish_on = day_field(_("公開する日"))
    publish_time = forms.TimeField(
        label=_("公開する時刻（日本時間）"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        initial=time(9, 0),
        error_messages={"invalid": _("時刻は 09:00 のように書いてください。")},
    )
    effective_on = day_field(_("適用開始日"), help_text=_("公開日と同じか、それより後の日です。"))

    def publish_at(self) -> datetime:
        """The moment, with its zone."""
        data = self.cleaned_data
        moment = datetime.combine(data["publish_on"], data["publish_time"])
        return timezone.make_aware(moment, timezone.get_default_timezone())
