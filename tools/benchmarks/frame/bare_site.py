"""The floor of filing: one form, one row, nothing of the portal. Served with its gunicorn settings."""

from typing import Any, ClassVar

from django import forms
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path


class Entry(models.Model):
    """What a firm writes, as it is."""

    category = models.CharField(max_length=12)
    urgency = models.CharField(max_length=8)
    title = models.CharField(max_length=100)
    situation = models.TextField()
    wish = models.TextField()
    parties = models.TextField()
    made_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        app_label = "bare_site"
        db_table = "bench_entry"

    def __str__(self) -> str:
        return self.title


class EntryForm(forms.ModelForm):  # type: ignore[type-arg]
    """All fields."""

    class Meta:
        model = Entry
        fields = ["category", "urgency", "title", "situation", "wish", "parties"]


def enter(request: HttpRequest) -> HttpResponse:
    """Check the form, insert the row, lead on."""
    form = EntryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("/")
    return render(request, "form.html", {"form": form})


def well(_request: HttpRequest) -> HttpResponse:
    """It answers."""
    return HttpResponse("ok")


urlpatterns = [path("", enter), path("healthz", well)]
