"""Loads the starter content that comes with the portal, and the search index of it."""

from typing import Any

from django.core.management.base import BaseCommand

import casebook.services
import guidelines.services
from common import search
from common.search.sources import sources


class Command(BaseCommand):
    """`manage.py load_content`; running it again changes nothing."""

    help = "Load the starter guidelines and cases, and index them."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, then index every source."""
        guidelines.services.load_content()
        casebook.services.load_content()
        for name in sources.names():
            search.reindex(name)
