"""The app of guidelines."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GuidelinesConfig(AppConfig):
    """Its policy and search source are found by the kernel."""

    name = "guidelines"
    verbose_name = _("ガイドライン")
    default_auto_field = "django.db.models.BigAutoField"
