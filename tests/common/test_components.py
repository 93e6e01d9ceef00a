"""Components: the gallery shows each, labels and errors are tied, what people typed is escaped."""

import re
from datetime import UTC, datetime

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import get_template
from django.test import Client

from common.templatetags import components


def drawn(source: str, **context: object) -> str:
    """A template's text."""
    return Template("{% load components %}" + source).render(Context(context))


def test_the_gallery_shows_every_component() -> None:
    """A component that nobody can look at gets ugly unseen."""
    source = get_template("portal/gallery.html").template.source  # type: ignore[attr-defined]
    source += get_template("base.html").template.source  # type: ignore[attr-defined]
    names = {name for name in components.register.tags if not name.startswith("end")}
    missing = {name for name in names if not re.search(r"{%\s*" + name + r"\s", source)}
    assert not missing


@pytest.mark.django_db
def test_the_gallery_opens_in_a_demonstration_only(client: Client, settings: object) -> None:
    """It is no page for an installation in earnest."""
    settings.PORTAL_DEMO = True  # type: ignore[attr-defined]
    assert client.get("/dev/gallery/").status_code == 200
    settings.PORTAL_DEMO = False  # type: ignore[attr-defined]
    assert client.get("/dev/gallery/").status_code == 404


class Sample(forms.Form):
    """One required line."""

    name = forms.CharField(label="氏名", help_text="漢字で")


def test_a_field_ties_label_hint_and_error_to_its_control() -> None:
    """Whoever hears the page hears all three with the control."""
    html = drawn("{% field form.name %}", form=Sample({"name": ""}))
    control = re.search(r"<input[^>]*>", html)
    assert control
    described = re.search(r'aria-describedby="([^"]+)"', control.group())
    assert described
    for name in described.group(1).split():
        assert f'id="{name}"' in html
    assert {"id_name_helptext", "id_name_error"} <= set(described.group(1).split())
    assert 'for="id_name"' in html
    assert 'aria-invalid="true"' in control.group()


def test_the_summary_leads_to_each_field_with_an_error() -> None:
    """And is not there where nothing is wrong."""
    html = drawn("{% error_summary form %}", form=Sample({"name": ""}))
    assert 'href="#id_name"' in html
    assert drawn("{% error_summary form %}", form=Sample({"name": "作例"})) == ""
    assert drawn("{% error_summary form %}", form=Sample()) == ""


@pytest.mark.parametrize(
    "source",
    [
        "{% badge evil %}",
        "{% button evil name=evil value=evil %}",
        "{% link_button evil evil %}",
        "{% card evil href=evil %}{% endcard %}",
        '{% notice "info" evil %}{% endnotice %}',
        "{% data_table evil %}{% enddata_table %}",
        "{% crumb evil evil %}",
        "{% task evil evil %}{% endtask %}",
        "{% summary_row evil change_href=evil %}{{ evil }}{% endsummary_row %}",
        "{% disclosure evil %}{% enddisclosure %}",
        "{% message_card author=evil role=evil at=at %}{{ evil }}{% endmessage_card %}",
        "{% timeline_item evil at=at who=evil %}{{ evil }}{% endtimeline_item %}",
        "{% steps current=1 total=2 title=evil %}",
    ],
)
def test_what_people_typed_is_text(source: str) -> None:
    """Never markup, wherever it stands."""
    at = datetime(2026, 11, 24, tzinfo=UTC)
    html = drawn(source, evil='"><script>x</script>', at=at)
    assert "<script>" not in html


def test_a_time_shows_its_zone() -> None:
    """Midnight in Japan is the day before in London."""
    html = drawn("{% when at %}", at=datetime(2026, 11, 23, 15, 30, tzinfo=UTC))
    assert "2026年11月24日（火） 00:30（日本時間）" in html
    assert 'datetime="2026-11-24T00:30+09:00"' in html
