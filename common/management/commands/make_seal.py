"""Makes a self-signed seal for PDFs where none is set up."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from common.pdf import make_seal


class Command(BaseCommand):
    """`manage.py make_seal`; running it again changes nothing."""

    help = "Make SEAL_FILE with a self-signed certificate, unless it is there."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it, or say that it is there."""
        made = make_seal(settings.SEAL_FILE, settings.SEAL_PASSWORD)
        print("Seal made." if made else "Seal is there already.")
