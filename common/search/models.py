"""The search index: one row per thing that can be found."""

from typing import Any, ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class SearchEntry(models.Model):
    """Public text of one page in one language, with its lexemes."""

    source = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    language = models.CharField(max_length=2)
    title = models.CharField(max_length=300)
    body = models.TextField()
    url = models.CharField(max_length=300)
    vector = SearchVectorField()

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "key", "language"], name="search_entry_once")
        ]
        indexes = [GinIndex(fields=["vector"], name="search_by_lexeme")]

    def __str__(self) -> str:
        return self.title
