"""Collects the static files under names with their hash, as production serves them."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.test.utils import override_settings


class Command(BaseCommand):
    """`manage.py collect_assets`: needs no secret, so that an image can be built without one."""

    help = "Collect static files into staticfiles/ for production."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Collect with production's storage, whatever the environment is."""
        stored = settings.STORAGES | {
            "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
        }
        with override_settings(STORAGES=stored, STATIC_ROOT=settings.BASE_DIR / "staticfiles"):
            call_command("collectstatic", interactive=False, verbosity=0, clear=True)
