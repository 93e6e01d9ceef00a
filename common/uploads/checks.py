"""System checks: a scanner in production, and the library that tells file types."""

from typing import Any

from django.conf import settings
from django.core import checks

from common.uploads.clamd import has_scanner


@checks.register("uploads")
def check_scanner(**_options: Any) -> list[checks.CheckMessage]:
    """In production no file may go unscanned."""
    if settings.PORTAL_ENV != "production" or has_scanner():
        return []
    hint = "Set CLAMD_URL to tcp://host:3310 or unix:/path."
    return [checks.Error("No virus scanner is configured.", hint=hint, id="uploads.E001")]


@checks.register("uploads")
def check_libmagic(**_options: Any) -> list[checks.CheckMessage]:
    """libmagic is a library of the system, which a machine may lack."""
    try:
        import magic  # noqa: F401
    except ImportError:
        hint = "Debian, Ubuntu: apt install libmagic1. macOS: brew install libmagic."
        return [checks.Error("libmagic is missing.", hint=hint, id="uploads.E002")]
    return []
