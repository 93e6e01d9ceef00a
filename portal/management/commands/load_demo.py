"""Loads the fictional people, firms and seminars of a demonstration."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

import seminars.services
from accounts import demo
from common import search
from common.search.sources import sources


class Command(BaseCommand):
    """`manage.py load_demo`; running it again makes only what is missing."""

    help = "Load demonstration accounts and seminars. Needs PORTAL_DEMO=1, never in production."

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse outside a demonstration."""
        if not settings.PORTAL_DEMO:
            raise CommandError("Set PORTAL_DEMO=1: these accounts' passwords are public.")
        demo.load()
        seminars.services.load_demo()
        for name in sources.names():
            search.reindex(name)
